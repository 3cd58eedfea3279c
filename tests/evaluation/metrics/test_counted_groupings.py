"""All truths counted at once: the same scores as one by one, and as scikit-learn's."""

import numpy as np
import pytest
from sklearn import metrics as sk

from synthcohort import score
from synthcohort.evaluation import METRICS
from synthcohort.evaluation.metrics.adjusted_agreement import within_ari
from synthcohort.evaluation.metrics.contingency import Contingency
from synthcohort.evaluation.metrics.counted_groupings import Groupings

SKLEARN = {
    "ari": sk.adjusted_rand_score,
    "ami": sk.adjusted_mutual_info_score,
    "homogeneity": sk.homogeneity_score,
    "completeness": sk.completeness_score,
    "v_measure": sk.v_measure_score,
    "fowlkes_mallows": sk.fowlkes_mallows_score,
}


def shapes():
    """Truth and labels: random, equal, nested, unequal sizes, all alone, all together."""
    rng = np.random.default_rng(0)
    few = rng.integers(4, size=900)
    skewed = (rng.random(900)[:, None] > [0.9, 0.97, 0.999]).sum(axis=1)
    noisy = np.where(rng.random(900) < 0.2, rng.integers(4, size=900), few)
    everyone = np.arange(900)
    pairs = [
        (few, rng.integers(40, size=900)),
        (few, few),
        (few, few // 2),
        (skewed, noisy),
        (few, noisy),
        (few, everyone),
        (everyone, everyone),
        (few, np.zeros(900, dtype=int)),
        (few, np.minimum(everyone, 300)),
    ]
    return pairs


@pytest.mark.parametrize(("truth", "labels"), shapes())
def test_scores_are_those_of_scikit_learn(truth, labels) -> None:
    table = Contingency(labels, truth)
    for name, other in SKLEARN.items():
        assert METRICS[name](table) == pytest.approx(other(truth, labels), rel=0, abs=1e-12), name


@pytest.mark.parametrize("weighted", [False, True])
def test_counted_together_as_one_by_one(weighted: bool) -> None:
    """Codes with gaps, a label that only individuals of weight 0 have, many kinds."""
    rng = np.random.default_rng(1)
    known = {name: 2 * rng.integers(k, size=500) for name, k in (("a", 3), ("b", 2), ("c", 90))}
    labels = rng.integers(5, size=500)
    weight = np.where(labels == 2, 0.0, rng.random(500)) if weighted else None
    compared = Groupings(known, weight).compare(labels)
    for name, truth in known.items():
        one = score(labels, truth, weight=weight)
        table = compared.contingency(name)
        assert {m: METRICS[m](table) for m in METRICS} == pytest.approx(dict(one), abs=1e-12)
        others = [within_ari(labels, truth, known[o], weight) for o in known if o != name]
        assert compared.adjusted(name)[0] == pytest.approx(min(others), abs=1e-12)


def test_nothing_known() -> None:
    compared = Groupings({}).compare(np.array([0, 2, 2]))
    assert compared.label_levels == [0, 2]
