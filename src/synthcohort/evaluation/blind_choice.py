"""The choice: which partition to believe, without looking at the truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pandas as pd

from synthcohort.evaluation.evidence import Evidence, evidence
from synthcohort.evaluation.evidence.plausible_partitions import Plausible, plausible
from synthcohort.evaluation.metrics.pairwise_agreement import pairwise_ari

Array = np.ndarray

MOST_CLUSTERS = 30
INDIVIDUALS = 2000
"""The choice is made on as many at most."""
_DRAWS = 50
_ERRORS = 2.0
_TAIL = 0.05
_ALIKE = 0.985


@dataclass(frozen=True)
class Choice:
    """What the rule picks.

    Parameters
    ----------
    partition : str or None
        Name of a candidate; None is "no clusters".
    p_value : float
        Of the test that let there be a choice, as it was given.
    n_clusters : int
        1 without a partition.
    agreement : float
        Its expected ARI with the partition of a mixture drawn by the evidence; NaN without.
    certainty : float
        Mean ARI of the partition with what the rule picks, and fits again, on bootstrap
        samples of the individuals; NaN without.
    expected : float
        Mean ARI with groups drawn from those fits: how well the partition can agree with the
        groups themselves where they overlap, if a model is right; NaN without.
    model : str
        The mixture that suits the partition best, in words.
    alternatives : DataFrame
        The best candidate of every source: source, partition, n_clusters; behind, by how
        much its best BIC is above the lowest of all; agreement; ari_with_choice; tied, whether
        it is as near to the choice as 95 % of the fits to bootstrap samples are, or its
        agreement is within two standard errors. The highest agreement first.
    """

    partition: str | None
    p_value: float
    n_clusters: int
    agreement: float
    certainty: float
    expected: float
    model: str
    alternatives: pd.DataFrame

    def summary(self) -> dict[str, Any]:
        """Return all but the alternatives."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "alternatives"}

    @property
    def ties(self) -> list[str]:
        """Sources that can't be told from the choice, its own first."""
        table = self.alternatives
        return [] if table.empty else list(table.loc[table["tied"], "source"])


def no_clusters(p_value: float = float("nan")) -> Choice:
    """Return the choice of nothing."""
    nan = float("nan")
    return Choice(None, p_value, 1, nan, nan, nan, "", pd.DataFrame())


def choose(
    values: Array,
    labels: pd.DataFrame,
    sources: Mapping[str, str],
    seed: int,
    p_value: float = float("nan"),
) -> Choice:
    """Pick the partition that agrees most with what the data make plausible.

    1. Every candidate implies mixtures of several shapes, all fitted to the same columns,
       whatever the candidate was found on (`evidence`).
    2. Mixtures weigh by their penalised likelihood (`plausible`).
    3. The choice has the highest expected ARI with the partition of a mixture so weighed.

    Parameters
    ----------
    values : ndarray, shape (N, p)
        Biomarkers in any units, without missing values.
    labels : DataFrame of int, shape (N, n_candidates)
    sources : mapping of str to str
        By candidate: where it comes from, such as an analysis or a rival.
    seed : int
        Of the bootstrap samples, and of who is looked at where there are many.
    p_value : float, optional
        Of the test that there is anything at all, which is not asked here; it is passed on.

    Returns
    -------
    Choice
        "No clusters" where no candidate has from 2 to 30.
    """
    rng = np.random.default_rng([seed, 6])
    rows = np.sort(rng.permutation(len(values))[:INDIVIDUALS])
    names, codes = _coded(labels.iloc[rows])
    if not names:
        return no_clusters(p_value)
    like = _like(names, codes)
    found = evidence(values[rows], {n: codes[:, names.index(n)] for n in dict.fromkeys(like)})
    counts = rng.multinomial(len(rows), np.full(len(rows), 1 / len(rows)), size=_DRAWS)
    judged = plausible(found, codes, counts)
    best = int(judged.expected[0].argmax())
    again = [
        found.again(found.best_of(like[picked], scores), codes[:, picked], drawn)
        for picked, scores, drawn in zip(
            judged.expected[1:].argmax(axis=1), judged.scores[1:], counts, strict=True
        )
    ]
    mine = codes[:, [best]]
    refitted = pairwise_ari(np.column_stack([mine, *(fit.labels for fit in again)]))[0, 1:]
    drawn = pairwise_ari(np.column_stack([mine, *(fit.drawn(rng) for fit in again)]))[0, 1:]
    return Choice(
        partition=names[best],
        p_value=p_value,
        n_clusters=int(mine.max()) + 1,
        agreement=float(judged.expected[0, best]),
        certainty=float(refitted.mean()),
        expected=float(drawn.mean()),
        model=found.best_of(like[best], judged.scores[0]).title,
        alternatives=_alternatives(
            found, judged, names, like, codes, sources, float(np.quantile(refitted, _TAIL))
        ),
    )


def _coded(labels: pd.DataFrame) -> tuple[list[str], Array]:
    """Candidates with a number of clusters that can be judged, their clusters from 0."""
    columns = {str(name): np.unique(labels[name], return_inverse=True)[1] for name in labels}
    kept = {n: c for n, c in columns.items() if 2 <= c.max() + 1 <= MOST_CLUSTERS}
    return list(kept), np.column_stack(list(kept.values())) if kept else np.empty((0, 0))


def _like(names: list[str], codes: Array) -> list[str]:
    """By candidate, the first that is nearly the same: it needs no models of its own."""
    ari = pairwise_ari(codes)
    kept: list[int] = []
    for i in range(len(names)):
        if not (ari[i, kept] > _ALIKE).any():
            kept.append(i)
    return [names[kept[int(row[kept].argmax())]] for row in ari]


def _alternatives(
    found: Evidence,
    judged: Plausible,
    names: list[str],
    like: list[str],
    codes: Array,
    sources: Mapping[str, str],
    near: float,
) -> pd.DataFrame:
    best = int(judged.expected[0].argmax())
    ahead = judged.expected[:, [best]] - judged.expected
    error = ahead[1:].std(axis=0, ddof=1)
    score = pd.Series(judged.scores[0]).groupby([m.candidate for m in found.models]).max()
    table = pd.DataFrame(
        {
            "source": [sources[name] for name in names],
            "partition": names,
            "n_clusters": codes.max(axis=0) + 1,
            "behind": 2 * (score.max() - score.loc[like].to_numpy()),
            "agreement": judged.expected[0],
            "ari_with_choice": judged.ari[best],
            "tied": (ahead[0] <= _ERRORS * error) | (judged.ari[best] >= near),
        }
    )
    ordered = table.sort_values("agreement", ascending=False, kind="stable")
    return ordered.groupby("source", sort=False).head(1).reset_index(drop=True)
