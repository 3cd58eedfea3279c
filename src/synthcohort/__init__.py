"""synthcohort: synthetic cohorts with a known truth."""
