"""Populations as files: variables, codebook, CSV, Parquet, Stata, SPSS."""
