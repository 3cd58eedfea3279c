"""The tables of a run: as declared, the same from the folder, refused where they are others."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from synthcohort.results.formats.run_tables import read_run_table, write_run_table
from synthcohort.results.manifest import FORMAT
from synthcohort.results.partition_keys import Cell, PartitionKey
from synthcohort.results.run_folder import read_findings
from synthcohort.results.schemas.key_columns import CELL, PARTITION
from synthcohort.results.table_descriptions import tables_text
from synthcohort.results.tables import SCHEMAS, Tables
from synthcohort.scene import SceneError


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_table_is_as_declared_and_the_same_from_its_file(name: str, small_run) -> None:
    """Bit for bit, though most files are text."""
    schema, table = SCHEMAS[name], getattr(small_run.tables, name)
    if schema.columns:
        assert list(table.columns) == [column.name for column in schema.columns]
    assert schema.faults(table) == []
    back = getattr(read_findings(small_run.folder).tables, name)
    pd.testing.assert_frame_equal(
        back, table, check_dtype=False, check_exact=True, check_index_type=False
    )


def test_every_declaration_has_a_meaning_and_a_file_of_its_own() -> None:
    assert len({schema.file for schema in SCHEMAS.values()}) == len(SCHEMAS)
    for schema in SCHEMAS.values():
        names = [column.name for column in schema.columns]
        assert len(set(names)) == len(names)
        assert schema.row
        assert all(column.meaning for column in schema.columns)


def test_tables_are_read_when_asked_for(small_run, tmp_path) -> None:
    folder = shutil.copytree(small_run.folder, tmp_path / "run")
    for path in [*folder.glob("*.csv"), *folder.glob("*.parquet")]:
        if path.name != "scores.csv":
            path.write_text("no table")
    assert read_findings(folder).tables.scores.equals(small_run.scores)


def test_words_for_nothing_are_words(tmp_path) -> None:
    table = pd.DataFrame(
        {"partition": ["p"] * 3, "truth": ["t"] * 3, "cluster": ["NA", "", "None"]}
    )
    table = table.assign(size=[1, 2, 3], jaccard=[0.1, 1 / 3, 0.7], match=[0, 1, 2])
    write_run_table(Tables.recovery, table, tmp_path, True)
    back = read_run_table(Tables.recovery, tmp_path)
    assert back["cluster"].tolist() == ["NA", "", "None"]
    assert back["jaccard"].tolist() == table["jaccard"].tolist()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.drop(columns="pac"), "pac: missing"),
        (lambda t: t.assign(more=1), "more: not declared"),
        (lambda t: t.assign(k="3"), "k: got .*, allowed: integer"),
        (lambda t: t.assign(z=float("nan")), "z: has missing values"),
    ],
)
def test_a_table_that_is_not_as_declared(change, message: str, small_run) -> None:
    with pytest.raises(ValueError, match=f"the table references is not as declared: {message}"):
        Tables(references=change(small_run.tables.references))


def test_a_table_that_nobody_declared() -> None:
    with pytest.raises(TypeError, match="got the table 'score', allowed: labels, scores"):
        Tables(score=pd.DataFrame())


def test_the_columns_of_keys_are_declared_so() -> None:
    assert [column.name for column in CELL] == Cell.COLUMNS == list(Cell("a", "b", 3).values)
    key = Cell("a", "b", 3).at(0.5)
    assert [column.name for column in PARTITION] == PartitionKey.COLUMNS == list(key.values)


def other(folder: Path, change) -> Path:
    path = folder / "manifest.json"
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))
    return folder


def test_folders_of_other_versions(small_run, tmp_path) -> None:
    reads = "synthcohort .*, which wrote this folder, reads it"
    newer = shutil.copytree(small_run.folder, tmp_path / "newer")
    other(newer, lambda m: m.update(format=FORMAT + 1))
    with pytest.raises(SceneError, match=rf"got format {FORMAT + 1}, allowed: up to .*{reads}"):
        read_findings(newer)
    table = shutil.copytree(small_run.folder, tmp_path / "table")
    other(table, lambda m: m["tables"].update(stability=7))
    with pytest.raises(SceneError, match=rf"stability\.csv: got version 7, allowed: 1; {reads}"):
        read_findings(table)
    other(table, lambda m: m.update(tables={"nulls": 1}))
    with pytest.raises(SceneError, match=rf"got a table nulls, allowed: labels, .*; {reads}"):
        read_findings(table)
    old = shutil.copytree(small_run.folder, tmp_path / "old")
    other(old, lambda m: [m.pop(key) for key in ("format", "tables")])
    assert read_findings(old).tables.scores.equals(small_run.scores)
    scores = pd.read_csv(old / "scores.csv").drop(columns=["base", "oracle"])
    scores.to_csv(old / "scores.csv", index=False)
    with pytest.raises(SceneError, match=rf"scores\.csv: has no column base, oracle.*{reads}"):
        _ = read_findings(old).tables.scores


def test_the_manual_has_the_declared_columns() -> None:
    page = Path(__file__).parents[2] / "docs" / "tables.md"
    assert page.read_text("utf-8") == tables_text()
