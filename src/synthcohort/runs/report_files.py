"""The page and pictures of a run, drawn from its tables into its folder."""

from __future__ import annotations

from pathlib import Path

from synthcohort.results.findings import Findings
from synthcohort.results.manifest import write_manifest
from synthcohort.results.run_folder import read_findings


def write_report(folder: Path, findings: Findings) -> None:
    """Write the page and the figures of a run."""
    # Imported here: drawing needs libraries that nothing else does.
    from synthcohort.report import build

    report = build(findings)
    (folder / "report.html").write_text(report.html, encoding="utf-8")
    (folder / "figures").mkdir(exist_ok=True)
    for name, content in report.figures.items():
        (folder / "figures" / name).write_bytes(content)


def renew_report(root: str | Path, table: str | Path | None = None) -> Path:
    """Make the page and the figures of a run again, and their checksums.

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
    """
    folder = Path(root)
    findings = read_findings(folder, table)
    write_report(folder, findings)
    content = {key: value for key, value in findings.manifest.items() if key != "checksums"}
    write_manifest(folder, content)
    return folder / "report.html"
