"""Tables as real studies keep them: each kind of difficulty in three formats."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from tests.cohort.formats import write

from synthcohort import theory
from synthcohort.calibration.user_file import calibrate
from synthcohort.cohort.files import Reading, from_frame, read_table
from synthcohort.cohort.mapping import table_cohort
from synthcohort.cohort.table_settings import load_settings
from synthcohort.results.run_folder import write_table
from synthcohort.scene import SceneError

N = 120
SETTINGS = {
    "id": "pid",
    "biomarkers": ["sbp", "hb", "glu"],
    "groups": ["sex", "site"],
    "experiment": {"preprocessings": ["zscore"], "base": {"kmeans": [2]}, "bootstraps": 5},
}


def people() -> pd.DataFrame:
    rng = np.random.default_rng(5)
    return pd.DataFrame(
        {
            "pid": [f"P{i:03d}" for i in range(N)],
            "sex": np.where(np.arange(N) % 2, "female", "male"),
            "site": rng.choice(["East", "North", "South"], N),
            "age": rng.integers(40, 84, N),
            "sbp": rng.normal(130, 18, N).round(1),
            "hb": rng.normal(13, 1.2, N).round(1),
            "glu": rng.normal(6, 0.8, N).round(2),
            "svy_w": rng.uniform(0.5, 2, N).round(3),
        }
    )


def cohort_of_file(path, settings=None, **options):
    mapping = load_settings(SETTINGS | (settings or {}))
    table = read_table(path, Reading(**mapping.reading), mapping.wanted)
    return table_cohort(table, mapping, options)


def coded(value: float = -9.0, column: str = "sbp", rows=range(10)) -> pd.DataFrame:
    frame = people()
    frame[column] = frame[column].astype(float)
    frame.loc[list(rows), column] = value
    return frame


def doubtful(cohort, words: str) -> bool:
    return any(words in doubt for doubt in cohort.doubts)


@pytest.mark.parametrize("codes", [[-9], ["Refused"], {"-9": "Refused"}])
@pytest.mark.parametrize("kind", ["dta", "sav"])
def test_a_number_in_which_one_code_has_a_label(tmp_path, kind: str, codes) -> None:
    path = write(tmp_path / f"t.{kind}", coded(), codes={"sbp": {-9.0: "Refused"}})
    biomarkers = {"sbp": {"missing_codes": codes}, "hb": {}, "glu": {}}
    cohort = cohort_of_file(path, {"biomarkers": biomarkers})
    assert cohort.X["sbp"].notna().sum() == N - 10
    assert cohort.missing.to_dict("records") == [
        {"variable": "sbp", "reason": "Refused", "count": 10}
    ]
    assert not cohort.doubts
    said = cohort_of_file(path)
    assert doubtful(said, "10 times -9 (Refused) looks like a code for missing")


def test_the_reason_of_a_code_may_stand_in_the_settings(tmp_path) -> None:
    path = write(tmp_path / "t.xlsx", coded())
    biomarkers = {"sbp": {"missing_codes": {"-9": "Refused"}}, "hb": {}, "glu": {}}
    cohort = cohort_of_file(path, {"biomarkers": biomarkers})
    assert "Missing values by reason: sbp (Refused: 10)." in cohort.notes


@pytest.mark.parametrize("kind", ["sav", "zsav", "dta"])
def test_missing_by_the_file_itself(tmp_path, kind: str) -> None:
    frame, labels = coded(), {"sbp": {-9.0: "Refused"}}
    options = {"missing_ranges": {"sbp": [{"lo": -99, "hi": -1}]}}
    if kind == "dta":
        frame["sbp"] = frame["sbp"].astype(object).where(frame["sbp"] > 0, "r")
        labels, options = {"sbp": {"r": "Refused"}}, {"missing_user_values": {"sbp": ["r"]}}
    cohort = cohort_of_file(write(tmp_path / f"t.{kind}", frame, codes=labels, **options))
    assert cohort.X["sbp"].notna().sum() == N - 10
    assert list(cohort.missing["reason"]) == ["Refused"]
    assert not cohort.doubts


@pytest.mark.parametrize("kind", ["sav", "dta", "zsav"])
def test_a_group_partly_labelled_keeps_codes_and_people(tmp_path, kind: str) -> None:
    frame = people()
    frame["site"] = frame["site"].map({"North": 2.0, "South": 1.0, "East": 3.0})
    path = write(tmp_path / f"t.{kind}", frame, codes={"site": {2.0: "North", 1.0: "South"}})
    cohort = cohort_of_file(path)
    assert list(cohort.groups["site"].cat.categories) == ["South", "North", "3"]
    assert len(cohort.X) == N
    write_table(tmp_path, cohort, keep_data=False)
    book = pd.read_csv(tmp_path / "codebook.csv").set_index("variable")
    assert book.loc["site", "levels"] == "1 = South; 2 = North; 3"


def test_codes_are_not_exchanged_in_the_codebook(tmp_path) -> None:
    frame = people()
    frame["sex"] = frame["sex"].map({"male": 1.0, "female": 2.0})
    path = write(tmp_path / "t.sav", frame, codes={"sex": {1.0: "Male", 2.0: "Female"}})
    write_table(tmp_path, cohort_of_file(path), keep_data=False)
    book = pd.read_csv(tmp_path / "codebook.csv").set_index("variable")
    assert book.loc["sex", "levels"] == "1 = Male; 2 = Female"
    assert book.loc["sbp", "label"] == "Systolic blood pressure"
    assert book.loc["sbp", "unit"] == "mmHg"


@pytest.mark.parametrize("kind", ["dta", "sav", "zsav"])
def test_a_top_code_is_a_number(tmp_path, kind: str) -> None:
    frame = people()
    frame["age"] = frame["age"].clip(upper=75)
    path = write(tmp_path / f"t.{kind}", frame, codes={"age": {75.0: "75 and over"}})
    cohort = cohort_of_file(path, {"covariates": ["age"]})
    assert "age (tertiles)" in cohort.known
    assert doubtful(cohort, "75 is a top code, labelled '75 and over'")


@pytest.mark.parametrize("kind", ["csv", "xlsx", "feather", "polars"])
@pytest.mark.parametrize("word", ["None", "NA", "nan"])
def test_a_level_that_reads_like_missing(tmp_path, kind: str, word: str) -> None:
    frame = people().assign(site=lambda f: f["site"].replace("East", word))
    east = int((frame["site"] == word).sum())
    mapping = load_settings(SETTINGS)
    if kind == "polars":
        cohort = table_cohort(from_frame(pl.from_pandas(frame)), mapping, {})
    else:
        cohort = cohort_of_file(write(tmp_path / f"t.{kind}", frame))
    assert (cohort.groups["site"] == word).sum() == east
    assert doubtful(cohort, f"{word!r} of {east} people is a level")
    levels = {"sex": {}, "site": {"levels": [word, "North", "South"]}}
    declared = table_cohort(from_frame(frame), load_settings(SETTINGS | {"groups": levels}), {})
    assert not declared.doubts
    assert list(declared.groups["site"].cat.categories) == [word, "North", "South"]


@pytest.mark.parametrize("kind", ["csv", "dta", "xpt"])
def test_undeclared_codes_are_said_and_refused_when_strict(tmp_path, kind: str) -> None:
    frame = coded()
    frame.loc[20:27, "sbp"] = 999.0
    path = write(tmp_path / f"t.{kind}", frame)
    cohort = cohort_of_file(path)
    words = (
        "column 'sbp': 10 times -9, 8 times 999 looks like a code for missing and counts as a "
        "measurement (if so, sbp.missing_codes = [-9, 999])"
    )
    assert cohort.doubts == [words]
    with pytest.raises(SceneError, match=r"t.\w+: column 'sbp': 10 times -9, 8 times 999 looks"):
        cohort_of_file(path, {"strict": True})
    assert not cohort_of_file(path, {"strict": True, "accept": ["codes"]}).doubts


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_blanks_and_case_make_no_levels(tmp_path, kind: str) -> None:
    frame = people()
    frame.loc[[0, 2, 4], "sex"] = ["Male ", "MALE", " male"]
    path = write(tmp_path / f"t.{kind}", frame)
    cohort = cohort_of_file(path)
    assert list(cohort.groups["sex"].cat.categories) == ["female", "male"]
    assert doubtful(cohort, "' male', 'MALE', 'Male ', 'male' were trimmed and joined")
    apart = cohort_of_file(path, {"keep_levels_apart": True})
    assert apart.groups["sex"].nunique() == 5


DECIMALS = {"csv": {"sep": ";", "decimal": ","}, "tab": {"sep": "\t", "decimal": ","}}


@pytest.mark.parametrize("kind", ["csv", "tab", "xlsx"])
def test_decimal_commas(tmp_path, kind: str) -> None:
    path = tmp_path / ("t.xlsx" if kind == "xlsx" else "t.csv")
    if kind == "xlsx":  # typed in as text
        words = people()["sbp"].map(lambda v: str(v).replace(".", ","))
        write(path, people().assign(sbp=words))
    else:
        people().to_csv(path, index=False, **DECIMALS[kind])
    cohort = cohort_of_file(path)
    np.testing.assert_allclose(cohort.X["sbp"], people()["sbp"])
    made, _ = calibrate(path, biomarkers=["sbp"])
    assert made.scene.biomarkers["sbp"].baseline == pytest.approx(people()["sbp"].mean(), rel=1e-3)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
@pytest.mark.parametrize("beyond", ["limit", "half", "missing"])
def test_below_detection(tmp_path, kind: str, beyond: str) -> None:
    frame = people()
    low = frame["glu"] < 5.2
    words = frame["glu"].astype(str).mask(low, "<5.2")
    words[[50, 51]] = "> 12"
    path = write(tmp_path / f"t.{kind}", frame.assign(glu=words))
    cohort = cohort_of_file(path, {"beyond_detection": beyond})
    expected = {"limit": 5.2, "half": 2.6, "missing": np.nan}[beyond]
    np.testing.assert_array_equal(cohort.X["glu"][low.to_numpy()].unique(), [expected])
    assert cohort.X["glu"].iloc[50] == pytest.approx(12) or beyond == "missing"
    assert not cohort.doubts
    if beyond == "missing":
        counts = cohort.missing.set_index("reason")["count"]
        assert counts["below detection (< 5.2)"] == low.sum()
    else:
        assert (cohort.known["glu beyond detection"] == "beyond").sum() == low.sum() + 2
    assert doubtful(cohort_of_file(path), "are below detection (< 5.2) and count as 5.2")


@pytest.mark.parametrize("kind", ["dta", "sav", "zsav"])
def test_two_codes_of_one_label(tmp_path, kind: str) -> None:
    frame = people().assign(other=np.tile([1.0, 2.0], N // 2))
    frame["sex"] = frame["sex"].map({"male": 1.0, "female": 2.0})
    labels = {"sex": {1.0: "Male", 2.0: "Female"}, "other": {1.0: "x", 2.0: "x"}}
    path = write(tmp_path / f"t.{kind}", frame, codes=labels)
    assert list(cohort_of_file(path).groups["sex"].cat.categories) == ["Male", "Female"]
    used = cohort_of_file(path, {"groups": ["other"]}).groups["other"]
    assert list(used.cat.categories) == ["x (1)", "x (2)"]


@pytest.mark.parametrize("kind", ["dta", "sav", "xlsx", "csv"])
def test_empty_text_is_missing(tmp_path, kind: str) -> None:
    frame = people().assign(site=lambda f: f["site"].replace("East", "  "))
    cohort = cohort_of_file(write(tmp_path / f"t.{kind}", frame))
    assert len(cohort.X) == (frame["site"] != "  ").sum()
    assert list(cohort.groups["site"].cat.categories) == ["North", "South"]
    assert list(cohort.missing["variable"]) == ["site"]


@pytest.mark.parametrize("kind", ["csv", "sav", "xlsx"])
def test_calibrate_takes_the_settings_of_cluster(tmp_path, kind: str) -> None:
    frame = coded()
    frame.loc[20:27, "sbp"] = 999.0
    path = write(tmp_path / f"t.{kind}", frame)
    settings = SETTINGS | {
        "biomarkers": {"sbp": {"missing_codes": [-9, 999]}, "hb": {"unit": "g/dL"}},
        "groups": ["sex"],
        "covariates": ["age"],
        "weight": "svy_w",
    }
    made, _ = calibrate(path, settings=settings)
    assert list(made.scene.biomarkers) == ["sbp", "hb"]
    women = people().drop([*range(10), *range(20, 28)]).query("sex == 'female'")
    mean = np.average(women["sbp"], weights=women["svy_w"])
    found = theory(made.scene).cell_means["sbp"].xs("female", level="sex").item()
    assert found == pytest.approx(mean, rel=0.005)
    assert made.scene.biomarkers["hb"].unit == "g/dL"
    with pytest.raises(SceneError, match="got columns beside a settings file"):
        calibrate(path, ["sex"], settings=settings)


@pytest.mark.parametrize("kind", ["csv", "dta", "parquet"])
def test_waves(tmp_path, kind: str) -> None:
    both = pd.concat([people().assign(wave=w, sbp=lambda f, w=w: f["sbp"] + w) for w in (1, 2)])
    path = write(tmp_path / f"t.{kind}", both.reset_index(drop=True))
    with pytest.raises(SceneError, match=r"got 120 ids more than once .* repeated_ids = 'first'"):
        cohort_of_file(path)
    for settings in ({"where": {"wave": 2}}, {"repeated_ids": "last"}):
        cohort = cohort_of_file(path, settings)
        np.testing.assert_allclose(cohort.X["sbp"], people()["sbp"] + 2)


def test_missing_and_imputed_are_known_groupings() -> None:
    frame = coded(np.nan, "hb", range(30))
    frame.loc[20:49, "glu"] = np.nan
    mapping = load_settings(SETTINGS)
    imputed = table_cohort(frame, mapping, {"missing": "impute"}).known
    assert list(imputed)[2:] == ["hb imputed", "glu imputed", "anything imputed"]
    assert (imputed["anything imputed"] == "yes").sum() == 50
    only = table_cohort(frame, mapping, {"biomarkers": ["sbp", "glu"]}).known
    assert list(only)[2:] == ["hb missing"]
    assert (only["hb missing"] == "missing").sum() == 30


def test_no_output_counts_few_people(tmp_path) -> None:
    frame = coded(np.nan, "hb", range(3))
    frame.loc[5:6, "site"] = "Far"
    cohort = table_cohort(frame, load_settings(SETTINGS), {})
    write_table(tmp_path, cohort, keep_data=False)
    book = pd.read_csv(tmp_path / "codebook.csv").set_index("variable")
    assert book.loc["hb", "missing"] == "fewer than 5"
    assert book.loc["hb", "missing_reasons"] == "empty: fewer than 5"
    assert np.isnan(book.loc["hb", "missing_percent"])
    assert doubtful(cohort, "fewer than 5 people have the level 'Far'")
    exact = table_cohort(frame, load_settings(SETTINGS | {"smallest_cell": 1}), {})
    assert "Missing values by reason: hb (empty: 3)." in exact.notes


def test_all_problems_of_all_kinds_in_one_round(tmp_path) -> None:
    frame = people().assign(hb="x", glu=1.0)
    path = write(tmp_path / "t.csv", frame)
    faulty = {"weight": "wgt", "experiment": {"bootstraps": 0, "preprocessings": ["zscor"]}}
    with pytest.raises(SceneError, match=r"t.csv: column 'hb': got 'x' in row 1") as caught:
        cohort_of_file(path, faulty)
    text = str(caught.value)
    assert "settings: column 'wgt': is not in the table" in text
    assert "t.csv: column 'glu': every value is 1.0" in text
    assert "settings: experiment.bootstraps: got 0" in text
    assert "np." not in text
