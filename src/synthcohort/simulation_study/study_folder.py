"""The folder of a study: its file, its tables, read back."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pyarrow.parquet

from synthcohort.machine.written_files import write_text
from synthcohort.results.formats.spreadsheets import write_spreadsheet
from synthcohort.results.formats.writers import write_parquet
from synthcohort.scene import Problem, SceneError
from synthcohort.simulation_study.study_file import load_study
from synthcohort.simulation_study.study_tables import StudyTables

RESULTS, STUDY = "results.parquet", "study.json"


def write_study(folder: Path, tables: StudyTables) -> None:
    """Write the tables of a study and its resolved file into a folder."""
    write_parquet(tables.results, folder / RESULTS)
    write_spreadsheet(tables.summary, folder / "summary.csv")
    write_spreadsheet(tables.differences, folder / "differences.csv")
    content = {"study": tables.study.model_dump(), "varied": tables.varied}
    text = json.dumps(content, indent=2, ensure_ascii=False)
    write_text(text + "\n", folder / STUDY)


def read_study(folder: str | Path) -> StudyTables:
    """Open the folder of a finished study.

    Raises
    ------
    SceneError
        If it is none.
    """
    root = Path(folder)
    try:
        content = json.loads((root / STUDY).read_text(encoding="utf-8"))
        results: pd.DataFrame = pyarrow.parquet.read_table(root / RESULTS).to_pandas()
    except (OSError, ValueError) as error:
        problem = Problem("", f"got {str(folder)!r}, allowed: the folder of a study ({error})")
        raise SceneError("study", [problem]) from None
    return StudyTables(load_study(content["study"]), content["varied"], results)
