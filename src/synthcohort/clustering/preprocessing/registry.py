"""The preprocessings that a run can compare, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sklearn.preprocessing import FunctionTransformer, MinMaxScaler, RobustScaler, StandardScaler

from synthcohort.clustering.preprocessing.outside_cutoffs import OutsideCutoffs
from synthcohort.clustering.preprocessing.pathological_scaling import PathologicalScaler
from synthcohort.scene.model import Cutoffs


@dataclass(frozen=True)
class Preprocessing:
    """A named way to rescale biomarkers.

    Parameters
    ----------
    title : str
        What a reader calls it.
    affine : bool
        Whether it maps each column by ``a + b x`` with constants of that column. All
        such preprocessings are the same analysis after full whitening.
    clinical : bool
        Whether it uses cut-offs: its table then also has the groups, as categorical columns.
    make : callable
        Makes the scikit-learn transformer from the cut-offs by biomarker.
    """

    title: str
    affine: bool
    clinical: bool
    make: Callable[[Mapping[str, Cutoffs]], Any]


PREPROCESSINGS: dict[str, Preprocessing] = {
    "raw": Preprocessing("unscaled", True, False, lambda _: FunctionTransformer()),
    "zscore": Preprocessing("z-score", True, False, lambda _: StandardScaler()),
    "minmax": Preprocessing("min-max", True, False, lambda _: MinMaxScaler()),
    "robust": Preprocessing("robust", True, False, lambda _: RobustScaler()),
    "pathological": Preprocessing("pathological", False, True, PathologicalScaler),
    "binary": Preprocessing("binary", False, True, OutsideCutoffs),
}
