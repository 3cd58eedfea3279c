"""The command line: parses, calls, prints."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(
    help="Synthetic cohorts with a known truth: what can your clustering pipeline find?",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

SceneArgument = Annotated[
    str,
    typer.Argument(
        metavar="SCENE",
        help="A catalogue id, a .toml file, a .py file or a dotted module. "
        "Python scenes run their code.",
        show_default=False,
    ),
]
Size = Annotated[int | None, typer.Option(help="Number of individuals.", show_default=False)]
Seed = Annotated[int | None, typer.Option(help="Seed of every stream.", show_default=False)]
Without = Annotated[
    list[str] | None,
    typer.Option(
        "--without",
        help="Switch off the effect of this group or factor, or of noise; repeatable.",
        show_default=False,
    ),
]
Null = Annotated[
    bool, typer.Option("--null", help="The null twin: same means and covariances, no groups.")
]
Out = Annotated[Path, typer.Option(help="Folder for the results.")]
Bootstraps = Annotated[int | None, typer.Option(help="Bootstrap replicates.", show_default=False)]
Preprocessing = Annotated[
    list[str] | None, typer.Option(help="Only these; repeatable.", show_default=False)
]
K = Annotated[
    list[int] | None, typer.Option("-k", help="Only these k; repeatable.", show_default=False)
]
Base = Annotated[
    list[str] | None,
    typer.Option(help="Base clusterer, with its numbers as -k; repeatable.", show_default=False),
]
Assign = Annotated[
    str | None,
    typer.Option(
        help="Who gets a base cluster in a replicate: all, in_bag or out_of_bag.",
        show_default=False,
    ),
]
Refit = Annotated[
    bool | None,
    typer.Option(
        "--refit", help="Each bootstrap sample fits its own preprocessing.", show_default=False
    ),
]
Missing = Annotated[
    str | None,
    typer.Option(help="complete (cases only) or impute (in each sample).", show_default=False),
]
Scheduler = Annotated[
    str | None,
    typer.Option(help="Address of a Dask scheduler: its workers do it.", show_default=False),
]
Resolution = Annotated[
    list[float] | None, typer.Option(help="Only these; repeatable.", show_default=False)
]
Nulls = Annotated[
    int | None,
    typer.Option(help="Null twins for the test and the choice; 0: none.", show_default=False),
]
NullTwin = Annotated[
    str | None,
    typer.Option(
        help="What they keep: copula (each column's values, rank correlations) or gaussian "
        "(means, covariances).",
        show_default=False,
    ),
]
Formats = Annotated[
    str,
    typer.Option("--format", help="csv, parquet, dta (Stata), sav (SPSS); several with commas."),
]
Exact = Annotated[
    bool, typer.Option("--exact", help="Ten k-means restarts instead of pooled starts.")
]
Workers = Annotated[
    int | None, typer.Option(min=1, help="Processes; all cores by default.", show_default=False)
]
Cutoffs = Annotated[
    Path | None,
    typer.Option(help="A CSV of clinical cut-offs instead of all others.", show_default=False),
]


@app.command()
def scenes() -> None:
    """List the catalogue."""
    from synthcohort.scene import catalogue, load_scene

    for name in catalogue.names():
        scene = load_scene(name)
        typer.echo(f"{name:20} {scene.description.strip().splitlines()[0]}")


@app.command()
def show(
    scene: SceneArgument,
    form: Annotated[
        str, typer.Option("--format", help="text, toml or json (the resolved form).")
    ] = "text",
) -> None:
    """Show a scene: the model in words with its exact theory, or its resolved form."""
    from synthcohort.population.words import expectations
    from synthcohort.scene import describe, load_scene, to_json, to_toml

    writers: dict[str, Callable[[Any], str]] = {
        "text": lambda loaded: f"{describe(loaded)}\n{expectations(loaded)}",
        "toml": to_toml,
        "json": to_json,
    }
    if form not in writers:
        raise typer.BadParameter(f"got {form!r}, allowed: {', '.join(writers)}")
    typer.echo(writers[form](load_scene(scene)).rstrip())


@app.command()
def check(scene: SceneArgument) -> None:
    """Name every problem of a scene; exit 2 if there is one."""
    from synthcohort.experiment import check_settings
    from synthcohort.scene import digest, load_scene

    found = load_scene(scene)
    check_settings(found)
    typer.echo(f"{found.name}: no problems (hash {digest(found)[:12]})")


@app.command()
def schema() -> None:
    """Print the JSON Schema of a scene file, for editors."""
    import json

    from synthcohort.scene import json_schema

    typer.echo(json.dumps(json_schema(), indent=2))


@app.command()
def tune(
    scene: SceneArgument,
    ceiling: Annotated[
        float | None,
        typer.Option(help="Wanted best expected ARI, between 0 and 1.", show_default=False),
    ] = None,
    overlap: Annotated[
        float | None,
        typer.Option(help="Or the wanted average pairwise overlap.", show_default=False),
    ] = None,
    group: Annotated[
        str | None,
        typer.Option(help="The group to separate; the scene's truth.", show_default=False),
    ] = None,
) -> None:
    """Scale the separation of a group until it is as hard to find as asked; prints the TOML."""
    from synthcohort.evaluation import tune as tuned
    from synthcohort.scene import to_toml

    typer.echo(to_toml(tuned(scene, ceiling=ceiling, overlap=overlap, group=group)).rstrip())


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
    from synthcohort.experiment import export

    with _progress() as tell:
        folder = export(
            _twin(scene, without, null),
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
    from synthcohort.experiment import run as run_scene
    from synthcohort.experiment.scheduler import on_cluster

    with on_cluster(scheduler), _progress() as tell:
        done = run_scene(
            _twin(scene, without, null),
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
            base=_base(base, k),
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
    from synthcohort.experiment import cluster as cluster_table
    from synthcohort.experiment.scheduler import on_cluster

    with on_cluster(scheduler), _progress() as tell:
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
            base=_base(base, k),
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
    from synthcohort.experiment import renew_report

    typer.echo(renew_report(folder, table))


@app.command()
def verify(folder: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.")]) -> None:
    """Compare the files of a run with their checksums; exit 1 if one differs."""
    from synthcohort.experiment import verify as faults_of

    faults = faults_of(folder)
    for fault in faults:
        typer.echo(fault, err=True)
    if faults:
        raise typer.Exit(1)
    typer.echo(f"{folder}: complete and unchanged")


@app.command()
def calibrate(
    table: Annotated[
        Path,
        typer.Argument(metavar="TABLE", help="A CSV, Parquet, Stata or SPSS file."),
    ],
    group: Annotated[
        list[str] | None,
        typer.Option(help="A column of categories that shift the others; repeatable."),
    ] = None,
    biomarker: Annotated[
        list[str] | None,
        typer.Option(help="Only these numeric columns; repeatable.", show_default=False),
    ] = None,
    factors: Annotated[
        int | None, typer.Option(help="Number of factors; chosen by default.", show_default=False)
    ] = None,
    minimum: Annotated[
        int, typer.Option(help="Write nothing that rests on fewer people than this.")
    ] = 20,
    encoding: Annotated[str, typer.Option(help="Of a CSV file.")] = "utf-8",
    out: Annotated[
        Path | None, typer.Option(help="Scene file; printed by default.", show_default=False)
    ] = None,
) -> None:
    """Make a scene like your own table, or from published summaries; says what was decided.

    A table of summaries has the columns variable, group, statistic, value.
    """
    from synthcohort.experiment.calibrate import calibrate as calibrated
    from synthcohort.experiment.calibrate import write_scene

    made, comparison = calibrated(
        table,
        group or [],
        biomarker or [],
        factors=factors,
        minimum=minimum,
        encoding=encoding,
    )
    if out is None:
        typer.echo(made.to_toml().rstrip())
    else:
        write_scene(made.to_toml(), out)
        typer.echo(out)
    for line in (*made.notes, *made.privacy, comparison.round(3).to_string(index=False)):
        typer.echo(line, err=True)


@app.command()
def fidelity(
    scene: SceneArgument,
    size: Annotated[int, typer.Option(help="Number of individuals to generate.")] = 1_000_000,
    seed: Seed = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for a page with pictures and a table.", show_default=False),
    ] = None,
    workers: Annotated[int, typer.Option(help="Threads.", min=1)] = 1,
) -> None:
    """Compare a scene with the published figures of HAALSI wave 1, row by row."""
    from synthcohort.experiment.fidelity import fidelity as compare
    from synthcohort.experiment.fidelity import write_fidelity
    from synthcohort.report.fidelity import fidelity_text
    from synthcohort.scene import load_scene

    loaded = load_scene(scene)
    compared = compare(loaded, size=size, seed=seed, workers=workers)
    typer.echo(fidelity_text(compared))
    if out is not None:
        typer.echo(write_fidelity(compared, loaded, size, out))


def _base(names: list[str] | None, ks: list[int] | None) -> dict[str, list[int]] | None:
    """Return the base clusterers with their numbers; None keeps the scene's."""
    if names and not ks:
        raise typer.BadParameter("got --base without -k, allowed: with its numbers")
    return dict.fromkeys(names or ["kmeans"], ks) if ks else None


