"""The choice of a run: rivals beside the grid, and the test that lets it choose."""

from dataclasses import replace

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score

from synthcohort import generate
from synthcohort.evaluation.metrics.counted_groupings import Groupings
from synthcohort.evaluation.null_test.verdicts import Verdict
from synthcohort.grid.choice_of_grid import choice_of
from synthcohort.grid.partition_scores import Scorer
from synthcohort.grid.rivals_of_grid import rivals_of


def test_the_choice_is_among_the_grid_and_its_rivals() -> None:
    people = generate("planted_profiles", size=250, seed=7)
    X = people.X[people.scene.experiment.biomarkers]
    truth = people.truth["profile"].cat.codes.to_numpy()
    rivals = rivals_of(X, None, Scorer(Groupings({"profile": truth}, None)), 0, 1)
    assert set(rivals.table["partition"]) == set(rivals.labels) == set(rivals.titles)
    row = rivals.table.iloc[0]
    assert row["ari"] == adjusted_rand_score(truth, rivals.labels[row["partition"]])
    rng = np.random.default_rng(0)
    labels = pd.DataFrame({"a": truth, "b": rng.integers(4, size=len(X))}, index=X.index)
    scores = pd.DataFrame({"partition": ["a", "b"], "analysis": ["zscore", "minmax"]})
    verdict = Verdict("groups", 0.01, 99, 250, "two groups", 5.0, 2.0, None, 9.0)
    choice = choice_of(X, labels, scores, rivals, verdict, 0)
    assert choice.p_value == 0.01
    picked = pd.concat([labels, rivals.labels], axis=1)[choice.partition]
    assert adjusted_rand_score(truth, picked) > 0.7
    assert {"zscore", "minmax"} <= set(choice.alternatives["source"])
    for word in ("a gradient", "nothing more than correlation", "cannot tell"):
        other = choice_of(X, labels, scores, rivals, replace(verdict, word=word), 0)
        assert other.partition is None
