"""Tables of the comparison with data without clusters, and of the choice that follows."""

from synthcohort.results.schemas.key_columns import CELL, N_CLUSTERS, PARTITION, PARTITION_NAME
from synthcohort.results.schemas.score_columns import (
    ADJUSTED,
    AGREEMENT,
    N_TRUTH,
    REGISTERED,
    TRUTH,
)
from synthcohort.results.schemas.table_schema import Column, TableSchema

_ONE_CLUSTER = "of one single cluster"


class ReferenceTables:
    """The same analyses on data without clusters; no rows where that was not asked."""

    references = TableSchema(
        row="a cell",
        columns=(
            *CELL,
            Column("pac", "number", "PAC of the data", "share"),
            Column("pac_reference", "number", "mean PAC of the reference data", "share"),
            Column("pac_reference_low", "number", "their lowest", "share"),
            Column("pac_reference_high", "number", "their highest", "share"),
            Column("relative_index", "number", "log10 of their mean PAC by that of the data"),
            Column("p_value", "number", "rank of the data's PAC among all"),
            Column("within", "number", "variance within base clusters", "share"),
            Column("within_reference", "number", "mean of the reference data", "share"),
            Column("z_pac", "number", "PAC from that of the reference data", "SDs"),
            Column("z_within", "number", "variance within from that of them", "SDs"),
            Column("z", "number", "the lower of the two", "SDs"),
        ),
    )
    band = TableSchema(
        row="a partition",
        columns=(
            *PARTITION,
            N_CLUSTERS,
            Column("reference_low", "integer", "fewest clusters of the reference data"),
            Column("reference_high", "integer", "most clusters of the reference data"),
            Column(
                "contrast",
                "number",
                "co-association within clusters less that between them",
                missing=_ONE_CLUSTER,
            ),
            Column(
                "contrast_reference", "number", "mean of the reference data", missing=_ONE_CLUSTER
            ),
            Column("p_value", "number", "rank of the contrast among all", missing=_ONE_CLUSTER),
        ),
    )
    rivals = TableSchema(
        row="a rival x form of the table x truth: a plain method without bootstraps",
        others=REGISTERED,
        columns=(
            PARTITION_NAME,
            Column("rival", "word", "the method"),
            Column("form", "word", "what it was given, such as the whitened table"),
            Column("criterion", "word", "what it chooses its number of clusters by"),
            TRUTH,
            N_TRUTH,
            N_CLUSTERS,
            *AGREEMENT,
            *ADJUSTED,
        ),
    )
    alternatives = TableSchema(
        row="the best partition of an analysis or rival by the rule that chooses without a truth",
        columns=(
            Column("source", "word", "the analysis, or the partition of the rival"),
            PARTITION_NAME,
            N_CLUSTERS,
            Column("behind", "number", "BIC above that of the lowest"),
            Column("agreement", "number", "ARI with the groups that its best models expect"),
            Column("ari_with_choice", "number", "ARI with the partition that is chosen"),
            Column("tied", "yes/no", "whether it can't be told apart from the choice"),
        ),
    )
