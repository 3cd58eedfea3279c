"""The one decision about a run: whether there are groups, and what must be said beside clusters."""

from __future__ import annotations

from dataclasses import dataclass

from synthcohort.evaluation.null_test.verdicts import CANNOT_TELL, GRADIENT, GROUPS, NOTHING
from synthcohort.report.judgement.signs import Signs, signs_of
from synthcohort.results.findings import Findings

NONE_EXIST = "none exist"
PLANTED = "planted"
UNTESTED = "untested"

_ASIDES = {
    NONE_EXIST: "though no groups exist in this scene",
    PLANTED: "",
    GROUPS: "",
    GRADIENT: "though a gradient explains the data better than groups",
    NOTHING: "though the data show no groups",
    CANNOT_TELL: "though the data cannot tell whether there are groups",
    UNTESTED: "and whether there are groups at all was not tested",
}
"""What every heading about clusters says beside them."""


@dataclass(frozen=True)
class Judgement:
    """What may be said of a run's clusters; every heading and sentence follows from it.

    Parameters
    ----------
    groups : str
        "none exist" and "planted" are known of a scene. Of a table it is the word of the
        test ("groups", "a gradient", "nothing more than correlation", "cannot tell") or
        "untested".
    contradictions : tuple of str
        A sentence for every two signs that point to different answers.
    """

    groups: str
    contradictions: tuple[str, ...]

    @property
    def credible(self) -> bool:
        """Whether there are groups that clusters could be."""
        return self.groups in (PLANTED, GROUPS)

    @property
    def aside(self) -> str:
        """What a heading about clusters has to add; empty where there are groups."""
        return _ASIDES[self.groups]

    def about(self, heading: str) -> str:
        """Return a heading about clusters that can't be read as if there were groups.

        Examples
        --------
        >>> Judgement("none exist", ()).about("All 5 clusters come back")
        'All 5 clusters come back, though no groups exist in this scene'
        """
        return f"{heading}, {self.aside}" if self.aside else heading


def judgement_of(findings: Findings) -> Judgement:
    """Judge a run that has at least one partition."""
    return judge(signs_of(findings))


def judge(signs: Signs) -> Judgement:
    """Decide from all the evidence.

    What is known of a scene comes before what a test says; of a table only the test can say
    that there are groups. No stability, margin, score or choice ever does.
    """
    if signs.planted is None:
        groups = signs.test or UNTESTED
    else:
        groups = PLANTED if signs.planted else NONE_EXIST
    return Judgement(groups, tuple(_contradictions(signs, groups)))


def _contradictions(signs: Signs, groups: str) -> list[str]:
    said = [_test_and_truth(signs), _return_and_groups(signs, groups), _return_and_people(signs)]
    said += [_structure_and_stability(signs), _blind_and_best(signs), _overall_and_within(signs)]
    return [sentence for sentence in said if sentence]


def _test_and_truth(signs: Signs) -> str:
    if signs.planted and signs.test not in (None, GROUPS):
        return f"Groups were planted, and the test answers “{signs.test}”: it misses them."
    if signs.planted is False and signs.test in (GROUPS, GRADIENT):
        return (
            f"Nothing was planted, and the test answers “{signs.test}”: a false alarm, as in one "
            "of twenty such data sets."
        )
    return ""


def _return_and_groups(signs: Signs, groups: str) -> str:
    if signs.come_back == "all" and groups not in (PLANTED, GROUPS, UNTESTED):
        return (
            "The clusters shown come back in bootstrap samples, "
            f"{_ASIDES[groups]}: cuts through one cloud come back as well."
        )
    if signs.come_back == "none" and groups in (PLANTED, GROUPS):
        there = "were planted" if groups == PLANTED else "are there by the test"
        return f"Groups {there}, but none of the clusters shown comes back in bootstrap samples."
    return ""


def _return_and_people(signs: Signs) -> str:
    if signs.come_back == "all" and signs.in_between:
        return (
            "The clusters come back as wholes (Jaccard), while most individuals lie between them "
            "(margins): where one ends and the next begins changes from sample to sample."
        )
    return ""


def _structure_and_stability(signs: Signs) -> str:
    if signs.test in (GROUPS, GRADIENT) and signs.beyond == "none":
        return (
            "The individuals show more structure than reference data do, yet no setting is more "
            "stable than in all of them: stability is not where the structure shows."
        )
    if signs.test in (NOTHING, CANNOT_TELL) and signs.beyond == "some":
        return (
            f"Some settings are more stable than in all reference data, yet the test answers "
            f"“{signs.test}”: it looks at the individuals, not at the best of many settings."
        )
    return ""


def _blind_and_best(signs: Signs) -> str:
    if signs.blind == "far below the best":
        return (
            "The best partition was picked by looking at the truth; picked blind, the agreement "
            "would be far lower."
        )
    return ""


def _overall_and_within(signs: Signs) -> str:
    if signs.within == "far below":
        return (
            "The agreement goes away within the levels of another grouping, which explains most "
            "of it."
        )
    if signs.within == "above":
        return (
            "The agreement is higher within the levels of another grouping than over everybody: "
            "that grouping blurs the clusters, it does not explain them."
        )
    return ""
