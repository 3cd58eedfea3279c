"""The choice among the partitions of a run, from its null comparison."""

from __future__ import annotations

import numpy as np
import pandas as pd

from synthcohort.evaluation.blind_choice import Choice, choose, no_clusters
from synthcohort.evaluation.null_test.statistic import redrawn_z
from synthcohort.evaluation.null_test.verdicts import GROUPS, Verdict
from synthcohort.grid.reference_cell import PAIRS
from synthcohort.grid.reference_comparison import Nulls

_CELL = ["analysis", "base", "k"]
_DRAWS = 200


def choice_of(
    labels: pd.DataFrame, scores: pd.DataFrame, nulls: Nulls, verdict: Verdict, seed: int
) -> Choice | None:
    """Choose among the partitions that were compared with null twins.

    Parameters
    ----------
    labels : DataFrame of int, shape (n, n_partitions)
    scores : DataFrame
        Tells which analysis, base, k and resolution a partition is of.
    nulls : Nulls
    verdict : Verdict
        Only "groups" lets there be a choice.
    seed : int
        Of the bootstrap samples of twins that the choice's certainty comes from.

    Returns
    -------
    Choice or None
        None where nothing could be compared.
    """
    if nulls.settings.empty:
        return None
    if verdict.word != GROUPS:
        return no_clusters(verdict.p_value)
    where = nulls.settings[_CELL].assign(
        evidence=-nulls.settings["z_within"], setting=np.arange(len(nulls.settings))
    )
    contrast = nulls.band[[*_CELL, "resolution", "contrast"]]
    rows = scores.drop_duplicates("partition")[["partition", *_CELL, "resolution"]]
    compared = rows.merge(contrast, on=[*_CELL, "resolution"]).merge(where, on=_CELL)
    compared = compared.set_index("partition")
    draws = redrawn_z(nulls.values[:, :, 1], 1 / PAIRS, _DRAWS, np.random.default_rng([seed, 6]))
    redrawn = -draws[:, compared["setting"].to_numpy()]
    return choose(labels[list(compared.index)], compared, verdict.p_value, redrawn)
