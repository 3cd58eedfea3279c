"""Columns of the agreement of a partition with a known grouping."""

from synthcohort.results.schemas.table_schema import Column


def _agreement(name: str, meaning: str) -> Column:
    missing = "where nothing is known to compare with"
    return Column(name, "number", meaning, missing=missing)


TRUTH = Column("truth", "word", "the known grouping; empty without any")
N_TRUTH = Column("n_truth", "integer", "levels of the truth; 0 without one")
AGREEMENT = (
    _agreement("ari", "adjusted Rand index: 1 perfect, 0 chance"),
    _agreement("ami", "adjusted mutual information: 1 perfect, 0 chance"),
    _agreement("homogeneity", "1 where each cluster has one level"),
    _agreement("completeness", "1 where each level is in one cluster"),
    _agreement("v_measure", "harmonic mean of the two"),
    _agreement("fowlkes_mallows", "geometric mean of pair precision and recall, 0 to 1"),
    _agreement("element_centric", "element-centric similarity, 0 to 1"),
    _agreement("jaccard", "mean best-match Jaccard coefficient, 0 to 1"),
)
ADJUSTED = (
    Column(
        "ari_within",
        "number",
        "lowest ARI within the levels of another grouping",
        missing="without another grouping",
    ),
    Column("within", "word", "that grouping", missing="without another grouping"),
)

REGISTERED = _agreement("a registered metric", "a metric that a user registered")
"""What further columns of scores are."""
