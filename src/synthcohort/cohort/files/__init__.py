"""One reader for the files that studies keep their tables in."""

from synthcohort.cohort.files.read import FORMATS, from_frame, read_table
from synthcohort.cohort.files.reading import Reading
from synthcohort.cohort.files.table import Table

__all__ = ["FORMATS", "Reading", "Table", "from_frame", "read_table"]
