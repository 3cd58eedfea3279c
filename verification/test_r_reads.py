"""R reads the Stata and SPSS files: haven both, foreign what its old format allows.

Needs R with the packages haven and foreign; skipped with a message where they are missing.
"""

import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest
from tests.results.received import RENAMED, same, scene

from synthcohort import generate
from synthcohort.runs.population_export import export
from synthcohort.scene import SceneWarning

VALUES = """
d <- haven::read_{kind}("{path}")
labelled <- vapply(d, haven::is.labelled, TRUE)
labels <- vapply(d, function(x) {{ l <- attr(x, "label"); if (is.null(l)) "" else l }}, "")
d[labelled] <- lapply(d[labelled], function(x) as.character(haven::as_factor(x)))
numbers <- vapply(d, is.numeric, TRUE)
d[numbers] <- lapply(d[numbers], function(x) ifelse(is.na(x), "", sprintf("%.17g", x)))
write.csv(d, "{path}.csv", row.names = FALSE, na = "")
writeLines(labels, "{path}.labels")
cat(attr(d, "label"), "\\n")
"""


def r(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["Rscript", "--vanilla", "-e", code], capture_output=True, text=True, check=False
    )


def needs_r() -> None:
    if shutil.which("Rscript") is None:
        pytest.skip("Rscript is not installed")
    if r("library(haven); library(foreign)").returncode:
        pytest.skip("R has not both haven and foreign (Debian: r-cran-haven, r-cran-foreign)")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    needs_r()
    with pytest.warns(SceneWarning, match="in Stata and SPSS files"):
        return export(scene(), tmp_path_factory.mktemp("r"), formats=["dta", "sav"])


def read_by_haven(path: Path) -> pd.DataFrame:
    done = r(VALUES.format(kind=path.suffix[1:], path=path))
    assert done.returncode == 0, done.stderr
    assert "SYNTHETIC DATA" in done.stdout
    return pd.read_csv(f"{path}.csv", keep_default_na=False, na_values=[""])


@pytest.mark.parametrize("kind", ["dta", "sav"])
def test_the_cohort_that_looks_real(kind: str, tmp_path) -> None:
    needs_r()
    folder = export("haalsi_wave1", tmp_path, formats=[kind])
    same(read_by_haven(folder / f"data.{kind}"), generate("haalsi_wave1").to_frame())


@pytest.mark.parametrize("kind", ["dta", "sav"])
def test_haven_gives_the_same_values_and_labels(kind: str, folder) -> None:
    data = generate(scene()).to_frame()
    path = folder / f"data.{kind}"
    same(read_by_haven(path), data)
    labels = Path(f"{path}.labels").read_text().splitlines()
    by_name = dict(zip(["id", *(RENAMED.get(n, n) for n in data.columns)], labels, strict=True))
    assert by_name["Hemoglobin"] == "Haemoglobin (g/dL)"
    assert by_name["Age"] == "Age (years)"
    assert by_name["weight"] == "Survey weight"


def test_foreign_reads_the_spss_file_and_refuses_the_new_stata_format(folder) -> None:
    """The package foreign knows Stata files up to version 12 only; ours are of version 14."""
    data = generate(scene()).to_frame()
    path = folder / "data.sav"
    done = r(
        f'd <- foreign::read.spss("{path}", to.data.frame = TRUE);'
        f'write.csv(d, "{path}.csv", row.names = FALSE, na = "")'
    )
    assert done.returncode == 0, done.stderr
    found = pd.read_csv(f"{path}.csv", keep_default_na=False, na_values=[""])
    assert found["sex"].str.strip().tolist() == data["sex"].astype(str).tolist()
    # write.csv has 15 digits.
    pd.testing.assert_series_equal(
        found["Hemoglobin"], data["Hemoglobin"], check_index=False, rtol=1e-14
    )
    done = r(f'foreign::read.dta("{folder / "data.dta"}")')
    assert done.returncode != 0
    assert "not a Stata version 5-12 .dta file" in done.stderr
