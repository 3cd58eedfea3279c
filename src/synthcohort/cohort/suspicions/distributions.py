"""Weights far from the others, and digits that are rounded by hand."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from synthcohort.cohort.suspicions.suspicion import SeenTable, Suspicion, column
from synthcohort.cohort.words import people

_TIMES = 20
_ROUND = 0.3
_FEWEST = 100
_WIDE = 30


def far_weights(seen: SeenTable) -> Iterator[Suspicion]:
    """Say how many weights are many times the median one."""
    if seen.weight is None:
        return
    weights = seen.weight[seen.weight > 0]
    if weights.empty:
        return
    far = int((weights > _TIMES * weights.median()).sum())
    if far:
        share = weights.nlargest(far).sum() / weights.sum()
        yield Suspicion(
            "weights",
            column(seen.weight_column),
            f"{people(far, seen.smallest)} weights are over {_TIMES} times the median one and "
            f"make {100 * share:.0f} % of the total",
            "trim them, if they are errors",
        )


def heaping(seen: SeenTable) -> Iterator[Suspicion]:
    """Say where far more than a tenth of whole numbers end in 0: they were rounded by hand."""
    for name in seen.biomarkers:
        values = seen.numbers[name].values.dropna().to_numpy()
        if len(values) < _FEWEST or (values != np.round(values)).any():
            continue
        if np.ptp(values) < _WIDE:
            continue
        tens = float(np.mean(values % 10 == 0))
        if _ROUND < tens < 1:
            yield Suspicion(
                "heaping",
                column(seen.numbers[name].column),
                f"{100 * tens:.0f} % of the values end in 0, where 10 % would by chance: they "
                "were rounded by hand",
            )
