"""The pipeline on a user's own table: the same as on a scene, and clear about every fault."""

import json
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from synthcohort import cluster, generate, score
from synthcohort.cohort.cohort import cohort_of
from synthcohort.cohort.experiment_settings import with_settings
from synthcohort.cohort.files import read_table
from synthcohort.cohort.mapping import table_cohort
from synthcohort.cohort.table_settings import load_settings, settings_of
from synthcohort.grid.whole_grid import run_grid
from synthcohort.results.manifest import verify
from synthcohort.results.run_folder import read_findings
from synthcohort.runs.population_export import export
from synthcohort.runs.report_files import renew_report
from synthcohort.scene import SceneError, load_scene

SMALL = {
    "preprocessings": ["zscore", "pathological"],
    "base": {"kmeans": [3]},
    "resolutions": [0.8, 1.0],
    "bootstraps": 6,
}
MAPPING = {
    "id": "pid",
    "biomarkers": {
        "Weight": {"column": "wt", "unit": "kg"},
        "Height": {"column": "ht", "cutoffs": {"low": {"male": 160, "female": 150}}},
        "Hip": {"column": "hip", "label": "Hip circumference"},
    },
    "groups": {"sex": {"column": "gender", "levels": {"1": "male", "2": "female"}}},
    "experiment": SMALL,
}


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    X, metadata, _ = generate("haalsi_example", size=200)
    return pd.DataFrame(
        {
            "pid": np.arange(1001.0, 1201.0),
            "wt": X["Weight"].to_numpy(),
            "ht": X["Height"].to_numpy(),
            "hip": X["Hip"].to_numpy(),
            "gender": metadata["sex"].map({"male": 1.0, "female": 2.0}).astype(float).to_numpy(),
            "village": metadata["region"].astype(str).to_numpy(),
            "w": np.linspace(0.5, 2, 200),
        }
    )


@pytest.fixture(scope="module")
def finished(people, tmp_path_factory):
    folder = tmp_path_factory.mktemp("table")
    people.to_csv(folder / "people.csv", index=False)
    return cluster(folder / "people.csv", MAPPING, folder / "out", workers=1, references=2), folder


def grid(table, settings=MAPPING, **experiment):
    """Cluster without a folder or a page: they are most of the time of a small run."""
    mapping = load_settings(settings)
    cohort = table_cohort(table, mapping, experiment)
    return cohort, run_grid(cohort, False, 1, lambda *_: None)


@pytest.fixture(scope="module")
def made():
    """Return a scene and its grid, as a run has it but for the ceilings."""
    scene = with_settings(load_scene("haalsi_example"), 300, None, SMALL)
    cohort = replace(cohort_of(generate(scene)), population=None)
    return scene, run_grid(cohort, False, 1, lambda *_: None)


@pytest.mark.parametrize("kind", ["csv", "dta", "sav"])
def test_the_same_partitions_as_the_run_that_made_the_table(kind: str, made, tmp_path) -> None:
    scene, of_scene = made
    folder = export(scene, tmp_path, formats=[kind])
    table = read_table(folder / f"data.{kind}")
    cohort = table_cohort(table, settings_of("haalsi_example", table.names), SMALL)
    own = run_grid(cohort, False, 1, lambda *_: None)
    pd.testing.assert_frame_equal(own.labels, of_scene.labels, check_index_type=False)
    both = ["sex", "region"]
    one, two = (
        r.scores[r.scores["truth"].isin(both)].reset_index(drop=True) for r in (own, of_scene)
    )
    columns = ["partition", "truth", "ari", "ami", "n_clusters"]
    pd.testing.assert_frame_equal(one[columns], two[columns])


def test_the_folder_holds_no_truth_and_no_data(finished) -> None:
    done, _ = finished
    names = {p.name for p in done.folder.iterdir()}
    assert not names & {"data.csv", "data.parquet", "truth.parquet", "reliability.csv"}
    assert {
        "labels.parquet",
        "scores.csv",
        "codebook.csv",
        "report.html",
        "references.csv",
    } <= names
    assert verify(done.folder) == []
    labels = pd.read_parquet(done.folder / "labels.parquet")
    assert labels.index.tolist() == list(range(1001, 1201))
    assert set(done.scores["truth"]) == {"sex"}
    assert done.scores["ceiling"].isna().all()
    manifest = json.loads((done.folder / "manifest.json").read_text())
    assert manifest["synthetic"] == "false"
    assert manifest["table"]["file"] == "people.csv"
    assert not pd.read_csv(done.folder / "codebook.csv")["synthetic"].any()


