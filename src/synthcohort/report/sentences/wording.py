"""Names and numbers as a reader sees them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from synthcohort.clustering.base.base_clusterers import BASES
from synthcohort.clustering.preprocessing import PREPROCESSINGS
from synthcohort.clustering.rivals import rival_title
from synthcohort.population.groupings import TERTILES_SUFFIX
from synthcohort.results.findings import Findings
from synthcohort.scene.numbers import shortest


def preprocessing_title(name: str) -> str:
    """Words for a preprocessing, such as ``z-score``."""
    return PREPROCESSINGS[name].title if name in PREPROCESSINGS else name


def analysis_titles(findings: Findings) -> dict[str, str]:
    """Words for each analysis that was run, with those it stands for.

    Such as ``{"zscore+whitened": "z-score = min-max = robust, whitened"}``.
    """
    titles = {}
    for name, rows in findings.tables.analyses.groupby("analysis", sort=False):
        words = " = ".join(preprocessing_title(p) for p in rows["preprocessing"])
        titles[str(name)] = f"{words}, whitened" if rows["whitened"].iloc[0] else words
    return titles


def group_title(findings: Findings, name: str) -> str:
    """Words for a grouping: the group's label in lower case, or its name."""
    if name not in findings.scene.groups:
        return f"thirds of {name.removesuffix(TERTILES_SUFFIX)}"
    label = findings.scene.groups[name].label
    return label[:1].lower() + label[1:] if label else name


def listed(words: Sequence[str]) -> str:
    """Join words, such as ``a, b and c``.

    Examples
    --------
    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def counted(number: int, word: str) -> str:
    """Join a number and a word, such as ``3 clusters``.

    Examples
    --------
    >>> counted(1, "cluster"), counted(1200, "row")
    ('1 cluster', '1,200 rows')
    """
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def origin(findings: Findings, row: pd.Series) -> str:
    """Say where a partition comes from, given its row of the scores or of the rivals.

    Such as ``z-score, k = 4, resolution 0.8`` or ``k-means, whitened``.
    """
    if "rival" in row:
        return rival_title(row["rival"], row["form"])
    return f"{analysis_titles(findings)[row['analysis']]}, {setting(row)}"


def base_title(name: str) -> str:
    """Words for a base clusterer, such as ``k-means``."""
    return BASES[name].title if name in BASES else name


def cell_title(row: pd.Series) -> str:
    """Say base clusterer and k of one row of a table, such as ``k-means k = 8``."""
    return f"{base_title(row['base'])} k = {row['k']}"


def setting(row: pd.Series) -> str:
    """Say base clusterer, k and resolution of one row of the scores."""
    return f"{cell_title(row)}, resolution {shortest(row['resolution'])}"
