"""Base clusterers, by name, and the k-means that a run spends its time in."""
