"""What a user registers is known by name, in worker processes too."""

import numpy as np
import pytest
from sklearn.cluster import Birch, KMeans
from sklearn.preprocessing import FunctionTransformer, QuantileTransformer

import synthcohort as sc
from synthcohort.cohort.cohort import cohort_of
from synthcohort.cohort.experiment_settings import with_settings
from synthcohort.grid.whole_grid import run_grid
from synthcohort.results.tables import SCHEMAS

SETTINGS = {
    "preprocessings": ["cubed", "ranked"],
    "whiten": [False],
    "base": {"birch": [3], "lloyd": [3]},
    "resolutions": [1.0],
    "bootstraps": 2,
    "refit": True,
    "references": 1,
}


@pytest.fixture
def registered():
    """Entries that only this process knows: lambdas have no name to be imported by."""
    sc.preprocessing.register_preprocessing("cubed", FunctionTransformer(lambda x: x**3))
    sc.preprocessing.register_preprocessing("ranked", lambda _: QuantileTransformer(n_quantiles=20))
    sc.bases.register_base("birch", Birch(threshold=0.01), title="BIRCH")
    sc.bases.register_base("lloyd", lambda k, exact: KMeans(k, n_init=3 if exact else 1))
    sc.metrics.register_metric("purity", lambda t: float(t.table.max(axis=0).sum() / t.table.sum()))
    yield
    for registry, names in (
        (sc.preprocessing.PREPROCESSINGS, ("cubed", "ranked")),
        (sc.bases.BASES, ("birch", "lloyd")),
        (sc.metrics.METRICS, ("purity",)),
    ):
        for name in names:
            del registry[name]


@pytest.mark.usefixtures("registered")
def test_a_grid_uses_them_in_other_processes() -> None:
    scene = with_settings(sc.load_scene("trap_simpson"), 60, None, SETTINGS)
    found = run_grid(cohort_of(sc.generate(scene)), False, 2, lambda *_: None)
    assert set(found.scores["preprocessing"]) == {"cubed", "ranked"}
    assert set(found.scores["base"]) == {"birch", "lloyd"}
    assert found.scores["purity"].between(0.2, 1).all()
    assert len(found.tables.references)
    assert not any("not compared with reference data sets" in note for note in found.notes)


@pytest.mark.parametrize("column", [column.name for column in SCHEMAS["scores"].columns])
def test_a_metric_takes_no_column_of_the_scores(column: str) -> None:
    with pytest.raises(sc.SceneError, match=f"metric: got the name '{column}', allowed: a name"):
        sc.metrics.register_metric(column, len)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sc.preprocessing.register_preprocessing("zscore", QuantileTransformer()),
         "preprocessing: got the name 'zscore', allowed: a name that does not come with"),
        (lambda: sc.preprocessing.register_preprocessing("a b", QuantileTransformer()),
         "preprocessing: got the name 'a b', allowed: letters, digits"),
        (lambda: sc.preprocessing.register_preprocessing("mine", 3), "got 3, allowed: a transf"),
        (lambda: sc.bases.register_base("kmeans", Birch()), "base clusterer: got the name"),
        (lambda: sc.bases.register_base("mine", np.zeros(2)), "allowed: a clusterer with n_clus"),
        (lambda: sc.metrics.register_metric("ari", len), "metric: got the name 'ari'"),
        (lambda: sc.metrics.register_metric("mine", 1), "got 1, allowed: a function of a Cont"),
    ],
)  # fmt: skip
def test_one_clear_message_each(call, message: str) -> None:
    with pytest.raises(sc.SceneError, match=message):
        call()
