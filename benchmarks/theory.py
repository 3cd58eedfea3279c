"""Processor time of the exact theory: moments of two scenes, overlap of one.

python -m benchmarks.theory [--repeats N]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable

from synthcohort.exact_theory import overlap, theory
from synthcohort.scene import load_scene

SIZE = 4000


def milliseconds(work: Callable[[], object], repeats: int) -> float:
    """Least processor time of a few repetitions, after a first one that fills the caches."""
    work()
    found = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return 1000 * min(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    profiles, wave = load_scene("planted_profiles"), load_scene("haalsi_wave1_two_groups")
    jobs: list[tuple[str, float, Callable[[], object]]] = [
        ("theory(planted_profiles)", 50, lambda: theory(profiles)),
        ("theory(haalsi_wave1_two_groups)", 300, lambda: theory(wave)),
        (
            f"overlap(planted_profiles, profile, size={SIZE})",
            80,
            lambda: overlap(profiles, "profile", size=SIZE),
        ),
    ]
    missed = False
    for name, allowed, work in jobs:
        found = milliseconds(work, options.repeats)
        missed |= found > allowed
        print(f"{name:48} {found:6.0f} ms of processor time; allowed {allowed:.0f}")
    if missed:
        sys.exit(1)


if __name__ == "__main__":
    main()
