"""Every grouping of the individuals that is known and that a partition may have found."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from synthcohort.population.linear_model import Array

TERTILES = ("low", "middle", "high")
TERTILES_SUFFIX = " (tertiles)"


def known_groupings(groups: pd.DataFrame, continuous: Mapping[str, Array]) -> pd.DataFrame:
    """Put the groups and the tertiles of factors and covariates side by side.

    Parameters
    ----------
    groups : DataFrame of categorical columns, shape (N, n_groups)
    continuous : mapping of str to ndarray, shape (N,)

    Returns
    -------
    DataFrame of categorical columns, shape (N, n_groups + n_continuous)
        Tertiles are named ``<name> (tertiles)``.
    """
    columns: dict[str, pd.Series] = {str(name): groups[name] for name in groups.columns}
    for name, values in continuous.items():
        codes = np.searchsorted(np.quantile(values, [1 / 3, 2 / 3]), values)
        tertiles = pd.Categorical.from_codes(codes, categories=pd.Index(TERTILES))
        columns[f"{name}{TERTILES_SUFFIX}"] = pd.Series(tertiles, index=groups.index)
    return pd.DataFrame(columns, index=groups.index)
