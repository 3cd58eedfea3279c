"""Stability against dense brute force, pencil and paper, and known cases."""

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.cluster import AgglomerativeClustering, KMeans

from synthcohort import BootstrapClustering, score
from synthcohort.clustering.base.pooled_kmeans import PooledKMeans
from synthcohort.clustering.stability import Replicates, clusters_of, stability
from synthcohort.clustering.stability.cluster_stability import between, cluster_table, jaccards
from synthcohort.clustering.stability.individual_margins import margins
from synthcohort.clustering.stability.pair_ambiguity import (
    consensus_cdf,
    pac_with_error,
    pair_co_association,
)
from synthcohort.clustering.stability.replicate_agreement import (
    agreement,
    pairs_error,
    replicate_pairs,
)

N, B, K = 40, 9, 5


def random_case(seed: int, weighted: bool, left_out: bool) -> tuple[Replicates, np.ndarray]:
    rng = np.random.default_rng(seed)
    weight = rng.random(N) + 0.2 if weighted else None
    return Replicates(rng.integers(-1, K, (N, B)), weight, left_out), rng.integers(0, 4, N)


def dense(r: Replicates) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Weighted pairs together, and possible, summed over replicates; and the weights."""
    w = np.ones(N) if r.weight is None else r.weight / r.weight.mean()
    together, possible = np.zeros((N, N)), np.zeros((N, N))
    for column in r.assignments.T:
        present = column >= 0
        both = np.outer(present, present)
        together += (column[:, None] == column[None, :]) & both
        possible += both if r.left_out else 1
    for matrix in (together, possible):
        np.fill_diagonal(matrix, 0)
    return together * np.outer(w, w), possible * np.outer(w, w), w


CASES = [(seed, w, out) for seed in range(3) for w in (False, True) for out in (False, True)]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_margins_are_those_of_the_dense_matrix(case) -> None:
    r, labels = random_case(*case)
    together, possible, _ = dense(r)
    found = margins(clusters_of(r, labels))
    by_cluster = np.column_stack(
        [
            together[:, labels == c].sum(axis=1) / possible[:, labels == c].sum(axis=1)
            for c in range(4)
        ]
    )
    own = by_cluster[np.arange(N), labels]
    by_cluster[np.arange(N), labels] = -1
    assert found["own"].to_numpy() == pytest.approx(own)
    assert found["next"].to_numpy() == pytest.approx(by_cluster.max(axis=1))
    assert found["next_cluster"].tolist() == by_cluster.argmax(axis=1).tolist()
    assert found["margin"].to_numpy() == pytest.approx(own - by_cluster.max(axis=1))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_clusters_are_those_of_the_dense_matrix(case) -> None:
    r, labels = random_case(*case)
    together, possible, w = dense(r)
    member = np.eye(4)[labels]
    expected = (member.T @ together @ member) / (member.T @ possible @ member)
    assert between(clusters_of(r, labels)).to_numpy() == pytest.approx(expected)
    table = cluster_table(clusters_of(r, labels))
    assert table["within"].to_numpy() == pytest.approx(np.diag(expected))
    off = expected - np.eye(4)
    assert table["nearest"].tolist() == off.argmax(axis=1).tolist()
    assert table["between"].to_numpy() == pytest.approx(off.max(axis=1))
    assert table["ratio"].to_numpy() == pytest.approx(np.diag(expected) / off.max(axis=1))
    assert table["size"].to_numpy() == pytest.approx(member.T @ w)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_jaccard_is_that_of_the_best_of_all_unions(case) -> None:
    r, labels = random_case(*case)
    _, _, w = dense(r)
    found = jaccards(clusters_of(r, labels))
    unions = [u for size in range(1, K + 1) for u in itertools.combinations(range(K), size)]
    for b, c in itertools.product(range(B), range(4)):
        column = r.assignments[:, b]
        cluster = labels == c
        if r.left_out:
            cluster = cluster & (column >= 0)
        best = max(
            w[cluster & np.isin(column, u)].sum() / w[cluster | np.isin(column, u)].sum()
            for u in unions
        )
        assert found[b, c] == pytest.approx(best)


@pytest.mark.parametrize("weighted", [False, True])
def test_replicates_agree_as_the_scores_say(weighted) -> None:
    """Each pair's ARI and, as the mean of the individuals, its element-centric similarity."""
    r, _ = random_case(3, weighted, left_out=True)
    w = None if r.weight is None else r.weight
    ari, similarity = [], np.zeros((2, N))
    for i, j in itertools.combinations(range(B), 2):
        one, two = r.assignments[:, i], r.assignments[:, j]
        both = (one >= 0) & (two >= 0)
        weight = None if w is None else w[both]
        ari.append(score(one[both], two[both], ["ari"], weight=weight)["ari"])
        own = np.ones(N) if w is None else w
        for n in np.flatnonzero(both):
            first, second = both & (one == one[n]), both & (two == two[n])
            larger = max(own[first].sum(), own[second].sum())
            similarity[:, n] += own[first & second].sum() / larger, 1
    found = agreement(r)
    assert found.pairs == B * (B - 1) // 2
    assert found.ari == pytest.approx(np.mean(ari))
    assert found.consistency == pytest.approx(similarity[0] / similarity[1])


