"""Tables of what was run, what was found, and how close it is to what is known."""

from synthcohort.results.schemas.key_columns import (
    ANALYSIS,
    CELL,
    N_CLUSTERS,
    PARTITION,
    PARTITION_NAME,
)
from synthcohort.results.schemas.score_columns import (
    ADJUSTED,
    AGREEMENT,
    N_TRUTH,
    REGISTERED,
    TRUTH,
)
from synthcohort.results.schemas.table_schema import Column, TableSchema

_NO_MODEL = "on a user's table, and for truths that are thirds of a factor"
_PREPROCESSING = (
    Column("preprocessing", "word", "the preprocessing"),
    Column("whitened", "yes/no", "whether all principal components were scaled to one variance"),
)


def _of_model(name: str, meaning: str) -> Column:
    return Column(name, "number", meaning, "ARI", missing=_NO_MODEL)


class PartitionTables:
    """Partitions and their agreement with known groupings."""

    labels = TableSchema(
        row="an individual",
        columns=(),
        others=Column(
            "a partition",
            "integer",
            "number of the individual's cluster, from 0, the largest first",
            missing="where an individual was not clustered",
        ),
        format="parquet",
        index="id",
    )
    scores = TableSchema(
        row="a preprocessing x partition x truth; equal analyses have equal rows",
        others=REGISTERED,
        columns=(
            *_PREPROCESSING,
            *PARTITION,
            TRUTH,
            N_TRUTH,
            Column("modularity", "number", "of the partition, at its resolution"),
            N_CLUSTERS,
            *AGREEMENT,
            PARTITION_NAME,
            *ADJUSTED,
            _of_model("oracle", "best by the values before measurement"),
            _of_model("ceiling", "best after the preprocessing"),
            _of_model("ceiling_se", "SD of the ceiling over truths that the posterior allows"),
            Column("ceiling_is", "word", "exact, approximate or lower bound", missing=_NO_MODEL),
            _of_model("lost_measurement", "oracle less the best after measurement"),
            _of_model("lost_preprocessing", "that less the ceiling"),
            _of_model("lost_algorithm", "ceiling less the best partition of the analysis"),
            _of_model("lost_choice", "that less this partition"),
        ),
    )
    recovery = TableSchema(
        row="a partition x truth x level of it",
        columns=(
            PARTITION_NAME,
            TRUTH,
            Column("cluster", "word", "the level"),
            Column("size", "number", "individuals of the level; with survey weights their sum"),
            Column("jaccard", "number", "of the level and its best match, 0 to 1"),
            Column("match", "integer", "number of the best-matching cluster"),
        ),
    )
    analyses = TableSchema(
        row="a preprocessing, whitened or not",
        columns=(
            *_PREPROCESSING,
            ANALYSIS,
            Column("reason", "word", "why it equals that analysis; empty where it was run itself"),
            Column("columns", "integer", "columns that were clustered"),
            Column("dropped", "word", "constant columns that were not, joined by commas"),
            Column("rows", "integer", "individuals that were clustered"),
            Column("rows_dropped", "integer", "individuals that were not"),
        ),
    )
    complete_cases = TableSchema(
        row="the best partition of an analysis, where values were imputed",
        columns=(
            *PARTITION,
            PARTITION_NAME,
            Column("complete", "integer", "individuals without missing values"),
            Column("n_clusters_complete", "integer", "clusters found with them alone"),
            Column("ari", "number", "on them, ARI of what is found with everybody and alone"),
            N_CLUSTERS,
        ),
    )
    reliability = TableSchema(
        row="a cell x bin of the co-association of sampled pairs",
        columns=(
            *CELL,
            Column("co_association", "number", "mean of the pairs in the bin", "share"),
            Column("together", "number", "mean probability by the oracle to belong together"),
            Column("pairs", "integer", "pairs in the bin"),
            Column("brier", "number", "Brier score of all pairs of the cell, 0 perfect"),
        ),
    )
