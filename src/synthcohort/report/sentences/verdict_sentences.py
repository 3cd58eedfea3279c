"""The verdict of the null test, in two sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from synthcohort.report.sentences.wording import counted


def verdict_said(verdict: Mapping[str, Any]) -> str:
    """Say what the individuals show, how sure that is, and what was seen or could have been.

    Parameters
    ----------
    verdict : mapping
        From `Verdict.summary`.
    """
    title = f"Verdict: {verdict['word']}"
    if verdict["references"] == 0:
        return f"{title}. {counted(verdict['individuals'], 'individual')} are too few to test."
    if verdict["by_groups"]:
        return f"{title}. {_structure(verdict)} {_explained(verdict)}"
    return (
        f"{title}. There is no more structure than in references with the same columns, rank "
        f"correlations and tails, and no groups ({p_said(verdict)}). {_seen(verdict)}"
    )


def p_said(verdict: Mapping[str, Any]) -> str:
    """Say p and the number of references."""
    return f"p = {verdict['p_value']:.2f}, {counted(verdict['references'], 'reference')}"


def _structure(verdict: Mapping[str, Any]) -> str:
    return (
        "There is more structure than in references with the same columns, rank correlations and "
        f"tails, and no groups ({p_said(verdict)}); most by "
        f"{_STATISTICS[verdict['strongest']]}, {verdict['excess']:.1f} SD beyond them."
    )


_STATISTICS = {
    "first component": "two groups along the first principal component",
    "leading components": "two groups along the leading principal components",
    "two groups": "two groups",
    "three groups": "three groups",
    "two shapes": "two groups of different covariances",
    "two peaks of a column": "two peaks of one column",
}


def _explained(verdict: Mapping[str, Any]) -> str:
    difference = verdict["groups"] - verdict["gradient"]
    groups, gradient = verdict["by_groups"], verdict["by_gradient"]
    if verdict["word"] == "groups":
        return f"Groups explain it better ({groups}) than a gradient, by {difference:.0f} in BIC."
    if verdict["word"] == "a gradient":
        return (
            f"A gradient explains it better ({gradient}) than groups, by {-difference:.0f} in BIC."
        )
    return f"Groups ({groups}) and a gradient ({gradient}) explain it equally well."


def _seen(verdict: Mapping[str, Any]) -> str:
    if verdict["separation"] >= _NEVER:
        return "Not even groups far apart would have been seen."
    return (
        f"Two equal groups {verdict['separation']:.1f} SD apart would have been seen in 80 % of "
        "such tables."
    )


_NEVER = 10.0
