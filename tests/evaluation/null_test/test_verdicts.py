"""Verdicts of the null test: what each shape is called, how often, and what changes nothing."""

import numpy as np
import pytest
from tests.evaluation.null_test import shapes_drawn

from synthcohort.evaluation.null_test.verdicts import rank_test, verdict_on


def table(name: str, n: int, seed: int = 0) -> np.ndarray:
    return getattr(shapes_drawn, name)(np.random.default_rng([seed, 1]), n)


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("two_in_one_column", "groups"),
        ("three_unequal", "groups"),
        ("long_arc", "a gradient"),
        ("skewed", "nothing more than correlation"),
    ],
)
def test_the_four_words(name, word) -> None:
    """What has groups or bends is seen in nearly all draws; the last is right in 95 %."""
    found = verdict_on(table(name, 400), 1, 39)
    assert found.word == word
    assert (found.p_value <= 0.05) == (word in {"groups", "a gradient"})
    assert found.references in {19, 39}


@pytest.mark.parametrize("name", ["heavy_tails", "scores", "zeros"])
def test_tails_ties_and_limits_are_no_structure(name) -> None:
    """Each is right in 95 % of draws."""
    assert verdict_on(table(name, 300), 1, 19).p_value > 0.05


def test_few_individuals_cannot_tell() -> None:
    found = verdict_on(table("normal", 40), 1)
    assert found.word == "cannot tell"
    assert found.separation > 3.3
    nobody = verdict_on(np.empty((0, 3)), 1)
    assert (nobody.word, nobody.references) == ("cannot tell", 0)
    assert verdict_on(np.zeros((100, 3)), 1).word == "cannot tell"


def test_workers_and_columns_that_do_not_vary_change_nothing() -> None:
    X = table("normal", 100)
    alone = verdict_on(X, 3, references=19)
    assert verdict_on(X, 3, references=19, workers=2) == alone
    assert verdict_on(np.column_stack([np.ones(100), X]), 3, references=19) == alone


def test_one_column() -> None:
    assert verdict_on(table("two_in_one_column", 400)[:, :1], 1).word == "groups"
    assert verdict_on(table("normal", 400)[:, :1], 1).p_value > 0.05


def test_the_level_on_normal_data() -> None:
    """30 tables of 60 individuals, 19 references: rejects in at most 5 (P = 0.003 at 5 %)."""
    rejected = [verdict_on(table("normal", 60, s), s, 19).p_value <= 0.05 for s in range(30)]
    assert sum(rejected) <= 5


def test_the_rank_test_is_exact() -> None:
    """4,000 sets of 20 exchangeable rows: rejects in 5 %, within 4 standard errors."""
    rng = np.random.default_rng(0)
    p = [rank_test(rng.gamma(2, size=(20, 6)))[0] for _ in range(4000)]
    assert abs(np.mean(np.array(p) <= 0.05) - 0.05) < 4 * np.sqrt(0.05 * 0.95 / 4000)
    far = np.vstack([np.full(6, 50.0), rng.gamma(2, size=(99, 6))])
    p_value, z, critical = rank_test(far)
    assert p_value == 0.01
    assert (z > critical).all()


def test_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    verdict_on(table("equal_means", 200), 1, 25, tell=lambda done, of: told.append((done, of)))
    assert told[-1] == (25, 25)
