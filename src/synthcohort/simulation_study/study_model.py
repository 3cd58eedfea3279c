"""A study as data: which scenes, what varies, which methods, how many repetitions."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from synthcohort.scene.parts import Name, Part, Positive, Whole

Pick = Literal["blind", "evidence", "modularity"]
Form = Literal["zscore", "whitened", "normal_scores"]


class StudyMethod(Part):
    """One method: the consensus pipeline with its settings, or a plain rival."""

    experiment: dict[Name, Any] | None = None
    """Settings of the pipeline, by the names that a scene's `[experiment]` has; the scene's
    own fill in the rest."""
    pick: Pick = "blind"
    """How the pipeline picks one of its partitions, none of which looks at the truth: blind, by
    the verdict and then the evidence; by the evidence alone; or by the highest modularity. The
    last two never say "no clusters"."""
    rival: Name | None = None
    """Instead of an experiment: a plain method that picks its number of clusters itself."""
    form: Form = "zscore"
    """What a rival is given: z-scores, whitened components or normal scores."""
    scenes: list[Name] = []
    """Scenes of the study that it is run on; all of them by default."""

    def runs_on(self, scene: str) -> bool:
        """Whether it is run on a scene of the study."""
        return not self.scenes or scene in self.scenes


class StudyScene(Part):
    """One data-generating mechanism."""

    scene: Name
    """A catalogue id, or a `.toml` file beside the study's."""
    set: dict[Name, Any] = {}
    """Parameters of the scene by their path, such as `size` or `factors.adiposity.sd`; also
    `separation`, `ceiling`, `missing_rate` and `null`."""
    only: dict[Name, list[Any]] = {}
    """Of the study's scenarios only those with one of these values, by path."""


class Study(Part):
    """A simulation study by the scheme of Morris, White & Crowther (2019)."""

    name: Name
    """Names the folder of the results."""
    description: str = ""
    """Its aims, in a few sentences."""
    seed: Annotated[int, Field(ge=0)] = 0
    """Seed of all repetitions."""
    repetitions: Whole = 100
    """Draws of each scenario: the same people for every method."""
    truth: Name | None = None
    """The group to find; by default that of each scene."""
    scenes: Annotated[dict[Name, StudyScene], Field(min_length=1)]
    """Scenes by the name that the results call them."""
    factors: dict[Name, Annotated[list[Any], Field(min_length=1)]] = {}
    """What varies in every scene: values by the path of a parameter. All combinations are run."""
    fraction: Whole = 1
    """Run only every so many of the combinations: those whose levels' numbers, counted from 0,
    add up to a multiple of this."""
    scenarios: list[dict[Name, Any]] = []
    """Instead of factors: a table of scenarios, each with values by path."""
    methods: Annotated[dict[Name, StudyMethod], Field(min_length=1)]
    """Methods by the name that the results call them."""
    found_at: Positive = 0.8
    """ARI with the truth from which it counts as recovered."""
