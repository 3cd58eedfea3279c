"""Reading a user's table against each format's own library: time and memory.

python -m benchmarks.reading [--size N] [--columns P] [--repeat R] [--only csv dta ...]

Every reading is a process of its own. Prints the file's size, the least processor seconds of R
readings, how many times the library's that is, and the memory beyond the imports as a multiple of
the file. Exit 1 where a reading takes more than twice the library's time, or more than three times
the file's size (of formats that are compressed: of the values' size, 8 bytes each).
"""

from __future__ import annotations

import argparse
import gc
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import psutil

TIMES, MEMORY = 2.0, 3.0
PACKED = ("csv.gz", "parquet", "feather", "xlsx", "zsav")


def table(size: int, columns: int) -> pd.DataFrame:
    """Measurements with two decimals, some missing, a sex in codes, a village and an id."""
    rng = np.random.default_rng(0)
    values = {f"v{i}": rng.normal(50 + i, 10, size).round(2) for i in range(columns - 3)}
    values["v0"][rng.random(size) < 0.05] = np.nan
    sex = rng.integers(1, 3, size).astype(float)
    village = rng.choice(["North", "South", "East"], size)
    return pd.DataFrame(values | {"sex": sex, "village": village, "pid": _ids(size)})


def _ids(size: int) -> list[str]:
    return [f"P{i:07d}" for i in range(size)]


def _excel(path: str) -> Any:
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    return pd.DataFrame(rows[1:], columns=rows[0])


def _pyreadstat(name: str) -> Callable[[str], Any]:
    import pyreadstat

    return getattr(pyreadstat, name)  # type: ignore[no-any-return]


LIBRARY: dict[str, Callable[[], Callable[[str], Any]]] = {
    "csv": lambda: pd.read_csv,
    "csv.gz": lambda: pd.read_csv,
    "parquet": lambda: pd.read_parquet,
    "feather": lambda: pd.read_feather,
    "xlsx": lambda: _excel,
    "dta": lambda: _pyreadstat("read_dta"),
    "sav": lambda: _pyreadstat("read_sav"),
    "zsav": lambda: _pyreadstat("read_sav"),
    "xpt": lambda: _pyreadstat("read_xport"),
}
"""The library's own reader of each format."""


def write(frame: pd.DataFrame, path: Path, kind: str) -> None:
    import pyreadstat

    if kind.startswith("csv"):
        frame.to_csv(path, index=False)
    elif kind in ("parquet", "feather"):
        getattr(frame, f"to_{kind}")(path)
    elif kind == "xlsx":
        from openpyxl import Workbook

        book = Workbook(write_only=True)
        sheet = book.create_sheet("data")
        sheet.append(list(frame.columns))
        for row in frame.astype(object).where(frame.notna(), None).itertuples(index=False):
            sheet.append(list(row))
        book.save(path)
    elif kind == "dta":
        pyreadstat.write_dta(frame, path)
    elif kind == "xpt":
        pyreadstat.write_xport(frame, path)
    else:
        pyreadstat.write_sav(frame, path, compress=kind == "zsav")


def one(kind: str, path: str, ours: bool) -> None:
    """Read once and print seconds and the most memory beyond that before."""
    from synthcohort.cohort.files import read_table

    library = LIBRARY[kind]()
    read_table(write_small(Path(path).parent, kind))  # imports and threads
    library(str(Path(path).parent / f"small.{kind}"))
    gc.collect()
    process = psutil.Process()
    before = process.memory_info().rss
    most, done = [before], threading.Event()

    def watch() -> None:
        while not done.wait(0.002):
            most[0] = max(most[0], process.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    start = time.process_time()
    found = read_table(path) if ours else library(path)
    seconds = time.process_time() - start
    done.set()
    watcher.join()
    assert found is not None
    print(seconds, most[0] - before)


def write_small(folder: Path, kind: str) -> Path:
    path = folder / f"small.{kind}"
    if not path.exists():
        write(table(20, 5), path, kind)
    return path


def measured(kind: str, path: Path, ours: bool, repeat: int) -> tuple[float, int]:
    command = [sys.executable, "-m", "benchmarks.reading", "--one", kind, str(path)]
    found = []
    for _ in range(repeat):
        done = subprocess.run(
            [*command, "ours"] if ours else command, capture_output=True, text=True, check=True
        )
        seconds, memory = done.stdout.split()
        found.append((float(seconds), int(memory)))
    return min(s for s, _ in found), min(m for _, m in found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=200_000)
    parser.add_argument("--columns", type=int, default=30)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--only", nargs="+", default=list(LIBRARY))
    parser.add_argument("--one", nargs="+", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        one(given.one[0], given.one[1], "ours" in given.one[2:])
        return
    frame = table(given.size, given.columns)
    print(f"{'':8} {'MB':>6} {'s':>6} {'library':>8} {'times':>6} {'memory':>7} {'of':>6}")
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        for kind in given.only:
            path = Path(folder) / f"t.{kind}"
            write(frame, path, kind)
            size = path.stat().st_size
            ours, memory = measured(kind, path, True, given.repeat)
            theirs, _ = measured(kind, path, False, given.repeat)
            basis = max(size, frame.size * 8) if kind in PACKED else size
            failed |= ours > TIMES * theirs or memory > MEMORY * basis
            print(
                f"{kind:8} {size / 1e6:6.1f} {ours:6.2f} {theirs:8.2f} {ours / theirs:6.2f} "
                f"{memory / basis:7.2f} {'values' if kind in PACKED else 'file':>6}",
                flush=True,
            )
    sys.exit(failed)


if __name__ == "__main__":
    main()
