"""What the page says of an answer that depends on imputed values."""

from functools import partial

import numpy as np
import pandas as pd
import pytest

from synthcohort.cohort.cohort import cohort_of
from synthcohort.cohort.experiment_settings import with_settings
from synthcohort.cohort.participants import clustered
from synthcohort.evaluation.null_test.verdicts import Verdict
from synthcohort.grid import verdict_of_grid
from synthcohort.grid.verdict_of_grid import complete_verdict
from synthcohort.population import generate
from synthcohort.report.sentences.imputing_sentences import imputing_decides, imputing_said
from synthcohort.report.sentences.scene_headline import headline, key_points
from synthcohort.results.findings import Findings, Individuals
from synthcohort.results.tables import Tables
from synthcohort.scene import load_scene

GROUPS, NOTHING = "groups", "nothing more than correlation"


def findings(word: str, alone: str, as_many: str, aris=(0.9, 0.7)) -> Findings:
    table = pd.DataFrame(
        {
            "analysis": [f"a{i}" for i in range(len(aris))],
            "base": "kmeans",
            "k": 3,
            "resolution": 1.0,
            "partition": "p",
            "complete": 276,
            "n_clusters_complete": 3,
            "ari": aris,
            "n_clusters": 3,
        }
    )
    return Findings(
        load_scene("no_clusters"),
        partial(Individuals, pd.DataFrame(), pd.DataFrame(), pd.DataFrame()),
        Tables(complete_cases=table),
        verdict={"word": word, "p_value": 0.01, "references": 99},
        complete={
            "word": alone,
            "p_value": 0.25,
            "references": 19,
            "individuals": 276,
            "as_many": as_many,
        },
    )


def test_the_first_sentence_says_that_the_verdict_depends_on_imputing_and_why() -> None:
    said = headline(findings(GROUPS, NOTHING, GROUPS))
    assert said.startswith(
        "The verdict depends on imputing: with everybody groups (p = 0.01, 99 references), with "
        "the 276 complete cases only nothing more than correlation (p = 0.25, 19 references); as "
        "many drawn from everybody give groups, so it is the imputed values, or the people whose "
        "values are missing."
    )
    said = imputing_decides(findings(GROUPS, NOTHING, NOTHING))
    assert said.endswith("give nothing more than correlation, so it is their number.")


def test_agreeing_verdicts_and_how_far_partitions_agree_are_among_the_points() -> None:
    found = findings(GROUPS, GROUPS, "")
    assert imputing_decides(found) == ""
    said = imputing_said(found)
    assert "agree at an ARI of 0.70 to 0.90, median 0.80." in said[0]
    assert said[1] == "The verdict on the 276 complete cases alone is the same: groups."
    assert key_points(found)[-2:] == said or key_points(found) == said
    assert "agree at an ARI of 0.90." in imputing_said(findings(GROUPS, GROUPS, "", (0.9,)))[0]


@pytest.mark.parametrize("gaps", [False, True])
def test_the_complete_cases_are_judged_where_values_were_imputed(gaps, monkeypatch) -> None:
    scene = with_settings(load_scene("haalsi_example"), 60, None, {"missing": "impute"})
    population = generate(scene)
    if gaps:
        population.measured["Weight"][:20] = np.nan
    people = clustered(cohort_of(population))
    asked = []

    def judged(people, *_):
        asked.append(people)
        nan = float("nan")
        return Verdict(NOTHING, 0.5, 19, len(people.X), "", nan, nan, None, nan)

    monkeypatch.setattr(verdict_of_grid, "verdict_of", judged)
    nan = float("nan")
    everybody = Verdict(GROUPS, 0.01, 99, 60, "", nan, nan, None, nan)
    found = complete_verdict(people, everybody, 0, 1, lambda *_: None)
    if not gaps:
        assert found is None
        return
    assert found["word"] == found["as_many"] == NOTHING
    first, second = asked
    assert list(first.X.index) == list(people.X.index[20:])
    assert len(second.X) == 40
    assert not second.X.index.equals(first.X.index)
    assert int(second.rows.sum()) == 40
