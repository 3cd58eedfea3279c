"""synthcohort against pyckmeans and R's ConsensusClusterPlus, on their own job, side by side.

python -m benchmarks.against_others [--size N] [--replicates B] [--most-k K]

The job: consensus k-means of one table at every k from 2, with matrices and clusters. Each
runs in a process of its own, imports included. The others draw 80 % without replacement,
we bootstrap, so the matrices agree up to that and to sampling.
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

from synthcohort import BootstrapClustering, generate
from synthcohort.clustering.pooled import PooledKMeans
from synthcohort.clustering.preprocessing import prepare
from synthcohort.scene import load_scene

RATIO = 10.0
CORRELATION = 0.95

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


def ours(most_k: int, replicates: int) -> None:
    """Write the clusters and replicates of each k."""
    values = np.loadtxt("values.csv", delimiter=",")
    for k in range(2, most_k + 1):
        model = BootstrapClustering(PooledKMeans(k), n_bootstraps=replicates, n_jobs=1).fit(values)
        np.savez(f"ours-{k}.npz", labels=model.labels_, assignments=model.assignments_)


def pyckmeans(most_k: int, replicates: int) -> None:
    """Write the consensus matrix of each k."""
    from pyckmeans import CKmeans

    values = np.loadtxt("values.csv", delimiter=",")
    for k in range(2, most_k + 1):
        model = CKmeans(k, n_rep=replicates, p_samp=0.8, p_feat=1.0)
        model.fit(values)
        np.save(f"pyckmeans-{k}.npy", model.predict(values, return_cls=True).cmatrix)


def timed(command: list[str], folder: str) -> tuple[float, float, float]:
    """Wall and processor seconds of a process, and the peak memory of the largest so far."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - start, cpu, after.ru_maxrss / 2**20


def matrix(folder: Path, name: str, k: int) -> np.ndarray:
    """Consensus of all pairs of individuals, by one of the three."""
    if name == "pyckmeans":
        found = np.load(folder / f"pyckmeans-{k}.npy")
    elif name == "ConsensusClusterPlus":
        flat = np.fromfile(folder / f"r-{k}.bin", dtype=np.float32)
        found = flat.reshape(2 * (int(len(flat) ** 0.5),))
    else:
        labels = np.load(folder / f"ours-{k}.npz")["assignments"]
        found = sum((column[:, None] == column for column in labels.T), np.float32(0))
        found = found / labels.shape[1]
    return np.asarray(found[np.triu_indices(len(found), 1)], dtype=np.float64)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=2000)
    parser.add_argument("--replicates", type=int, default=100)
    parser.add_argument("--most-k", type=int, default=8)
    parser.add_argument("--only", choices=["ours", "pyckmeans"], help=argparse.SUPPRESS)
    given = parser.parse_args()
    job = [str(given.most_k), str(given.replicates)]
    if given.only:
        {"ours": ours, "pyckmeans": pyckmeans}[given.only](given.most_k, given.replicates)
        return
    scene = load_scene("haalsi_example")
    population = generate(scene, size=given.size)
    X = population.X[scene.experiment.biomarkers]
    values = np.asarray(prepare(X, "zscore", False, {}, population.metadata).values)
    self = [sys.executable, "-m", "benchmarks.against_others", "--most-k", job[0]]
    self += ["--replicates", job[1], "--only"]
    commands = {"synthcohort": [*self, "ours"]}
    if find_spec("pyckmeans"):
        commands["pyckmeans"] = [*self, "pyckmeans"]
    else:
        print("pyckmeans is not installed: pip install pyckmeans")
    if shutil.which("Rscript"):
        commands["ConsensusClusterPlus"] = ["Rscript", "job.R", *job]
    else:
        print("R is not installed: on Debian, r-base-core and r-bioc-consensusclusterplus")
    missed = []
    print(f"N={given.size}, {job[1]} replicates, k=2..{job[0]}, z-score")
    print(f"{'':22} {'seconds':>8} {'CPU':>8} {'peak GB':>8} {'times ours':>10}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        np.savetxt(folder / "values.csv", values, delimiter=",")
        (folder / "job.R").write_text(_R)
        first = 0.0
        for name, command in commands.items():
            wall, cpu, peak = timed(command, temporary)
            first = first or wall
            print(f"{name:22} {wall:8.1f} {cpu:8.1f} {peak:8.2f} {wall / first:10.1f}", flush=True)
            if name != "synthcohort" and wall / first < RATIO:
                missed.append(f"{name} took {wall / first:.1f} times ours, promised {RATIO:.0f}")
        for name in [name for name in commands if name != "synthcohort"]:
            for k in range(2, given.most_k + 1):
                one, other = matrix(folder, "synthcohort", k), matrix(folder, name, k)
                correlation = float(np.corrcoef(one, other)[0, 1])
                apart = float(np.abs(one - other).mean())
                print(f"k={k} {name}: correlation {correlation:.4f}, mean difference {apart:.4f}")
                if correlation < CORRELATION:
                    missed.append(f"{name} k={k}: correlation {correlation:.3f}")
    if missed:
        raise SystemExit("missed: " + "; ".join(missed))


if __name__ == "__main__":
    main()