def test_identical_replicates_give_one_everywhere() -> None:
    labels = np.repeat([0, 1, 2], [20, 12, 8])
    r = Replicates(np.column_stack([(labels + b) % 3 for b in range(B)]))
    found = stability(r, labels)
    assert (found.individuals[["own", "margin", "consistency"]] == 1).all(axis=None)
    assert (found.clusters["jaccard"] == 1).all()
    assert found.clusters["recovered"].tolist() == [B] * 3
    assert found.clusters["dissolved"].tolist() == [0] * 3
    assert np.array_equal(found.between.to_numpy(), np.eye(3))
    assert np.isinf(found.clusters["ratio"]).all()
    assert found.summary["replicate_ari"] == found.summary["jaccard"] == 1
    assert found.summary["pac"] == found.summary["misplaced"] == 0
    inside = found.cdf[found.cdf["co_association"] < 1]
    assert inside["cdf"].nunique() == 1  # nothing between 0 and 1


def test_random_labels_give_what_chance_gives() -> None:
    """4,000 people, 60 replicates of 4 random base clusters, a partition that knows nothing.

    Co-association is binomial(60, 1/4) / 60. Means over individuals have tiny errors: within
    0.005; PAC within 4 SE of the binomial's.
    """
    rng = np.random.default_rng(5)
    n, b, k = 4000, 60, 4
    r, labels = Replicates(rng.integers(0, k, (n, b))), np.repeat([0, 1], [1200, 2800])
    found = stability(r, labels)
    assert found.individuals["own"].mean() == pytest.approx(1 / k, abs=0.005)
    assert found.individuals["margin"].mean() == pytest.approx(0, abs=0.005)
    assert found.individuals["consistency"].mean() == pytest.approx(1 / k, abs=0.01)
    assert found.clusters["within"].to_numpy() == pytest.approx(1 / k, abs=0.005)
    assert found.clusters["ratio"].to_numpy() == pytest.approx(1, abs=0.01)
    assert found.clusters["jaccard"].to_numpy() == pytest.approx([0.3, 0.7], abs=0.01)
    assert found.clusters["dissolved"].tolist() == [b, 0]
    assert found.summary["replicate_ari"] == pytest.approx(0, abs=0.002)
    ambiguous = binom.cdf(53, b, 1 / k) - binom.cdf(6, b, 1 / k)
    assert abs(found.summary["pac"] - ambiguous) < 4 * found.summary["pac_se"]
    expected = binom.cdf(np.floor(found.cdf["co_association"] * b + 1e-9), b, 1 / k)
    assert (np.abs(found.cdf["cdf"] - expected) < 4 * found.cdf["se"] + 1e-3).all()


def test_jaccard_by_pencil_and_paper() -> None:
    """Two clusters of five; one replicate has them, one moves a person, one splits the second.

    Moved: 5/6 and 4/5. Split into 3 and 2: the union of both is the cluster, so 1 and 1. All
    in one base cluster: 5/10 each, dissolved.
    """
    a, b = [0] * 5, [1] * 5
    assignments = np.array(
        [
            a + b,
            [0] * 6 + [1] * 4,
            [*a, 1, 1, 1, 2, 2],
            [0] * 10,
        ]
    ).T
    clusters = clusters_of(Replicates(assignments), ["first"] * 5 + ["second"] * 5)
    assert jaccards(clusters).T.tolist() == [[1, 5 / 6, 1, 0.5], [1, 4 / 5, 1, 0.5]]
    table = cluster_table(clusters)
    assert table["jaccard"].tolist() == pytest.approx([(2.5 + 5 / 6) / 4, (2.5 + 4 / 5) / 4])
    assert table["recovered"].tolist() == [3, 3]
    assert table["dissolved"].tolist() == [1, 1]
    # Of the 25 pairs between them: none, 5, none, all.
    assert table["between"].tolist() == pytest.approx([30 / 100] * 2)
    assert table["within"].tolist() == pytest.approx([1, (10 + 6 + 4 + 10) / 40])


