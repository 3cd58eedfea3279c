"""Which cluster of a partition recovers each cluster of a truth, and how well."""

from __future__ import annotations

from typing import Any

import pandas as pd

from synthcohort.evaluation.metrics.contingency import Contingency


def recovery(labels: Any, truth: Any, weight: Any = None) -> pd.DataFrame:
    """Find the best-matching cluster of each truth level.

    Parameters
    ----------
    labels, truth : array-like, shape (N,)
        Without missing values.
    weight : array-like, shape (N,), optional
        As in `score`.

    Returns
    -------
    DataFrame
        cluster (the truth level), size (with weights their sum, N for everybody), jaccard
        (with its best match, 0 to 1), match (that label; the lowest of equals).

    Examples
    --------
    >>> recovery([0, 0, 1, 1, 1], ["a", "a", "a", "b", "b"])
      cluster  size   jaccard  match
    0       a     3  0.666667      0
    1       b     2  0.666667      1
    """
    return pd.DataFrame(best_matches(Contingency(labels, truth, weight)))


def best_matches(table: Contingency) -> dict[str, list[Any]]:
    """Return the columns of `recovery` from a contingency table."""
    best = table.jaccard.argmax(axis=1)
    return {
        "cluster": table.truth_levels,
        "size": table.truth_sizes.tolist(),
        "jaccard": table.jaccard[range(len(best)), best].tolist(),
        "match": [table.label_levels[i] for i in best],
    }
