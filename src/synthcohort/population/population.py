"""What a scene generates: the biomarkers, the metadata and the truth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from synthcohort.population.covariates import recorded
from synthcohort.population.drawing import Drawn, terms
from synthcohort.population.groupings import known_groupings
from synthcohort.population.linear_model import Array, LinearModel
from synthcohort.population.streams import blocks
from synthcohort.population.unequal_sampling import level_weights
from synthcohort.scene import Scene
from synthcohort.scene.model import DETECTION_LIMIT, WEIGHT
from synthcohort.scene.notebook_html import notebook_card
from synthcohort.scene.short_text import counted, listed

ID_PREFIX = "SYN-"
_DIGITS = 7


@dataclass(frozen=True, eq=False, repr=False)
class Population:
    """A generated population; it unpacks to ``X, metadata, truth``.

    Parameters
    ----------
    scene : Scene
        The resolved scene, with the size and seed that were used.
    codes : dict of ndarray of int8, shape (size,)
        Level of every individual in each group.
    covariates : dict of ndarray, shape (size,)
        Covariates before rounding.
    factors : dict of ndarray, shape (size,)
        Factor values.
    measured : dict of ndarray, shape (size,)
        Biomarkers as recorded, in their own units; NaN where missing.
    before : dict of ndarray, shape (size,)
        Values before measurement, of the biomarkers whose measurement changes them; on the
        scale of the linear model (the logarithm where the scale is "log").
    complete : dict of ndarray, shape (size,)
        What would have been recorded, of the biomarkers that can be missing.
    reasons : dict of ndarray of int16, shape (size,)
        Of the same biomarkers: number of the reason, in the scene's order; the number after
        the last is a detection limit; -1 where nothing is missing.
    first : int, default 0
        The row of the scene that the first individual is: of a part of a population.
    """

    scene: Scene
    codes: dict[str, Array]
    covariates: dict[str, Array]
    factors: dict[str, Array]
    measured: dict[str, Array]
    before: dict[str, Array]
    complete: dict[str, Array]
    reasons: dict[str, Array]
    first: int = 0

    def __repr__(self) -> str:
        """Say in one line what was generated."""
        return (
            f"<Population of {self.scene.name}: {counted(len(self), 'individual')}, "
            f"seed {self.scene.seed}, {counted(len(self.measured), 'biomarker')}, "
            f"groups: {listed(self.codes) or 'none'}>"
        )

    def _repr_html_(self) -> str:
        """Show the population in a notebook: who it is, and each biomarker's distribution."""
        facts: dict[str, object] = {
            "individuals": f"{len(self):,}, all synthetic",
            "seed": self.scene.seed,
        }
        for name in self.groupings:
            sizes = self.groupings[name].value_counts(sort=False)
            facts[f"group {name}"] = listed(f"{level} {n:,}" for level, n in sizes.items())
        table = self.X.agg(["count", "mean", "std", "min", "max"]).T
        rows = table.rename_axis("biomarker").reset_index().to_dict("records")
        return notebook_card(f"Population of {self.scene.name}", facts, {"Biomarkers": rows})

    def __eq__(self, other: object) -> bool:
        """Whether scene and every value are the same, missing ones included."""
        if not isinstance(other, Population):
            return NotImplemented
        if self is other:
            return True
        return (self.scene, self.first) == (other.scene, other.first) and all(
            _equal(getattr(self, one.name), getattr(other, one.name))
            for one in fields(self)
            if one.name not in ("scene", "first")
        )

    __hash__ = None  # type: ignore[assignment]

    def __iter__(self) -> Iterator[pd.DataFrame]:
        """Unpack to the biomarkers, the metadata and the truth."""
        return iter((self.X, self.metadata, self.truth))

    def __len__(self) -> int:
        """Return the number of individuals."""
        return self.scene.size

    @cached_property
    def index(self) -> Any:
        """Synthetic ids, from SYN-0000001."""
        return pd.Index(synthetic_ids(self.scene.size, self.first), name="id")

    @cached_property
    def X(self) -> pd.DataFrame:
        """Biomarkers as measured, shape (size, n_biomarkers), in the scene's order and units."""
        return pd.DataFrame(self.measured, index=self.index, copy=False)

    @cached_property
    def complete_X(self) -> pd.DataFrame:
        """Biomarkers as they would have been recorded had nothing been missing."""
        return pd.DataFrame(self.measured | self.complete, index=self.index, copy=False)

    @cached_property
    def groupings(self) -> pd.DataFrame:
        """All groups, visible and hidden, as categorical columns."""
        columns = {
            name: pd.Categorical.from_codes(self.codes[name], categories=pd.Index(group.levels))
            for name, group in self.scene.groups.items()
        }
        return pd.DataFrame(columns, index=self.index)

    @cached_property
    def known(self) -> pd.DataFrame:
        """Every grouping that a partition may have found: groups, tertiles of all continuous."""
        return known_groupings(self.groupings, self.factors | self.covariates)

    @cached_property
    def weight(self) -> pd.Series | None:
        """Survey weights, of mean 1 in expectation; None where everybody is as likely."""
        if self.scene.sampling is None:
            return None
        codes = self.codes[self.scene.sampling.by]
        return pd.Series(level_weights(self.scene)[codes], index=self.index, name=WEIGHT)

    @cached_property
    def groups(self) -> pd.DataFrame:
        """Visible groups as categorical columns."""
        return self.groupings[[n for n, g in self.scene.groups.items() if not g.hidden]]

    @cached_property
    def metadata(self) -> pd.DataFrame:
        """Visible groups as categorical columns, covariates as recorded, the survey weight."""
        columns = {
            name: recorded(covariate, self.covariates[name])
            for name, covariate in self.scene.covariates.items()
        }
        if self.weight is not None:
            columns[WEIGHT] = self.weight.to_numpy()
        return self.groups.assign(**columns)

    @cached_property
    def truth(self) -> pd.DataFrame:
        """All groups, the factors, and what measurement and missing values have taken away.

        ``<name>_before`` is a biomarker before measurement, or a covariate before rounding;
        ``<name>_complete`` the recorded value had it not been missing, ``<name>_missing`` why
        it is. A variable that nothing acts on has no such column: its value is the one in
        `X` or `metadata`.
        """
        columns = {f"factor_{name}": values for name, values in self.factors.items()}
        columns |= {
            f"{name}_before": self.covariates[name]
            for name, covariate in self.scene.covariates.items()
            if covariate.decimals is not None
        }
        columns |= {f"{name}_before": values for name, values in self.before.items()}
        columns |= {f"{name}_complete": values for name, values in self.complete.items()}
        names = pd.Index([*self.scene.missing, DETECTION_LIMIT])
        why = {
            f"{name}_missing": pd.Categorical.from_codes(codes, categories=names)
            for name, codes in self.reasons.items()
        }
        latent = pd.DataFrame(columns, index=self.index, copy=False)
        return pd.concat([self.groupings, latent, pd.DataFrame(why, index=self.index)], axis=1)

    def before_measurement(self, name: str) -> Array:
        """Values of a biomarker by the linear model, shape (size,)."""
        return self.before.get(name, self.complete.get(name, self.measured[name]))

    def components(self, name: str) -> pd.DataFrame:
        """Terms of one biomarker; added from left to right they are its value before measurement.

        The terms are drawn again from their keyed streams, so they cost no memory
        until they are asked for.

        Parameters
        ----------
        name : str
            A biomarker of the scene.

        Returns
        -------
        DataFrame, shape (size, n_terms)
            baseline, shifts by group, effects of the factors, slopes, noise.

        Raises
        ------
        KeyError
            If the scene has no such biomarker.
        """
        if name not in self.scene.biomarkers:
            known = ", ".join(self.scene.biomarkers)
            raise KeyError(f"no biomarker {name!r} in this scene; it has {known}")
        model = LinearModel.of(self.scene)
        others = {other: self.before_measurement(other) for other in self.scene.biomarkers}
        drawn = Drawn(self.codes, self.covariates, self.factors, {}, {})
        columns: dict[str, Array] = {}
        for block, rows in blocks(self.first, self.first + self.scene.size):
            values = {key: value[rows] for key, value in others.items()}
            n = rows.stop - rows.start
            for key, term in terms(model, name, drawn.rows(rows), values, block, n).items():
                columns.setdefault(key, np.empty(self.scene.size))[rows] = term
        return pd.DataFrame(columns, index=self.index)

    def to_frame(self) -> pd.DataFrame:
        """Metadata and biomarkers side by side: what a researcher would receive."""
        return pd.concat([self.metadata, self.X], axis=1)


