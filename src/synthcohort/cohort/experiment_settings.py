"""What a run does: the scene's experiment with the caller's overrides, checked before any work."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from synthcohort.clustering.base import latent_classes as latent_class
from synthcohort.clustering.base.base_clusterers import BASES
from synthcohort.clustering.preprocessing import PREPROCESSINGS
from synthcohort.population import with_overrides
from synthcohort.scene import Problem, Scene, SceneError, load_scene
from synthcohort.scene.problems import nearest


def with_settings(
    scene: Scene,
    size: int | None,
    seed: int | None,
    experiment: Mapping[str, Any],
    cluster: bool = True,
) -> Scene:
    """Return the scene with overrides, every setting checked.

    Parameters
    ----------
    scene : Scene
    size, seed : int, optional
        The scene's own where None.
    experiment : mapping
        Fields of the experiment that replace the scene's; None keeps the scene's.
    cluster : bool, default True
        False leaves out the checks of what is never run.

    Returns
    -------
    Scene

    Raises
    ------
    SceneError
        With every problem of the settings.
    """
    given = {key: value for key, value in experiment.items() if value is not None}
    if given:
        raw = scene.model_dump()
        raw["experiment"] |= given
        scene = load_scene(raw)
    scene = with_overrides(scene, size=size, seed=seed)
    if cluster:
        check_settings(scene)
    return scene


def check_settings(scene: Scene) -> None:
    """Raise a SceneError with every setting that names nothing known or can't be run."""
    problems = list(_problems(scene))
    if problems:
        raise SceneError(scene.name, problems)


def _problems(scene: Scene) -> Iterator[Problem]:
    chosen = scene.experiment
    yield from _unknown("preprocessings", chosen.preprocessings, PREPROCESSINGS)
    yield from _unknown("base", chosen.base, BASES)
    with_cutoffs = any(scene.biomarkers[name].cutoffs for name in chosen.biomarkers)
    if "binary" in chosen.preprocessings and not with_cutoffs:
        message = "got 'binary', allowed where a biomarker has a cut-off: none of these has one"
        yield Problem("experiment.preprocessings", message)
    if "latent_class" in chosen.base and not latent_class.available():
        yield Problem("experiment.base.latent_class", latent_class.MISSING_EXTRA)
    for base, ks in chosen.base.items():
        only = BASES[base].only if base in BASES else None
        if only and not (only in chosen.preprocessings and False in chosen.whiten):
            message = f"needs the preprocessing {only!r}, not whitened; it is not in the grid"
            yield Problem(f"experiment.base.{base}", message)
        for k in ks:
            if k > scene.size:
                message = f"got k = {k}, allowed: at most the {scene.size} individuals"
                yield Problem(f"experiment.base.{base}", message)
        if not ks:
            yield Problem(f"experiment.base.{base}", "got nothing, allowed: at least one number")
    for field in ("preprocessings", "whiten", "base", "resolutions"):
        if not getattr(chosen, field):
            yield Problem(f"experiment.{field}", "got nothing, allowed: at least one")


def _unknown(field: str, names: Collection[str], known: Collection[str]) -> Iterator[Problem]:
    for name in names:
        if name not in known:
            yield Problem(f"experiment.{field}", f"got {name!r}; {nearest(name, known)}")
