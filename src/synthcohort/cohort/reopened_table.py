"""The cohort of a finished run on a user's table that the run folder does not hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from synthcohort.cohort.cohort import Cohort
from synthcohort.cohort.files import Reading, read_table
from synthcohort.cohort.mapping import table_cohort
from synthcohort.cohort.table_settings import TableSettings
from synthcohort.scene import Problem, SceneError, load_scene
from synthcohort.scene.serialization import checksum


def cohort_again(manifest: Mapping[str, Any], table: str | Path) -> Cohort:
    """Take a table as the cohort of the run that a manifest tells of.

    Raises
    ------
    SceneError
        If the table is not the one that was clustered, or can't be read.
    """
    known = manifest["table"]
    settings = TableSettings(**manifest["settings"])
    read = read_table(table, Reading(**known["reading"]), settings.wanted)
    if known["sha256"] is not None and checksum(Path(table)) != known["sha256"]:
        raise SceneError(str(table), [Problem("", "is not the table that this run clustered")])
    # The experiment that was run: the caller may have overridden that of the settings.
    cohort = table_cohort(read, settings, manifest["scene"]["experiment"])
    return replace(cohort, scene=load_scene(manifest["scene"]))
