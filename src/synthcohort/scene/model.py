"""The scene model as data: groups, factors, biomarkers and the experiment's defaults.

Every class states what a value means, its unit and its default. Nothing here
reads a file or draws a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from synthcohort.old_names import renewed_settings
from synthcohort.scene.instrument import Measurement
from synthcohort.scene.notebook_html import notebook_card
from synthcohort.scene.parts import (
    ByLevel,
    BySpread,
    Decimals,
    Name,
    NonNegative,
    Number,
    NumberOrByLevel,
    Part,
    Positive,
    Probabilities,
    Shares,
    Whole,
)
from synthcohort.scene.setting_use import Use
from synthcohort.scene.short_text import counted, listed

WEIGHT = "weight"
"""The metadata's column of survey weights."""
DETECTION_LIMIT = "detection limit"
"""The reason for a value that is missing because it is beyond a detection limit."""


class Group(Part):
    """A categorical attribute: a region, a sex, a planted cluster."""

    probabilities: Probabilities
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


class Covariate(Part):
    """A continuous attribute that everybody has, such as the age: a histogram.

    Uniform within each bin. It acts through the slopes of factors and biomarkers.
    """

    edges: Annotated[list[Number], Field(min_length=2)]
    """Edges of the bins, ascending, in the covariate's unit."""
    shares: Shares
    """Share of each bin; with `given`, one such list for each level of that group."""
    given: Name | None = None
    """The group that the shares depend on."""
    centre: Number | None = None
    """What is subtracted where it acts through a slope; by default the middle of the edges."""
    decimals: Decimals | None = None
    """Decimals that are recorded; the value before rounding is what acts."""
    unit: str = ""
    """Unit of the value."""
    label: str = ""
    """What a reader calls it."""

    def table(self) -> dict[str, list[float]]:
        """Shares by level of the parent; the one row of a covariate without parent is ``""``."""
        return self.shares if isinstance(self.shares, dict) else {"": self.shares}

    @property
    def middle(self) -> float:
        """The centre, its default filled in."""
        return (self.edges[0] + self.edges[-1]) / 2 if self.centre is None else self.centre


class Factor(Part):
    """A continuous latent variable, normal within groups and covariates."""

    sd: NonNegative = 1.0
    """Standard deviation within groups."""
    mean: dict[Name, ByLevel] = {}
    """Mean shift by group and level; shifts of several groups add up."""
    spread: dict[Name, BySpread] = {}
    """What multiplies the SD, by group and level; a level left out counts 1."""
    slopes: dict[Name, NumberOrByLevel] = {}
    """Change of the mean for one unit of a covariate, or one for each level of one group."""
    label: str = ""
    """What a reader calls it."""


CLINICAL_DEFAULTS = ("pathological", "binary")
"""Preprocessings that are defaults only where a biomarker has a cut-off."""


class Cutoffs(Part):
    """Clinical cut-offs: below `low` or at and above `high` is outside."""

    low: NumberOrByLevel | None = None
    """Lower cut-off in the biomarker's unit, or one for each level of a visible group."""
    high: NumberOrByLevel | None = None
    """Upper cut-off in the biomarker's unit, or one for each level of a visible group."""

    def __bool__(self) -> bool:
        """Whether there is one."""
        return self.low is not None or self.high is not None


class Biomarker(Part):
    """An observed variable, linear in groups, factors and other biomarkers.

    value = baseline + shifts + loadings x factors
    + slopes x (other biomarker - its baseline, or covariate - its centre)
    + Normal(0, noise), then measured.
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
    slopes: dict[Name, NumberOrByLevel] = {}
    """Change of the value for one unit of another biomarker, before its measurement, or of
    a covariate; a covariate's can be one for each level of one group."""
    noise: NonNegative = 0.0
    """Standard deviation of the individual noise."""
    spread: dict[Name, BySpread] = {}
    """What multiplies the noise SD, by group and level; a level left out counts 1."""
    measurement: Measurement = Measurement()
    """What the instrument makes of the value."""
    cutoffs: Cutoffs = Cutoffs()
    """Clinical cut-offs."""


class Missing(Part):
    """One reason why values are not recorded: MCAR, MAR or MNAR by what it depends on.

    logit P(missing) = intercept + log odds; the intercept is solved so that the rate holds
    in expectation. Dependence is on the complete recorded values.
    """

    variables: Annotated[list[Name], Field(min_length=1)]
    """Biomarkers that are missing, all of them at once."""
    rate: Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)]
    """Expected share of individuals."""
    on: dict[Name, NumberOrByLevel] = {}
    """Log odds for one SD of a biomarker or covariate, or by level of a group. Nothing: MCAR;
    other variables: MAR; one of its own variables: MNAR."""


class Sampling(Part):
    """Unequal inclusion in the sample, and the weights that undo it."""

    by: Name
    """The group that the inclusion depends on."""
    probabilities: dict[Name, Annotated[Positive, Field(le=1)]]
    """Inclusion probability of each level; only their ratios matter."""


