"""Drafted settings: guesses by name, label and values, accepted as they are, and discreet."""

import tomllib

import numpy as np
import pandas as pd
import pytest
from tests.cohort.formats import write
from tests.cohort.test_cases import people

import synthcohort as sc
from synthcohort.cohort.draft.usual_names import usual_name
from synthcohort.cohort.files import from_frame, read_table
from synthcohort.cohort.mapping import table_cohort
from synthcohort.cohort.table_settings import load_settings


def draft(table) -> dict:
    return tomllib.loads(sc.draft_settings(table))


def comment(text: str, key: str) -> str:
    [line] = [one for one in text.splitlines() if one.lstrip("# ").startswith(f"{key} =")]
    return line.partition("  # ")[2]


def test_a_study_is_understood() -> None:
    frame = people().assign(
        interview_date="2019-05-01", village="V1", note=list(map(str, range(120)))
    )
    text = sc.draft_settings(frame)
    found = tomllib.loads(text)
    assert found["id"] == "pid"
    assert found["weight"] == "svy_w"
    assert list(found["covariates"]) == ["age"]
    assert list(found["groups"]) == ["sex", "site"]
    assert list(found["biomarkers"]) == ["sbp", "hb", "glu"]
    assert found["biomarkers"]["hb"] == {
        "unit": "g/dL",
        "cutoffs": {"low": {"female": 12, "male": 13}},
    }
    assert found["experiment"]["preprocessings"][-2:] == ["pathological", "binary"]
    for name in ("interview_date", "village", "note"):
        assert f"\n# {name}: " in text
    cohort = table_cohort(frame, load_settings(found), {})
    assert len(cohort.X) == len(frame)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "dta", "sav", "parquet", "xpt"])
def test_the_same_guesses_from_every_format(tmp_path, kind: str) -> None:
    path = write(tmp_path / f"t.{kind}", people())
    assert draft(path) == draft(people())
    table_cohort(read_table(path), load_settings(draft(path)), {})


def test_without_cutoffs_nothing_that_needs_them() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(80, 3)), columns=["mean radius", "v[1]", "ω"])
    text = sc.draft_settings(frame)
    assert tomllib.loads(text)["experiment"]["preprocessings"] == ["zscore", "minmax", "robust"]
    assert comment(text, '"mean radius"') == "its name is unknown: is it a measurement?"
    smallest = table_cohort(frame, load_settings({"biomarkers": list(frame)}), {})
    assert smallest.scene.experiment.preprocessings == ["zscore", "minmax", "robust"]


@pytest.mark.parametrize("kind", ["dta", "sav", "csv"])
def test_codes_are_marked_and_the_rare_are_not_written(tmp_path, kind: str) -> None:
    frame = people().assign(educ=np.tile([1.0, 2.0, 3.0, 4.0, 4.0, 9.0], 20))
    frame.loc[:9, "sbp"] = -9.0
    frame.loc[10:17, "sbp"] = 999.0
    frame.loc[:2, "glu"] = -99.0
    path = write(tmp_path / f"t.{kind}", frame, codes={"sbp": {-9.0: "Refused"}})
    text = sc.draft_settings(path)
    found = tomllib.loads(text)
    assert found["biomarkers"]["sbp"]["missing_codes"] == [-9, 999]
    assert "look like codes for missing" in comment(text, "sbp")
    assert "missing_codes" not in found["biomarkers"]["glu"]
    assert "-99" not in text
    assert "some values look like a code" in comment(text, "glu")
    assert found["groups"]["educ"]["missing_codes"] == [9]
    cohort = table_cohort(read_table(path), load_settings(found), {})
    assert not cohort.X["sbp"].isin([-9, 999]).any()


def test_words_for_missing_among_numbers() -> None:
    words = people()["sbp"].astype(str)
    words[:3], words[3:5], words[10:16] = ".a", "Refused", "no cuff"
    found = draft(people().assign(sbp=words))
    assert found["biomarkers"]["sbp"]["missing_codes"] == [".a", "Refused", "no cuff"]
    words[20] = "Mrs Smith"
    text = sc.draft_settings(people().assign(sbp=words))
    assert "\n# sbp: some of its values are no numbers" in text
    assert "Smith" not in text


def test_a_draft_holds_no_id_no_rare_level_and_no_small_count() -> None:
    frame = people().assign(pid=[f"secret-{i}" for i in range(120)])
    frame.loc[:1, "site"] = "Hermitage"
    frame.loc[5:6, "sbp"] = 999.0
    text = sc.draft_settings(frame.assign(height=1.6543 + frame["hb"] / 100))
    for word in ("secret", "Hermitage", "1.6543", "999", str(frame["sbp"].max())):
        assert word not in text
    assert "fewer than 5 people have some level" in comment(text, "site")


def test_waves_and_ids_that_repeat() -> None:
    both = pd.concat([people().assign(wave=wave) for wave in (1, 2)]).reset_index(drop=True)
    found = draft(both)
    assert found["where"] == {"wave": 1}
    assert "repeated_ids" not in found
    assert draft(both.drop(columns="wave"))["repeated_ids"] == "first"
    for table in (both, both.drop(columns="wave")):
        assert len(table_cohort(from_frame(table), load_settings(draft(table)), {}).X) == 120


