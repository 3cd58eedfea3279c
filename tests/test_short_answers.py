"""What objects show of themselves is short, and comparing them has an answer."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import synthcohort as sc
from synthcohort.scene.short_text import listed

LONGEST = 500


def long_scene() -> sc.Scene:
    """Names as long as they may be, and many of them."""
    names = [f"{i:03}" + "n" * 77 for i in range(40)]
    share = {"probabilities": {"a": 0.5, "b": 0.5}}
    return sc.load_scene(
        {
            "name": "s" * 80,
            "size": 50,
            "groups": dict.fromkeys(names[:4], share),
            "factors": {names[5]: {"mean": {names[0]: {"a": 3.0}}}},
            "biomarkers": {n: {"loadings": {names[5]: 1.0}, "noise": 1.0} for n in names[6:]},
        }
    )


def test_short_whatever_the_scene() -> None:
    scene = long_scene()
    made = [scene, sc.generate(scene), sc.theory(scene)]
    made.append(sc.Calibration(scene, ["a note"] * 1000, ["privacy"] * 1000))
    model = sc.BootstrapClustering(n_bootstraps=2).fit(sc.generate(scene).X)
    for one in [*made, model.stability()]:
        assert len(repr(one)) <= LONGEST, repr(one)
        assert type(one).__name__ in repr(one)


def test_what_a_scene_says() -> None:
    assert repr(sc.load_scene("planted_profiles")).startswith(
        "<Scene planted_profiles: 10,000 individuals, seed"
    )


def test_populations_are_equal_where_every_value_is() -> None:
    one, same = (sc.generate("trap_simpson", size=60) for _ in range(2))
    assert (one == same) is True
    assert (one != same) is False
    assert (one == sc.generate("trap_simpson", size=60, seed=1)) is False
    assert (one == sc.generate("trap_simpson", size=61)) is False
    assert (one == "population") is False
    next(iter(same.measured.values()))[3] += 1e-9
    assert (one == same) is False


def test_missing_values_are_equal_to_missing_values() -> None:
    one, same = (sc.generate("haalsi_wave1", size=100) for _ in range(2))
    assert np.isnan(one.X.to_numpy()).any()
    assert (one == same) is True


def test_tables_with_arrays_compare_without_error() -> None:
    theory = sc.theory("trap_simpson")
    assert (theory == theory) is True
    assert (theory == sc.theory("trap_simpson")) is False


@given(st.lists(st.text(st.characters(codec="ascii"), max_size=90)), st.integers(20, 400))
def test_lists_of_names_are_no_longer_than_asked(names: list[str], longest: int) -> None:
    assert len(listed(names, longest)) <= longest


@pytest.mark.parametrize("state", [0, np.int64(7), 2**40])
def test_a_number_is_the_seed(state) -> None:
    X = np.random.default_rng(0).normal(size=(30, 2))
    model = sc.BootstrapClustering(n_bootstraps=3, random_state=state).fit(X)
    assert model.seed_ == state
    again = sc.BootstrapClustering(n_bootstraps=3, random_state=int(state)).fit(X)
    assert (model.assignments_ == again.assignments_).all()


def test_a_random_state_gives_another_seed_each_time() -> None:
    X = np.random.default_rng(0).normal(size=(30, 2))
    state = np.random.RandomState(0)
    model = sc.BootstrapClustering(n_bootstraps=3, random_state=state)
    seeds = [model.fit(X).seed_ for _ in range(2)]
    assert seeds[0] != seeds[1]
    state = np.random.RandomState(0)
    model = sc.BootstrapClustering(n_bootstraps=3, random_state=state)
    assert seeds == [model.fit(X).seed_ for _ in range(2)]
    assert isinstance(sc.BootstrapClustering(n_bootstraps=3, random_state=None).fit(X).seed_, int)


@pytest.mark.parametrize(
    ("state", "message"),
    [
        (np.random.default_rng(0), r"got a Generator .* give int\(rng.integers"),
        (-1, "got random_state=-1, allowed: 0 or more"),
        ("seed", "cannot be used to seed"),
    ],
)
def test_other_random_states_are_refused(state, message: str) -> None:
    X = np.random.default_rng(0).normal(size=(30, 2))
    with pytest.raises(ValueError, match=message):
        sc.BootstrapClustering(n_bootstraps=3, random_state=state).fit(X)
