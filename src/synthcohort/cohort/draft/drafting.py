"""A draft as a settings file, to be corrected by those who know the table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from synthcohort.cohort.draft.drafted_table import Draft, drafted
from synthcohort.cohort.draft.guess import Guess
from synthcohort.cohort.draft.toml_lines import line, remark
from synthcohort.cohort.files import Reading, Table, from_frame, read_table
from synthcohort.cohort.files.reading import reading_problems
from synthcohort.scene import SceneError

_SHOWN = 8


def draft_settings(table: Any, *, reading: Mapping[str, Any] | None = None) -> str:
    """Draft the settings file of a table: a guess at what its columns are, to be corrected.

    Parameters
    ----------
    table : DataFrame, str or Path
        As `synthcohort.cluster` takes it.
    reading : mapping, optional
        How a file is read, as in `synthcohort.calibrate`.

    Returns
    -------
    str
        TOML that `synthcohort.cluster` and `synthcohort.calibrate` take. Each doubt is a
        comment beside its line; columns that are left out are named with the reason. It has
        names, labels and levels of the table, codes that look like missing, and no other
        value, no id and no count under 5.

    Raises
    ------
    SceneError
        If the table can't be read, or no column looks like a measurement.
    """
    problems = list(reading_problems(reading or {}))
    if problems:
        raise SceneError("settings", problems)
    asked = Reading(**dict(reading or {}))
    found = read_table(table, asked) if isinstance(table, str | Path) else from_frame(table)
    return "\n".join(_lines(drafted(found))) + "\n"


def guessed_words(table: Table) -> str:
    """Say in a line what the columns of a table probably are."""
    draft = drafted(table)
    parts = []
    for role, words in _SAID.items():
        names = [guess.name for guess in draft.of(role)]
        if names:
            more = ", ..." if len(names) > _SHOWN else ""
            parts.append(f"{words} {', '.join(names[:_SHOWN])}{more}")
    return "; ".join(parts)


_SAID = {
    "id": "id",
    "weight": "weight",
    "covariate": "covariates",
    "group": "groups",
    "biomarker": "biomarkers",
}


def _lines(draft: Draft) -> Iterator[str]:
    name = Path(draft.source).name
    yield remark(f"Settings for {name}, drafted by `synthcohort settings`: guesses to correct.")
    yield remark("A doubt stands beside its line. A line that is taken out is a column left out.")
    yield ""
    for role in ("id", "weight"):
        guess = draft.single(role)
        if guess is not None:
            yield line(role, guess.name, _remarks(guess))
    if draft.single("id") is None:
        yield remark('id = "..."  # no column looks like it: people go by their row, from 0')
    if "where" in draft.top:
        yield line(
            "where", draft.top["where"], ["the first wave: every id is there more than once"]
        )
    if "repeated_ids" in draft.top:
        text = "ids are there more than once: waves or errors"
        yield line("repeated_ids", draft.top["repeated_ids"], [text])
    if "reading" in draft.top:
        yield line("reading", draft.top["reading"], ["found out from the file"])
    for role in ("covariate", "group", "biomarker"):
        yield from _part(draft, role)
    yield "\n[experiment]"
    for key, value in draft.experiment.items():
        yield line(key, value, filter(None, [draft.remarks.get(key, "")]))
    yield line("references", 19, ["with the verdict: groups, a gradient, or nothing; slower"], True)
    left_out = [guess for guess in draft.guesses if not guess.role]
    if left_out:
        yield "\n# Left out:"
        for guess in left_out:
            yield remark(f"{guess.name}: {'; '.join(_remarks(guess))}")


_HEADS = {
    "covariate": ("covariates", "numbers whose thirds are compared with the clusters"),
    "group": ("groups", "categories that are compared with the clusters"),
    "biomarker": ("biomarkers", "what is clustered"),
}


def _part(draft: Draft, role: str) -> Iterator[str]:
    guesses = draft.of(role)
    if guesses:
        key, what = _HEADS[role]
        yield f"\n[{key}]  # {what}"
        for guess in guesses:
            yield line(guess.name, guess.part, _remarks(guess))


def _remarks(guess: Guess) -> list[str]:
    return [
        f"{key}: {text}" if key else text for key, texts in guess.doubts.items() for text in texts
    ]