def test_the_page_speaks_of_a_table(finished) -> None:
    done, _ = finished
    html = done.report.read_text()
    assert "YOUR TABLE: not synthetic" in html
    assert "generated" not in html
    assert "1st percentile" in html
    assert "1101" not in html  # no id
    assert "reference data sets" in html
    assert not (done.folder / "figures" / "losses.svg").exists()


def test_the_page_again_needs_the_table(finished, people) -> None:
    done, folder = finished
    before = done.report.read_bytes()
    with pytest.raises(SceneError, match="holds no copy of the table, so the table has to be giv"):
        renew_report(done.folder)
    people.assign(wt=1.0).to_csv(folder / "other.csv", index=False)
    with pytest.raises(SceneError, match="is not the table that this run clustered"):
        renew_report(done.folder, folder / "other.csv")
    renew_report(done.folder, folder / "people.csv")
    assert done.report.read_bytes() == before
    assert verify(done.folder) == []


def test_data_are_kept_when_asked_and_not_called_synthetic(people, tmp_path) -> None:
    done = cluster(
        people, MAPPING, tmp_path, keep_data=True, workers=1, verdict=False, whiten=[False]
    )
    data = pd.read_parquet(done.folder / "data.parquet")
    assert list(data.columns) == ["sex", "Weight", "Height", "Hip"]
    pd.testing.assert_frame_equal(
        read_findings(done.folder).people.biomarkers, done.findings.people.biomarkers
    )
    import pyarrow.parquet as pq

    assert pq.read_schema(done.folder / "data.parquet").metadata[b"synthetic"] == b"false"


def test_a_table_without_groups(people, tmp_path) -> None:
    mapping = {"biomarkers": ["wt", "ht", "hip"]}
    small = SMALL | {"preprocessings": ["zscore"]}
    done = cluster(people, mapping, tmp_path, keep_data=True, workers=1, verdict=False, **small)
    assert (done.scores["n_clusters"] >= 1).all()
    assert done.scores["ari"].isna().all()
    assert done.labels.index.tolist() == list(range(200))
    assert len(read_findings(done.folder).tables.scores) == len(done.scores)
    assert "--verdict asks it" in done.report.read_text()


def test_rows_left_out_are_counted(people) -> None:
    table = people.copy()
    table.loc[:4, "gender"] = np.nan
    table.loc[3:9, "w"] = np.nan
    table.loc[20:29, "wt"] = np.nan
    cohort, done = grid(table, MAPPING | {"weight": "w"})
    assert cohort.notes == [
        "10 of 200 rows of the table have no value in a group, covariate or weight and were left "
        "out: 5 in sex, 7 in the survey weight.",
        "The survey weights of 'w', scaled to mean 1, act in the bootstrap, in the "
        "co-association and in every score.",
        "Missing values by reason: Weight (empty: 10); sex (empty: 5).",
    ]
    assert done.notes[0].startswith("10 of 190 individuals have missing values")
    assert len(done.labels) == 190
    assert done.labels.isna().any(axis=1).sum() == 10


def test_cutoffs_of_a_file_beside_the_settings(people, tmp_path) -> None:
    (tmp_path / "c.csv").write_text(
        "variable,level,direction,threshold\nHip,male,above,100\nHip,female,above,90\n"
    )
    (tmp_path / "s.toml").write_text(
        'cutoffs = "c.csv"\nbiomarkers = ["wt"]\n[groups.sex]\ncolumn = "gender"\n'
        'levels = { 1 = "male", 2 = "female" }\n'
    )
    with pytest.raises(SceneError, match="line 2: got the variable 'Hip'; allowed: wt"):
        cluster(people, tmp_path / "s.toml", tmp_path / "out")
    text = (tmp_path / "s.toml").read_text().replace('["wt"]', '["wt", "hip"]')
    (tmp_path / "s.toml").write_text(text)
    (tmp_path / "c.csv").write_text((tmp_path / "c.csv").read_text().replace("Hip", "hip"))
    small = SMALL | {"preprocessings": ["binary"], "base": {"kmeans": [2]}, "whiten": [False]}
    done = cluster(people, tmp_path / "s.toml", tmp_path / "out", workers=1, verdict=False, **small)
    assert done.findings.scene.biomarkers["hip"].cutoffs.high == {"male": 100.0, "female": 90.0}
    assert done.findings.scene.name == "s"


