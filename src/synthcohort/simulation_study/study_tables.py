"""The tables of a study: one row a task, and what they say together."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from synthcohort.simulation_study.draw_outcome import Outcome
from synthcohort.simulation_study.performance import differences_table, summary_table
from synthcohort.simulation_study.study_model import Study
from synthcohort.simulation_study.study_tasks import Draw

_NUMBERS = {"clustered": "Int64", "n_clusters": "Int64", "n_truth": "int64"}


@dataclass(frozen=True)
class StudyTables:
    """What a study found.

    Parameters
    ----------
    study : Study
    varied : list of str
        Columns that tell the scenarios of a scene apart.
    results : DataFrame
        A row for each scenario, repetition and method: scene, the varied columns, repetition,
        seed, method, consensus (whether it is the pipeline), clustered (individuals),
        n_clusters, n_truth (1 where there is nothing to find), ari, best, ceiling, found_at,
        error (empty where it did not fail).
    """

    study: Study
    varied: list[str]
    results: pd.DataFrame

    @cached_property
    def summary(self) -> pd.DataFrame:
        """Every measure of every method in every scenario; see `summary_table`."""
        return summary_table(self._wide(), self.varied)

    @cached_property
    def differences(self) -> pd.DataFrame:
        """Methods compared in pairs on the same people; see `differences_table`."""
        return differences_table(self._wide(), self.varied)

    @property
    def failures(self) -> pd.DataFrame:
        """Rows of the results that failed."""
        return self.results[self.results["error"] != ""]

    def _wide(self) -> pd.DataFrame:
        """Numbers as floats, missing where a method failed."""
        columns = ["n_clusters", "clustered"]
        return self.results.astype(dict.fromkeys(columns, "float64"))


def tables_of(study: Study, draws: Sequence[Draw], outcomes: Mapping[str, Outcome]) -> StudyTables:
    """Bring the outcomes of all tasks into one table, in the order of the study.

    Parameters
    ----------
    study : Study
    draws : sequence of Draw
    outcomes : mapping of str to dict
        By key; tasks without one are left out.
    """
    order = {id(draw.scenario): number for number, draw in reversed(list(enumerate(draws)))}
    rows = [
        _row(study, draw, name, outcomes[key])
        for draw in sorted(draws, key=lambda d: (order[id(d.scenario)], d.repetition))
        for name, key in draw.keys.items()
        if key in outcomes
    ]
    varied = list(draws[0].scenario.varied) if draws else []
    results = pd.DataFrame(rows).astype(_NUMBERS)
    return StudyTables(study, varied, results)


def _row(study: Study, draw: Draw, method: str, outcome: Outcome) -> dict[str, Any]:
    scenario = draw.scenario
    levels = scenario.scene.groups[scenario.truth].levels if scenario.truth else [""]
    nan = float("nan")
    return {
        "scene": scenario.name,
        **{path: _plain(value) for path, value in scenario.varied.items()},
        "repetition": draw.repetition,
        "seed": draw.seed,
        "method": method,
        "consensus": draw.methods[method].rival is None,
        "clustered": outcome.get("clustered"),
        "n_clusters": outcome.get("n_clusters"),
        "n_truth": len(levels),
        "ari": outcome.get("ari", nan),
        "best": outcome.get("best", nan),
        "ceiling": outcome.get("ceiling", nan),
        "found_at": study.found_at,
        "error": outcome.get("error", ""),
    }


def _plain(value: Any) -> Any:
    """Value of a column: numbers and words as they are, tables and lists as JSON."""
    return json.dumps(value) if isinstance(value, list | dict) else value
