"""Options that several commands have, and what two of them mean together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

SceneArgument = Annotated[
    str,
    typer.Argument(
        metavar="SCENE",
        help="A catalogue id, a .toml file, a .py file or a dotted module. "
        "Python scenes run their code.",
        show_default=False,
    ),
]
TableArgument = Annotated[
    Path,
    typer.Argument(metavar="TABLE", help="A file of text, Excel, Parquet, Stata, SPSS or SAS."),
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
NullScene = Annotated[
    bool,
    typer.Option("--null-scene", help="The null scene: same means and covariances, no groups."),
]
Out = Annotated[Path, typer.Option(help="Folder for the results.")]
Strict = Annotated[
    bool, typer.Option("--strict", help="Everything suspicious about the table is an error.")
]
Separator = Annotated[
    str | None, typer.Option(help="Between cells of a text file.", show_default=False)
]
Decimal = Annotated[
    str | None, typer.Option(help="Decimal mark of a text file: . or ,", show_default=False)
]
Encoding = Annotated[
    str | None,
    typer.Option(help="Of a text file or an older statistics file.", show_default=False),
]
Sheet = Annotated[
    str | None,
    typer.Option(help="Of a workbook: its name, or its place from 1.", show_default=False),
]


def scene_or_variant(scene: str, without: list[str] | None, null: bool) -> Any:
    """Return the scene, its counterfactual without some effects, or the null scene of either."""
    import synthcohort as sc

    variant = sc.without(scene, *without) if without else scene
    return sc.null_scene(variant) if null else variant
