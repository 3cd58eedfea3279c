"""One decision from all the evidence: every combination, and what a page may say under it."""

from itertools import product

import pytest

from synthcohort.report.judgement.judgement import Judgement, judge
from synthcohort.report.judgement.signs import Signs

WORDS = [None, "groups", "a gradient", "nothing more than correlation", "cannot tell"]
PARTS = {
    "planted": [None, True, False],
    "test": WORDS,
    "come_back": [None, "all", "some", "none"],
    "in_between": [False, True],
    "beyond": [None, "some", "none"],
    "blind": [None, "near the best", "far below the best"],
    "within": [None, "far below", "near", "above"],
}
EVERY = [Signs(**dict(zip(PARTS, values, strict=True))) for values in product(*PARTS.values())]
NO_GROUPS = ["none exist", "a gradient", "nothing more than correlation", "cannot tell"]


def test_what_is_known_comes_before_what_a_test_says() -> None:
    for signs in EVERY:
        groups = judge(signs).groups
        if signs.planted is None:
            assert groups == (signs.test or "untested")
        else:
            assert groups == ("planted" if signs.planted else "none exist")


def test_only_the_truth_or_the_test_make_groups() -> None:
    """No stability, margin, score or choice changes the answer."""
    for signs in EVERY:
        alone = judge(Signs(planted=signs.planted, test=signs.test))
        assert judge(signs).groups == alone.groups
        assert judge(signs).aside == alone.aside


def test_headings_about_clusters_carry_the_answer() -> None:
    for signs in EVERY:
        found = judge(signs)
        heading = found.about("All 5 clusters are stable")
        assert found.credible == (found.groups in ("planted", "groups"))
        assert (heading == "All 5 clusters are stable") == found.credible
        if found.groups == "none exist":
            assert "no groups exist" in heading


def test_sentences_never_contradict_the_answer() -> None:
    for signs in EVERY:
        found = judge(signs)
        said = " ".join(found.contradictions)
        assert len(set(found.contradictions)) == len(found.contradictions)
        if found.groups in NO_GROUPS:
            assert "Groups were planted" not in said
            assert "are there by the test" not in said
        else:
            assert "one cloud" not in said
        if "come back" in said and found.groups in NO_GROUPS:
            assert found.aside in said or signs.in_between


@pytest.mark.parametrize(
    ("signs", "words"),
    [
        ({"planted": True, "test": "nothing more than correlation"}, "it misses them"),
        ({"planted": False, "test": "groups"}, "a false alarm"),
        ({"planted": False, "test": "a gradient"}, "a false alarm"),
        ({"planted": False, "come_back": "all"}, "cuts through one cloud"),
        ({"planted": None, "test": "a gradient", "come_back": "all"}, "cuts through one cloud"),
        ({"planted": True, "come_back": "none"}, "Groups were planted, but none"),
        ({"planted": None, "test": "groups", "come_back": "none"}, "are there by the test"),
        ({"planted": True, "come_back": "all", "in_between": True}, "lie between them"),
        ({"planted": None, "test": "groups", "beyond": "none"}, "not where the structure shows"),
        ({"planted": None, "test": "cannot tell", "beyond": "some"}, "not at the best of many"),
        ({"planted": True, "blind": "far below the best"}, "by looking at the truth"),
        ({"planted": True, "within": "far below"}, "which explains most of it"),
        ({"planted": True, "within": "above"}, "that grouping blurs the clusters"),
    ],
)
def test_every_disagreement_is_said_and_nothing_else(signs, words: str) -> None:
    (said,) = judge(Signs(**signs)).contradictions
    assert words in said


@pytest.mark.parametrize(
    "signs",
    [
        {"planted": True, "test": "groups", "come_back": "all", "beyond": "some"},
        {"planted": False, "test": "nothing more than correlation", "come_back": "none"},
        {"planted": None, "test": "groups", "come_back": "all", "beyond": "some"},
        {"planted": None, "test": "nothing more than correlation", "beyond": "none"},
        {"planted": True, "blind": "near the best", "within": "near", "in_between": True},
        {"planted": None},
    ],
)
def test_signs_that_agree_say_nothing(signs) -> None:
    assert judge(Signs(**signs)).contradictions == ()


def test_a_heading_without_an_aside_stays_as_it_is() -> None:
    assert Judgement("planted", ()).about("Three clusters") == "Three clusters"