def _twin(scene: str, without: list[str] | None, null: bool) -> Any:
    """Return the scene, its twin without some effects, or the null twin of either."""
    from synthcohort.population import null_twin
    from synthcohort.population import without as without_effects

    twin = without_effects(scene, *without) if without else scene
    return null_twin(twin) if null else twin


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """Yield a callback that draws one bar a stage on standard error."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description:10}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    tasks: dict[str, Any] = {}
    bars = Progress(*columns, console=Console(stderr=True))

    def tell(stage: str, done: int, total: int) -> None:
        if not tasks:
            bars.start()  # not before: wrong input should leave no empty line
        if stage not in tasks:
            tasks[stage] = bars.add_task(stage, total=total)
        bars.update(tasks[stage], completed=done)

    try:
        yield tell
    finally:
        if tasks:
            bars.stop()


def main() -> None:
    """Run the command line; wrong input ends with one line a fault and exit 2."""
    from synthcohort.scene.problems import SceneError, SceneWarning

    def show_warning(message: Warning | str, category: type[Warning], *_: Any, **__: Any) -> None:
        prefix = "warning: " if issubclass(category, SceneWarning) else f"{category.__name__}: "
        print(f"{prefix}{message}", file=sys.stderr)

    warnings.showwarning = show_warning
    try:
        app()
    except SceneError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("interrupted: nothing was written", file=sys.stderr)
        sys.exit(130)


if __name__ == "__main__":
    main()
