"""synthcohort against pyckmeans and R's ConsensusClusterPlus, on their own job, side by side.

python -m benchmarks.against_others [--size N] [--replicates B] [--most-k K]

The job: consensus k-means of one table at every k from 2, with matrices and clusters. Each
runs in a process of its own, imports included, with its defaults: ours with pooled starts.
For the agreement of the consensus matrices ours is run again with the starts that the other
has, since pooled starts agree more with each other. pyckmeans also draws columns with
replacement, whatever share of them it is asked for, so that about a third is missing in each
replicate; we do the same for this comparison. Beside it stands how well our matrix agrees
with that of another seed: what is left is a bootstrap against 80 % of the individuals, and,
in R, Hartigan and Wong's algorithm.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.cluster import KMeans
from sklearn.pipeline import make_pipeline

from synthcohort import BootstrapClustering, generate
from synthcohort.clustering.preprocessing import prepare
from synthcohort.scene import load_scene

RATIO = 10.0
CORRELATION, SLACK = 0.95, 0.02

# Each reads values.csv and is given the largest k and the number of replicates.
_OURS = """
import sys
import numpy as np
from synthcohort.clustering.bootstrap_clustering import BootstrapClustering
from synthcohort.clustering.base.pooled_kmeans import PooledKMeans
most_k, replicates = map(int, sys.argv[1:])
values = np.loadtxt("values.csv", delimiter=",")
for k in range(2, most_k + 1):
    model = BootstrapClustering(PooledKMeans(k), n_bootstraps=replicates, n_jobs=1).fit(values)
    np.savez(f"ours-{k}.npz", labels=model.labels_, assignments=model.assignments_)
"""
_PYCKMEANS = """
import sys
import numpy as np
from pyckmeans import CKmeans
most_k, replicates = map(int, sys.argv[1:])
values = np.loadtxt("values.csv", delimiter=",")
for k in range(2, most_k + 1):
    model = CKmeans(k, n_rep=replicates, p_samp=0.8, p_feat=1.0)
    model.fit(values)
    np.save(f"pyckmeans-{k}.npy", model.predict(values, return_cls=True).cmatrix)
"""
_R = """
suppressMessages(library(ConsensusClusterPlus))
given <- commandArgs(trailingOnly = TRUE)
d <- t(as.matrix(read.csv("values.csv", header = FALSE)))
pdf(NULL)
found <- ConsensusClusterPlus(d, maxK = as.integer(given[1]), reps = as.integer(given[2]),
  pItem = 0.8, pFeature = 1, clusterAlg = "km", distance = "euclidean", seed = 1, plot = NULL)
