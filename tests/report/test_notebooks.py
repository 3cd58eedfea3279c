"""Charts and cards in a notebook: every picture, without a network, and never too long."""

from html.parser import HTMLParser

import altair as alt
import pytest

import synthcohort as sc

OF_A_RUN = [n for n in sc.plots.__all__ if n not in ("study_pictures", "power_curves")]
NULL = {"size": 200, "base": {"kmeans": [2]}, "bootstraps": 3, "resolutions": [1.0]}


@pytest.fixture(scope="module")
def null_run(tmp_path_factory):
    return sc.run("no_clusters", tmp_path_factory.mktemp("null"), preprocessings=["zscore"], **NULL)


@pytest.mark.parametrize("name", OF_A_RUN)
def test_every_picture_of_the_page_is_a_chart_that_brings_its_svg(name, small_run) -> None:
    chart = getattr(sc.plots, name)(small_run)
    assert isinstance(chart, alt.TopLevelMixin)
    shown = chart.properties(title="mine")._repr_mimebundle_()
    assert shown["image/svg+xml"].startswith("<svg")
    assert "mine" in shown["image/svg+xml"]
    assert "http" not in str(shown["application/vnd.vegalite.v6+json"].get("data", ""))


def test_the_room_has_every_picture_of_the_page(small_run) -> None:
    from synthcohort.report.figures.pictures import PICTURES

    assert set(PICTURES) == set(OF_A_RUN)
    drawn = {path.stem for path in (small_run.folder / "figures").glob("*.svg")}
    assert len(drawn) == len(PICTURES)


def test_a_truth_can_be_chosen(small_run) -> None:
    by_sex = sc.plots.heatmap(small_run, truth="sex").to_dict()
    assert by_sex != sc.plots.heatmap(small_run).to_dict()
    with pytest.raises(sc.SceneError, match="did you mean 'region'"):
        sc.plots.heatmap(small_run, truth="regoin")


@pytest.mark.parametrize("name", ["losses", "references", "reliability"])
def test_what_can_not_be_drawn_says_what_the_run_lacks(name, null_run) -> None:
    with pytest.raises(sc.SceneError, match=f"{name}: can't be drawn: no_clusters lacks "):
        getattr(sc.plots, name)(null_run)


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, _attrs) -> None:
        self.found.append(tag)


@pytest.mark.parametrize("scene", ["haalsi_example", "haalsi_wave1_two_groups", "no_clusters"])
def test_objects_show_themselves_in_at_most_50_kb(scene) -> None:
    people = sc.generate(scene, size=150)
    model = sc.BootstrapClustering(n_bootstraps=3).fit(people.X.dropna())
    for one in (sc.load_scene(scene), people, sc.theory(scene), model.stability()):
        card = one._repr_html_()
        assert len(card.encode()) <= 50_000
        assert "script" not in card
        assert {"strong", "li", "td"} <= set(Tags(card).found)


def test_names_in_a_card_are_text() -> None:
    scene = sc.load_scene("haalsi_example").model_copy(update={"description": "<b>" * 5_000})
    card = scene._repr_html_()
    assert "<b>" not in card
    assert len(card) < 50_000


def test_a_run_shows_its_answers_and_its_page(small_run) -> None:
    card = small_run._repr_html_()
    assert "Did the pipeline find it?" in card
    assert len(card.encode()) <= 50_000
    frame = small_run.explore()
    assert str(small_run.report) in repr(frame)
    shown = Tags(frame._repr_html_())
    assert shown.found == ["iframe"]
