"""A scene that was saved is the same scene."""

import pytest

import synthcohort as sc


@pytest.mark.parametrize("name", sc.scenes())
def test_a_saved_scene_is_the_same(name: str, tmp_path) -> None:
    path = sc.save_scene(name, tmp_path / "mine.toml")
    assert sc.load_scene(path) == sc.load_scene(name)
    assert [one.name for one in tmp_path.iterdir()] == ["mine.toml"]


@pytest.mark.parametrize(
    ("name", "message"),
    [("mine.json", "allowed: a file that ends in .toml"), ("no/mine.toml", "can be written")],
)
def test_files_that_cannot_be_written(name: str, message: str, tmp_path) -> None:
    with pytest.raises(sc.SceneError, match=f"path: got .*{message}"):
        sc.save_scene("trap_simpson", tmp_path / name)
    assert list(tmp_path.iterdir()) == []
