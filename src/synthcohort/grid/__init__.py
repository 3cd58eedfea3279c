"""The whole grid of a run: plan, cells, comparison with reference data."""
