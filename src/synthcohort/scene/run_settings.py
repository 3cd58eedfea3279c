"""All settings of a run: the one model from which options, keywords and their table come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError
from pydantic.fields import FieldInfo

from synthcohort.old_names import renewed_settings
from synthcohort.scene.defaults import plain, problem_of
from synthcohort.scene.model import Experiment
from synthcohort.scene.parts import Part, Whole
from synthcohort.scene.problems import Problem, nearest
from synthcohort.scene.setting_use import Use

QUICK: dict[str, Any] = {"base": {"kmeans": [3, 8]}, "bootstraps": 25}
"""The experiment of a first look; what is given beside it wins."""
QUICK_PEOPLE = 2_000
"""The most individuals that a first look at a scene draws."""

_OF_THE_SCENE = "the scene's"
_FOUND_OUT = "found out"


class RunOptions(Part):
    """What is said of a single run, and stands in no scene's experiment."""

    size: Annotated[Whole | None, Use(("run",), otherwise=_OF_THE_SCENE)] = None
    """Number of individuals."""
    seed: Annotated[int | None, Field(ge=0), Use(otherwise=_OF_THE_SCENE)] = None
    """Seed of every stream."""
    cluster: Annotated[bool, Use(("run",))] = True
    """Whether to cluster, or only to generate."""
    formats: Annotated[list[str], Use(("run",), flag="--format")] = ["csv", "parquet"]
    """Files of the data: csv, parquet, dta (Stata), sav (SPSS). Parquet is always among them."""
    cutoffs: Annotated[str | Path | None, Use(otherwise=_OF_THE_SCENE)] = None
    """A CSV of clinical cut-offs instead of all others."""
    keep_data: Annotated[bool, Use(("cluster",))] = False
    """Whether the columns that are used are copied into the run folder."""
    separator: Annotated[str | None, Use(("cluster",), otherwise=_FOUND_OUT)] = None
    """What stands between the cells of a text file."""
    decimal: Annotated[str | None, Use(("cluster",), otherwise=_FOUND_OUT)] = None
    """Decimal mark of a text file, a point or a comma."""
    encoding: Annotated[str | None, Use(("cluster",), otherwise=_FOUND_OUT)] = None
    """Encoding of a text file, or of an old file of a statistics package."""
    sheet: Annotated[str | None, Use(("cluster",), otherwise="the first with cells")] = None
    """Sheet of a workbook: its name, or its place from 1."""
    strict: Annotated[bool, Use(("cluster",))] = False
    """Whether everything suspicious about the table is an error."""
    verdict: Annotated[
        bool | None, Use(otherwise="yes; for a scene where its grid has 1,000 replicates or more")
    ] = None
    """Whether to ask if there is anything to find: the null test, the rivals and the choice."""
    quick: Annotated[bool, Use()] = False
    """Whether to take a first look: k-means with k = 3 and 8, 25 replicates; 2,000 people at most
    of a scene. Settings that are given win."""
    exact: Annotated[bool, Use()] = False
    """Ten restarts of k-means in each replicate instead of pooled starts."""
    workers: Annotated[Whole | None, Use(otherwise="all cores")] = None
    """Processes; they change the time and nothing else."""
    resume: Annotated[bool, Use()] = False
    """Whether to go on with the same run where it was stopped."""
    scheduler: Annotated[str | None, Use(otherwise="processes of this machine")] = None
    """Address of a Dask scheduler, whose workers do it."""


def settings_for(verb: str) -> dict[str, FieldInfo]:
    """Return the settings that a function takes, those of the experiment last.

    Parameters
    ----------
    verb : str
        ``run`` or ``cluster``.
    """
    fields = RunOptions.model_fields | Experiment.model_fields
    return {name: field for name, field in fields.items() if verb in use_of(field).verbs}


def use_of(field: FieldInfo) -> Use:
    """Return where a setting applies."""
    return next((item for item in field.metadata if isinstance(item, Use)), Use())


@dataclass(frozen=True)
class Given:
    """Keywords of a run, told apart and checked as far as they can be without the scene.

    Parameters
    ----------
    options : RunOptions
    experiment : dict
        What replaces fields of the scene's experiment; not yet checked.
    problems : list of Problem
        Unknown keywords, with the nearest name, and values out of range.
    """

    options: RunOptions
    experiment: dict[str, Any]
    problems: list[Problem]


def given_settings(verb: str, keywords: Mapping[str, Any]) -> Given:
    """Tell the keywords of a function apart.

    Parameters
    ----------
    verb : str
        ``run`` or ``cluster``.
    keywords : mapping
        As the caller wrote them; None leaves a setting as it is.

    Returns
    -------
    Given
    """
    known = settings_for(verb)
    keywords = renewed_settings(keywords)
    problems = [_unknown(verb, name) for name in keywords if name not in known]
    given = {n: plain(v) for n, v in keywords.items() if n in known and v is not None}
    experiment = {n: v for n, v in given.items() if n in Experiment.model_fields}
    own = {n: v for n, v in given.items() if n not in experiment}
    try:
        options = RunOptions.model_validate(own)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=True)
        problems += {e["loc"][0]: problem_of(e["loc"][:1], e) for e in faults}.values()
        bad = {e["loc"][0] for e in faults}
        options = RunOptions.model_validate({n: v for n, v in own.items() if n not in bad})
    if options.quick:
        experiment = QUICK | experiment
    return Given(options, experiment, problems)


def _unknown(verb: str, name: str) -> Problem:
    field = (RunOptions.model_fields | Experiment.model_fields).get(name)
    if field is not None:
        return Problem(name, f"is a setting of {', '.join(use_of(field).verbs)}, not of {verb}")
    return Problem(name, f"unknown setting of {verb}; {nearest(name, settings_for(verb))}")
