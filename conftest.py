"""Tests import the benchmarks' reference implementations from the repository's root."""
