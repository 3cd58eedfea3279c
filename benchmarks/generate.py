"""Generation against its own random draws and against a plain generator, side by side.

python -m benchmarks.generate [--size N]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from synthcohort import generate
from synthcohort.runs.population_export import export
from synthcohort.scene import Scene, load_scene


def plain(scene: Scene, size: int) -> pd.DataFrame:
    """Draw each individual's two factors in a loop and each column with NumPy."""
    rng = np.random.default_rng(scene.seed)
    groups = {
        name: rng.choice(group.levels, size=size, p=list(group.table()[""].values()))
        for name, group in scene.groups.items()
    }
    latent = {name: np.empty(size) for name in scene.factors}
    for i in range(size):
        region = groups["region"][i]
        for name, factor in scene.factors.items():
            latent[name][i] = rng.normal(factor.mean["region"][region], factor.sd)
    columns: dict[str, np.ndarray] = {}
    names = ["Height", *(name for name in scene.biomarkers if name != "Height")]
    for name in names:
        marker = scene.biomarkers[name]
        value = np.full(size, marker.baseline)
        for factor, loading in marker.loadings.items():
            value = value + loading * latent[factor]
        for group, by_level in marker.shift.items():
            for level, shift in by_level.items():
                value = value + np.where(groups[group] == level, shift, 0.0)
        for other, slope in marker.slopes.items():
            value = value + slope * (columns[other] - scene.biomarkers[other].baseline)
        value = value + rng.normal(0, marker.noise, size)
        limits = marker.measurement
        columns[name] = np.clip(value, limits.lower, limits.upper) if limits.bounded else value
    return pd.DataFrame({**groups, **{name: columns[name] for name in scene.biomarkers}})


def draws(scene: Scene, size: int) -> None:
    """Draw the normals that a population needs and nothing else."""
    rng = np.random.Generator(np.random.SFC64(scene.seed))
    for _ in range(len(scene.factors) + len(scene.biomarkers)):
        rng.standard_normal(size)


def seconds(call: Callable[[], object], repeats: int = 3) -> float:
    """Best of some repeats."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1_000_000)
    size = parser.parse_args().size
    scene = load_scene("haalsi_example")
    ours = seconds(lambda: generate(scene, size=size))
    normals = seconds(lambda: draws(scene, size))
    slow = seconds(lambda: plain(scene, size), repeats=1)
    print(f"size {size:,}")
    print(f"generate        {ours:8.2f} s")
    print(f"normals alone   {normals:8.2f} s; generate takes {ours / normals:.2f} times that")
    print(f"plain generator {slow:8.2f} s; {slow / ours:.1f} times generate's")
    with tempfile.TemporaryDirectory() as folder:
        to_csv = seconds(lambda: export(scene, folder, size=size, formats=["csv"]), repeats=1)
        path = Path(folder) / "plain.csv"
        slow_csv = seconds(lambda: plain(scene, size).to_csv(path, index=False), repeats=1)
    print(f"to CSV: generate {to_csv:.2f} s (truth and codebook too), plain {slow_csv:.2f} s;")
    print(f"ratio {slow_csv / to_csv:.1f}")


if __name__ == "__main__":
    main()
