"""Columns that many tables share: what names an analysis, a cell, a partition."""

from synthcohort.results.schemas.table_schema import Column

ANALYSIS = Column("analysis", "word", "the analysis that was run, such as zscore+whitened")
CELL = (
    ANALYSIS,
    Column("base", "word", "the base clusterer"),
    Column("k", "integer", "its number, such as that of clusters"),
)
"""As `Cell.COLUMNS`."""
PARTITION = (*CELL, Column("resolution", "number", "resolution of the modularity, above 0"))
"""As `PartitionKey.COLUMNS`."""
PARTITION_NAME = Column("partition", "word", "column of the partition in the labels")
N_CLUSTERS = Column("n_clusters", "integer", "clusters of the partition")
