"""The choice without the truth against every rival and the best of all candidates.

python -m benchmarks.choice [--replicates N] [--size N] [--scenes NAME ...] [--nothing N]

Scenes are those of `choice_scenes` and any of the catalogue. Candidates are a small
consensus grid and all rivals. Printed are mean ratios of the ARI to that of the best
candidate; rivals are on z-scores unless their name says otherwise. Then, how often
`no_clusters` is let through to a choice.
"""

from __future__ import annotations

import argparse
import sys

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from sklearn.metrics import adjusted_rand_score

from benchmarks.candidates import CONSENSUS, candidates
from benchmarks.choice_scenes import BUILT_ON, KEPT_BACK, SCENES
from synthcohort import generate, load_scene
from synthcohort.cohort.cohort import cohort_of
from synthcohort.cohort.participants import clustered
from synthcohort.evaluation.blind_choice import choose
from synthcohort.evaluation.null_test.verdicts import GROUPS
from synthcohort.grid.verdict_of_grid import verdict_of

FIRST_SEED = 7000
MEAN_RATIO, LOWEST_RATIO = 0.93, 0.75
"""Promised of the mean over scenes, and of every scene."""
SILENT = 0.93
"""Promised share of "no groups" where there are none."""
_WORTHLESS = 0.02


def drawn(name: str, seed: int, size: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Draw a scene of either kind: complete individuals and their groups."""
    if name in SCENES:
        return SCENES[name](size, np.random.default_rng(seed))
    scene = load_scene(name)
    people = generate(scene, size=size, seed=seed)
    X = people.X[scene.experiment.biomarkers]
    truth = str(scene.experiment.truth)
    known = people.truth if truth in people.truth else people.metadata
    complete = X.notna().all(axis=1).to_numpy()
    return X[complete].reset_index(drop=True), pd.factorize(known[truth][complete])[0]


def one(name: str, seed: int, size: int) -> dict[str, object]:
    """Return ARIs: of the best candidate, the best consensus, the choice and every rival."""
    X, truth = drawn(name, seed, size)
    labels, sources = candidates(X, seed)
    choice = choose(X.to_numpy(dtype=float), labels, sources, seed)
    ari = {column: adjusted_rand_score(truth, labels[column]) for column in labels}
    row: dict[str, object] = {
        "scene": name,
        "seed": seed,
        "best": max(ari.values()),
        "best consensus": max(v for c, v in ari.items() if sources[c].startswith(CONSENSUS)),
        "choice": ari[choice.partition] if choice.partition else 0.0,
        "certainty": choice.certainty,
        "expected": choice.expected,
        "ties": len(choice.ties),
    }
    rivals = {c: v for c, v in ari.items() if not sources[c].startswith(CONSENSUS)}
    return row | {sources[c].removesuffix(".zscore"): v for c, v in rivals.items()}


def ratios(found: pd.DataFrame) -> pd.DataFrame:
    """Divide every ARI by that of the best candidate of its draw."""
    other = {"scene", "seed", "certainty", "expected", "ties", "best"}
    methods = found[[c for c in found if c not in other]]
    # Where nothing finds anything there is nothing to choose.
    ratio = methods.div(found["best"].where(found["best"] > _WORTHLESS), axis=0)
    return ratio.assign(scene=found["scene"])


def summary(found: pd.DataFrame) -> pd.DataFrame:
    """Mean ratios by scene and over scenes, methods as rows, with the choice's advantage.

    Standard errors are of the mean over scenes, from the draws within them.
    """
    ratio = ratios(found)
    by_scene = ratio.groupby("scene", sort=False)
    table = by_scene.mean().T
    ahead = ratio.drop(columns="scene").rsub(ratio["choice"], axis=0).assign(scene=ratio["scene"])
    parts = ahead.groupby("scene", sort=False)
    error = ((parts.var() / parts.count()).sum() ** 0.5) / parts.ngroups
    table["mean"] = table.mean(axis=1)
    table["choice ahead by"] = parts.mean().mean()
    table["SE"] = error
    return table


def silent(seed: int, size: int) -> bool:
    """Whether the answer on a scene without groups is that there are none."""
    people = clustered(cohort_of(generate(load_scene("no_clusters"), size=size, seed=seed)))
    return verdict_of(people, seed, 1, lambda *_: None).word != GROUPS


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--replicates", type=int, default=50)
    parser.add_argument("--size", type=int, default=500)
    parser.add_argument("--scenes", nargs="+", default=list(SCENES))
    parser.add_argument("--seed", type=int, default=FIRST_SEED)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--nothing", type=int, default=50)
    parser.add_argument("--out", help="CSV of every draw")
    given = parser.parse_args()
    jobs = (
        delayed(one)(name, seed, given.size)
        for seed in range(given.seed, given.seed + given.replicates)
        for name in given.scenes
    )
    rows: list[dict[str, object]] = []
    for row in Parallel(n_jobs=given.workers, return_as="generator")(jobs):
        rows.append(row)
        print(f"{row['scene']} {row['seed']}: {row['choice']:.2f}", file=sys.stderr, flush=True)
        if given.out:
            pd.DataFrame(rows).to_csv(given.out, index=False)
    failed = report(pd.DataFrame(rows))
    if given.nothing:
        quiet = Parallel(n_jobs=given.workers)(
            delayed(silent)(seed, given.size)
            for seed in range(given.seed, given.seed + given.nothing)
        )
        print(f"\nno_clusters: no groups in {np.mean(quiet):.0%} of {given.nothing}")
        failed = failed or int(np.mean(quiet) < SILENT)
    return failed


def report(found: pd.DataFrame) -> int:
    pd.set_option("display.width", 250, "display.max_columns", 40)
    table = summary(found)
    for title, scenes in (("built on", BUILT_ON), ("kept back", KEPT_BACK)):
        names = [name for name in scenes if name in table]
        if names:
            print(f"\nRatio to the best candidate, scenes {title}\n{table[names].round(2)}")
    others = [n for n in found["scene"].unique() if n not in SCENES]
    if others:
        print(f"\nRatio to the best candidate, catalogue\n{table[others].round(2)}")
    print(f"\nAll scenes\n{table[['mean', 'choice ahead by', 'SE']].round(3)}")
    own = found.groupby("scene", sort=False)[["best", "choice", "expected", "certainty", "ties"]]
    print(f"\nARI, and what the choice expects of itself\n{own.mean().round(2)}")
    of_choice = table.loc["choice", list(found["scene"].unique())]
    kept = of_choice.mean() >= MEAN_RATIO and of_choice.min() >= LOWEST_RATIO
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
