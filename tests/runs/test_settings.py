"""One model of the settings: what is made from it is up to date, and wrong keywords are named."""

import inspect
from pathlib import Path

import pandas as pd
import pytest
from docs.settings_pages import PAGES

import synthcohort as sc
from synthcohort.cli.setting_arguments import keywords
from synthcohort.scene.model import Experiment
from synthcohort.scene.run_settings import RunOptions, given_settings, settings_for


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_what_is_made_from_the_model_is_up_to_date(path: Path) -> None:
    assert path.read_text("utf-8") == PAGES[path](), "python -m docs.settings_pages"


def test_every_setting_says_what_it_is_and_where_it_applies() -> None:
    fields = RunOptions.model_fields | Experiment.model_fields
    assert set(settings_for("run")) | set(settings_for("cluster")) == set(fields)
    for name, field in fields.items():
        assert field.description, name


@pytest.mark.parametrize("verb", [sc.run, sc.cluster])
def test_the_signature_and_the_help_name_every_setting(verb) -> None:
    names = set(settings_for(verb.__name__))
    assert names < set(inspect.signature(verb).parameters)
    assert "**" not in str(inspect.signature(verb))
    for name in names:
        assert f"    {name} : " in verb.__doc__


def test_wrong_keywords_are_named_with_the_nearest_all_at_once(tmp_path) -> None:
    with pytest.raises(sc.SceneError) as caught:
        sc.run(
            "trap_simpson",
            tmp_path,
            bootstrap=3,
            keep_data=True,
            workers=0,
            preprocessings=["zscor"],
        )
    assert [str(one) for one in caught.value.problems] == [
        "bootstrap: unknown setting of run; did you mean 'bootstraps'?",
        "keep_data: is a setting of cluster, not of run",
        "workers: got 0, allowed: 1 or more",
        "experiment.preprocessings: got 'zscor'; did you mean 'zscore'?",
    ]
    assert list(tmp_path.iterdir()) == []


def test_a_first_look_is_small_and_what_is_given_wins() -> None:
    first = given_settings("run", {"quick": True}).experiment
    assert first == {"base": {"kmeans": [3, 8]}, "bootstraps": 25}
    given = {"quick": True, "bootstraps": 7, "resolutions": [1.0]}
    assert given_settings("cluster", given).experiment == first | {
        "bootstraps": 7,
        "resolutions": [1.0],
    }
    assert given_settings("run", {"quick": False}).experiment == {}


@pytest.mark.parametrize(
    ("settings", "size"), [({}, 2_000), ({"size": 2_500}, 2_500), ({"quick": False}, 10_000)]
)
def test_a_first_look_has_two_thousand_people(settings, size, tmp_path) -> None:
    run = sc.run("haalsi_example", tmp_path, **{"quick": True, "cluster": False} | settings)
    assert len(pd.read_parquet(run.folder / "data.parquet")) == size


def test_the_same_for_a_table(tmp_path) -> None:
    with pytest.raises(sc.SceneError) as caught:
        sc.cluster(tmp_path / "no.csv", {"biomarkers": ["a"]}, tmp_path, sede=3, exact="yes")
    lines = [str(one) for one in caught.value.problems]
    assert lines[:2] == [
        "sede: unknown setting of cluster; did you mean 'seed'?",
        "exact: got 'yes', allowed: true or false",
    ]
    assert len(lines) == 3


def test_none_leaves_a_setting_as_it_is() -> None:
    given = given_settings("run", {"size": None, "bootstraps": None, "workers": 2})
    assert given.options == RunOptions(workers=2)
    assert given.experiment == {}


def test_options_become_keywords() -> None:
    found = keywords({"base": ["hdbscan"], "k": [5], "whiten": False, "resolutions": [0.5]})
    assert found == {"base": {"hdbscan": [5]}, "whiten": [False], "resolutions": [0.5]}
