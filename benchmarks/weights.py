"""Do survey weights undo an over-sampled region? Weighted against unweighted, side by side.

python -m benchmarks.weights [--size N] [--population N] [--bootstraps B] [--replicates R]

In every replicate a population is generated and clustered as it is. Of it a sample is drawn
in which one region is five times as likely, and clustered with and without its weights. "simple"
is a sample in which everybody is as likely, of as many people as the weights are worth (Kish's
effective size): what weights can give back at best.
"""

from __future__ import annotations

import argparse
import warnings

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from synthcohort import BootstrapClustering, generate, score
from synthcohort.scene import load_scene

TIMES = 5
# Where the truth is the region, over-sampling unbalances the clusters themselves; where it is
# a profile whose frequency depends on the region, it only shifts their sizes. As many base
# clusters as planted groups.
CASES = (("haalsi_example", "region", 3), ("planted_profiles", "profile", 4))


def cluster(X: pd.DataFrame, k: int, bootstraps: int, seed: int, weight: np.ndarray | None):
    """Consensus labels; the scaling is fitted in every bootstrap sample, so weighted too."""
    base = make_pipeline(StandardScaler(), KMeans(k, n_init=3))
    model = BootstrapClustering(base, bootstraps, n_jobs=1, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return model.fit(X.to_numpy(), survey_weight=weight)


def draw(regions: pd.Series, often: str, size: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows of a sample with one region TIMES as likely, and their weights."""
    chance = np.where(regions == often, float(TIMES), 1.0)
    rng = np.random.default_rng([seed, 11])
    rows = np.sort(rng.choice(len(regions), size, replace=False, p=chance / chance.sum()))
    return rows, 1 / chance[rows]


def compare(case: tuple[str, str, int], number: int, given: argparse.Namespace) -> list[dict]:
    """One population, and of it a sample for each region: ARIs, weighted to the population."""
    name, truth, k = case
    population = generate(load_scene(name), size=given.population, seed=1000 + number)
    X = population.X[population.scene.experiment.biomarkers]
    whole = cluster(X, k, given.bootstraps, number, None).labels_
    known = population.groupings[truth].cat.codes.to_numpy()
    regions = population.groupings["region"]
    found = []
    for region in regions.cat.categories:
        rows, weight = draw(regions, region, given.size, number)
        one = {"region": region, "population": score(whole, known, ["ari"])["ari"]}
        for analysis, used in (("weighted", weight), ("unweighted", None)):
            labels = cluster(X.iloc[rows], k, given.bootstraps, number, used).labels_
            one[analysis] = score(labels, known[rows], ["ari"], weight)["ari"]
            one[f"{analysis} as population"] = score(labels, whole[rows], ["ari"], weight)["ari"]
        few = round(weight.sum() ** 2 / (weight**2).sum())
        simple, _ = draw(regions, "", few, number)
        labels = cluster(X.iloc[simple], k, given.bootstraps, number, None).labels_
        found.append(one | {"simple": score(labels, known[simple], ["ari"])["ari"]})
    return found


def row(name: str, region: str, table: pd.DataFrame) -> pd.Series:
    """Print the means of one line, and return the gain of each replicate."""
    gain = table["weighted"] - table["unweighted"]
    closer = table["weighted as population"] - table["unweighted as population"]
    values = [table[c].mean() for c in ("population", "simple", "weighted", "unweighted")]
    print(
        f"{name:17} {region:8}"
        + "".join(f"{value:11.3f}" for value in values)
        + "".join(f"   {g.mean():+.3f} (SE {g.sem():.3f})" for g in (gain, closer)),
        flush=True,
    )
    return gain


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scene", choices=[case[0] for case in CASES], default=None)
    parser.add_argument("--size", type=int, default=600)
    parser.add_argument("--population", type=int, default=2000)
    parser.add_argument("--bootstraps", type=int, default=20)
    parser.add_argument("--replicates", type=int, default=20)
    given = parser.parse_args()
    print(
        f"{'scene':17} {'5 times':8}"
        + "".join(f"{word:>11}" for word in ("population", "simple", "weighted", "unweighted"))
        + f"   {'weighted - un.':17}   {'as the population':17}"
    )
    for case in CASES:
        if given.scene not in (None, case[0]):
            continue
        found = [one for number in range(given.replicates) for one in compare(case, number, given)]
        table = pd.DataFrame(found)
        for region, rows in table.groupby("region", sort=False):
            row(case[0], str(region), rows)
        # The regions of one population are no independent replicates: their mean is one.
        number = np.arange(len(table)) // table["region"].nunique()
        gain = row(case[0], "mean", table.drop(columns="region").groupby(number).mean())
        if case is CASES[0] and gain.mean() <= 2 * gain.sem():
            raise SystemExit("weights do not give the population's quality back")


if __name__ == "__main__":
    main()
