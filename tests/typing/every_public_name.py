"""Never run: the type checker reads it. Every public name as a user writes it.

A comment that says "ignore" is an error where nothing is wrong, so the last part holds that
misspelt keywords are refused.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.cluster import Birch
from sklearn.preprocessing import QuantileTransformer

import synthcohort as sc


def scenes() -> None:
    names: list[str] = sc.scenes()
    scene: sc.Scene = sc.load_scene(names[0])
    path: Path = sc.save_scene(sc.null_scene(sc.without(scene, "sex")), "mine.toml")
    text: str = sc.describe(sc.tune(path, ceiling=0.8))
    try:
        sc.load_scene(text)
    except sc.SceneError as error:
        print(error.problems, sc.SceneWarning.__doc__)
    except sc.MachineError as failure:
        print(failure.__notes__)


def theory(scene: sc.Scene) -> None:
    known: sc.Theory = sc.theory(scene)
    shares: pd.DataFrame = sc.variance_shares(scene)
    print(known.mean, shares, sc.overlap(scene, "region").matrix, sc.ceiling(scene, "region").value)


def population(scene: sc.Scene) -> None:
    people: sc.Population = sc.generate(scene, size=100, seed=7)
    X, _, truth = people
    likely: pd.DataFrame = sc.posterior(scene, X, "region")
    model = sc.BootstrapClustering(n_bootstraps=10, random_state=None).fit(X)
    stable: sc.Stability = model.stability()
    scores: pd.Series = sc.score(model.labels_, truth["region"])
    print(likely, stable, scores, sc.recovery(model.labels_, truth["region"]))


def registered() -> None:
    sc.preprocessing.register_preprocessing("rank", QuantileTransformer())
    sc.bases.register_base("birch", Birch())
    sc.metrics.register_metric("purity", lambda t: float(np.max(t.table)))


def runs(table: pd.DataFrame) -> None:
    run: sc.Run = sc.run("planted_profiles", "runs", size=100, bootstraps=10, whiten=[False])
    again: sc.Run = sc.open_run(run.folder)
    drafted: str = sc.draft_settings("table.dta", reading={"encoding": "cp1252"})
    mine = sc.cluster(table, {"biomarkers": ["hb"]}, keep_data=True, base={"kmeans": [2, 3]})
    faults: list[str] = sc.verify(mine.folder)
    folder: Path = sc.export("planted_profiles", formats=["csv", "dta"])
    made, _ = sc.calibrate(table, ["sex"])
    calibration: sc.Calibration = made
    summary: pd.DataFrame = sc.study("study.toml", repetitions=3).summary
    said: list[str] = sc.power(table, "mine.toml", groups=[2, 3]).sentences
    print(summary, said, drafted)
    sc.plots.profiles(again).save("profiles.svg")
    print(again.explore(), again.scores, faults, folder, calibration)
    print(sc.fidelity("haalsi_wave1", size=1000))


def misspelt() -> None:
    sc.generate("planted_profiles", sise=100)  # type: ignore[call-arg]
    sc.generat("planted_profiles")  # type: ignore[attr-defined]
    sc.export("planted_profiles", format="csv")  # type: ignore[call-arg]
    sc.BootstrapClustering(bootstraps=3)  # type: ignore[call-arg]
    sc.run("planted_profiles", bootstrap=3)  # type: ignore[call-arg]
    sc.run("planted_profiles", missing="drop")  # type: ignore[arg-type]
    sc.cluster("table.csv", {}, size=3)  # type: ignore[call-arg]