def _equal(one: dict[str, Array], other: dict[str, Array]) -> bool:
    """Whether two tables of columns hold the same; codes are whole numbers without NaN."""
    return list(one) == list(other) and all(
        np.array_equal(values, other[name], equal_nan=values.dtype.kind == "f")
        for name, values in one.items()
    )


def holed_biomarkers(scene: Scene) -> list[str]:
    """Name the biomarkers that can be missing, by a reason of the scene or a detection limit."""
    named = {name for reason in scene.missing.values() for name in reason.variables}
    for name, marker in scene.biomarkers.items():
        limits = marker.measurement.detection
        if limits is not None and limits.report == "missing":
            named.add(name)
    return [name for name in scene.biomarkers if name in named]


def synthetic_ids(n: int, first: int = 0) -> Any:
    """Ids of n individuals, ``SYN-0000001`` the first of all, as an Arrow string array.

    Seven digits, more only from the ten millionth on: a larger population keeps the ids.
    """
    limits = [first, *(10**d for d in range(_DIGITS, 20) if first < 10**d - 1 < first + n)]
    parts = []
    for start, stop in pairwise([limits[0], *(limit - 1 for limit in limits[1:]), first + n]):
        parts.append(_ids_of_one_width(start + 1, stop + 1))
    return pd.array(pa.chunked_array(parts).combine_chunks(), dtype="string[pyarrow]")


def _ids_of_one_width(start: int, stop: int) -> Any:
    """Ids of the numbers from start to before stop, digits written at once."""
    n, width = stop - start, len(ID_PREFIX) + max(_DIGITS, len(str(stop - 1)))
    text = np.empty((n, width), dtype=np.uint8)
    text[:, : len(ID_PREFIX)] = np.frombuffer(ID_PREFIX.encode(), dtype=np.uint8)
    number = np.arange(start, stop)
    for position in range(width - 1, len(ID_PREFIX) - 1, -1):
        number, digit = np.divmod(number, 10)
        text[:, position] = digit + ord("0")
    offsets = np.arange(0, (n + 1) * width, width, dtype=np.int64)
    return pa.LargeStringArray.from_buffers(n, pa.py_buffer(offsets), pa.py_buffer(text))