for (k in 2:as.integer(given[1])) {
  file <- file(paste0("r-", k, ".bin"), "wb")
  writeBin(as.vector(found[[k]]$consensusMatrix), file, size = 4)
  close(file)
}
"""


def tools() -> dict[str, tuple[str, str]]:
    """Program and script of each tool that is installed here, ours first."""
    found = {"synthcohort": (sys.executable, _OURS)}
    if find_spec("pyckmeans"):
        found["pyckmeans"] = (sys.executable, _PYCKMEANS)
    else:
        print("pyckmeans is not installed: pip install pyckmeans")
    if shutil.which("Rscript"):
        found["ConsensusClusterPlus"] = ("Rscript", _R)
    else:
        print("R is not installed: on Debian, r-base-core and r-bioc-consensusclusterplus")
    return found


def timed(program: str, script: str, folder: Path, job: list[str]) -> tuple[float, float, float]:
    """Wall and processor seconds of a process, and the peak memory of the largest so far."""
    (folder / "job").write_text(script)
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([program, "job", *job], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - start, cpu, after.ru_maxrss / 2**20


def slower(folder: Path, names: dict[str, tuple[str, str]], job: list[str]) -> list[str]:
    """Run each in turn, print what it took, and return those that are not slow enough."""
    print(f"{'':22} {'seconds':>8} {'CPU':>8} {'peak GB':>8} {'times ours':>10}")
    missed = []
    # Ours compiles once after an installation: that is told apart from what each run takes.
    compiled, _, _ = timed(*names["synthcohort"], folder, [job[0], "2"])
    print(f"{'synthcohort, compiling':22} {compiled:8.1f}")
    first = 0.0
    for name, (program, script) in names.items():
        wall, cpu, peak = timed(program, script, folder, job)
        first = first or wall
        print(f"{name:22} {wall:8.1f} {cpu:8.1f} {peak:8.2f} {wall / first:10.1f}", flush=True)
        if name != "synthcohort" and wall / first < RATIO:
            missed.append(f"{name} took {wall / first:.1f} times ours, promised {RATIO:.0f}")
    return missed


def theirs(folder: Path, name: str, k: int) -> np.ndarray:
    """Consensus matrix of another."""
    if name == "pyckmeans":
        return np.asarray(np.load(folder / f"pyckmeans-{k}.npy"))
    flat = np.fromfile(folder / f"r-{k}.bin", dtype=np.float32)
    return flat.reshape(2 * (int(len(flat) ** 0.5),))


class DrawnColumns(TransformerMixin, BaseEstimator):
    """As many columns as there are, drawn with replacement."""

    def __init__(self, random_state: int = 0) -> None:
        self.random_state = random_state

    def fit(self, X: np.ndarray, _: object = None) -> DrawnColumns:
        """Draw."""
        width = X.shape[1]
        self.columns_ = np.random.default_rng(self.random_state).integers(width, size=width)
        return self

    def transform(self, X: np.ndarray) -> np.ndarray:
        """Take the columns that were drawn."""
        return X[:, self.columns_]


def alike(values: np.ndarray, name: str, k: int, replicates: int, seed: int) -> np.ndarray:
    """Our consensus matrix with the starts of another: the share of replicates with both."""
    if name == "pyckmeans":
        base, assign = make_pipeline(DrawnColumns(), KMeans(k, n_init=2)), "all"
    else:
        base, assign = KMeans(k, n_init=1, init="random"), "in_bag"
    model = BootstrapClustering(base, replicates, assign=assign, n_jobs=1, random_state=seed)
    together = both = np.float32(0)
    for column in model.fit_replicates(values).assignments_.T:
        present = np.outer(column >= 0, column >= 0)
        together = together + ((column[:, None] == column) & present)
        both = both + present
    return np.asarray(together / both)


def agreement(one: np.ndarray, other: np.ndarray) -> float:
    """Correlation over pairs of different individuals."""
    pairs = np.triu_indices(len(one), 1)
    return float(np.corrcoef(one[pairs], other[pairs])[0, 1])


def different(folder: Path, values: np.ndarray, name: str, k: int, replicates: int) -> list[str]:
    """Compare one consensus matrix with another's, and return what is too different."""
    one, two = (alike(values, name, k, replicates, seed) for seed in (0, 1))
    found, ceiling = agreement(one, theirs(folder, name, k)), agreement(one, two)
    print(f"k={k} {name}: correlation {found:.4f}, with another seed {ceiling:.4f}", flush=True)
    if found < min(CORRELATION, ceiling - SLACK):
        return [f"{name} k={k}: correlation {found:.3f}"]
    return []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=2000)
    parser.add_argument("--replicates", type=int, default=100)
    parser.add_argument("--most-k", type=int, default=8)
    given = parser.parse_args()
    scene = load_scene("haalsi_example")
    population = generate(scene, size=given.size)
    X = population.X[scene.experiment.biomarkers]
    values = np.asarray(prepare(X, "zscore", False, {}, population.metadata).values)
    names = tools()
    print(f"N={given.size}, {given.replicates} replicates, k=2..{given.most_k}, z-score")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        np.savetxt(folder / "values.csv", values, delimiter=",")
        missed = slower(folder, names, [str(given.most_k), str(given.replicates)])
        for name in list(names)[1:]:
            for k in range(2, given.most_k + 1):
                missed += different(folder, values, name, k, given.replicates)
    if missed:
        raise SystemExit("missed: " + "; ".join(missed))


if __name__ == "__main__":
    main()
