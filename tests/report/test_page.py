"""The page: self-contained, harmless, and plain about what was found."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from html.parser import HTMLParser

import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from synthcohort import run
from synthcohort.report import build
from synthcohort.report.figures.found_groupings import found_figure
from synthcohort.report.figures.losses import PARTS, losses_figure, losses_table
from synthcohort.report.figures.reference_band import WHAT_IS_KEPT, pac_figure
from synthcohort.report.figures.resolution_curves import resolution_figure
from synthcohort.report.sentences.rival_sentences import (
    alternatives_table,
    rivals_said,
    rivals_table,
    ties_said,
)
from synthcohort.report.sentences.scene_headline import chosen, headline
from synthcohort.report.sentences.verdict_sentences import verdict_said
from synthcohort.results.run_folder import read_findings
from synthcohort.scene import load_scene, to_dict

FAST = {
    "preprocessings": ["zscore", "minmax"],
    "base": {"kmeans": [3, 4]},
    "resolutions": [0.9, 1.0, 1.1],
    "bootstraps": 10,
    "references": 2,
}


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    return run("planted_profiles", tmp_path_factory.mktemp("p"), size=400, workers=1, **FAST)


@pytest.fixture(scope="module")
def null(tmp_path_factory):
    return run("no_clusters", tmp_path_factory.mktemp("n"), size=400, workers=1, **FAST)


def test_no_request(planted) -> None:
    html = planted.report.read_text()
    assert "default-src 'none'" in html
    addresses = re.findall(r'(?:src|href|action)\s*=\s*"([^"#][^"]*)"|url\(([^#)][^)]*)\)', html)
    assert addresses == []
    assert "@import" not in html


def test_ids_are_unique_and_anchors_lead_somewhere(planted) -> None:
    html = planted.report.read_text()
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)


def test_tags_are_closed(planted) -> None:
    open_tags: list[str] = []

    class Checker(HTMLParser):
        def handle_starttag(self, tag, attrs):  # noqa: ARG002 - the parser's signature
            if tag not in {"meta", "br", "link"}:
                open_tags.append(tag)

        def handle_startendtag(self, tag, attrs):
            """Leave out: such a tag is closed."""

        def handle_endtag(self, tag):
            assert open_tags.pop() == tag

    Checker().feed(planted.report.read_text())
    assert open_tags == []


def test_figures_are_pictures(planted) -> None:
    names = {p.name for p in (planted.folder / "figures").iterdir()}
    figures = {"losses", "found", "resolution", "pac", "heatmap", "stability", "profiles"}
    figures |= {"calibration", "map"}
    assert names == {f"{f}.{e}" for f in figures for e in ("svg", "png")}
    for path in (planted.folder / "figures").iterdir():
        content = path.read_bytes()
        if path.suffix == ".png":
            assert content.startswith(b"\x89PNG")
        else:
            assert ET.fromstring(content).tag.endswith("svg")


def test_says_what_was_found(planted) -> None:
    html = planted.report.read_text()
    assert "SYNTHETIC DATA" in html
    assert "health profile (4 groups)" in html
    assert "z-score = min-max, whitened" in html
    best = planted.scores[planted.scores["truth"] == "profile"]["ari"].max()
    assert f"ARI {best:.2f}" in html


def test_losses_add_up_to_one(planted) -> None:
    table = losses_table(read_findings(planted.folder), "profile")
    assert table[list(PARTS)].sum(axis=1).to_numpy() == pytest.approx(1.0)
    assert (table["best ARI"] >= table["found"]).all()


def test_whitening_is_explained_by_what_it_did(planted) -> None:
    """The words follow the figures: a cost, a gain, or nothing worth saying."""
    findings = read_findings(planted.folder)
    whitened = findings.tables.scores["whitened"]
    for change, words in ((-0.5, "Whitening costs"), (0.5, "Whitening gains")):
        scores = findings.tables.scores.copy()
        scores.loc[whitened, "ari"] = scores.loc[~whitened, "ari"].max() + change
        remarks = losses_figure(findings.with_tables(scores=scores), "profile").remarks
        assert remarks[0].startswith(words)


def test_null_scene_has_no_losses(null) -> None:
    assert not (null.folder / "figures" / "losses.svg").exists()


def test_agreement_that_another_grouping_explains_is_not_called_found(planted) -> None:
    findings = read_findings(planted.folder)
    scores = findings.tables.scores.copy()
    region = scores["truth"] == "region"
    scores.loc[region, "ari"] = 0.5
    scores.loc[region, "ari_within"] = 0.01
    remark = found_figure(findings.with_tables(scores=scores)).remarks[0]
    assert "Its agreement with the region (0.50)" in remark
    assert "goes away within the levels of another grouping" in remark


def test_no_heading_calls_clusters_stable_where_none_exist(null) -> None:
    """Whatever the stability: the same heading says that no groups exist."""
    findings = read_findings(null.folder)
    for jaccard in (0.0, 0.6, 1.0):
        clusters = findings.tables.stability_clusters.assign(jaccard=jaccard)
        other = findings.with_tables(stability_clusters=clusters)
        html = build(other).html
        headings = re.findall(r"<h[123][^>]*>(.*?)</h[123]>|<dt>(.*?)</dt>", html)
        said = [one or two for one, two in headings]
        about = [words for words in said if re.search("stable|come back|differ most", words)]
        assert len(about) >= 2
        for words in about:
            assert "no groups exist" in words or "do not exist" in words or "reference" in words
        assert ("cuts through one cloud" in html) == (jaccard == 1.0)


def words_before_the_first_table(html: str) -> int:
    body = html[html.index("<main>") : html.index("<table")]
    shown = re.sub(r"<(svg|noscript)\b.*?</\1>", " ", body, flags=re.DOTALL)
    return len(re.sub(r"<[^>]*>", " ", shown).split())


def test_the_top_is_short(planted, null) -> None:
    for done in (planted, null):
        assert words_before_the_first_table(done.report.read_text()) <= 500


def test_cards_answer_in_the_order_of_the_questions(planted, null) -> None:
    html = planted.report.read_text()
    cards = re.findall(r"<dt>(.*?)</dt><dd><strong>(.*?)</strong> <span>(.*?)</span>", html)
    asked = ["Can it be found", "Did the pipeline", "How often", "Would you have", "Is it only"]
    assert [question[: len(a)] for (question, *_), a in zip(cards, asked, strict=True)] == asked
    rows = planted.scores[planted.scores["truth"] == "profile"].drop_duplicates("partition")
    best = rows.loc[rows["ari"].idxmax()]
    least = max(round(0.8 * best["oracle"], 1), 0.1)
    answers = [answer for _, answer, _ in cards]
    assert answers[0] == f"{best['oracle']:.2f}"
    assert answers[1] == f"{best['ari']:.2f}"
    assert f"{(rows['ari'] >= least).sum()} of {len(rows)} partitions" in cards[2][2]
    assert answers[4] == f"{best['ari_within']:.2f}"
    assert "Is there anything to find?</dt><dd><strong>no</strong>" in null.report.read_text()


def test_agreement_above_the_raw_one_says_why(planted) -> None:
    findings = read_findings(planted.folder)
    scores = findings.tables.scores
    for change, words in ((0.1, "it blurs the clusters"), (-0.5, "which explains most of it")):
        other = findings.with_tables(scores=scores.assign(ari_within=scores["ari"] + change))
        assert words in build(other).html


def test_null_scene_is_called_by_its_name(null) -> None:
    counts = null.scores.drop_duplicates("partition")["n_clusters"]
    html = null.report.read_text()
    assert (counts > 1).any()
    assert "Clusters were reported where none exist" in html
    assert f"{(counts > 1).sum()} of {len(counts)} partitions" in html


def test_a_grouping_made_by_the_preprocessing_is_called_so(null) -> None:
    findings = read_findings(null.folder)
    scores = findings.tables.scores.copy()
    first = (scores["truth"] == "sex") & (scores["analysis"] == "zscore")
    assert "No analysis found any of the known groupings" in found_figure(findings).title
    scores.loc[first, "ari"] = 0.3
    title = found_figure(findings.with_tables(scores=scores)).title
    assert title.startswith("1 of 3 analyses found the sex best")
    assert title.endswith("the preprocessing made it")


def test_the_same_bytes_twice(planted) -> None:
    findings = read_findings(planted.folder)
    assert build(findings).html == build(findings).html


def test_markup_in_names_is_harmless(tmp_path) -> None:
    bad = '<script>alert("x")</script>'
    data = to_dict(load_scene("haalsi_example"))
    data["name"] = data["description"] = bad
    data["biomarkers"][bad] = data["biomarkers"].pop("Waist")
    data["biomarkers"]["a.b[c]:Q"] = data["biomarkers"].pop("Hip")
    data["groups"]["region"]["label"] = bad
    data["experiment"]["biomarkers"] = ["Weight", "Height", bad, "a.b[c]:Q"]
    done = run(data, tmp_path, size=150, workers=1, **FAST)
    html = done.report.read_text()
    assert bad not in html
    assert "&lt;script&gt;" in html
    assert html.count("<script") == 3  # two of data, one that runs


def test_nothing_clustered(tmp_path) -> None:
    html = run("haalsi_example", tmp_path, cluster=False, size=100).report.read_text()
    assert "nothing was clustered, as asked" in html
    assert "The generated biomarkers" in html


def test_the_verdict_is_said(planted) -> None:
    """Four profiles of 400 individuals; back from the folder it is the same."""
    verdict = read_findings(planted.folder).verdict
    assert verdict["word"] == "groups"
    assert verdict_said(verdict) == verdict_said(planted.findings.verdict)
    said = verdict_said(verdict)
    assert said.startswith("Verdict: groups. There is more structure")
    assert said[:60] in planted.report.read_text()


def test_no_clusters_whatever_the_verdict_but_groups(planted) -> None:
    findings = replace(planted.findings, synthetic=False)
    findings = replace(findings, choice={"partition": None, "p_value": 0.3})
    nothing = {"word": "nothing more than correlation", "by_groups": "", "p_value": 0.3}
    gradient = {"word": "a gradient", "groups": 10.0, "gradient": 25.0, "p_value": 0.01}
    for word, phrase in (
        (nothing, "Two equal groups 2.5 SD apart would have been seen in 80 %"),
        (nothing | {"word": "cannot tell", "separation": 10.0}, "Not even groups far apart"),
        (gradient, "A gradient explains it better"),
        (gradient | {"word": "cannot tell", "groups": 25.0}, "explain it equally well"),
        ({"word": "cannot tell", "references": 0}, "are too few to test"),
    ):
        said = headline(
            replace(findings, verdict=planted.findings.verdict | {"separation": 2.5} | word)
        )
        assert said.startswith(f"No clusters. Verdict: {word['word']}. ")
        assert phrase in said


def test_the_choice_and_how_far_it_is_from_the_best(planted) -> None:
    """Back from the folder, as the page is made again; with a choice as references give one."""
    findings = read_findings(planted.folder)
    rows = findings.tables.scores[findings.tables.scores["truth"] == "profile"]
    row, best = rows.iloc[0], rows["ari"].max()
    choice = {"partition": row["partition"], "p_value": 0.05}
    choice |= {"agreement": 0.8, "certainty": 0.9, "expected": 0.7}
    rival = findings.tables.rivals["partition"].iloc[0]
    alternatives = pd.DataFrame(
        {
            "source": [row["analysis"], rival],
            "partition": [row["partition"], rival],
            "n_clusters": [row["n_clusters"], 2],
            "behind": [0.0, 1.5],
            "agreement": [0.8, 0.79],
            "ari_with_choice": [1.0, 0.9],
            "tied": [True, True],
        }
    )
    with_choice = replace(findings.with_tables(alternatives=alternatives), choice=choice)
    sentence = chosen(with_choice)
    assert "Verdict: groups" in sentence
    assert "a mean ARI of 0.90; with the groups themselves it expects 0.70" in sentence
    assert sentence.endswith(
        f"Its ARI with the truth is {row['ari']:.2f}, {row['ari'] / best:.0%} of the grid's best."
    )
    table = alternatives_table(with_choice)
    assert table["ARI with profile"].iloc[0] == row["ari"]
    of_rival = findings.tables.rivals[findings.tables.rivals["truth"] == "profile"].iloc[0]
    assert table["ARI with profile"].iloc[1] == pytest.approx(of_rival["ari"])
    assert ties_said(with_choice).endswith(
        " and k-means, z-score can't be told apart on these individuals."
    )
    assert "k-means, z-score" in chosen(replace(with_choice, choice=choice | {"partition": rival}))


def test_rivals_are_judged_like_the_pipeline(planted) -> None:
    findings = read_findings(planted.folder)
    ours = findings.tables.scores.loc[findings.tables.scores["truth"] == "profile", "ari"].max()
    table = rivals_table(findings)
    assert table["ARI with profile"].is_monotonic_decreasing
    assert set(findings.tables.rivals["partition"]) <= set(findings.tables.labels)
    for name, ari in findings.tables.rivals.query("truth == 'profile'")[
        ["partition", "ari"]
    ].to_numpy():
        labels = findings.tables.labels[name]
        assert ari == pytest.approx(adjusted_rand_score(findings.people.truths["profile"], labels))
    (said,) = rivals_said(findings)
    theirs = table["ARI with profile"].iloc[0]
    assert f"{ours:.2f}" in said
    assert f"{theirs:.2f}" in said
    assert said.startswith("A plain") == (round(theirs, 2) > round(ours, 2))
    worse = findings.with_tables(scores=findings.tables.scores.assign(ari=-0.1))
    assert rivals_said(worse)[0].startswith("A plain method does better than the pipeline")
    better = findings.with_tables(scores=findings.tables.scores.assign(ari=1.0))
    assert rivals_said(better)[0].startswith("The pipeline's best of")


def test_pac_lies_between_its_references_or_is_called_more_stable(planted) -> None:
    findings = read_findings(planted.folder)
    figure = pac_figure(findings)
    below = (
        findings.tables.references["pac"] < findings.tables.references["pac_reference_low"]
    ).sum()
    assert figure.title.startswith(f"{below} of {len(findings.tables.references)} settings")
    assert len(figure.table) == len(findings.tables.references)
    stable = pac_figure(
        findings.with_tables(references=findings.tables.references.assign(pac_reference_low=1.0))
    )
    assert stable.title.startswith(
        f"{len(findings.tables.references)} of {len(findings.tables.references)} settings are"
    )


@pytest.mark.parametrize("kind", WHAT_IS_KEPT)
def test_the_caption_says_what_the_reference_data_keep(kind: str, planted) -> None:
    scene = to_dict(planted.findings.scene)
    scene["experiment"]["reference_data"] = kind
    changed = replace(planted.findings, scene=load_scene(scene))
    for figure in (resolution_figure(changed), pac_figure(changed)):
        assert [words in figure.caption for words in WHAT_IS_KEPT.values()] == [
            one == kind for one in WHAT_IS_KEPT
        ]


def test_the_band_is_that_of_the_references(planted) -> None:
    findings = read_findings(planted.folder)
    table = resolution_figure(findings).table
    band = findings.tables.band.set_index(["k", "resolution"])
    for k, resolution in [(3, 0.9), (4, 1.1)]:
        row = table[(table["k"] == k) & (table["resolution"] == resolution)].iloc[0]
        expected = band.loc[(k, resolution)].iloc[0]
        assert (row["null from"], row["null to"]) == (
            expected["reference_low"],
            expected["reference_high"],
        )