def test_a_planted_core_and_a_planted_fence_sitter() -> None:
    """The last of each cluster goes over to the other in two of three replicates."""
    labels = np.repeat([0, 1], 10)
    moved = labels.copy()
    moved[[9, 19]] = 1, 0
    found = stability(Replicates(np.column_stack([labels, moved, moved])), labels).individuals
    assert (found["margin"] < 0).to_numpy().nonzero()[0].tolist() == [9, 19]
    assert found["next_cluster"].iloc[[9, 19]].tolist() == [1, 0]
    assert found["own"].iloc[9] == pytest.approx(1 / 3)
    assert found["next"].iloc[9] == pytest.approx((0 + 0.9 + 0.9) / 3)
    assert found["consistency"].idxmin() in (9, 19)


@pytest.mark.parametrize("weighted", [False, True])
def test_order_of_rows_and_names_do_not_matter(weighted) -> None:
    r, labels = random_case(6, weighted, left_out=False)
    order = np.random.default_rng(0).permutation(N)
    weight = None if r.weight is None else 10 * r.weight[order]
    renamed = np.where(r.assignments < 0, -1, (r.assignments + 2) % K)[order]
    one = stability(r, labels)
    two = stability(Replicates(renamed, weight), [f"c{c}" for c in labels[order]])
    columns = ["own", "next", "margin", "consistency"]
    assert two.individuals[columns].to_numpy() == pytest.approx(
        one.individuals[columns].to_numpy()[order]
    )
    columns = ["size", "jaccard", "recovered", "dissolved", "within", "between", "ratio"]
    assert two.clusters[columns].to_numpy() == pytest.approx(one.clusters[columns].to_numpy())
    names = ["jaccard", "margin", "misplaced", "replicate_ari", "replicate_ari_se"]
    assert two.summary[names].tolist() == pytest.approx(one.summary[names].tolist())


def test_a_weight_of_two_is_two_people_but_for_the_pair_of_the_two() -> None:
    """Between clusters there is no such pair: equal exactly."""
    r, labels = random_case(7, False, False)
    weight = np.arange(N) % 3 + 1
    one = between(clusters_of(Replicates(r.assignments, weight), labels)).to_numpy()
    rows = np.repeat(np.arange(N), weight)
    many = between(clusters_of(Replicates(r.assignments[rows]), labels[rows])).to_numpy()
    off = ~np.eye(4, dtype=bool)
    assert one[off] == pytest.approx(many[off])
    weighted, repeated = (
        jaccards(clusters_of(*args))
        for args in (
            (Replicates(r.assignments, weight), labels),
            (Replicates(r.assignments[rows]), labels[rows]),
        )
    )
    assert weighted == pytest.approx(repeated)


def test_sampled_pairs_estimate_the_whole_matrix() -> None:
    """PAC, the CDF and weighted PAC within 4 of their own standard errors."""
    for weighted in (False, True):
        r, _ = random_case(8, weighted, left_out=True)
        together, possible, w = dense(r)
        upper = np.triu_indices(N, 1)
        seen = possible[upper] > 0
        matrix = together[upper][seen] / possible[upper][seen]
        pair_weight = np.outer(w, w)[upper][seen]
        exact = np.average((matrix > 0.1) & (matrix < 0.9), weights=pair_weight)
        sample = pair_co_association(r)
        value, error = pac_with_error(sample)
        assert 0 < error < 0.005
        assert abs(value - exact) < 4 * error
        cdf = consensus_cdf(sample)
        truth = [
            np.average(matrix <= at + 1e-9, weights=pair_weight) for at in cdf["co_association"]
        ]
        assert (np.abs(cdf["cdf"] - truth) <= 4 * cdf["se"] + 1e-9).all()


def test_error_of_a_mean_over_pairs_is_the_sum_over_dependent_pairs() -> None:
    rng = np.random.default_rng(9)
    first, second = replicate_pairs(8, 12, 0)
    values = rng.random(12)
    deviation = values - values.mean()
    total = sum(
        deviation[p] * deviation[q]
        for p, q in itertools.product(range(12), repeat=2)
        if {first[p], second[p]} & {first[q], second[q]}
    )
    expected = np.sqrt(max(total, 0)) / 12
    assert pairs_error(values, first, second) == pytest.approx(expected)


