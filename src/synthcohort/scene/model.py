"""The scene model as data: groups, factors, biomarkers and the experiment's defaults.

Every class states what a value means, its unit and its default. Nothing here
reads a file or draws a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

Number = Annotated[float, Field(allow_inf_nan=False)]
NonNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Name = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]+$")]
ByLevel = dict[Name, Number]
"""A number for each level of a group; a level left out counts 0."""
BySpread = dict[Name, NonNegative]
"""A multiplier for each level of a group; a level left out counts 1."""


def _kind(value: Any) -> str:
    """Tell the forms of a value that can be written in more than one, for clear errors."""
    if not isinstance(value, Mapping):
        return "number"
    nested = any(isinstance(item, Mapping) for item in value.values())
    return "tables" if nested else "table"


Table = Annotated[dict[Name, NonNegative], Tag("table")]
Tables = Annotated[dict[Name, dict[Name, NonNegative]], Tag("tables")]
_NumberOrTable = Annotated[Number, Tag("number")] | Annotated[ByLevel, Tag("table")]
Limit = Annotated[_NumberOrTable, Discriminator(_kind)] | None


class _Part(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True
    )


class Group(_Part):
    """A categorical attribute: a region, a sex, a planted cluster."""

    probabilities: Annotated[Table | Tables, Discriminator(_kind)]
    """Probability of each level; with `given`, one such table for each level of that group."""
    given: Name | None = None
    """The group that the probabilities depend on."""
    hidden: bool = False
    """True makes the group ground truth only: it is never part of the metadata."""
    label: str = ""
    """What a reader calls it."""

    def table(self) -> dict[str, dict[str, float]]:
        """Probabilities by level of the parent; the one row of a group without parent is ``""``."""
        if self.given is None:
            return {"": {k: v for k, v in self.probabilities.items() if not isinstance(v, dict)}}
        return {k: v for k, v in self.probabilities.items() if isinstance(v, dict)}

    @property
    def levels(self) -> list[str]:
        """Level names, in order of first appearance."""
        return list(dict.fromkeys(level for row in self.table().values() for level in row))


class Factor(_Part):
    """A continuous latent variable, normal within every combination of groups."""

    sd: NonNegative = 1.0
    """Standard deviation within groups."""
    mean: dict[Name, ByLevel] = {}
    """Mean shift by group and level; shifts of several groups add up."""
    spread: dict[Name, BySpread] = {}
    """What multiplies the SD, by group and level; a level left out counts 1."""
    label: str = ""
    """What a reader calls it."""


class Cutoffs(_Part):
    """Clinical cut-offs: below `low` or at and above `high` is outside."""

    low: Limit = None
    """Lower cut-off in the biomarker's unit, or one for each level of a visible group."""
    high: Limit = None
    """Upper cut-off in the biomarker's unit, or one for each level of a visible group."""


class Measurement(_Part):
    """What the instrument makes of the value."""

    lower: Number | None = None
    """Lowest value the instrument returns; values below are set to it."""
    upper: Number | None = None
    """Highest value the instrument returns; values above are set to it."""

    @property
    def bounded(self) -> bool:
        """Whether any bound acts on the value."""
        return self.lower is not None or self.upper is not None


class Biomarker(_Part):
    """An observed variable, linear in groups, factors and other biomarkers.

    value = baseline + shifts + loadings x factors
    + slopes x (other biomarker - its baseline) + Normal(0, noise), then measured.
    """

    unit: str = ""
    """Unit of the value."""
    label: str = ""
    """What a reader calls it."""
    baseline: Number = 0.0
    """Value where every other term is zero."""
    shift: dict[Name, ByLevel] = {}
    """Shift by group and level; shifts of several groups add up."""
    loadings: dict[Name, Number] = {}
    """Change of the value for one unit of each factor."""
    slopes: dict[Name, Number] = {}
    """Change of the value for one unit of another biomarker, before its measurement."""
    noise: NonNegative = 0.0
    """Standard deviation of the individual noise."""
    measurement: Measurement = Measurement()
    """What the instrument makes of the value."""
    cutoffs: Cutoffs = Cutoffs()
    """Clinical cut-offs."""


Whole = Annotated[int, Field(ge=1)]


class Experiment(_Part):
    """Defaults of the clustering experiment; the command line can override them."""

    biomarkers: list[Name] = []
    """The biomarkers that are clustered; all of them when empty."""
    preprocessings: list[Name] = ["zscore", "minmax", "robust", "pathological", "binary"]
    """Preprocessings to compare, by name in the registry."""
    whiten: list[bool] = [False, True]
    """Whether to whiten by principal components after the preprocessing."""
    base: dict[Name, list[Whole]] = {"kmeans": [2, 3, 4, 8, 16, 25, 40]}
    """Numbers of clusters k for each base clusterer."""
    resolutions: list[Annotated[float, Field(gt=0, allow_inf_nan=False)]] = [
        round(0.1 * step, 1) for step in range(1, 12)
    ]
    """Resolutions gamma of the modularity."""
    bootstraps: Whole = 100
    """Number of bootstrap replicates."""
    nulls: Annotated[int, Field(ge=0)] = 0
    """Null twins of the data that the stability is compared with; 0 leaves the test out.

    With 19 the smallest p-value is 0.05."""
    assign: Literal["all", "in_bag", "out_of_bag"] = "all"
    """Who gets a base cluster in a replicate: everybody, those drawn, or those not drawn."""
    refit: bool = False
    """Whether each bootstrap sample fits its own preprocessing and whitening."""
    missing: Literal["complete", "impute"] = "complete"
    """Missing values: only complete cases are clustered, or each bootstrap sample imputes.

    Imputation is fitted in each bootstrap sample, and so is the preprocessing then."""
    truth: Name | None = None
    """The group that the run is about."""


class Scene(_Part):
    """A declarative, reproducible description of a synthetic population."""

    name: Name
    """Names the outputs."""
    description: str = ""
    """What the scene is for, in a few sentences."""
    size: Whole = 10_000
    """Number of individuals."""
    seed: Annotated[int, Field(ge=0)] = 0
    """Seed of every random stream."""
    groups: dict[Name, Group] = {}
    """Groups by name."""
    factors: dict[Name, Factor] = {}
    """Latent factors by name."""
    biomarkers: dict[Name, Biomarker] = Field(min_length=1)
    """Biomarkers by name."""
    experiment: Experiment = Experiment()
    """Defaults of the clustering experiment."""

    def acting_groups(self) -> list[str]:
        """Name the groups that act on a factor or a biomarker: what there is to find."""
        tables = [t for f in self.factors.values() for t in (f.mean, f.spread)]
        tables += [b.shift for b in self.biomarkers.values()]
        acting = {g for table in tables for g, row in table.items() if len(set(row.values())) > 1}
        return [name for name in self.groups if name in acting]

    def group_of_levels(self, levels: set[str]) -> str | None:
        """Name the visible group whose levels are exactly `levels`, if there is one."""
        for name, group in self.groups.items():
            if not group.hidden and set(group.levels) == levels:
                return name
        return None
