"""Twins: the same people and draws with an effect switched off."""

import numpy as np
import pytest

from synthcohort import generate, load_scene, null_scene, theory, without
from synthcohort.scene import SceneError


def test_only_the_effect_is_gone() -> None:
    scene = load_scene("haalsi_example")
    full, twin = generate(scene, size=500), generate(without(scene, "region"), size=500)
    assert full.metadata.equals(twin.metadata)
    for name in scene.biomarkers:
        a, b = full.components(name), twin.components(name)
        assert np.array_equal(a["noise"], b["noise"])
        assert "shift: region" not in b
    moved = full.truth["factor_X"] - twin.truth["factor_X"]
    by_region = moved.groupby(full.metadata["region"], observed=True).agg(["min", "max"])
    assert np.allclose(by_region.loc["rural"], -1.3)


@pytest.mark.parametrize("effect", ["sex", "X", "noise"])
def test_any_effect(effect: str) -> None:
    full, twin = (
        generate("haalsi_example", size=200),
        generate(without("haalsi_example", effect), size=200),
    )
    assert full.metadata.equals(twin.metadata)
    parts = twin.components("BP_systolic")
    gone = {"sex": "shift: sex", "X": "factor: X", "noise": "noise"}[effect]
    assert gone not in parts or not parts[gone].any()
    kept = [c for c in parts if c != gone]
    assert parts[kept].equals(full.components("BP_systolic")[kept])


def test_several_effects_and_the_name() -> None:
    twin = without("planted_profiles", "region", "sex")
    assert twin.name == "planted_profiles_without_region_sex"
    assert twin.acting_groups() == ["profile"]
    assert without("planted_profiles") == load_scene("planted_profiles")


def test_unknown_effects_at_once() -> None:
    with pytest.raises(SceneError, match="got 'regoin'; did you mean 'region'") as error:
        without("haalsi_example", "regoin", "age")
    assert "got 'age'" in str(error.value)


@pytest.mark.parametrize(
    "name",
    ["planted_profiles", "trap_equal_means", "trap_simpson", "haalsi_wave1_two_groups"],
)
def test_null_scene_keeps_the_moments(name: str) -> None:
    a, b = theory(null_scene(name)), theory(name)
    assert null_scene(name).acting_groups() == []
    assert ((a.mean - b.mean) / b.sd).abs().max() < 1e-4
    assert (a.correlation - b.correlation).abs().max().max() < 1e-4
