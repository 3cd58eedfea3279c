"""Commands that repeat: simulation studies."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from synthcohort.cli.options import Out, Seed
from synthcohort.cli.progress_bar import progress
from synthcohort.cli.root_command import app

Repetitions = Annotated[
    int | None, typer.Option(help="Draws of each scenario.", show_default=False)
]
Workers = Annotated[
    int | None, typer.Option(help="Processes; all cores by default.", show_default=False)
]
Scheduler = Annotated[
    str | None,
    typer.Option(help="Address of a Dask scheduler, whose workers do it.", show_default=False),
]


@app.command()
def study(
    file: Annotated[
        Path | None, typer.Argument(metavar="STUDY", help="A TOML file.", show_default=False)
    ] = None,
    out: Out = Path("runs"),
    repetitions: Repetitions = None,
    seed: Seed = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say how long it will take, and how much disk.")
    ] = False,
    retry: Annotated[bool, typer.Option("--retry", help="Run tasks again that failed.")] = False,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of a study file, for editors.")
    ] = False,
) -> None:
    """Run a simulation study, or go on with it; prints the page's path."""
    if schema:
        import json

        from synthcohort.simulation_study.study_file import study_schema

        typer.echo(json.dumps(study_schema(), indent=2))
        return
    if file is None:
        raise typer.BadParameter("got no STUDY, allowed: a TOML file")
    from synthcohort.simulation_study.study_run import forecast
    from synthcohort.simulation_study.study_run import study as run_study

    if dry_run:
        found = forecast(file, out, repetitions=repetitions, seed=seed, workers=workers)
        typer.echo(found)
        return
    with progress() as tell:
        done = run_study(
            file,
            out,
            repetitions=repetitions,
            seed=seed,
            workers=workers,
            scheduler=scheduler,
            retry=retry,
            progress=tell,
        )
    _tell(done.folder, done.report, done.page_failure)


@app.command()
def power(
    table: Annotated[
        Path,
        typer.Argument(metavar="TABLE", help="A file of text, Excel, Parquet, Stata, SPSS or SAS."),
    ],
    settings: Annotated[Path, typer.Option(help="The TOML file that maps its columns.")],
    out: Out = Path("runs"),
    groups: Annotated[
        list[int] | None, typer.Option(help="Planted groups, 2 to 5; repeatable.  [default: 2]")
    ] = None,
    shares: Annotated[
        list[str] | None,
        typer.Option(help="equal, or unequal: each half as large; repeatable.  [default: both]"),
    ] = None,
    along: Annotated[
        list[str] | None,
        typer.Option(
            help="Where they differ: factors, covariance, or biomarkers joined by +; "
            "repeatable.  [default: factors]"
        ),
    ] = None,
    separation: Annotated[
        list[float] | None,
        typer.Option(help="SDs within groups; repeatable.  [default: 1.5, 2.5, 3.5, 4.5, 6]"),
    ] = None,
    size: Annotated[
        list[int] | None, typer.Option(help="People; repeatable.  [default: the table's]")
    ] = None,
    repetitions: Annotated[int, typer.Option(help="Draws of each.")] = 20,
    seed: Annotated[int, typer.Option(help="Seed of all draws.")] = 0,
    workers: Workers = None,
    scheduler: Scheduler = None,
) -> None:
    """Say how different groups would have to be before your pipeline finds them in your table."""
    from synthcohort.detection_power.power_run import SEPARATIONS
    from synthcohort.detection_power.power_run import power as detection_power

    with progress() as tell:
        done = detection_power(
            table,
            settings,
            out,
            groups=groups or [2],
            shares=shares or ["equal", "unequal"],
            along=along or ["factors"],
            separations=separation or SEPARATIONS,
            sizes=size or [],
            repetitions=repetitions,
            seed=seed,
            workers=workers,
            scheduler=scheduler,
            progress=tell,
        )
    for sentence in done.sentences:
        typer.echo(sentence)
    _tell(done.folder, done.report, done.page_failure)


def _tell(folder: Path, page: Path, failure: str) -> None:
    """Print the page's path; without a page the folder's, and exit 1."""
    typer.echo(folder if failure else page)
    if failure:
        raise typer.Exit(1)