def test_the_page_again_of_settings_that_were_overridden(people, tmp_path) -> None:
    """Thirty rows can't have the 40 clusters of the default grid, which was not run."""
    people[:30].to_csv(tmp_path / "t.csv", index=False)
    small = SMALL | {"base": {"kmeans": [2]}}
    mapping = {key: MAPPING[key] for key in ("id", "biomarkers", "groups")}
    done = cluster(tmp_path / "t.csv", mapping, tmp_path / "out", workers=1, verdict=False, **small)
    again = read_findings(done.folder, tmp_path / "t.csv")
    pd.testing.assert_frame_equal(again.people.biomarkers, done.findings.people.biomarkers)
    assert again.scene == done.findings.scene


def test_a_column_called_weight_is_a_survey_weight_only_of_a_sampled_scene() -> None:
    columns = ["id", "Height", "weight"]
    scene = {
        "name": "kilograms",
        "biomarkers": {"weight": {"unit": "kg", "noise": 9.0}, "Height": {"noise": 6.0}},
    }
    assert settings_of(scene, columns).weight is None
    assert settings_of(scene, columns).biomarkers == ["weight", "Height"]
    region = {"probabilities": {"a": 0.5, "b": 0.5}}
    sampled = {
        "name": "sampled",
        "groups": {"region": region},
        "sampling": {"by": "region", "probabilities": {"a": 0.1, "b": 0.4}},
        "biomarkers": {"Height": {"noise": 6.0}},
    }
    assert settings_of(sampled, columns).weight == "weight"
    assert settings_of(sampled, ["Height"]).weight is None


@pytest.mark.parametrize(
    ("base", "resolutions", "note"),
    [
        ({"hdbscan": [60]}, [0.5, 1.0], "HDBSCAN: 12 of 12 fits found only noise, no cluster at"),
        ({"kmeans": [2]}, [1e-6, 2e-6], None),
        ({"kmeans": [100]}, [500.0], None),
    ],
)
def test_a_run_without_a_partition_to_judge_is_finished(base, resolutions, note, tmp_path) -> None:
    """Only noise; one cluster everywhere; more clusters than anybody reads one by one."""
    rng = np.random.default_rng(0)
    table = pd.DataFrame(rng.normal(size=(120, 3)), columns=list("abc"))
    small = SMALL | {"preprocessings": ["zscore"], "base": base, "resolutions": resolutions}
    done = cluster(
        table, {"biomarkers": ["a", "b", "c"]}, tmp_path, workers=1, verdict=False, **small
    )
    assert verify(done.folder) == []
    judged = done.findings.tables.stability["n_clusters"].between(2, 60)
    assert not judged.any(), done.findings.tables.stability["n_clusters"]
    assert done.findings.tables.stability["jaccard"].isna().all()
    assert note is None or note in done.report.read_text()


