"""What a reader has to know of each variable, whatever the format it is written in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from synthcohort.scene import Scene
from synthcohort.scene.model import WEIGHT, Biomarker, Cutoffs

_LONGEST_NAME = 32
_RESERVED = frozenset(
    [
        "all",
        "and",
        "by",
        "byte",
        "double",
        "eq",
        "float",
        "ge",
        "gt",
        "if",
        "in",
        "int",
        "le",
        "long",
        "lt",
        "ne",
        "not",
        "or",
        "str",
        "strl",
        "to",
        "using",
        "with",
    ]
)
"""Words that Stata or SPSS keep for themselves."""


@dataclass(frozen=True)
class Variable:
    """One column of what a researcher receives.

    Parameters
    ----------
    name : str
        As in the scene, and in CSV and Parquet.
    legal_name : str
        In Stata and SPSS, whose names are shorter and plainer.
    label, unit : str
    kind : str
        ``number``, ``integer``, ``category`` or ``text``.
    levels : list of str
        Of a category; their codes in Stata and SPSS count from 1.
    lower, upper : float, optional
        Bounds of the instrument.
    cutoffs : Cutoffs
    """

    name: str
    legal_name: str
    label: str
    unit: str
    kind: str
    levels: list[str] = field(default_factory=list)
    lower: float | None = None
    upper: float | None = None
    cutoffs: Cutoffs = field(default_factory=Cutoffs)

    @property
    def title(self) -> str:
        """Label and unit, such as ``Weight (kg)``."""
        return f"{self.label or self.name} ({self.unit})" if self.unit else self.label or self.name

    @property
    def codes(self) -> dict[int, str]:
        """Levels by their code."""
        return dict(enumerate(self.levels, start=1))


def variables_of(scene: Scene, data: pd.DataFrame) -> list[Variable]:
    """Describe the index and every column of a table.

    Parameters
    ----------
    scene : Scene
    data : DataFrame
        With the individuals' id as index.

    Returns
    -------
    list of Variable
        The id first.
    """
    own = "row" if data.index.name is None else str(data.index.name)
    names = [own, *map(str, data.columns)]
    legal = legal_names(names)
    kind = "integer" if pd.api.types.is_integer_dtype(data.index) else "text"
    first = Variable(own, legal[own], "Identifier", "", kind)
    return [first, *(_variable(scene, legal[str(n)], data[n]) for n in data.columns)]


def _variable(scene: Scene, legal: str, column: pd.Series) -> Variable:
    name = str(column.name)
    part = scene.biomarkers.get(name) or scene.covariates.get(name) or scene.groups.get(name)
    label = part.label if part is not None else "Survey weight" if name == WEIGHT else ""
    unit = getattr(part, "unit", "")
    if isinstance(column.dtype, pd.CategoricalDtype):
        levels = [str(level) for level in column.cat.categories]
        return Variable(name, legal, label, unit, "category", levels)
    if not isinstance(part, Biomarker):
        kind = "integer" if getattr(part, "decimals", None) == 0 else "number"
        return Variable(name, legal, label, unit, kind)
    used = part.measurement
    kind = "integer" if used.thresholds or used.decimals == 0 else "number"
    lower, upper = used.lower, used.upper
    if used.thresholds:
        lower, upper = 0.0, float(len(used.thresholds))
    return Variable(name, legal, label, unit, kind, [], lower, upper, part.cutoffs)


def legal_names(names: Iterable[str]) -> dict[str, str]:
    """Names that Stata and SPSS both take, each only once whatever its case.

    Examples
    --------
    >>> legal_names(["Weight", "2nd BP (mmHg)", "weight", "if"])
    {'Weight': 'Weight', '2nd BP (mmHg)': 'v2nd_BP_mmHg', 'weight': 'weight_2', 'if': 'if_'}
    """
    legal: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        plain = re.sub(r"[^A-Za-z0-9_]+", "_", name).strip("_") or "v"
        plain = f"v{plain}" if not plain[0].isalpha() else plain
        plain = f"{plain}_" if plain.lower() in _RESERVED else plain
        plain = plain[:_LONGEST_NAME]
        found, number = plain, 2
        while found.lower() in taken:
            end = f"_{number}"
            found, number = f"{plain[: _LONGEST_NAME - len(end)]}{end}", number + 1
        taken.add(found.lower())
        legal[name] = found
    return legal


def renamed(variables: Iterable[Variable]) -> Mapping[str, str]:
    """Names that Stata and SPSS don't take, with those used there."""
    return {v.name: v.legal_name for v in variables if v.name != v.legal_name}
