"""The main job: one scene through preprocessing x whitening x base k x resolution."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from joblib import Parallel, cpu_count, delayed

from synthcohort.clustering.preprocessing import prepare
from synthcohort.experiment import folder as files
from synthcohort.experiment.cell import CellResult, run_cell
from synthcohort.experiment.plan import Analysis, plan_analyses, plan_cells
from synthcohort.experiment.settings import with_settings
from synthcohort.population import Population, generate
from synthcohort.report import build
from synthcohort.report.findings import Findings
from synthcohort.scene import Problem, Scene, SceneError, digest, load_scene, to_dict

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Run:
    """A finished run: its folder and its tables."""

    folder: Path
    findings: Findings

    @property
    def scores(self) -> pd.DataFrame:
        """One row for each preprocessing x whitening x base x k x resolution x truth."""
        return self.findings.scores

    @property
    def labels(self) -> pd.DataFrame:
        """One column a partition."""
        return self.findings.labels

    @property
    def report(self) -> Path:
        """The page."""
        return self.folder / "report.html"


def run(
    scene: Scene | str | Path | Mapping[str, Any],
    out: str | Path = "runs",
    *,
    cluster: bool = True,
    size: int | None = None,
    seed: int | None = None,
    exact: bool = False,
    workers: int | None = None,
    progress: Progress | None = None,
    **experiment: Any,
) -> Run:
    """Generate a scene's population, cluster it in every way of its grid, score and show it.

    Parameters
    ----------
    scene : Scene, str, Path or mapping
        Anything that `load_scene` takes.
    out : str or Path, default "runs"
        The folder in which the run folder is made.
    cluster : bool, default True
        False only generates.
    size, seed : int, optional
        Override the scene's.
    exact : bool, default False
        Ten restarts of k-means in each replicate instead of pooled starts.
    workers : int, optional
        Processes; all cores by default. The results do not depend on it.
    progress : callable, optional
        Called with the stage, how much is done and how much there is.
    **experiment
        Fields of the scene's experiment to override, such as ``bootstraps=200``.

    Returns
    -------
    Run

    Raises
    ------
    SceneError
        If the scene, a setting or the output folder can't be used; nothing is written then.
    """
    started = time.perf_counter()
    scene = with_settings(load_scene(scene), size, seed, experiment)
    root = Path(out)
    files.check_writable(root)
    now = datetime.now()
    target = files.final_path(root, scene, now)
    partial = target.with_name(f".{target.name}.partial")
    partial.mkdir()
    tell = progress or (lambda *_: None)
    try:
        tell("generate", 0, 1)
        population = generate(scene)
        tell("generate", 1, 1)
        findings = _findings(population, cluster, exact, workers or cpu_count(), tell)
        findings.manifest.update(
            files.provenance(),
            created=now.astimezone().isoformat(timespec="seconds"),
            scene=to_dict(scene),
            scene_hash=digest(scene),
            seed=scene.seed,
            exact=exact,
            notes=findings.notes,
        )
        _write(partial, population, findings)
        tell("report", 0, 1)
        write_report(partial, findings)
        tell("report", 1, 1)
        findings.manifest["seconds"] = round(time.perf_counter() - started, 1)
        files.write_manifest(partial, findings.manifest)
        partial.rename(target)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return Run(target, findings)


def write_report(folder: Path, findings: Findings) -> None:
    """Write the page and the figures of a run into its folder."""
    report = build(findings)
    (folder / "report.html").write_text(report.html, encoding="utf-8")
    (folder / "figures").mkdir(exist_ok=True)
    for name, content in report.figures.items():
        (folder / "figures" / name).write_bytes(content)


def _write(folder: Path, population: Population, findings: Findings) -> None:
    data = population.to_frame()
    files.write_csv(data, folder / "data.csv")
    files.write_parquet(data, folder / "data.parquet")
    files.write_parquet(population.truth, folder / "truth.parquet")
    files.codebook(population.scene, data).to_csv(folder / "codebook.csv", index=False)
    if findings.labels.empty:
        return
    files.write_parquet(findings.labels, folder / "labels.parquet")
    for name in ("scores", "recovery", "analyses"):
        getattr(findings, name).to_csv(folder / f"{name}.csv", index=False)


def _findings(
    population: Population, cluster: bool, exact: bool, workers: int, tell: Progress
) -> Findings:
    scene = population.scene
    empty = pd.DataFrame()
    tables: dict[str, Any] = {"labels": empty, "scores": empty, "recovery": empty}
    tables |= {"analyses": empty, "notes": []}
    if cluster:
        tables = _cluster(population, exact, workers, tell)
    return Findings(
        scene=scene,
        size=scene.size,
        seed=scene.seed,
        biomarkers=population.X,
        metadata=population.metadata,
        truths=population.groupings,
        **tables,
    )


def _cluster(
    population: Population, exact: bool, workers: int, tell: Progress
) -> dict[str, Any]:
    scene, chosen = population.scene, population.scene.experiment
    X = population.X[chosen.biomarkers]
    complete = X.notna().all(axis=1).to_numpy()
    X = X[complete]
    _check_rows(scene, len(X))
    groups = population.metadata[complete]
    truths = {name: column.cat.codes.to_numpy() for name, column in population.groupings[complete].items()}
    analyses = plan_analyses(chosen)
    cutoffs = {name: scene.biomarkers[name].cutoffs for name in chosen.biomarkers}
    prepared = {
        a.name: prepare(X, a.preprocessing, a.whitened, cutoffs, groups)
        for a in analyses
        if a.runs_as == a.name
    }
    cells = plan_cells(analyses, chosen)
    done: dict[str, CellResult] = {}
    jobs = Parallel(n_jobs=min(workers, len(cells)), return_as="generator")(
        delayed(run_cell)(
            cell,
            prepared[cell.analysis].values,
            truths,
            chosen.resolutions,
            chosen.bootstraps,
            scene.seed,
            exact,
        )
        for cell in cells
    )
    tell("cluster", 0, len(cells))
    for cell, result in zip(cells, jobs, strict=True):
        done[cell.name] = result
        tell("cluster", len(done), len(cells))
    in_order = sorted(cells, key=lambda c: (list(prepared).index(c.analysis), c.base, c.k))
    results = [done[cell.name] for cell in in_order]
    labels = pd.concat([r.labels for r in results], axis=1)
    labels.index = X.index
    dropped = len(complete) - len(X)
    table = _analyses_table(analyses, prepared, len(X), dropped)
    names = {name: scene.groups[name].levels for name in truths}
    return {
        "labels": labels.astype("Int32").reindex(population.index),
        "scores": _scores_table(analyses, pd.concat([r.scores for r in results])),
        "recovery": _named_levels(pd.concat([r.recovery for r in results]), names),
        "analyses": table,
        "notes": _notes(table, dropped, scene),
    }


def _check_rows(scene: Scene, rows: int) -> None:
    largest = max(k for ks in scene.experiment.base.values() for k in ks)
    if largest > rows:
        message = f"got k = {largest}, allowed: at most the {rows} complete individuals"
        raise SceneError(scene.name, [Problem("experiment.base", message)])


def _named_levels(table: pd.DataFrame, names: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    table["cluster"] = [names[t][int(c)] for t, c in zip(table["truth"], table["cluster"], strict=True)]
    return table[["partition", "truth", "cluster", "size", "jaccard", "match"]]


def _scores_table(analyses: list[Analysis], scores: pd.DataFrame) -> pd.DataFrame:
    """Scores of every preprocessing; equal analyses have the same rows under their own name."""
    parts = []
    for analysis in analyses:
        rows = scores[scores["analysis"] == analysis.runs_as].copy()
        rows.insert(0, "preprocessing", analysis.preprocessing)
        rows.insert(1, "whitened", analysis.whitened)
        parts.append(rows)
    return pd.concat(parts, ignore_index=True)


def _analyses_table(
    analyses: list[Analysis], prepared: Mapping[str, Any], rows: int, rows_dropped: int
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "preprocessing": a.preprocessing,
            "whitened": a.whitened,
            "analysis": a.runs_as,
            "reason": a.reason,
            "columns": np.shape(prepared[a.runs_as].values)[1],
            "dropped": ", ".join(prepared[a.runs_as].dropped),
            "rows": rows,
            "rows_dropped": rows_dropped,
        }
        for a in analyses
    )


def _notes(table: pd.DataFrame, rows_dropped: int, scene: Scene) -> list[str]:
    notes = [f"{rows_dropped} of {scene.size} individuals have missing values and were not clustered."]
    for row in table.itertuples():
        name = f"{row.preprocessing}{' whitened' if row.whitened else ''}"
        if row.reason:
            notes.append(f"{name} equals {row.analysis.replace('+', ' ')}: {row.reason}.")
        if row.dropped:
            notes.append(f"{name}: constant columns were dropped before clustering: {row.dropped}.")
    return notes
