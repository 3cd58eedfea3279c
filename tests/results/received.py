"""A small scene with every kind of column that a researcher can receive."""

import numpy as np
import pandas as pd

from synthcohort.scene import Scene, load_scene

SCENE = {
    "name": "received",
    "size": 200,
    "seed": 3,
    "groups": {
        "sex": {"probabilities": {"female": 0.5, "male": 0.5}, "label": "Sex"},
        "village": {"probabilities": {"Xanthia": 0.7, "Rolle, lower": 0.3}},
    },
    "covariates": {
        "Age": {"edges": [40, 60, 90], "shares": [0.6, 0.4], "decimals": 0, "unit": "years"}
    },
    "biomarkers": {
        "Hemoglobin": {
            "label": "Haemoglobin",
            "unit": "g/dL",
            "baseline": 13.2,
            "noise": 1.0,
            "cutoffs": {"low": {"female": 12.0, "male": 13.0}},
            "measurement": {"decimals": 1, "lower": 2.5, "upper": 20.0},
        },
        "CESD score (0-3)": {
            "label": "Depressive symptoms",
            "noise": 1.0,
            "measurement": {"thresholds": [0.0, 1.0, 2.0]},
        },
        "if": {"baseline": 5.0, "noise": 1.0},
    },
    "missing": {
        "refused": {"variables": ["Hemoglobin", "CESD score (0-3)"], "rate": 0.2},
    },
    "sampling": {"by": "village", "probabilities": {"Xanthia": 0.1, "Rolle, lower": 0.4}},
    "experiment": {"truth": "sex"},
}
RENAMED = {"CESD score (0-3)": "CESD_score_0_3", "if": "if_"}


def scene() -> Scene:
    return load_scene(SCENE)


def same(found: pd.DataFrame, data: pd.DataFrame) -> None:
    """Assert that a table read back has the same values, labels and gaps."""
    assert list(found.columns) == ["id", *(RENAMED.get(n, n) for n in data.columns)]
    assert found["id"].tolist() == data.index.tolist()
    for name, column in data.items():
        got = found[RENAMED.get(name, name)]
        if isinstance(column.dtype, pd.CategoricalDtype):
            assert got.astype(str).tolist() == column.astype(str).tolist()
        else:
            np.testing.assert_array_equal(got.astype(float), column.astype(float))
