"""A scene from summaries: a known scene comes back, and what is not pinned is said."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from synthcohort import theory
from synthcohort.calibration import calibrate_summary
from synthcohort.scene import SceneError

KNOWN = {
    "name": "known",
    "groups": {
        "sex": {"probabilities": {"female": 0.55, "male": 0.45}},
        "town": {"probabilities": {"rural": 0.3, "mixed": 0.3, "urban": 0.4}},
    },
    "factors": {"f": {}, "g": {}},
    "biomarkers": {
        name: {
            "baseline": baseline,
            "shift": {"sex": {"male": male}, "town": {"rural": rural, "urban": 2.0}},
            "loadings": {"f": f, "g": g},
            "noise": noise,
        }
        for name, baseline, male, rural, f, g, noise in [
            ("SBP", 132.0, 3.0, -4.0, 14.0, 3.0, 9.0),
            ("DBP", 81.0, 0.5, -1.0, 8.0, 1.0, 6.0),
            ("Weight", 70.0, -2.0, -6.0, 3.0, 11.0, 6.0),
            ("Hb", 12.3, 1.4, 0.2, 0.3, 0.5, 1.3),
        ]
    },
}


def summaries() -> pd.DataFrame:
    """Means and SDs by level and over everybody, correlations, shares: what a paper prints."""
    exact = theory(KNOWN)
    rows: list[tuple] = []
    for group, entry in KNOWN["groups"].items():
        rows += [(group, lv, "share", 100 * p, "") for lv, p in entry["probabilities"].items()]
    p = exact.cell_probabilities
    for name in exact.mean.index:
        rows += [
            (name, "all", "mean", exact.mean[name], ""),
            (name, "all", "sd", exact.sd[name], ""),
        ]
        for group in KNOWN["groups"]:
            weighted = (exact.cell_means[name] * p).groupby(level=group).sum()
            mean = weighted / p.groupby(level=group).sum()
            rows += [(name, level, "mean", value, "") for level, value in mean.items()]
    names = list(exact.mean.index)
    r = exact.correlation
    rows += [
        (a, "all", "correlation", r.loc[a, b], b) for i, a in enumerate(names) for b in names[:i]
    ]
    return pd.DataFrame(rows, columns=["variable", "group", "statistic", "value", "other"])


def test_a_known_scene_comes_back_within_one_percent() -> None:
    exact, made = theory(KNOWN), calibrate_summary(summaries())
    found = theory(made.calibration.scene)
    names = list(exact.mean.index)
    assert np.allclose(found.mean[names], exact.mean, rtol=1e-3)
    assert np.allclose(found.sd[names], exact.sd, rtol=1e-3)
    assert np.allclose(found.correlation.loc[names, names], exact.correlation, rtol=1e-2, atol=1e-4)
    for group in KNOWN["groups"]:
        levels = KNOWN["groups"][group]["probabilities"]
        for level in levels:
            a = exact.cell_means.xs(level, level=group).mean()
            b = found.cell_means.xs(level, level=group)[names].mean()
            assert np.allclose(a, b, rtol=1e-2)
    assert not any("not identified" in note for note in made.calibration.notes)


def frame(*rows: tuple) -> pd.DataFrame:
    columns = ["variable", "group", "statistic", "value", "threshold", "other"]
    padded = [(*row, *[None] * (len(columns) - len(row))) for row in rows]
    return pd.DataFrame(padded, columns=columns)


def test_quantiles_and_prevalences_are_solved() -> None:
    made = calibrate_summary(
        frame(
            ("sex_male", "all", "percent", 40),
            ("sex_female", "all", "percent", 60),
            ("Hb", "male", "below", 40.1, 13.0),
            ("Hb", "female", "below", 43.0, 12.0),
            ("Hb", "all", "sd", 1.8),
            ("BMI", "all", "q1", 22.5),
            ("BMI", "all", "median", 26.3),
            ("BMI", "all", "q3", 31.1),
        )
    )
    assert made.figures["implied"].to_numpy()[:3] == pytest.approx([40.1, 43.0, 1.8], rel=1e-5)
    scene = made.calibration.scene
    assert scene.groups["sex"].probabilities == {"male": 0.4, "female": 0.6}
    bmi = scene.biomarkers["BMI"]
    assert bmi.measurement.scale == "log"
    assert np.exp(bmi.baseline) == pytest.approx(26.3, rel=0.01)
    q3 = np.exp(stats.norm.ppf(0.75, bmi.baseline, bmi.noise))
    assert q3 == pytest.approx(31.1, rel=0.01)


def test_what_one_threshold_leaves_open_is_said() -> None:
    made = calibrate_summary(frame(("PTSD", "all", "above", 4.8, 4.0)))
    (note,) = made.calibration.notes
    assert "not identified: mean, SD" in note
    assert "assumed: an SD of 15 % of the centre" in note
    assert made.figures["implied"][0] == pytest.approx(4.8, abs=1e-4)


def test_contradictions_are_shown_and_do_not_inflate_the_sd() -> None:
    made = calibrate_summary(
        frame(("Age", "all", "mean", 60), ("Age", "all", "mean", 64), ("Age", "all", "sd", 13))
    )
    assert made.calibration.scene.biomarkers["Age"].baseline == pytest.approx(62, abs=0.01)
    assert made.calibration.scene.biomarkers["Age"].noise == pytest.approx(13, abs=0.01)
    assert any("do not fit together: mean of all: 60, got 62" in n for n in made.calibration.notes)


def correlated(*pairs: tuple[str, str, float]) -> pd.DataFrame:
    names = dict.fromkeys(n for a, b, _ in pairs for n in (a, b))
    rows: list[tuple] = [(n, "all", s, v) for n in names for s, v in (("mean", 10), ("sd", 2))]
    return frame(*rows, *[(a, "all", "correlation", r, None, b) for a, b, r in pairs])


def test_correlations_that_are_impossible_together_name_the_pair() -> None:
    with pytest.raises(SceneError, match="correlation of ") as caught:
        calibrate_summary(correlated(("a", "b", 0.9), ("b", "c", 0.9), ("a", "c", -0.2)))
    text = str(caught.value)
    near = float(text.rpartition(" ")[2])
    pair = next(p for p in (("a", "b"), ("b", "c"), ("a", "c")) if f"{p[0]} and {p[1]}" in text)
    values = {("a", "b"): 0.9, ("b", "c"): 0.9, ("a", "c"): -0.2} | {pair: near}
    matrix = np.eye(3)
    for (x, y), r in values.items():
        matrix["abc".index(x), "abc".index(y)] = matrix["abc".index(y), "abc".index(x)] = r
    assert np.linalg.eigvalsh(matrix)[0] > -1e-3


def test_a_correlation_that_the_means_forbid() -> None:
    rows = frame(
        ("sex", "m", "share", 50),
        ("sex", "f", "share", 50),
        *[(n, "all", "sd", 2.0) for n in "ab"],
        *[(n, lv, "mean", v) for n in "ab" for lv, v in (("m", 11.8), ("f", 8.2))],
        ("a", "all", "correlation", 0.1, None, "b"),
    )
    match = r"correlation of a and b: got 0.1, allowed: between 0.6\d\d and 1.000, given their"
    with pytest.raises(SceneError, match=match):
        calibrate_summary(rows)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (("x", "all", "mean", "high"), "line 2: value: got 'high', allowed: a number"),
        (("x", "all", "maen", 1), "line 2: statistic: got 'maen'; did you mean 'mean'"),
        (("x", "all", "sd", -1), "line 2: sd: got -1, allowed: above 0"),
        (("x", "all", "above", 120, 3.0), "line 2: above: got 120, allowed: a percentage"),
        (("x", "all", "above", 12), "line 2: threshold: got nothing"),
        (("x", "all", "correlation", 1.2, None, "y"), "correlation: got 1.2, allowed: between"),
        (("x", "all", "correlation", 0.2), "other: got nothing, allowed: the second variable"),
        (("x", "all", "percent", 20), "got no mean, SD, quantile or prevalence"),
    ],
)
def test_one_clear_message_each(row: tuple, message: str) -> None:
    with pytest.raises(SceneError, match=message):
        calibrate_summary(frame(row))


def test_other_columns_are_asked_for() -> None:
    with pytest.raises(SceneError, match="column 'statistic': is not in the table"):
        calibrate_summary(pd.DataFrame({"variable": ["x"], "group": ["all"], "value": [1]}))
