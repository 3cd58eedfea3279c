"""The mixtures that partitions imply: closed forms, scipy, and planted groups."""

import numpy as np
import pytest
from scipy.stats import boxcox_llf, multivariate_normal, multivariate_t, norm

from synthcohort.evaluation.evidence import evidence
from synthcohort.evaluation.evidence.implied_mixtures import SHAPES, implied_mixture
from synthcohort.evaluation.evidence.models import KINDS
from synthcohort.evaluation.evidence.shifted_logs import SHIFTS, best_scales, scales
from synthcohort.evaluation.evidence.tied_normal_scores import tied_scores


def two_groups(n: int = 400, distance: float = 4.0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    truth = rng.integers(2, size=n)
    values = rng.normal(size=(n, 3))
    values[:, 0] += distance * truth
    return (values - values.mean(axis=0)) / values.std(axis=0), truth


@pytest.mark.parametrize("shape", SHAPES)
def test_the_density_of_one_cluster_is_that_of_scipy(shape: str) -> None:
    values = two_groups()[0] @ np.array([[1.0, 0.5, 0.0], [0.0, 1.0, 0.3], [0.0, 0.0, 1.0]])
    found = implied_mixture(values, np.zeros_like(values), np.zeros(400, dtype=int), shape)
    covariance = np.cov(values, rowvar=False, ddof=0)
    if shape in ("alike", "diagonal"):
        covariance = np.diag(np.diag(covariance))
    expected = multivariate_normal(values.mean(axis=0), covariance).logpdf(values)
    assert found.log_density == pytest.approx(expected, abs=0.02)  # the floor of variances
    assert found.parameters == 3 + (6 if shape in ("tied", "full") else 3)


def test_heavy_tails_are_those_of_scipy() -> None:
    rng = np.random.default_rng(1)
    values = multivariate_t([0, 0], [[1, 0.5], [0.5, 1]], df=5, seed=rng).rvs(4000)
    flat, none = np.zeros(4000, dtype=int), np.zeros_like(values)
    heavy = implied_mixture(values, none, flat, "tied", 5.0, steps=20)
    true = multivariate_t([0, 0], [[1, 0.5], [0.5, 1]], df=5).logpdf(values)
    assert heavy.log_density.sum() == pytest.approx(true.sum(), rel=0.001)
    normal = implied_mixture(values, none, flat, "tied")
    assert heavy.log_density.sum() > normal.log_density.sum() + 100


def test_em_gives_cut_tails_back() -> None:
    values, truth = two_groups(4000, 2.5)
    cut = (values[:, 0] > 0).astype(int)
    none = np.zeros_like(values)
    hard = implied_mixture(values, none, cut, "tied", steps=0)
    soft = implied_mixture(values, none, cut, "tied")
    best = implied_mixture(values, none, truth, "tied", steps=30)
    assert hard.log_density.sum() < soft.log_density.sum() <= best.log_density.sum() + 1
    assert soft.member.sum(axis=1) == pytest.approx(1)


def test_counts_are_repeated_people() -> None:
    values, truth = two_groups(60)
    counts = np.random.default_rng(2).integers(3, size=60)
    rows = np.repeat(np.arange(60), counts)
    none = np.zeros_like(values)
    for shape in SHAPES:
        once = implied_mixture(values, none, truth, shape, weight=counts.astype(float))
        repeated = implied_mixture(values[rows], none[rows], truth[rows], shape)
        assert once.log_density[rows] == pytest.approx(repeated.log_density)


def test_memberships_are_drawn_by_their_probabilities() -> None:
    values, truth = two_groups(4000, 1.0)
    found = implied_mixture(values, np.zeros_like(values), truth, "tied")
    drawn = found.drawn(np.random.default_rng(0))
    assert drawn.mean() == pytest.approx(found.member[:, 1].mean(), abs=0.03)
    assert set(drawn) == {0, 1}


def test_ties_hide_what_their_scores_do_not_show() -> None:
    rng = np.random.default_rng(3)
    latent = rng.normal(size=20_000)
    steps = np.column_stack([latent > 0.5, np.round(latent), np.maximum(latent, 0.0)])
    scores, hidden = tied_scores(steps.astype(float))
    assert scores.mean(axis=0) == pytest.approx(0, abs=1e-9)
    assert scores.var(axis=0) + hidden.mean(axis=0) == pytest.approx(1, abs=1e-3)
    inside = latent[steps[:, 0] == 1]
    assert scores[steps[:, 0] == 1, 0] == pytest.approx(inside.mean(), abs=0.03)
    assert hidden[steps[:, 0] == 1, 0] == pytest.approx(inside.var(), abs=0.03)
    alone, none = tied_scores(latent[:, None])
    assert not none.any()
    assert np.corrcoef(alone[:, 0], norm.ppf((latent.argsort().argsort() + 0.5) / 20_000))[0, 1] > (
        0.9999
    )


def test_a_logarithm_is_chosen_where_groups_are_log_normal() -> None:
    rng = np.random.default_rng(4)
    truth = rng.integers(2, size=600)
    values = np.column_stack(
        [
            7 + np.exp(rng.normal(size=600) + truth),
            -np.exp(rng.normal(size=600)),
            rng.normal(size=600) + 4 * truth,
        ]
    )
    every = scales(values)
    member = np.eye(2)[truth]
    found = best_scales(every, member, np.zeros(3))
    assert found.chosen == 2
    assert every.values.shape == (600, 3, 1 + 2 * len(SHIFTS))
    assert found.values[:, 2] == pytest.approx(every.values[:, 2, 0])


def test_the_likelihood_of_a_logarithm_is_box_and_coxs() -> None:
    """One cluster: the profile likelihood, in units of the column, is scipy's at power 0."""
    values = np.exp(np.random.default_rng(5).normal(size=(200, 1))) + 0.5
    every = scales(values)
    spread = values.std()
    shift = SHIFTS[2]
    shifted = values[:, 0] - values.min() + shift * spread
    ours = every.slopes[:, 0, 5].sum() - 200 * np.log(spread)
    assert ours == pytest.approx(boxcox_llf(0, shifted), rel=1e-9)


def test_the_planted_partition_has_the_highest_score() -> None:
    values, truth = two_groups()
    rng = np.random.default_rng(6)
    others = {
        "planted": truth,
        "half": np.where(rng.random(400) < 0.5, truth, rng.integers(2, size=400)),
        "across": (values[:, 1] > 0).astype(int),
        "cut in two": truth * 2 + (values[:, 1] > 0),
    }
    found = evidence(values * [1.0, 40.0, 0.001], others)
    assert len(found.models) == len(KINDS) * len(others)
    scores = found.scores()[0]
    assert found.models[int(scores.argmax())].candidate in ("planted", "half")
    best = {n: scores[[m.candidate == n for m in found.models]].max() for n in others}
    assert best["planted"] > best["cut in two"] + 10
    assert found.best_of("planted", scores).candidate == "planted"


def test_units_do_not_matter() -> None:
    values, truth = two_groups(100)
    first = evidence(values, {"a": truth}).scores()
    second = evidence(values * [1e-6, 3.0, 1e6] + 5, {"a": truth}).scores()
    assert first == pytest.approx(second, rel=1e-6)


def test_nothing_that_varies() -> None:
    with pytest.raises(ValueError, match="every column is constant"):
        evidence(np.ones((10, 2)), {"a": np.arange(10) % 2})
