"""Tables of how stable partitions, clusters and individuals are under the bootstrap."""

from synthcohort.results.schemas.key_columns import CELL, N_CLUSTERS, PARTITION, PARTITION_NAME
from synthcohort.results.schemas.table_schema import Column, TableSchema

_NOT_JUDGED = "of a partition with one cluster or more than 60"
_ALONE = "of a cluster of one individual, or a single one"


def _judged(name: str, meaning: str, unit: str = "") -> Column:
    return Column(name, "number", meaning, unit, missing=_NOT_JUDGED)


class StabilityTables:
    """Stability under the bootstrap."""

    stability = TableSchema(
        row="a partition",
        columns=(
            *PARTITION,
            PARTITION_NAME,
            N_CLUSTERS,
            Column(
                "ari_next",
                "number",
                "ARI with the partition at the next higher resolution",
                missing="at the highest resolution",
            ),
            _judged("jaccard", "mean over individuals of their cluster's Jaccard, 0 to 1"),
            _judged("stable", "clusters with a mean Jaccard of at least 0.75"),
            _judged("dissolved", "clusters with a mean Jaccard of at most 0.5"),
            _judged("margin", "mean margin of the individuals, -1 to 1"),
            _judged("misplaced", "individuals who are closer to another cluster", "share"),
            Column("pac", "number", "pairs together in 10 to 90 % of the replicates", "share"),
            Column("pac_se", "number", "its standard error", "share"),
            Column("replicate_ari", "number", "mean ARI of two replicates", missing="of one"),
            Column("replicate_ari_se", "number", "its standard error", missing="of one"),
        ),
    )
    stability_clusters = TableSchema(
        row="a cluster of a partition with 2 to 60 clusters",
        columns=(
            Column("cluster", "integer", "its number in the labels"),
            Column("size", "number", "individuals; with survey weights their sum"),
            Column("share", "number", "of everybody", "share"),
            Column("jaccard", "number", "mean Jaccard with its counterpart in a replicate"),
            Column("recovered", "integer", "replicates with a Jaccard of at least 0.75"),
            Column("dissolved", "integer", "replicates with a Jaccard of at most 0.5"),
            Column("replicates", "integer", "replicates that have a member"),
            Column("within", "number", "mean co-association of its members", missing=_ALONE),
            Column("between", "number", "the same with the nearest cluster's", missing=_ALONE),
            Column("nearest", "number", "number of that cluster", missing=_ALONE),
            Column("ratio", "number", "within / between: 1 for no cluster", missing=_ALONE),
            PARTITION_NAME,
        ),
    )
    stability_individuals = TableSchema(
        row="an individual in a partition that is shown",
        columns=(
            PARTITION_NAME,
            Column("cluster", "integer", "number of the individual's cluster"),
            Column(
                "margin",
                "number",
                "co-association with the own cluster less the next best, -1 to 1",
                missing="of an individual that no replicate compares",
            ),
            Column(
                "consistency",
                "number",
                "mean element-centric similarity between replicates, 0 to 1",
                missing="of an individual that no two replicates compare",
            ),
        ),
        format="parquet",
        index="id",
    )
    consensus = TableSchema(
        row="a cell x value of the co-association of sampled pairs",
        columns=(
            *CELL,
            Column("co_association", "number", "of two individuals", "share"),
            Column("cdf", "number", "pairs with at most that", "share"),
            Column("se", "number", "its standard error", "share"),
        ),
    )
    instability = TableSchema(
        row="the cell of an analysis's best partition",
        columns=(
            *CELL,
            Column("same_sample", "number", "ARI of fits on one sample with other seeds"),
            Column("same_sample_se", "number", "its standard error", missing="of one refit"),
            Column("other_sample", "number", "ARI of fits on other samples"),
            Column("other_sample_se", "number", "its standard error", missing="of one refit"),
            Column(
                "share",
                "number",
                "part of the disagreement that the optimiser makes alone",
                "share",
                missing="where replicates never disagree",
            ),
            Column("refits", "integer", "samples that were fitted twice"),
        ),
    )