def test_gaps_ask_for_imputation_and_leave_out_what_few_have() -> None:
    frame = people()
    frame.loc[:39, "hb"] = np.nan
    frame.loc[:79, "glu"] = np.nan
    frame.loc[60:99, "site"] = None
    text = sc.draft_settings(frame)
    found = tomllib.loads(text)
    assert found["experiment"]["missing"] == "impute"
    assert list(found["biomarkers"]) == ["sbp", "hb"]
    assert list(found["groups"]) == ["sex"]
    assert "\n# glu: over half of its values are missing" in text


def test_columns_made_of_others_and_doubts_stand_beside_their_line() -> None:
    frame = people().assign(total=lambda f: f["sbp"] + f["hb"])
    frame.loc[[0, 2], "sex"] = "Male "
    text = sc.draft_settings(frame)
    assert tomllib.loads(text)["experiment"]["whiten_min_share"] == 0.01
    assert "nearly" in "".join(comment(text, name) for name in ("total", "sbp", "hb"))
    assert "several ways of writing" in comment(text, "sex")


def test_units_come_from_labels_names_and_sizes() -> None:
    rng = np.random.default_rng(2)
    frame = pd.DataFrame(
        {
            "SEQN": np.arange(200) + 5000,
            "RIAGENDR": rng.integers(1, 3, 200),
            "WTMEC2YR": rng.uniform(5000, 80000, 200),
            "SDMVPSU": rng.integers(1, 3, 200),
            "LBXGLU": rng.normal(105, 20, 200).round(),
            "w1c_bs_mean_sbp": rng.normal(135, 20, 200).round(),
            "r4mheight": rng.normal(1.62, 0.08, 200).round(3),
        }
    )
    found = draft(frame)
    assert (found["id"], found["weight"]) == ("SEQN", "WTMEC2YR")
    assert found["groups"]["RIAGENDR"]["levels"] == {"1": "male", "2": "female"}
    assert "SDMVPSU" not in found["groups"]
    units = {name: part["unit"] for name, part in found["biomarkers"].items()}
    assert units == {"LBXGLU": "mg/dL", "w1c_bs_mean_sbp": "mmHg", "r4mheight": "m"}
    assert found["biomarkers"]["LBXGLU"]["cutoffs"] == {"high": 126}


@pytest.mark.parametrize(
    ("name", "label", "meant"),
    [
        ("W1C_RAGE_CALC", "", "Age"),
        ("hhidpn", "", "id"),
        ("r3wtresp", "", "weight"),
        ("cciw_w6", "", "weight"),
        ("bl_hbalc", "", "HbA1c"),
        ("PTC_ADJ", "", "Cholesterol_total"),
        ("v1", "Person-level weight", "weight"),
        ("v1", "Weight (kg)", "Weight"),
        ("v1", "Direct HDL-cholesterol (mg/dL)", "Cholesterol_hdl"),
        ("Systolic Blood Pressure", "", "BP_systolic"),
    ],
)
def test_usual_names(name: str, label: str, meant: str) -> None:
    found = usual_name(name, label)
    assert found is not None
    assert meant in (found.measure, found.role)


def test_wildcards() -> None:
    frame = people().assign(**{f"v{i}": np.arange(120.0) ** (1 + i / 9) for i in range(4)})
    frame["x*"] = frame["sbp"]
    settings = {
        "id": "pid",
        "biomarkers": {"v*": {"unit": "mm"}, "v2": {"unit": "cm"}, "x*": {}},
        "groups": ["s?x"],
        "experiment": {"biomarkers": ["v*"]},
    }
    cohort = table_cohort(frame, load_settings(settings), {})
    assert list(cohort.X) == ["v0", "v1", "v3", "v2", "x*"]
    assert list(cohort.groups) == ["sex"]
    assert [cohort.scene.biomarkers[f"v{i}"].unit for i in range(4)] == ["mm", "mm", "cm", "mm"]
    assert cohort.scene.experiment.biomarkers == ["v0", "v1", "v3", "v2"]
    made, _ = sc.calibrate(frame, settings={"biomarkers": ["v*", "h?"]})
    assert list(made.scene.biomarkers) == ["v0", "v1", "v2", "v3", "hb"]
    with pytest.raises(sc.SceneError, match=r"'w\*': fits no column of the table"):
        table_cohort(frame, load_settings({"biomarkers": ["w*", "hb"]}), {})


def test_cluster_without_settings_says_what_it_would_guess(tmp_path) -> None:
    path = write(tmp_path / "t.csv", people())
    with pytest.raises(sc.SceneError) as caught:
        sc.cluster(path, out=tmp_path / "runs")
    text = str(caught.value)
    assert "id pid; weight svy_w; covariates age; groups sex, site; biomarkers sbp, hb, glu" in text
    assert f"synthcohort settings {path} > mine.toml" in text
    assert not (tmp_path / "runs").exists()


def test_a_table_without_measurements_is_refused() -> None:
    with pytest.raises(sc.SceneError, match="no column looks like a measurement"):
        sc.draft_settings(pd.DataFrame({"pid": list("abcdef"), "sex": list("mfmfmf")}))


def test_a_unit_is_no_guess_where_the_values_are_impossible_in_it() -> None:
    frame = people().assign(bmi=lambda f: (f["hb"] - 13) / 20, edema=np.tile([0, 0.5, 1], 40))
    text = sc.draft_settings(frame.assign(flc_grp=np.arange(120) % 12))
    found = tomllib.loads(text)
    assert found["biomarkers"]["bmi"] == {}
    assert "are they standardized?" in comment(text, "bmi")
    assert list(found["groups"]) == ["sex", "site", "edema", "flc_grp"]
