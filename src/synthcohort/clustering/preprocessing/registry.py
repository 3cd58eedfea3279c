"""The preprocessings that a run can compare, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sklearn.base import clone
from sklearn.preprocessing import FunctionTransformer, MinMaxScaler, RobustScaler, StandardScaler

from synthcohort.clustering.preprocessing.outside_cutoffs import OutsideCutoffs
from synthcohort.clustering.preprocessing.pathological_scaling import PathologicalScaler
from synthcohort.clustering.registered_names import Registry
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


PREPROCESSINGS = Registry(
    "preprocessing",
    {
        "raw": Preprocessing("unscaled", True, False, lambda _: FunctionTransformer()),
        "zscore": Preprocessing("z-score", True, False, lambda _: StandardScaler()),
        "minmax": Preprocessing("min-max", True, False, lambda _: MinMaxScaler()),
        "robust": Preprocessing("robust", True, False, lambda _: RobustScaler()),
        "pathological": Preprocessing("pathological", False, True, PathologicalScaler),
        "binary": Preprocessing("binary", False, True, OutsideCutoffs),
    },
)


def register_preprocessing(
    name: str,
    make: Any,
    *,
    title: str | None = None,
    affine: bool = False,
    clinical: bool = False,
) -> None:
    """Add a preprocessing that runs can name, in worker processes too.

    Parameters
    ----------
    name : str
        Letters, digits and underscores; none that comes with the package.
    make : transformer or callable
        A scikit-learn transformer, which is cloned for each use, or a function that makes
        one from the cut-offs by biomarker.
    title : str, optional
        What a reader calls it; the name by default.
    affine, clinical : bool, default False
        As in `Preprocessing`. What is called affine runs once for all affine ones after
        whitening, so say so only of what is.

    Raises
    ------
    SceneError
        If the name or `make` can't be used.

    Examples
    --------
    >>> from sklearn.preprocessing import QuantileTransformer
    >>> register_preprocessing("rank", QuantileTransformer())
    >>> del PREPROCESSINGS["rank"]
    """
    if hasattr(make, "fit") and not isinstance(make, type):
        maker: Callable[[Mapping[str, Cutoffs]], Any] = partial(_cloned, make)
    elif callable(make):
        maker = make
    else:
        raise PREPROCESSINGS.wrong(f"got {make!r}, allowed: a transformer, or what makes one")
    PREPROCESSINGS.register(name, Preprocessing(title or name, affine, clinical, maker))


def _cloned(transformer: Any, _: Mapping[str, Cutoffs]) -> Any:
    return clone(transformer)
