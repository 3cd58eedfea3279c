"""The example's full grid in the fast mode: seconds by stage, and whether it is fast enough.

python -m benchmarks.grid [--size N] [--bootstraps B] [--workers W] [--scheduler ADDRESS]

With `--scheduler` its cells run on the workers of a Dask scheduler. Exit 1 where it takes
more than `--allowed` seconds (480, for 2 cores).
"""

from __future__ import annotations

import argparse
import tempfile
import time

from synthcohort import run
from synthcohort.grid.scheduler import on_cluster


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=10_000)
    parser.add_argument("--bootstraps", type=int, default=1000)
    parser.add_argument("--workers", type=int)
    parser.add_argument("--scheduler")
    parser.add_argument("--allowed", type=float, default=480.0)
    given = parser.parse_args()
    began: dict[str, float] = {}
    ended: dict[str, float] = {}

    def tell(stage: str, *_: int) -> None:
        began.setdefault(stage, time.perf_counter())
        ended[stage] = time.perf_counter()

    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, on_cluster(given.scheduler):
        done = run(
            "haalsi_example",
            folder,
            size=given.size,
            bootstraps=given.bootstraps,
            workers=given.workers,
            progress=tell,
        )
        partitions = done.labels.shape[1]
    seconds = time.perf_counter() - start
    print(f"N={given.size} B={given.bootstraps}: {partitions} partitions")
    for stage, at in began.items():
        print(f"{stage:12} {ended[stage] - at:8.1f} s")
    print(f"{'all':12} {seconds:8.1f} s, allowed: {given.allowed:g} s")
    if seconds > given.allowed:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
