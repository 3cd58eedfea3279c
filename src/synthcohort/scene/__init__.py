"""synthcohort."""
