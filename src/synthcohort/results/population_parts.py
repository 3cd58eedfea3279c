"""A population of any size into a folder, part by part: memory does not grow with it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from synthcohort.population.generation import generate_parts
from synthcohort.population.progress import Progress
from synthcohort.results.formats.spreadsheets import write_spreadsheet
from synthcohort.results.formats.variable_codebook import Observed, codebook
from synthcohort.results.formats.writers import IN_PARTS, parquet_in_parts
from synthcohort.scene import Scene


def write_parts(
    folder: Path, scene: Scene, formats: Sequence[str], workers: int, tell: Progress
) -> None:
    """Generate a population and write its data, truth and codebook.

    Parameters
    ----------
    folder : Path
    scene : Scene
    formats : sequence of str
        Keys of `IN_PARTS`.
    workers : int
        Threads that generate.
    tell : callable
        Called with the stage, how much is done and how much there is.

    Notes
    -----
    The files are byte for byte those that the population gives when it is written in one piece.
    """
    tell("generate", 0, scene.size)
    done, observed = 0, None
    with ExitStack() as stack:
        files = [stack.enter_context(IN_PARTS[f](folder / f"data.{f}")) for f in formats]
        truth = stack.enter_context(parquet_in_parts(folder / "truth.parquet"))
        pool = stack.enter_context(ThreadPoolExecutor())  # the writers run outside Python's lock
        for part in generate_parts(scene, workers):
            data = part.to_frame()
            jobs = [pool.submit(add, data) for add in files]
            jobs.append(pool.submit(lambda p: truth(p.truth), part))
            seen = Observed.of(data)
            observed = seen if observed is None else observed + seen
            for job in jobs:
                job.result()
            done += len(part)
            tell("generate", done, scene.size)
            first = data.head(0)
    write_spreadsheet(codebook(scene, first, observed=observed), folder / "codebook.csv")
