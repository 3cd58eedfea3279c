"""Calibration on data that is not from the model: the misfit is printed, and bounded."""

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes

from synthcohort import generate, theory
from synthcohort.calibration import calibrate_table, misfit


@pytest.mark.parametrize(
    ("load", "group", "worst_ks", "worst_correlation"),
    [(load_diabetes, "sex", 0.05, 0.05), (load_breast_cancer, "target", 0.05, 0.05)],
)
def test_real_tables(load, group: str, worst_ks: float, worst_correlation: float) -> None:
    scaled = {"scaled": False} if load is load_diabetes else {}
    frame = load(as_frame=True, **scaled).frame
    names = [name for name in frame if name != group]
    made = calibrate_table(frame, names, [group])
    found = misfit(frame, made.scene, names)
    print("\n".join(made.notes), found.round(3).to_string(), sep="\n")
    assert found["ks"].max() < worst_ks
    assert found["correlation error"].max() < worst_correlation
    assert np.allclose(found["generated mean"], found["mean"], rtol=0.12)


def test_a_scene_comes_back_from_its_own_people() -> None:
    """Means within 4 SE and SDs within 2 % of the exact ones, from 20,000 people.

    The sample's own shares of the groups are written.
    """
    exact = theory("planted_profiles")
    population = generate("planted_profiles", size=20_000)
    names = list(population.X)
    made = calibrate_table(population.to_frame(), names, ["region", "sex"])
    again = theory(made.scene)
    z = (again.mean - exact.mean)[names] / (exact.sd[names] / np.sqrt(20_000))
    assert z.abs().max() < 4
    assert np.allclose(again.sd[names], exact.sd[names], rtol=0.02)
    difference = (again.correlation - exact.correlation).loc[names, names]
    # Its hidden profiles are no factors, so single pairs may differ by more.
    assert np.sqrt((difference**2).to_numpy().mean()) < 0.03
    assert any("hidden groups" in warning for warning in made.warnings)
