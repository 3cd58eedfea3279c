"""Commands that make folders: generate, run, cluster, and what to do with a run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from synthcohort.cli.old_options import KeepsOldOptions
from synthcohort.cli.options import (
    Decimal,
    Encoding,
    NullScene,
    Out,
    SceneArgument,
    Seed,
    Separator,
    Sheet,
    Size,
    TableArgument,
    Without,
    scene_or_variant,
)
from synthcohort.cli.progress_bar import progress
from synthcohort.cli.root_command import app
from synthcohort.cli.setting_arguments import keywords, takes_settings

if TYPE_CHECKING:
    from synthcohort.runs.conductor import Run


@app.command(cls=KeepsOldOptions)
def generate(
    scene: SceneArgument,
    size: Size = None,
    seed: Seed = None,
    formats: Annotated[
        str, typer.Option("--format", help="csv, parquet, dta (Stata), sav (SPSS), with commas.")
    ] = "csv,parquet",
    out: Out = Path("runs"),
    without: Without = None,
    null: NullScene = False,
    workers: Annotated[
        int | None, typer.Option(help="Threads; all cores by default.", min=1, show_default=False)
    ] = None,
) -> None:
    """Generate a population: data, truth and codebook, without clustering."""
    from synthcohort.runs.population_export import export

    with progress() as tell:
        folder = export(
            scene_or_variant(scene, without, null),
            out,
            size=size,
            seed=seed,
            formats=formats.split(","),
            workers=workers,
            progress=tell,
        )
    typer.echo(folder)


@app.command(cls=KeepsOldOptions)
@takes_settings
def run(
    scene: SceneArgument,
    out: Out = Path("runs"),
    without: Without = None,
    null: NullScene = False,
    **settings: Any,
) -> None:
    """Generate, cluster in every way, score and show: the main job. Prints the report's path."""
    from synthcohort.runs.scene_run import run as run_scene

    given = keywords(settings)
    with progress() as tell:
        done = run_scene(scene_or_variant(scene, without, null), out, progress=tell, **given)
    _tell(done)


@app.command()
def settings(
    table: TableArgument,
    separator: Separator = None,
    decimal: Decimal = None,
    encoding: Encoding = None,
    sheet: Sheet = None,
) -> None:
    """Draft the settings file of your own table: what its columns probably are, to be corrected."""
    from synthcohort.cohort.draft import draft_settings
    from synthcohort.cohort.files.reading import said

    reading = said(separator=separator, decimal=decimal, encoding=encoding, sheet=sheet)
    typer.echo(draft_settings(table, reading=reading), nl=False)


@app.command(cls=KeepsOldOptions)
@takes_settings
def cluster(
    table: TableArgument,
    settings: Annotated[
        Path | None,
        typer.Option(help="A TOML file that maps the columns.", show_default=False),
    ] = None,
    scene: Annotated[
        str | None,
        typer.Option(help="Or a scene with the same names as the table.", show_default=False),
    ] = None,
    out: Out = Path("runs"),
    **others: Any,
) -> None:
    """Cluster your own table in every way and show what was found. Prints the report's path."""
    from synthcohort.runs.table_run import cluster as cluster_table

    given = keywords(others)
    with progress() as tell:
        done = cluster_table(table, settings, out, scene=scene, progress=tell, **given)
    _tell(done)


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
    from synthcohort.results.manifest import has_page
    from synthcohort.results.manifest import verify as faults_of

    faults = faults_of(folder)
    for fault in faults:
        typer.echo(fault, err=True)
    if faults:
        raise typer.Exit(1)
    page = "" if has_page(folder) else f"; it has no page, which synthcohort report {folder} draws"
    typer.echo(f"{folder}: complete and unchanged{page}")


def _tell(done: Run) -> None:
    """Print the notes and the page's path; without a page the folder's, and exit 1."""
    from synthcohort.cohort.suspicions import DOUBTFUL

    for note in done.findings.notes:
        if not note.startswith(DOUBTFUL):  # a warning has said it before the work began
            typer.echo(note, err=True)
    typer.echo(done.folder if done.page_failure else done.report)
    if done.page_failure:
        raise typer.Exit(1)
