"""Rivals of the consensus: planted groups, and k-means, mixtures and trees of scikit-learn."""

import numpy as np
import pytest
from sklearn.cluster import HDBSCAN, AgglomerativeClustering
from sklearn.metrics import adjusted_rand_score, silhouette_score
from sklearn.mixture import GaussianMixture

from synthcohort.clustering.rivals import RIVALS, run_rivals
from synthcohort.clustering.rivals.rival_clustering import by_size, nearest_centre, sample

PLAIN = [name for name, rival in RIVALS.items() if not rival.binary]


def three_groups(n: int = 300) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    truth = rng.choice(3, n, p=[0.5, 0.3, 0.2])
    centres = np.array([[0.0, 0.0, 0.0], [9.0, 0.0, 0.0], [0.0, 9.0, 0.0]])
    return centres[truth] + rng.normal(size=(n, 3)), truth


@pytest.mark.parametrize("name", PLAIN)
def test_groups_far_apart_are_found_and_counted(name: str) -> None:
    values, truth = three_groups()
    found = RIVALS[name].fit(values, 6, 0)
    assert found.n_clusters == 3
    assert adjusted_rand_score(truth, found.labels) > 0.97
    assert np.bincount(found.labels).tolist() == sorted(np.bincount(found.labels))[::-1]


@pytest.mark.parametrize("name", PLAIN)
def test_the_number_of_clusters_has_the_highest_criterion(name: str) -> None:
    found = RIVALS[name].fit(three_groups()[0], 6, 0)
    assert name == "hdbscan" or max(found.criterion, key=found.criterion.__getitem__) == 3


@pytest.mark.parametrize("name", ["mixture_tied", "mixture_full", "mixture_diagonal", "hdbscan"])
def test_one_normal_group_is_one_cluster(name: str) -> None:
    values = np.random.default_rng(1).normal(size=(400, 4))
    assert RIVALS[name].fit(values, 5, 0).n_clusters == 1


@pytest.mark.parametrize("name", [name for name in PLAIN if not RIVALS[name].scaled])
def test_the_scale_of_columns_matters_only_where_it_is_said_to(name: str) -> None:
    values, _ = three_groups(150)
    first = RIVALS[name].fit(values, 4, 0)
    second = RIVALS[name].fit(values * [1.0, 300.0, 1e-4] + 5, 4, 0)
    assert (first.labels == second.labels).all()
    assert first.criterion == pytest.approx(second.criterion)


def test_criteria_are_those_of_scikit_learn() -> None:
    values, _ = three_groups()
    cut = AgglomerativeClustering(4).fit_predict(values)
    assert RIVALS["ward"].fit(values, 5, 0).criterion[4] == pytest.approx(
        silhouette_score(values, cut)
    )
    values = (values - values.mean(axis=0)) / values.std(axis=0)
    one = GaussianMixture(1, covariance_type="tied").fit(values)
    of_one = RIVALS["mixture_tied"].fit(values, 3, 0).criterion[1]
    assert of_one == pytest.approx(-one.bic(values), abs=0.5)


def test_noise_of_hdbscan_follows_its_nearest_cluster() -> None:
    values, _ = three_groups()
    own = HDBSCAN(min_cluster_size=6, copy=True).fit(values).labels_
    found = RIVALS["hdbscan"].fit(values, 0, 0).labels
    assert adjusted_rand_score(own[own >= 0], found[own >= 0]) == 1


def test_latent_classes_of_yes_and_no() -> None:
    rng = np.random.default_rng(3)
    truth = rng.choice(3, 500, p=[0.5, 0.3, 0.2])
    yes = np.full((3, 10), 0.1)
    yes[1, :5], yes[2, 4:] = 0.9, 0.9
    values = (rng.random((500, 10)) < yes[truth]).astype(float)
    found = RIVALS["latent_classes"].fit(values, 5, 0)
    assert found.n_clusters == 3
    assert adjusted_rand_score(truth, found.labels) > 0.9
    independent = (rng.random((500, 6)) < 0.3).astype(float)
    alone = RIVALS["latent_classes"].fit(independent, 3, 0)
    assert alone.n_clusters == 1
    share = (independent.sum(axis=0) + 0.5) / 501
    likelihood = (independent * np.log(share) + (1 - independent) * np.log1p(-share)).sum()
    assert alone.criterion[1] == pytest.approx(2 * likelihood - 6 * np.log(500))


@pytest.mark.parametrize("name", RIVALS)
def test_fewer_distinct_people_than_clusters(name: str) -> None:
    values = np.repeat([[0.0, 1.0], [1.0, 0.0]], 10, axis=0)
    found = RIVALS[name].fit(values, 6, 0)
    assert found.n_clusters <= 2
    assert len(found.labels) == 20


@pytest.mark.parametrize("name", PLAIN)
def test_many_people_follow_the_model_of_a_sample(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    values, truth = three_groups(600)
    monkeypatch.setattr(sample, "__defaults__", (300,))
    found = RIVALS[name].fit(values, 4, 0)
    assert len(found.labels) == 600
    assert adjusted_rand_score(truth, found.labels) > 0.97


def test_numbers_by_size_and_nearest_centres() -> None:
    assert by_size(np.array([4, 4, 2, 2, 9])).tolist() == [0, 0, 1, 1, 2]
    fitted = np.array([[0.0], [2.0], [10.0]])
    labels = np.array([0, 0, 1])
    assert nearest_centre(np.array([[5.4], [5.6]]), fitted, labels).tolist() == [0, 1]


def test_every_rival_on_every_form_in_which_it_can_differ() -> None:
    values, truth = three_groups(150)
    found = list(run_rivals(values * [1.0, 1e4, 1e-3], 0, most=4))
    assert len({one.name for one in found}) == len(found) == 7 + 5 + 7
    plain = [o.found.labels for o in found if o.form == "zscore" and "spherical" not in o.name]
    assert all(adjusted_rand_score(truth, labels) > 0.9 for labels in plain)
    assert found[0].title == "k-means, z-score"
    yes = (values > 4).astype(float)
    assert [o.name for o in run_rivals(yes, 0, most=3)][-1] == "rival.latent_classes.binary"
    with pytest.raises(ValueError, match="every column is constant"):
        next(run_rivals(np.ones((9, 2)), 0))
