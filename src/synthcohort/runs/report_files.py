"""The page of a run, drawn from its tables into its folder: at its end, or again."""

from __future__ import annotations

from pathlib import Path

from synthcohort.results.findings import Findings
from synthcohort.results.manifest import result_faults
from synthcohort.results.page_files import PAGE, write_page
from synthcohort.results.run_folder import read_findings
from synthcohort.scene import Problem, SceneError


def write_report(folder: Path, findings: Findings) -> None:
    """Draw the page and the figures of a run into its folder."""
    # Imported here: drawing needs libraries that nothing else does.
    from synthcohort.report import build

    report = build(findings)
    write_page(folder, report.html, report.figures)


def renew_report(root: str | Path, table: str | Path | None = None) -> Path:
    """Draw the page and the figures of a run again, from results that are as the run left them.

    Parameters
    ----------
    root : str or Path
        A run folder.
    table : str or Path, optional
        The user's table that was clustered, where the folder has no copy of it.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    SceneError
        If it is no run folder, a result is missing or has changed, or the table is needed.
    """
    folder = Path(root)
    faults = result_faults(folder)
    if faults:
        problems = [Problem(*fault.split(": ", 1)) for fault in faults]
        raise SceneError(str(folder), problems)
    write_report(folder, read_findings(folder, table))
    return folder / PAGE