FAULTY = {
    "unknown column": (
        {"wt": None},
        {},
        ["column 'wt': is not in the table; "],
    ),
    "text among numbers": (
        {"wt": ["sixty"] + ["60"] * 199},
        {},
        ["column 'wt': got 'sixty' in row 1 (1 values are not numbers), allowed: numbers"],
    ),
    "all missing": ({"ht": np.nan}, {}, ["column 'ht': all 200 values are missing"]),
    "infinite": ({"ht": [np.inf] + [1.0] * 199}, {}, ["column 'ht': got an infinite value in row"]),
    "constant": (
        {"hip": 90.0},
        {},
        ["column 'hip': every value is 90.0 (the biomarker 'Hip'), allowed: values that differ"],
    ),
    "two of an id": (
        {"pid": [1, 1, 2, 2, *range(3, 199)]},
        {},
        ["column 'pid': got 2 ids more than once (1, 2), allowed: an id a row"],
    ),
    "missing id": ({"pid": [np.nan, *range(199)]}, {}, ["column 'pid': 1 ids are missing"]),
    "unknown level": (
        {"gender": [3.0, *[1.0] * 199]},
        {},
        ["column 'gender': got '3'; allowed: 1"],
    ),
    "negative weight": (
        {"w": [-1.0] + [1.0] * 199},
        {"weight": "w"},
        ["column 'w': got 1 negative weights, allowed: 0 or more"],
    ),
    "zero weights": ({"w": 0.0}, {"weight": "w"}, ["column 'w': every weight is 0, allowed: some"]),
    "all at once": (
        {"wt": np.nan, "hip": 90.0, "pid": 1},
        {"experiment": {"bootstraps": 0}},
        [
            "column 'wt': all 200 values are missing",
            "column 'hip': every value is 90.0",
            "column 'pid': got 1 ids more than once",
            "experiment.bootstraps: got 0, allowed: 1 or more",
        ],
    ),
    "unknown preprocessing": (
        {},
        {"experiment": {"preprocessings": ["zscor"]}},
        ["experiment.preprocessings: got 'zscor'; did you mean 'zscore'?"],
    ),
    "too large k": (
        {},
        {"experiment": {"base": {"kmeans": [201]}}},
        ["experiment.base.kmeans: got k = 201, allowed: at most the 200 individuals"],
    ),
    "unknown keys": (
        {},
        {"wieght": "w", "groups": {"sex": {"colum": "gender"}}},
        [
            "wieght: unknown key; did you mean 'weight'?",
            "groups.sex.colum: unknown key; did you mean 'column'?",
        ],
    ),
    "a scene's key": (
        {},
        {"biomarkers": {"wt": {"baseline": 5}}},
        ["biomarkers.wt.baseline: unknown key; allowed: column, unit, label, cutoffs, missing"],
    ),
    "kinds": (
        {},
        {"biomarkers": ["wt", "wt", 3], "groups": 5, "experiment": 1},
        [
            "experiment: got 1, allowed: a table",
            "biomarkers.2: got 3, allowed: the name of a column",
            "biomarkers: got 'wt' twice, allowed: once",
            "groups: got 5, allowed: a list of columns or a table of them",
        ],
    ),
    "cut-offs by levels that are not there": (
        {},
        {"groups": ["village"]},
        ["biomarkers.Height.cutoffs.low: got male, female, allowed: exactly the levels of one"],
    ),
    "too few distinct rows": (
        {"wt": [50.0, 60.0] * 100},
        {"biomarkers": ["wt"], "experiment": SMALL | {"preprocessings": ["zscore"]}},
        [
            "experiment.base: got k = 3 for z-score, allowed: at most its 2 distinct rows",
            "experiment.base: got k = 3 for z-score whitened, allowed: at most its 2 distinct rows",
        ],
    ),
    "truth": (
        {},
        {"experiment": {"truth": "region"}},
        ["experiment.truth: got 'region'; allowed: sex"],
    ),
}


@pytest.mark.parametrize("name", FAULTY)
def test_faults(name: str, people, tmp_path) -> None:
    columns, settings, messages = FAULTY[name]
    dropped = [key for key, value in columns.items() if value is None]
    table = people.assign(**{k: v for k, v in columns.items() if v is not None})
    with pytest.raises(SceneError, match=":") as error:
        cluster(
            table.drop(columns=dropped),
            MAPPING | settings,
            tmp_path / "out",
            workers=1,
            verdict=False,
        )
    found = [str(problem) for problem in error.value.problems]
    assert len(found) == len(messages), found
    for message in messages:
        assert sum(line.startswith(message) for line in found) == 1, found
    assert not (tmp_path / "out").exists()


