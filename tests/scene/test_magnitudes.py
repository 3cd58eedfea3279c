"""Values that nothing can be computed from are refused, with their place."""

import pytest

from synthcohort import SceneError, load_scene, null_scene, scenes

TWO = {
    "name": "t",
    "groups": {"sex": {"probabilities": {"f": 0.5, "m": 0.5}}},
    "biomarkers": {"A": {"noise": 1.0}, "B": {"noise": 1.0, "slopes": {"A": 1.0}}},
}


def with_biomarker(**fields: object) -> dict[str, object]:
    return TWO | {"biomarkers": {"A": fields, "B": TWO["biomarkers"]["B"]}}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"noise": 1e101}, "biomarkers.A.noise: got 1e.101, allowed: 1e.100 or less"),
        ({"baseline": -1e308}, r"biomarkers.A.baseline: got -1e.308, allowed: -1e.100 or more"),
        ({"noise": 5e99}, r"biomarkers.A: its values may reach 5e.100 with 10 SDs, allowed: 1e"),
        ({"noise": 5e99}, "biomarkers.B: its values may reach"),
        (
            {"noise": 1.0, "baseline": 700.0, "measurement": {"scale": "log"}},
            "biomarkers.A: the logarithms of its values may reach 710 with 10 SDs, allowed: 200",
        ),
    ],
)
def test_values_out_of_range(fields: dict[str, object], message: str) -> None:
    with pytest.raises(SceneError, match=message):
        load_scene(with_biomarker(**fields))


def test_no_scene_of_the_catalogue_is_near() -> None:
    for name in scenes():
        load_scene(name)


def test_what_has_no_null_scene_says_so() -> None:
    scene = with_biomarker(noise=8.0, baseline=0.0, measurement={"scale": "log", "decimals": 0})
    with pytest.raises(SceneError, match="t: biomarkers: have no null scene: "):
        null_scene(scene)
