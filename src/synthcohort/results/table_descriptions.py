"""What tables a run folder has, in words: the page of the manual that is made from the schemas."""

from __future__ import annotations

from synthcohort.results.schemas.table_schema import Column, TableSchema
from synthcohort.results.tables import SCHEMAS

_START = """# The tables of a run

Made from `results/schemas`: `python -m synthcohort.results.table_descriptions > docs/tables.md`.
In Python `run.tables.stability` is a table, `Tables.stability` its declaration. A table that a run
has not is empty, and has no file.
"""


def tables_text() -> str:
    """Describe every table as Markdown: its file, what a row is, and its columns."""
    return "\n".join([_START, *(_described(schema) for schema in SCHEMAS.values())])


def _described(schema: TableSchema) -> str:
    index = f"; the index is the individuals' {schema.index}" if schema.index else ""
    lines = [
        f"## {schema.name}",
        "",
        f"`{schema.file}`, version {schema.version}. A row is {schema.row}{index}.",
        "",
        "| column | kind | unit | meaning | missing |",
        "| --- | --- | --- | --- | --- |",
        *(_line(f"`{column.name}`", column) for column in schema.columns),
    ]
    if schema.others is not None:
        lines.append(_line(f"{schema.others.name}, each", schema.others))
    return "\n".join([*lines, ""])


def _line(name: str, column: Column) -> str:
    return f"| {name} | {column.kind} | {column.unit} | {column.meaning} | {column.missing} |"


if __name__ == "__main__":
    print(tables_text(), end="")
