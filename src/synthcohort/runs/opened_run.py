"""A run that was finished before, opened again."""

from __future__ import annotations

from pathlib import Path

from synthcohort.results.run_folder import read_findings
from synthcohort.runs.conductor import Run


def open_run(folder: str | Path, table: str | Path | None = None) -> Run:
    """Open the folder of a finished run.

    Parameters
    ----------
    folder : str or Path
        As `run` and `cluster` return it and the command line prints it.
    table : str or Path, optional
        The user's own table, where the run was on one and the folder has no copy of it.

    Returns
    -------
    Run

    Raises
    ------
    SceneError
        If it is no run folder, or the table is missing or another one.
    """
    return Run(Path(folder), read_findings(folder, table))
