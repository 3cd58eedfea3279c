"""Partitions of maximal modularity of the co-association graph, without its matrix."""
