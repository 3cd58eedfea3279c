"""Commands that make folders: generate, run, cluster, and what to do with a run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from synthcohort.cli.options import (
    Assign,
    Base,
    Bootstraps,
    Cutoffs,
    Exact,
    Formats,
    K,
    Missing,
    Null,
    Nulls,
    NullTwin,
    Out,
    Preprocessing,
    Refit,
    Resolution,
    SceneArgument,
    Scheduler,
    Seed,
    Size,
    Without,
    Workers,
    base_clusterers,
    scene_or_twin,
)
from synthcohort.cli.progress_bar import progress
from synthcohort.cli.root_command import app


@app.command()
def generate(
    scene: SceneArgument,
    size: Size = None,
    seed: Seed = None,
    formats: Formats = "csv,parquet",
    out: Out = Path("runs"),
    without: Without = None,
    null: Null = False,
    workers: Annotated[int, typer.Option(help="Threads.", min=1)] = 1,
) -> None:
    """Generate a population: data, truth and codebook, without clustering."""
    from synthcohort.runs.population_export import export

    with progress() as tell:
        folder = export(
            scene_or_twin(scene, without, null),
            out,
            size=size,
            seed=seed,
            formats=formats.split(","),
            workers=workers,
            progress=tell,
        )
    typer.echo(folder)


@app.command()
def run(
    scene: SceneArgument,
    cluster: Annotated[
        bool, typer.Option("--cluster/--no-cluster", help="--no-cluster only generates.")
    ] = True,
    out: Out = Path("runs"),
    size: Size = None,
    seed: Seed = None,
    bootstraps: Bootstraps = None,
    preprocessing: Preprocessing = None,
    base: Base = None,
    k: K = None,
    resolution: Resolution = None,
    assign: Assign = None,
    refit: Refit = None,
    missing: Missing = None,
    nulls: Nulls = None,
    null_twin: NullTwin = None,
    formats: Formats = "csv,parquet",
    cutoffs: Cutoffs = None,
    without: Without = None,
    null: Null = False,
    exact: Exact = False,
    workers: Workers = None,
    scheduler: Scheduler = None,
) -> None:
    """Generate, cluster in every way, score and show: the main job. Prints the report's path."""
    from synthcohort.grid.scheduler import on_cluster
    from synthcohort.runs.scene_run import run as run_scene

    with on_cluster(scheduler), progress() as tell:
        done = run_scene(
            scene_or_twin(scene, without, null),
            out,
            cluster=cluster,
            size=size,
            seed=seed,
            formats=formats.split(","),
            cutoffs=cutoffs,
            exact=exact,
            workers=workers,
            progress=tell,
            bootstraps=bootstraps,
            preprocessings=preprocessing,
            base=base_clusterers(base, k),
            assign=assign,
            refit=refit,
            missing=missing,
            resolutions=resolution,
            nulls=nulls,
            null_twin=null_twin,
        )
    for note in done.findings.notes:
        typer.echo(note, err=True)
    typer.echo(done.report)


@app.command()
def cluster(
    table: Annotated[
        Path, typer.Argument(metavar="TABLE", help="A CSV, Parquet, Stata or SPSS file.")
    ],
    settings: Annotated[
        Path | None,
        typer.Option(help="A TOML file that maps the columns.", show_default=False),
    ] = None,
    scene: Annotated[
        str | None,
        typer.Option(help="Or a scene with the same names as the table.", show_default=False),
    ] = None,
    cutoffs: Cutoffs = None,
    keep_data: Annotated[
        bool, typer.Option("--keep-data", help="Copy the columns that are used into the folder.")
    ] = False,
    encoding: Annotated[str, typer.Option(help="Of a CSV file.")] = "utf-8",
    out: Out = Path("runs"),
    seed: Seed = None,
    bootstraps: Bootstraps = None,
    preprocessing: Preprocessing = None,
    base: Base = None,
    k: K = None,
    resolution: Resolution = None,
    assign: Assign = None,
    refit: Refit = None,
    missing: Missing = None,
    nulls: Nulls = None,
    null_twin: NullTwin = None,
    exact: Exact = False,
    workers: Workers = None,
    scheduler: Scheduler = None,
) -> None:
    """Cluster your own table in every way and show what was found. Prints the report's path."""
    from synthcohort.grid.scheduler import on_cluster
    from synthcohort.runs.table_run import cluster as cluster_table

    with on_cluster(scheduler), progress() as tell:
        done = cluster_table(
            table,
            settings,
            out,
            scene=scene,
            cutoffs=cutoffs,
            keep_data=keep_data,
            encoding=encoding,
            seed=seed,
            exact=exact,
            workers=workers,
            progress=tell,
            bootstraps=bootstraps,
            preprocessings=preprocessing,
            base=base_clusterers(base, k),
            assign=assign,
            refit=refit,
            missing=missing,
            resolutions=resolution,
            nulls=nulls,
            null_twin=null_twin,
        )
    for note in done.findings.notes:
        typer.echo(note, err=True)
    typer.echo(done.report)


@app.command()
def cutoffs() -> None:
    """Print the bundled clinical cut-offs as CSV: keep the rows you want, give them to a run."""
    from synthcohort.scene import clinical

    typer.echo(clinical.text(), nl=False)


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.")],
    table: Annotated[
        Path | None,
        typer.Option(help="Your table, if the folder has no copy of it.", show_default=False),
    ] = None,
) -> None:
    """Make the page and the figures of a run again."""
    from synthcohort.runs.report_files import renew_report

    typer.echo(renew_report(folder, table))


@app.command()
def verify(folder: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.")]) -> None:
    """Compare the files of a run with their checksums; exit 1 if one differs."""
    from synthcohort.results.manifest import verify as faults_of

    faults = faults_of(folder)
    for fault in faults:
        typer.echo(fault, err=True)
    if faults:
        raise typer.Exit(1)
    typer.echo(f"{folder}: complete and unchanged")
