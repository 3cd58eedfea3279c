"""How often the null test says what, on shapes of data whose answer is known.

python -m benchmarks.nulls [--datasets 60] [--n 200 1000] [--shapes NAME ...] [--workers 1]
    [--references 99] [--seed 5000] [--kept-back] [--rivals]

Level: shapes without groups and gradients; power: shapes with groups, beside the ceiling, the
ARI that Bayes' rule reaches. Shares have Wilson's 95 % interval. Promised: "groups" in at most 7 %
where there are none, structure in at most 7 % where there is nothing, "groups" in at least 80 %
where the ceiling is at least 0.7 and n at least 500; a promise counts as broken where the whole
interval is beyond it.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter

import numpy as np
from joblib import Parallel, delayed
from scipy.stats import norm

from benchmarks.rival_tests import RIVALS
from benchmarks.shapes import SHAPES, Planted
from synthcohort.evaluation.null_test.verdicts import GROUPS, LEVEL, Verdict, verdict_on

MOST = 0.07
LEAST = 0.8
CEILING = 0.7


def drawn(name: str, n: int, seed: int) -> np.ndarray:
    return SHAPES[name].draw(np.random.default_rng([seed, n]), n)[0]


def judged(
    name: str, n: int, seed: int, references: int, rivals: bool
) -> tuple[Verdict, dict[str, bool]]:
    X = drawn(name, n, seed)
    found = {key: test(X, seed) for key, test in RIVALS.items()} if rivals else {}
    return verdict_on(X, seed, references), found


def wilson(count: int, of: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share (1927, JASA 22:209)."""
    z = float(norm.ppf(0.975))
    centre = (count + z**2 / 2) / (of + z**2)
    half = z / (of + z**2) * np.sqrt(count * (of - count) / of + z**2 / 4)
    return max(centre - half, 0.0), min(centre + half, 1.0)


def share(count: int, of: int) -> str:
    low, high = wilson(count, of)
    return f"{count / of:4.0%} ({low:.0%} to {high:.0%})"


def broken(kind: str, ceiling: float, n: int, groups: int, structure: int, of: int) -> bool:
    """Say whether the whole interval is beyond what was promised."""
    if kind == "groups":
        return ceiling >= CEILING and n >= 500 and wilson(groups, of)[1] < LEAST
    wrong = structure if kind == "nothing" else groups
    return max(wilson(wrong, of)[0], wilson(groups, of)[0]) > MOST


def row(name: str, n: int, given: argparse.Namespace) -> bool:
    """Print one shape's line; return whether it breaks a promise."""
    shape, started = SHAPES[name], time.process_time()
    seeds = range(given.seed, given.seed + given.datasets)
    results = Parallel(n_jobs=given.workers)(
        delayed(judged)(name, n, seed, given.references, given.rivals) for seed in seeds
    )
    words = Counter(found.word for found, _ in results)
    structure = sum(found.p_value <= LEVEL for found, _ in results)
    ceiling = shape.draw.ceiling() if isinstance(shape.draw, Planted) else float("nan")
    fails = broken(shape.kind, ceiling, n, words[GROUPS], structure, given.datasets)
    rest = ", ".join(f"{word} {count}" for word, count in words.most_common() if word != GROUPS)
    rivals = "; ".join(
        f"{key} {sum(r[key] for _, r in results) / given.datasets:.0%}"
        for key in (RIVALS if given.rivals else ())
    )
    limit = f", ceiling {ceiling:.2f}" if np.isfinite(ceiling) else ""
    seen = np.median([found.separation for found, _ in results])
    print(
        f"{name:15} n = {n:5} {shape.kind}{limit}: groups {share(words[GROUPS], given.datasets)}, "
        f"structure {share(structure, given.datasets)}; {rest or '-'}; seen from {seen:.1f} SD"
        f"{'; ' + rivals if rivals else ''}; {time.process_time() - started:.0f} s"
        f"{' PROMISE BROKEN' if fails else ''}",
        flush=True,
    )
    return fails


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--datasets", type=int, default=60)
    parser.add_argument("--n", type=int, nargs="+", default=[200, 1000])
    parser.add_argument("--shapes", nargs="+", choices=list(SHAPES), metavar="NAME")
    parser.add_argument("--kept-back", action="store_true")
    parser.add_argument("--references", type=int, default=99)
    parser.add_argument("--seed", type=int, default=5000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--rivals", action="store_true")
    given = parser.parse_args()
    names = given.shapes or [k for k, s in SHAPES.items() if s.kept_back == given.kept_back]
    broke = [row(name, n, given) for n in given.n for name in names]
    return int(any(broke))


if __name__ == "__main__":
    sys.exit(main())
