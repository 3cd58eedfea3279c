"""What a job needs of memory and disk at least, said before it begins."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from synthcohort.machine.memory import available_memory, in_words
from synthcohort.population import generate
from synthcohort.population.memory_needed import SAMPLE, SMALL
from synthcohort.results.formats.spreadsheets import harmless
from synthcohort.scene import Problem, Scene, SceneError

_PACKED = 0.2
"""Of the bytes in memory, at least, that a Parquet file takes."""
_NUMBER = 8


def check_disk(scene: Scene, formats: Sequence[str], out: Path) -> None:
    """Refuse a population whose files are certain not to fit on the disk.

    Raises
    ------
    SceneError
    """
    if scene.size < SMALL:
        return
    few = generate(scene, size=SAMPLE)
    data = few.to_frame()
    each = few.truth.memory_usage(index=False).sum() * _PACKED
    each += data.memory_usage(index=False).sum() * _PACKED * len({*formats} - {"csv"})
    if "csv" in formats:
        each += len(harmless(data.reset_index()).to_csv(index=False))
    needed, free = scene.size * each / SAMPLE, _free(out)
    if needed > free:
        message = (
            f"got {scene.size:,}, whose files take {in_words(needed)} of disk where "
            f"{in_words(free)} is left in {out}, allowed here: about "
            f"{int(free / each * SAMPLE):,} at most, or another --out"
        )
        raise SceneError(scene.name, [Problem("size", message)])


def check_memory_of_grid(scene: Scene, individuals: int, workers: int) -> None:
    """Refuse an experiment whose base labels or distances are more than the memory that is left.

    Each worker holds the label of everybody in every bootstrap sample, a byte each at least;
    Ward's method the distance of every pair.

    Parameters
    ----------
    scene : Scene
    individuals, workers : int

    Raises
    ------
    SceneError
        With what needs how much, and what would fit.
    """
    free = available_memory()
    if free is None:
        return
    chosen, problems = scene.experiment, []
    labels = individuals * chosen.bootstraps * workers
    if labels > free:
        message = (
            f"got {chosen.bootstraps:,}, whose labels of {individuals:,} individuals take "
            f"{in_words(labels)} of memory with {workers} workers, where {in_words(free)} is "
            f"left; allowed here: about {free // (individuals * workers):,} at most"
        )
        problems.append(Problem("experiment.bootstraps", message))
    distances = individuals * (individuals - 1) // 2 * _NUMBER
    if "agglomerative" in chosen.base and distances > free:
        message = (
            f"needs {in_words(distances)} of memory for the distances of {individuals:,} "
            f"individuals, where {in_words(free)} is left; allowed here: about "
            f"{int((2 * free / _NUMBER) ** 0.5):,} individuals at most, or another clusterer"
        )
        problems.append(Problem("experiment.base.agglomerative", message))
    if problems:
        raise SceneError(scene.name, problems)


def _free(out: Path) -> int:
    there = next((p for p in (out.absolute(), *out.absolute().parents) if p.is_dir()), Path())
    return shutil.disk_usage(there).free