class Experiment(Part):
    """Defaults of the clustering experiment; the command line can override them."""

    biomarkers: Annotated[list[Name], Use(flag="--biomarker", otherwise="all")] = []
    """The biomarkers that are clustered; all of them when empty."""
    preprocessings: Annotated[list[Name], Use(flag="--preprocessing")] = [
        "zscore",
        "minmax",
        "robust",
        "pathological",
        "binary",
    ]
    """Preprocessings to compare, by name in the registry.

    Where no biomarker has a cut-off, pathological and binary are no defaults."""
    whiten: list[bool] = [False, True]
    """Whether to whiten by principal components after the preprocessing."""
    whiten_min_share: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """Whiten only components with at least this share of the variance; 0: all that have any.

    A column that is nearly a sum of others has a component of little but rounding errors, which
    whitening raises to the weight of all others. 0.01 leaves it out."""
    base: dict[Name, list[Whole]] = {"kmeans": [2, 3, 4, 8, 16, 25, 40]}
    """Numbers of clusters k for each base clusterer."""
    resolutions: Annotated[list[Positive], Use(flag="--resolution")] = [
        round(0.1 * step, 1) for step in range(1, 12)
    ]
    """Resolutions gamma of the modularity."""
    bootstraps: Whole = 100
    """Number of bootstrap replicates."""
    references: Annotated[int, Field(ge=0)] = 0
    """Data sets without clusters that the data are compared with; 0 leaves the test out.

    With 19 the smallest p-value is 0.05."""
    reference_data: Literal["copula", "gaussian"] = "copula"
    """What reference data keep: every column's values and the rank correlations, or means and
    covariances only."""
    assign: Literal["all", "in_bag", "out_of_bag"] = "all"
    """Who gets a base cluster in a replicate: everybody, those drawn, or those not drawn."""
    refit: bool = False
    """Whether each bootstrap sample fits its own preprocessing and whitening."""
    missing: Literal["complete", "impute"] = "complete"
    """Missing values: only complete cases are clustered, or each bootstrap sample imputes.

    Imputation is fitted in each bootstrap sample, and so is the preprocessing then."""
    truth: Annotated[Name | None, Use(otherwise="the first hidden group that acts")] = None
    """The group that the run is about."""

    @model_validator(mode="before")
    @classmethod
    def _by_present_names(cls, given: Any) -> Any:
        return renewed_settings(given) if isinstance(given, Mapping) else given


class Scene(Part):
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
    covariates: dict[Name, Covariate] = {}
    """Continuous attributes by name."""
    factors: dict[Name, Factor] = {}
    """Latent factors by name."""
    biomarkers: dict[Name, Biomarker] = Field(min_length=1)
    """Biomarkers by name."""
    missing: dict[Name, Missing] = {}
    """Reasons for missing values by name; where several apply, the first is the reason."""
    sampling: Sampling | None = None
    """How the sample differs from the population; without it everybody is as likely."""
    experiment: Experiment = Experiment()
    """Defaults of the clustering experiment."""

    def __repr__(self) -> str:
        """Say in one line what the scene is; `describe` says all of it."""
        groups = (f"{n} (hidden)" if g.hidden else n for n, g in self.groups.items())
        return (
            f"<Scene {self.name}: {counted(self.size, 'individual')}, seed {self.seed}, "
            f"{counted(len(self.biomarkers), 'biomarker')}, "
            f"{counted(len(self.factors), 'factor')}, groups: {listed(groups) or 'none'}>"
        )

    def _repr_html_(self) -> str:
        """Show the scene in a notebook: its groups and its biomarkers."""
        columns = ("label", "unit", "baseline", "noise")
        rows = [
            {"biomarker": name} | {column: getattr(one, column) for column in columns}
            for name, one in self.biomarkers.items()
        ]
        facts = {
            "what for": self.description,
            "individuals": f"{self.size:,}, all synthetic",
            "seed": self.seed,
            "factors": listed(self.factors) or "none",
        }
        facts |= {
            f"group {name}{' (hidden)' * group.hidden}": listed(group.levels)
            for name, group in self.groups.items()
        }
        return notebook_card(f"Scene {self.name}", facts, {"Biomarkers": rows})

    def acting_groups(self) -> list[str]:
        """Name the groups that act on a factor or a biomarker: what there is to find."""
        tables = [t for f in self.factors.values() for t in (f.mean, f.spread)]
        tables += [t for b in self.biomarkers.values() for t in (b.shift, b.spread)]
        acting = {g for table in tables for g, row in table.items() if len(set(row.values())) > 1}
        for slope in (slope for part in self._parts() for slope in part.slopes.values()):
            if isinstance(slope, dict) and len(set(slope.values())) > 1:
                acting.add(self.group_of_slope(slope) or "")
        for covariate in map(self.covariates.__getitem__, self.acting_covariates()):
            if covariate.given and len(set(map(tuple, covariate.table().values()))) > 1:
                acting.add(covariate.given)
        return [name for name in self.groups if name in acting]

    def acting_covariates(self) -> list[str]:
        """Name the covariates that act on a factor or a biomarker."""
        parts = self._parts()
        return [name for name in self.covariates if any(_acts(p.slopes.get(name)) for p in parts)]

    def _parts(self) -> list[Factor | Biomarker]:
        return [*self.factors.values(), *self.biomarkers.values()]

    def group_of_slope(self, slope: dict[str, float]) -> str | None:
        """Name the group, hidden or not, whose levels are exactly those of a slope by level."""
        for name, group in self.groups.items():
            if set(group.levels) == set(slope):
                return name
        return None

    def group_of_levels(self, levels: set[str]) -> str | None:
        """Name the visible group whose levels are exactly `levels`, if there is one."""
        for name, group in self.groups.items():
            if not group.hidden and set(group.levels) == levels:
                return name
        return None


def _acts(slope: float | dict[str, float] | None) -> bool:
    return any(slope.values()) if isinstance(slope, dict) else bool(slope)
