"""Where agreement was lost, between what an oracle finds and what a partition found."""

from __future__ import annotations

import pandas as pd

LOSSES = ["lost_measurement", "lost_preprocessing", "lost_algorithm", "lost_choice"]
"""They add up to the oracle's ARI minus the partition's."""


def decompose(scores: pd.DataFrame, ceilings: pd.DataFrame) -> pd.DataFrame:
    """Add to every score its ceiling and where the difference from the oracle was lost.

    Parameters
    ----------
    scores : DataFrame
        With the columns analysis, truth and ari.
    ceilings : DataFrame
        As `ceilings` returns it.

    Returns
    -------
    DataFrame
        The scores with these columns, missing where a truth has no ceiling (tertiles):

        - oracle: ARI of the best labels from the values before measurement;
        - ceiling, ceiling_se, ceiling_is: after the preprocessing;
        - lost_measurement: by the instrument's bounds;
        - lost_preprocessing: by what the preprocessing destroyed; at most this where the
          ceiling is a lower bound;
        - lost_algorithm: from the ceiling to the best partition of the analysis;
        - lost_choice: from there to this partition, by its k and resolution.

        Small negative losses are sampling variation.
    """
    merged = scores.merge(ceilings, on=["analysis", "truth"], how="left", validate="many_to_one")
    best = merged.groupby(["analysis", "truth"])["ari"].transform("max")
    merged["lost_measurement"] = merged["oracle"] - merged["measured"]
    merged["lost_preprocessing"] = merged["measured"] - merged["ceiling"]
    merged["lost_algorithm"] = merged["ceiling"] - best
    merged["lost_choice"] = (best - merged["ari"]).where(merged["ceiling"].notna())
    return merged.drop(columns="measured")
