"""One table of a few people as each kind of program would keep it."""

import gzip
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.feather as feather
import pyreadstat

PEOPLE = pd.DataFrame(
    {
        "pid": ["P001", "P002", "P003", "P004"],
        "sex": [1.0, 2.0, 1.0, 2.0],
        "sbp": [109.0, np.nan, 152.5, 125.0],
        "site": ["North", "South", "North", "East"],
    }
)
LABELS = {"sex": "Sex of respondent", "sbp": "Systolic blood pressure (mmHg)"}
CODES = {"sex": {1.0: "Male", 2.0: "Female"}}


def write(path: Path, frame: pd.DataFrame = PEOPLE, **options) -> Path:
    """Write a table in the format of a file's ending."""
    kind = path.name.split(".", 1)[1]
    labels = {n: LABELS[n] for n in frame if n in LABELS}
    codes = options.pop(
        "codes", {n: CODES[n] for n in frame if n in CODES and frame[n].dtype == float}
    )
    csv = frame.to_csv(index=False, **(options if kind.startswith("csv") else {}))
    if kind == "csv":
        path.write_text(csv)
    elif kind == "csv.gz":
        path.write_bytes(gzip.compress(csv.encode()))
    elif kind == "csv.zst":
        with pa.CompressedOutputStream(pa.OSFile(str(path), "wb"), "zstd") as file:
            file.write(csv.encode())
    elif kind == "csv.zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("people.csv", csv)
    elif kind == "parquet":
        frame.to_parquet(path)
    elif kind == "feather":
        feather.write_feather(pa.Table.from_pandas(frame, preserve_index=False), path)
    elif kind == "xlsx":
        write_sheets(path, {"Sheet1": frame})
    elif kind == "dta":
        pyreadstat.write_dta(
            frame, path, column_labels=labels, variable_value_labels=whole(codes), **options
        )
    elif kind in ("sav", "zsav"):
        pyreadstat.write_sav(
            frame,
            path,
            column_labels=labels,
            variable_value_labels=codes,
            compress=kind == "zsav",
            **options,
        )
    elif kind == "por":
        pyreadstat.write_por(frame, path, column_labels=labels)
    else:
        pyreadstat.write_xport(frame, path, column_labels=labels, file_format_version=8)
    return path


def whole(codes):
    """Stata's labels are of whole numbers."""
    return {
        name: {c if isinstance(c, str) else int(c): label for c, label in part.items()}
        for name, part in codes.items()
    }


def write_sheets(path: Path, sheets: dict[str, pd.DataFrame], above: int = 0) -> Path:
    """Write a workbook, NaN as empty cells."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, frame in sheets.items():
        sheet = book.create_sheet(name)
        for _ in range(above):
            sheet.append(["Made by the data office"])
        sheet.append(list(frame.columns))
        for row in frame.astype(object).where(frame.notna(), None).to_numpy().tolist():
            sheet.append(row)
    book.save(path)
    return path


def frames(frame: pd.DataFrame = PEOPLE):
    """Return the table in memory, of two libraries."""
    return {"pandas": frame, "polars": pl.from_pandas(frame)}
