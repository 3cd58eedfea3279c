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
    list[int] | None,
    typer.Option("-k", "--k", help="Only these k; repeatable.", show_default=False),
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


def base_clusterers(names: list[str] | None, ks: list[int] | None) -> dict[str, list[int]] | None:
    """Return the base clusterers with their numbers; None keeps the scene's."""
    if names and not ks:
        raise typer.BadParameter("got --base without -k, allowed: with its numbers")
    return dict.fromkeys(names or ["kmeans"], ks) if ks else None


def scene_or_twin(scene: str, without: list[str] | None, null: bool) -> Any:
    """Return the scene, its twin without some effects, or the null twin of either."""
    from synthcohort.exact_theory import null_twin
    from synthcohort.exact_theory import without as without_effects

    twin = without_effects(scene, *without) if without else scene
    return null_twin(twin) if null else twin
