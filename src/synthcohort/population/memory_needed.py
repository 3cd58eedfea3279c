"""How much memory a population takes, from a few of its people, before all are drawn."""

from __future__ import annotations

from collections.abc import Callable

from synthcohort.machine.memory import available_memory, in_words
from synthcohort.population.population import Population
from synthcohort.scene import Problem, Scene, SceneError

SMALL = 100_000
"""Individuals from which on it is worth asking."""
SAMPLE = 1000


def check_memory(scene: Scene, sample: Callable[[Scene], Population]) -> None:
    """Refuse a size whose tables alone are more than the memory that is left.

    What drawing and writing take besides is not counted, so nothing is refused that would fit.

    Parameters
    ----------
    scene : Scene
    sample : callable
        Draws the population of a small scene.

    Raises
    ------
    SceneError
        With the size, the memory it needs, and about which size would fit.
    """
    free = available_memory()
    if scene.size < SMALL or free is None:
        return
    each = bytes_of_each(sample(scene.model_copy(update={"size": SAMPLE})))
    if scene.size * each > free:
        needs = (
            f"which needs {in_words(scene.size * each)} of memory where {in_words(free)} is left"
        )
        message = f"got {scene.size:,}, {needs}, allowed here: about {int(free / each):,} at most"
        raise SceneError(scene.name, [Problem("size", message)])


def bytes_of_each(population: Population) -> float:
    """Bytes of memory that each individual's values take."""
    tables = (population.X, population.metadata, population.truth)
    return float(sum(t.memory_usage(index=False).sum() for t in tables)) / len(population.X)