def test_settings_or_a_scene(people, tmp_path) -> None:
    both = {"settings": MAPPING, "scene": "haalsi_example"}
    words = {"got none. The columns look like: id pid": {}, "got both settings and a scene": both}
    for word, given in words.items():
        with pytest.raises(SceneError, match=word):
            cluster(people, out=tmp_path / "out", **given)
    with pytest.raises(SceneError, match="column 'Weight': is not in the table"):
        cluster(people, scene="haalsi_example", out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_thirds_of_a_covariate_are_compared(people, tmp_path) -> None:
    table = people.assign(Age=np.r_[np.nan, np.linspace(40, 90, 199)])
    mapping = MAPPING | {"covariates": ["Age"]}
    done = cluster(
        table, mapping, tmp_path, keep_data=True, workers=1, verdict=False, whiten=[False]
    )
    assert set(done.scores["truth"]) == {"sex", "Age (tertiles)"}
    assert "fewer than 5 in Age" in done.findings.notes[0]
    truths = read_findings(done.folder).people.truths
    pd.testing.assert_frame_equal(truths, done.findings.people.truths)
    assert truths["Age (tertiles)"].value_counts().tolist() == [67, 66, 66]
    with pytest.raises(SceneError, match="column 'village': got 'mixed' in row 1"):
        cluster(table, mapping | {"covariates": ["village"]}, tmp_path / "no")


def test_codes_that_mean_missing(people) -> None:
    table = people.copy()
    table.loc[:4, "wt"] = -9
    table.loc[5:6, "wt"] = 999.0
    table.loc[10:12, "gender"] = 9
    biomarkers = MAPPING["biomarkers"] | {"Weight": {"column": "wt", "missing_codes": [-9, 999.0]}}
    sex = MAPPING["groups"]["sex"] | {"missing_codes": [9]}
    mapping = MAPPING | {"biomarkers": biomarkers, "groups": {"sex": sex}}
    cohort = table_cohort(table, load_settings(mapping), {})
    assert cohort.notes[0] == "Values that mean missing: 7 in Weight, 3 in sex."
    assert "fewer than 5 in sex" in cohort.notes[1]
    assert cohort.X["Weight"].isna().sum() == 7
    assert len(cohort.X) == 197
    faulty = {"biomarkers": {"wt": {"missing_codes": -9}}}
    with pytest.raises(SceneError, match=r"biomarkers.wt.missing_codes: got -9, allowed: a list"):
        load_settings(faulty)


def test_missing_values_can_be_imputed(people) -> None:
    table = people.copy()
    table.loc[20:29, "wt"] = np.nan
    small = {"preprocessings": ["zscore"], "whiten": [False], "missing": "impute"}
    _, done = grid(table, **small)
    assert done.labels.notna().all().all()
    assert done.notes[0].startswith("10 missing values of 10 individuals were imputed")


def test_survey_weights_change_the_scores(people) -> None:
    with_weight = MAPPING | {"weight": "w"}
    _, plain = grid(people)
    _, weighted = grid(people, with_weight)
    _, ten = grid(people.assign(w=people["w"] * 8), with_weight)
    assert not weighted.scores["ari"].equals(plain.scores["ari"])
    pd.testing.assert_frame_equal(ten.scores, weighted.scores)


def test_the_settings_of_the_guide_work() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "guide.md").read_text()
    text = next(b for b in guide.split("```toml\n")[1:] if "[groups.sex]" in b).split("```")[0]
    rng = np.random.default_rng(0)
    table = pd.DataFrame(
        {
            "pid": range(60),
            "svy_weight": rng.uniform(0.5, 2, 60),
            "age": rng.uniform(40, 90, 60),
            "bp_sys": rng.normal(130, 20, 60),
            "hb": rng.normal(13, 1, 60),
            "rsex": [1, 2] * 30,
            "region": ["rural", "urban", "mixed"] * 20,
        }
    )
    cohort = table_cohort(table, load_settings(tomllib.loads(text)), {})
    assert cohort.scene.biomarkers["Haemoglobin"].cutoffs.low == {"female": 12.0, "male": 13.0}
    assert list(cohort.known) == ["sex", "region", "age (tertiles)"]
    assert cohort.weight is not None
    assert cohort.weight.mean() == pytest.approx(1)


def test_a_table_is_asked_whether_there_is_anything(tmp_path) -> None:
    """Two groups 8 SDs apart: also without reference data for each setting."""
    rng = np.random.default_rng(5)
    far = np.repeat([0.0, 8.0], 60)
    table = pd.DataFrame({"a": rng.normal(size=120) + far, "b": rng.normal(size=120)})
    settings = {"biomarkers": ["a", "b"], "experiment": SMALL | {"preprocessings": ["zscore"]}}
    done = cluster(table, settings, tmp_path, workers=1, whiten=[False])
    assert done.findings.verdict["word"] == "groups"
    chosen = done.labels[done.findings.choice["partition"]].to_numpy(dtype=int)
    assert score(chosen, far)["ari"] > 0.95
    assert done.tables.references.empty
    assert len(done.tables.rivals)
    page = done.report.read_text("utf-8")
    assert "--verdict asks" not in page
