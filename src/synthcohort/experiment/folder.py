"""The run folder: written under a hidden name, renamed when whole, verified by checksums."""

from __future__ import annotations

import hashlib
import json
import platform
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from synthcohort.population import Population
from synthcohort.population.known import known_groupings
from synthcohort.report.findings import Findings
from synthcohort.scene import Problem, Scene, SceneError, digest, load_scene, to_dict

_OPTIONAL = ("reliability", "nulls", "band")
SYNTHETIC_MARK = {"synthetic": "true", "generator": "synthcohort"}
_PACKAGES = ("synthcohort", "numpy", "pandas", "scipy", "scikit-learn", "numba", "igraph")


def slug(name: str) -> str:
    """Part of a path that a name may safely become.

    Examples
    --------
    >>> slug("../<b>two profiles</b>")
    'b-two-profiles-b'
    """
    return re.sub(r"[^A-Za-z0-9_]+", "-", name).strip("-") or "scene"


@contextmanager
def new_folder(out: Path, name: str, now: datetime) -> Iterator[tuple[Path, Path]]:
    """Yield a hidden folder to write into and the path that it is renamed to when whole.

    Whatever ends the block early leaves no folder that looks complete.

    Raises
    ------
    SceneError
        If folders can't be made in `out`.
    """
    made = _missing_parents(out)
    target = final_path(out, name, now)
    partial = target.with_name(f".{target.name}.partial")
    try:
        partial.mkdir(parents=True)
    except OSError as error:
        _remove_empty(made)
        message = f"got {str(out)!r}, allowed: a writable folder ({error.strerror})"
        raise SceneError("output", [Problem("--out", message)]) from None
    try:
        yield partial, target
        partial.rename(target)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        _remove_empty(made)
        raise


def _missing_parents(path: Path) -> list[Path]:
    """Folders that have to be made to have `path`, the deepest first."""
    try:
        return [p for p in (path, *path.parents) if not p.exists()]
    except OSError:
        return []


def _remove_empty(folders: list[Path]) -> None:
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()


def final_path(out: Path, name: str, now: datetime) -> Path:
    """``<out>/<scene>__<YYYYmmdd_HHMMSS>``, with a number behind it where that exists."""
    stem = f"{slug(name)}__{now:%Y%m%d_%H%M%S}"
    path, number = out / stem, 2
    while path.exists():
        path, number = out / f"{stem}_{number}", number + 1
    return path


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Write a table with its index, marked as synthetic in the file's metadata."""
    table = pa.Table.from_pandas(frame)
    mark = {key.encode(): value.encode() for key, value in SYNTHETIC_MARK.items()}
    table = table.replace_schema_metadata((table.schema.metadata or {}) | mark)
    pa.parquet.write_table(table, path)


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write a table with its index as first column; numbers keep every digit."""
    table = pa.Table.from_pandas(frame.reset_index(), preserve_index=False)
    columns = [c.cast(pa.string()) if pa.types.is_dictionary(c.type) else c for c in table.columns]
    options = pa.csv.WriteOptions(quoting_style="needed")
    pa.csv.write_csv(pa.table(columns, names=table.column_names), path, write_options=options)


FORMATS: dict[str, Callable[[pd.DataFrame, Path], None]] = {
    "csv": write_csv,
    "parquet": write_parquet,
}
"""Writers of the data, by the ending of the file."""


def write_population(folder: Path, population: Population, formats: Sequence[str]) -> None:
    """Write what a researcher would receive, the truth, and the codebook."""
    data = population.to_frame()
    with ThreadPoolExecutor() as pool:  # the writers run outside Python's lock
        jobs = [pool.submit(FORMATS[name], data, folder / f"data.{name}") for name in formats]
        jobs.append(pool.submit(write_parquet, population.truth, folder / "truth.parquet"))
        for job in jobs:
            job.result()
    codebook(population.scene, data).to_csv(folder / "codebook.csv", index=False)


def write_grid(folder: Path, findings: Findings) -> None:
    """Write labels, scores, recovery, analyses, and what there is of reliability and nulls."""
    write_parquet(findings.labels, folder / "labels.parquet")
    findings.scores.to_csv(folder / "scores.csv", index=False)
    findings.recovery.to_csv(folder / "recovery.csv", index=False)
    findings.analyses.to_csv(folder / "analyses.csv", index=False)
    for name in _OPTIONAL:
        table = getattr(findings, name)
        if not table.empty:
            table.to_csv(folder / f"{name}.csv", index=False)


def write_report(folder: Path, findings: Findings) -> None:
    """Write the page and the figures of a run."""
    # Imported here: drawing needs libraries that nothing else does.
    from synthcohort.report import build

    report = build(findings)
    (folder / "report.html").write_text(report.html, encoding="utf-8")
    (folder / "figures").mkdir(exist_ok=True)
    for name, content in report.figures.items():
        (folder / "figures" / name).write_bytes(content)


def renew_report(root: str | Path) -> Path:
    """Make the page and the figures of a run again, and their checksums.

    Returns
    -------
    Path
        The page.
    """
    folder = Path(root)
    findings = read_findings(folder)
    write_report(folder, findings)
    content = {key: value for key, value in findings.manifest.items() if key != "checksums"}
    write_manifest(folder, content)
    return folder / "report.html"


def codebook(scene: Scene, data: pd.DataFrame) -> pd.DataFrame:
    """Describe every variable: label, unit, type, range, missing values, groups, cut-offs."""
    rows = []
    for name, column in data.items():
        marker, group = scene.biomarkers.get(str(name)), scene.groups.get(str(name))
        numeric = marker is not None
        rows.append(
            {
                "variable": name,
                "label": marker.label if marker else group.label if group else "",
                "unit": marker.unit if marker else "",
                "type": "number" if numeric else "category",
                "minimum": column.min() if numeric else None,
                "maximum": column.max() if numeric else None,
                "missing": int(column.isna().sum()),
                "levels": "" if numeric else "; ".join(map(str, column.cat.categories)),
                "cutoff_low": _cutoff_text(marker.cutoffs.low) if marker else "",
                "cutoff_high": _cutoff_text(marker.cutoffs.high) if marker else "",
                "synthetic": True,
            }
        )
    return pd.DataFrame(rows)


def _cutoff_text(cutoff: float | dict[str, float] | None) -> str:
    if cutoff is None:
        return ""
    if isinstance(cutoff, dict):
        return "; ".join(f"{level}: {value:g}" for level, value in cutoff.items())
    return f"{cutoff:g}"


def provenance(scene: Scene, now: datetime) -> dict[str, Any]:
    """Say what was made when, from which scene, by which versions on which platform."""
    return {
        **SYNTHETIC_MARK,
        "created": now.astimezone().isoformat(timespec="seconds"),
        "scene": to_dict(scene),
        "scene_hash": digest(scene),
        "seed": scene.seed,
        "versions": {name: version(name) for name in _PACKAGES},
        "python": platform.python_version(),
        "platform": platform.platform(),
    }


def write_manifest(folder: Path, content: dict[str, Any]) -> None:
    """Write the manifest with the checksum of every other file of the folder."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "manifest.json")
    checksums = {str(p.relative_to(folder)): checksum(p) for p in files}
    text = json.dumps(content | {"checksums": checksums}, indent=2, ensure_ascii=False)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")