@pytest.mark.parametrize("b", [2, 7, 60])
def test_pairs_of_replicates_are_different_and_all_can_come(b) -> None:
    first, second = replicate_pairs(b, 200, 1)
    assert len(first) == min(200, b * (b - 1) // 2)
    assert (first < second).all()
    assert second.max() < b
    assert len(set(zip(first, second, strict=True))) == len(first)
    if b == 60:  # the numbering is that of the combinations
        numbered = list(itertools.combinations(range(b), 2))
        chosen = np.sort(np.random.default_rng([1, 7]).choice(len(numbered), 200, replace=False))
        assert [numbered[i] for i in chosen] == list(zip(first, second, strict=True))


class Coin(ClusterMixin, BaseEstimator):
    """A clusterer that does not look at the data: all of its instability is its own."""

    def __init__(self, random_state: int = 0) -> None:
        self.random_state = random_state

    def fit(self, X, y=None):  # noqa: ARG002 - the contract of scikit-learn
        return self

    def predict(self, X):
        return np.random.default_rng(self.random_state).integers(0, 3, len(X))


def blobs(n: int = 300) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(n, 2))


def fitted(base, X, **settings) -> BootstrapClustering:
    return BootstrapClustering(base, n_bootstraps=25, n_jobs=1, **settings).fit(X)


def test_whose_instability_it_is() -> None:
    """A coin's is all its own, a deterministic clusterer's none, k-means' in between."""
    X = blobs()
    coin = fitted(Coin(), X).instability(X)
    assert coin.share == pytest.approx(1, abs=0.05)
    assert coin.refits == 20
    fixed = fitted(AgglomerativeClustering(3), X).instability(X)
    assert (fixed.same_sample, fixed.same_sample_se, fixed.share) == (1, 0, 0)
    assert fixed.other_sample < 0.9
    kmeans = fitted(KMeans(6, n_init=1), X).instability(X)
    assert 0.1 < kmeans.share < 1
    better = fitted(KMeans(6, n_init=10), X).instability(X)
    assert better.same_sample > kmeans.same_sample
    pooled = fitted(PooledKMeans(6, n_pool=2), X).instability(X)
    assert pooled.same_sample < 1  # another pool, not the same one again


def test_nothing_is_unstable() -> None:
    X = np.repeat([[0.0, 0.0], [9.0, 9.0]], 30, axis=0) + 0.1 * blobs(60)
    found = fitted(KMeans(2, n_init=1), X).instability(X, n_refits=5)
    assert (found.same_sample, found.other_sample, found.refits) == (1, 1, 5)
    assert np.isnan(found.share)


def test_the_estimator_measures_itself() -> None:
    frame = pd.DataFrame(blobs(), index=[f"SYN-{i}" for i in range(300)], columns=["a", "b"])
    model = fitted(KMeans(3, n_init=1), frame)
    found = model.stability()
    assert found.individuals.index.equals(frame.index)
    assert np.array_equal(found.individuals["cluster"], model.labels_)
    other = model.stability(model.partition(1.1))
    assert len(other.clusters) == model.partition(1.1).nunique()
    drawn = fitted(KMeans(3, n_init=1), frame, assign="in_bag").stability()
    # Only those drawn count: lowered by nothing that the others did.
    assert drawn.summary["margin"] == pytest.approx(found.summary["margin"], abs=0.1)


def test_nobody_to_compare_with() -> None:
    r = Replicates(np.array([[0, 0], [0, 1], [1, 1]]))
    alone = stability(r, [0, 0, 1])
    assert np.isnan(alone.individuals["own"].iloc[2])
    assert np.isnan(alone.clusters["within"].iloc[1])
    single = stability(r, [0, 0, 0])
    assert single.individuals["next"].isna().all()
    assert single.individuals["next_cluster"].isna().all()
    assert single.clusters["nearest"].isna().all()
    assert single.clusters["jaccard"].tolist() == [1]
    assert np.isnan(single.summary["margin"])
    one_replicate = stability(Replicates(np.array([[0], [0], [1]])), [0, 0, 1])
    assert np.isnan(one_replicate.summary["replicate_ari"])


def test_wrong_input() -> None:
    X = pd.DataFrame(blobs(), columns=["a", "b"])
    model = fitted(KMeans(3, n_init=1), X)
    with pytest.raises(ValueError, match="got 2 labels for 300 individuals, allowed: one each"):
        model.stability([0, 1])
    with pytest.raises(ValueError, match="labels has 1 missing values"):
        model.stability([None] + [1.0] * 299)
    moved = pd.Series(0, X.index[::-1])
    with pytest.raises(ValueError, match="labels and the fitted individuals have different index"):
        model.stability(moved)
    with pytest.raises(ValueError, match="got 299 individuals, allowed: the 300 who were fitted"):
        model.instability(X.iloc[1:])
    with pytest.raises(ValueError, match="got n_refits=0, allowed: 1 or more"):
        model.instability(X, n_refits=0)
