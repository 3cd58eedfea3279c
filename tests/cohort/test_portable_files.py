"""SPSS's portable files: what they declare as missing keeps its reason."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from synthcohort.cohort.files import read_table, spss

VALUES = [109.0, -9.0, np.nan, -8.0, 120.0]
REASONS = {1: "Refused", 2: "system missing", 3: "code -8"}
LABELS = "D1/3/SBP1/-9/7/Refused"


def portable(path: Path, declared: str) -> Path:
    """Write a file, then put in the records that the library can't write."""
    pyreadstat.write_por(pd.DataFrame({"SBP": VALUES}), path, column_labels={"SBP": "x"})
    text = path.read_text().replace("\n", "").replace("\r", "")
    text = text.replace("C1/x", f"{declared}C1/x").replace("C1/xF", f"C1/x{LABELS}F")
    lines = [text[i : i + 80] for i in range(0, len(text), 80)]
    path.write_text("\r\n".join(lines) + "\r\n")
    return path


@pytest.mark.parametrize("declared", ["8-9/8-8/", "9-1/", "B-9/-8/"])
def test_values_and_ranges_that_mean_missing(tmp_path, declared: str) -> None:
    table = read_table(portable(tmp_path / "t.por", declared))
    assert table.frame["SBP"].isna().tolist() == [False, True, True, True, False]
    assert table.why("SBP").dropna().to_dict() == REASONS


def test_a_library_that_cannot_tell_the_reason(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(spss, "_parser", lambda: None)
    table = read_table(portable(tmp_path / "t.por", "9-1/"))
    assert set(table.why("SBP").dropna()) == {"declared or system missing"}
