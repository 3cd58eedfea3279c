"""Commands about scenes: the catalogue, what a scene is, what to expect of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from synthcohort.cli.options import (
    Decimal,
    Encoding,
    SceneArgument,
    Seed,
    Separator,
    Sheet,
    Strict,
    TableArgument,
)
from synthcohort.cli.root_command import app


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
    from synthcohort.exact_theory.theory_text import expectations
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
    from synthcohort.cohort.experiment_settings import check_settings
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
    from synthcohort.fidelity_check.fidelity_report import fidelity_text
    from synthcohort.fidelity_check.fidelity_run import fidelity as compare
    from synthcohort.fidelity_check.fidelity_run import write_fidelity
    from synthcohort.scene import load_scene

    loaded = load_scene(scene)
    compared = compare(loaded, size=size, seed=seed, workers=workers)
    typer.echo(fidelity_text(compared))
    if out is not None:
        page = write_fidelity(compared, loaded, size, out)
        typer.echo(page)
        if page.is_dir():
            raise typer.Exit(1)


@app.command()
def calibrate(
    table: TableArgument,
    group: Annotated[
        list[str] | None,
        typer.Option(help="A column of categories that shift the others; repeatable."),
    ] = None,
    biomarker: Annotated[
        list[str] | None,
        typer.Option(help="Only these numeric columns; repeatable.", show_default=False),
    ] = None,
    weight: Annotated[
        str | None, typer.Option(help="A column of survey weights.", show_default=False)
    ] = None,
    factors: Annotated[
        int | None, typer.Option(help="Number of factors; chosen by default.", show_default=False)
    ] = None,
    minimum: Annotated[
        int, typer.Option(help="Write nothing that rests on fewer people than this.")
    ] = 20,
    settings: Annotated[
        Path | None,
        typer.Option(help="The settings file of cluster, instead.", show_default=False),
    ] = None,
    separator: Separator = None,
    decimal: Decimal = None,
    encoding: Encoding = None,
    sheet: Sheet = None,
    strict: Strict = False,
    out: Annotated[
        Path | None, typer.Option(help="Scene file; printed by default.", show_default=False)
    ] = None,
) -> None:
    """Make a scene like your own table, or from published summaries; says what was decided.

    A table of summaries has the columns variable, group, statistic, value.
    """
    from synthcohort.calibration.user_file import calibrate as calibrated
    from synthcohort.cohort.files.reading import said
    from synthcohort.machine.written_files import STANDARD_OUTPUT, write_text

    made, comparison = calibrated(
        table,
        group or [],
        biomarker or [],
        weight=weight,
        factors=factors,
        minimum=minimum,
        settings=settings,
        reading=said(separator=separator, decimal=decimal, encoding=encoding, sheet=sheet),
        strict=strict,
    )
    if out is None:
        typer.echo(made.to_toml().rstrip())
    else:
        write_text(made.to_toml(), out)
        if str(out) != STANDARD_OUTPUT:
            typer.echo(out)
    warnings = [f"Warning: {line}" for line in made.warnings]
    for line in (*made.notes, *made.privacy, comparison.round(3).to_string(index=False), *warnings):
        typer.echo(line, err=True)