def checksum(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest of a run folder.

    Raises
    ------
    SceneError
        If the folder is not a run folder.
    """
    try:
        content: dict[str, Any] = json.loads((folder / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        problem = Problem("RUN", f"got {str(folder)!r}, allowed: a run folder ({error})")
        raise SceneError("run folder", [problem]) from None
    return content


def verify(folder: str | Path) -> list[str]:
    """Compare every file of a run folder with its checksum.

    Returns
    -------
    list of str
        One sentence a file that is missing, changed or not of the run; empty when all is well.
    """
    root = Path(folder)
    known = read_manifest(root).get("checksums", {})
    found = {str(p.relative_to(root)) for p in root.rglob("*") if p.is_file()} - {"manifest.json"}
    faults = [f"{name}: missing" for name in known if name not in found]
    faults += [f"{name}: not part of the run" for name in sorted(found - set(known))]
    return faults + [
        f"{name}: changed since the run"
        for name, value in known.items()
        if name in found and checksum(root / name) != value
    ]


def read_findings(folder: str | Path) -> Findings:
    """Read the tables of a run folder back.

    Raises
    ------
    SceneError
        If the folder is not a run folder.
    """
    root = Path(folder)
    manifest = read_manifest(root)
    scene = load_scene(manifest["scene"])
    data = pd.read_parquet(root / "data.parquet")
    truth = pd.read_parquet(root / "truth.parquet")
    optional = {name: _read_optional(root / f"{name}.csv") for name in _OPTIONAL}
    clustered = (root / "labels.parquet").exists()
    return Findings(
        scene=scene,
        size=scene.size,
        seed=scene.seed,
        biomarkers=data[list(scene.biomarkers)],
        metadata=data[[name for name, g in scene.groups.items() if not g.hidden]],
        truths=known_groupings(
            truth[list(scene.groups)],
            {name: truth[f"factor_{name}"].to_numpy() for name in scene.factors},
        ),
        labels=pd.read_parquet(root / "labels.parquet") if clustered else pd.DataFrame(),
        scores=pd.read_csv(root / "scores.csv") if clustered else pd.DataFrame(),
        recovery=pd.read_csv(root / "recovery.csv") if clustered else pd.DataFrame(),
        analyses=_read_analyses(root) if clustered else pd.DataFrame(),
        **optional,
        choice=manifest.get("choice"),
        notes=manifest["notes"],
        manifest=manifest,
    )


def _read_optional(path: Path) -> pd.DataFrame:
    return pd.read_csv(path) if path.exists() else pd.DataFrame()


def _read_analyses(root: Path) -> pd.DataFrame:
    return pd.read_csv(root / "analyses.csv", keep_default_na=False)
