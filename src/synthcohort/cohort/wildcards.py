"""Names of columns with wildcards: ``*`` and ``?`` stand for the names that a table has."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from synthcohort.cohort.table_settings import TableSettings

Value = TypeVar("Value")


def expanded(settings: TableSettings, names: Sequence[str]) -> TableSettings:
    """Return settings in which every name with wildcards is the names that it stands for.

    Parameters
    ----------
    settings : TableSettings
    names : sequence of str
        Of the table's columns.

    Returns
    -------
    TableSettings
        A column that is named in full, or by an earlier pattern, is not taken by a pattern; one
        that no column fits stays as it is, for the error that names it.
    """
    patterns = [name for name, column in settings.columns.items() if is_pattern(column, names)]
    if not patterns:
        return settings
    single = [name for name in (settings.id, settings.weight) if name is not None]
    taken = {*single, *settings.where}
    taken |= {column for name, column in settings.columns.items() if name not in patterns}
    found: dict[str, list[str]] = {}
    for name in patterns:
        fits = fitting(settings.columns[name], names)
        found[name] = [one for one in fits if one not in taken]
        taken |= set(found[name])

    parts = settings.parts
    experiment = dict(parts.get("experiment", {}))
    if isinstance(experiment.get("biomarkers"), list):
        known = list(_keyed(parts["biomarkers"], found))
        asked = experiment["biomarkers"]
        experiment["biomarkers"] = [n for name in asked for n in fitting(name, known) or [name]]
    return replace(
        settings,
        covariates=list(_keyed(dict.fromkeys(settings.covariates), found)),
        columns={
            name: settings.columns.get(name, name) for name in _keyed(settings.columns, found)
        },
        levels=_keyed(settings.levels, found),
        missing_codes=_keyed(settings.missing_codes, found),
        beyond=_keyed(settings.beyond, found),
        apart=list(_keyed(dict.fromkeys(settings.apart), found)),
        parts={
            **parts,
            **({"experiment": experiment} if "experiment" in parts else {}),
            "biomarkers": _keyed(parts["biomarkers"], found),
            "groups": _keyed(parts["groups"], found),
        },
    )


def _keyed(part: Mapping[str, Value], found: Mapping[str, list[str]]) -> dict[str, Value]:
    """Put the names that a pattern stands for in its place, each with what it has."""
    return {name: part[key] for key in part for name in found.get(key) or [key]}


def is_pattern(name: str, names: Collection[str]) -> bool:
    """Whether a name has wildcards and is no column itself."""
    return name not in names and ("*" in name or "?" in name)


def fitting(pattern: str, names: Collection[str]) -> list[str]:
    """Return the names that a pattern stands for, in their order.

    Examples
    --------
    >>> fitting("LBX*", ["SEQN", "LBXGLU", "LBXTC"]), fitting("sbp?", ["sbp", "sbp1", "sbp[1]"])
    (['LBXGLU', 'LBXTC'], ['sbp1'])
    """
    words = (".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern)
    wanted = re.compile("".join(words), re.DOTALL)
    return [name for name in names if wanted.fullmatch(name)]
