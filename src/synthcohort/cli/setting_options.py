"""Options of `run` and `cluster`: written out, since the model is slow to load.

Made from the model of the settings by ``python -m docs.settings_pages``: change that.
"""

from __future__ import annotations

from typing import Annotated, Any

import typer

OPTIONS: dict[str, Any] = {
    "size": Annotated[
        int | None,
        typer.Option("--size", help=("Number of individuals. (from 1; default: the scene's)")),
    ],
    "seed": Annotated[
        int | None,
        typer.Option("--seed", help=("Seed of every stream. (from 0; default: the scene's)")),
    ],
    "cluster": Annotated[
        bool | None,
        typer.Option(
            "--cluster/--no-cluster",
            help=("Whether to cluster, or only to generate. (default: yes)"),
        ),
    ],
    "formats": Annotated[
        str | None,
        typer.Option(
            "--format",
            help=(
                "Files of the data: csv, parquet, dta (Stata), sav (SPSS). Parquet is always "
                "among them. (several with commas; default: csv, parquet)"
            ),
        ),
    ],
    "cutoffs": Annotated[
        str | None,
        typer.Option(
            "--cutoffs",
            help=("A CSV of clinical cut-offs instead of all others. (default: the scene's)"),
        ),
    ],
    "keep_data": Annotated[
        bool | None,
        typer.Option(
            "--keep-data",
            help=(
                "Whether the columns that are used are copied into the run folder. (default: no)"
            ),
        ),
    ],
    "separator": Annotated[
        str | None,
        typer.Option(
            "--separator",
            help=("What stands between the cells of a text file. (default: found out)"),
        ),
    ],
    "decimal": Annotated[
        str | None,
        typer.Option(
            "--decimal",
            help=("Decimal mark of a text file, a point or a comma. (default: found out)"),
        ),
    ],
    "encoding": Annotated[
        str | None,
        typer.Option(
            "--encoding",
            help=(
                "Encoding of a text file, or of an old file of a statistics package. "
                "(default: found out)"
            ),
        ),
    ],
    "sheet": Annotated[
        str | None,
        typer.Option(
            "--sheet",
            help=(
                "Sheet of a workbook: its name, or its place from 1. (default: the first "
                "with cells)"
            ),
        ),
    ],
    "strict": Annotated[
        bool | None,
        typer.Option(
            "--strict",
            help=("Whether everything suspicious about the table is an error. (default: no)"),
        ),
    ],
    "verdict": Annotated[
        bool | None,
        typer.Option(
            "--verdict/--no-verdict",
            help=(
                "Whether to ask if there is anything to find: the null test, the rivals and "
                "the choice. (default: yes; for a scene where its grid has 1,000 replicates "
                "or more)"
            ),
        ),
    ],
    "quick": Annotated[
        bool | None,
        typer.Option(
            "--quick",
            help=(
                "Whether to take a first look: k-means with k = 3 and 8, 25 replicates; "
                "2,000 people at most of a scene. Settings that are given win. (default: no)"
            ),
        ),
    ],
    "exact": Annotated[
        bool | None,
        typer.Option(
            "--exact",
            help=(
                "Ten restarts of k-means in each replicate instead of pooled starts. (default: no)"
            ),
        ),
    ],
    "workers": Annotated[
        int | None,
        typer.Option(
            "--workers",
            help=("Processes; they change the time and nothing else. (from 1; default: all cores)"),
        ),
    ],
    "resume": Annotated[
        bool | None,
        typer.Option(
            "--resume",
            help=("Whether to go on with the same run where it was stopped. (default: no)"),
        ),
    ],
    "scheduler": Annotated[
        str | None,
        typer.Option(
            "--scheduler",
            help=(
                "Address of a Dask scheduler, whose workers do it. (default: processes of "
                "this machine)"
            ),
        ),
    ],
    "biomarkers": Annotated[
        list[str] | None,
        typer.Option(
            "--biomarker",
            help=(
                "The biomarkers that are clustered; all of them when empty. (repeatable; "
                "default: all)"
            ),
        ),
    ],
    "preprocessings": Annotated[
        list[str] | None,
        typer.Option(
            "--preprocessing",
            help=(
                "Preprocessings to compare, by name in the registry. Where no biomarker has "
                "a cut-off, pathological and binary are no defaults. (repeatable; default: "
                "zscore, minmax, robust, pathological, binary)"
            ),
        ),
    ],
    "whiten": Annotated[
        bool | None,
        typer.Option(
            "--whiten/--no-whiten",
            help=(
                "Whether to whiten by principal components after the preprocessing. "
                "(default: no, yes)"
            ),
        ),
    ],
    "whiten_min_share": Annotated[
        float | None,
        typer.Option(
            "--whiten-min-share",
            help=(
                "Whiten only components with at least this share of the variance; 0: all "
                "that have any. A column that is nearly a sum of others has a component of "
                "little but rounding errors, which whitening raises to the weight of all "
                "others. 0.01 leaves it out. (from 0 below 1; default: 0)"
            ),
        ),
    ],
    "base": Annotated[list[str] | None, typer.Option("--base", help=("Base clusterer; with -k."))],
    "k": Annotated[
        list[int] | None,
        typer.Option(
            "-k",
            "--k",
            help=(
                "Numbers of clusters k for each base clusterer. (from 1; repeatable; "
                "default: kmeans: 2, 3, 4, 8, 16, 25, 40)"
            ),
        ),
    ],
    "resolutions": Annotated[
        list[float] | None,
        typer.Option(
            "--resolution",
            help=(
                "Resolutions gamma of the modularity. (above 0; repeatable; default: 0.1, "
                "0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1)"
            ),
        ),
    ],
    "bootstraps": Annotated[
        int | None,
        typer.Option(
            "--bootstraps", help=("Number of bootstrap replicates. (from 1; default: 100)")
        ),
    ],
    "references": Annotated[
        int | None,
        typer.Option(
            "--references",
            help=(
                "Data sets without clusters that the data are compared with; 0 leaves the "
                "test out. With 19 the smallest p-value is 0.05. (from 0; default: 0)"
            ),
        ),
    ],
    "reference_data": Annotated[
        str | None,
        typer.Option(
            "--reference-data",
            help=(
                "What reference data keep: every column's values and the rank correlations, "
                "or means and covariances only. (copula, gaussian; default: copula)"
            ),
        ),
    ],
    "assign": Annotated[
        str | None,
        typer.Option(
            "--assign",
            help=(
                "Who gets a base cluster in a replicate: everybody, those drawn, or those "
                "not drawn. (all, in_bag, out_of_bag; default: all)"
            ),
        ),
    ],
    "refit": Annotated[
        bool | None,
        typer.Option(
            "--refit/--no-refit",
            help=(
                "Whether each bootstrap sample fits its own preprocessing and whitening. "
                "(default: no)"
            ),
        ),
    ],
    "missing": Annotated[
        str | None,
        typer.Option(
            "--missing",
            help=(
                "Missing values: only complete cases are clustered, or each bootstrap sample "
                "imputes. Imputation is fitted in each bootstrap sample, and so is the "
                "preprocessing then. (complete, impute; default: complete)"
            ),
        ),
    ],
    "truth": Annotated[
        str | None,
        typer.Option(
            "--truth",
            help=("The group that the run is about. (default: the first hidden group that acts)"),
        ),
    ],
}

OPTIONS_OF: dict[str, list[str]] = {
    "run": [
        "size",
        "seed",
        "cluster",
        "formats",
        "cutoffs",
        "verdict",
        "quick",
        "exact",
        "workers",
        "resume",
        "scheduler",
        "biomarkers",
        "preprocessings",
        "whiten",
        "whiten_min_share",
        "base",
        "k",
        "resolutions",
        "bootstraps",
        "references",
        "reference_data",
        "assign",
        "refit",
        "missing",
        "truth",
    ],
    "cluster": [
        "seed",
        "cutoffs",
        "keep_data",
        "separator",
        "decimal",
        "encoding",
        "sheet",
        "strict",
        "verdict",
        "quick",
        "exact",
        "workers",
        "resume",
        "scheduler",
        "biomarkers",
        "preprocessings",
        "whiten",
        "whiten_min_share",
        "base",
        "k",
        "resolutions",
        "bootstraps",
        "references",
        "reference_data",
        "assign",
        "refit",
        "missing",
        "truth",
    ],
}
