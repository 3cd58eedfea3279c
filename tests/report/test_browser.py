"""The page in a browser: every link of it, by mouse and by keyboard, without a message or request.

Needs the Python package playwright, and a Chromium: Debian's, or the one named by CHROMIUM.
"""

import os
import re
import shutil
from dataclasses import replace

import pandas as pd
import pytest

from synthcohort.report import build
from synthcohort.report.explorer.packing import packed_json
from synthcohort.report.shown_page import ShownPage
from synthcohort.results.run_folder import read_findings
from synthcohort.scene import load_scene, to_dict

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "google-chrome"))), None
)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium")


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as started:
        yield (own := started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"]))
        own.close()


@pytest.fixture(scope="module")
def page_file(small_run, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(build(read_findings(small_run.folder)).html, encoding="utf-8")
    return path


@pytest.fixture
def visit(browser):
    """Open a page; at the end nothing may have been said on the console or asked of a network."""
    opened, said, asked = [], [], []

    def go(path, width=1280, scheme="light", script=True, address=""):
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=script is not False,
        )
        page = context.new_page()
        opened.append(context)
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri() + address)
        if script:
            page.wait_for_selector("#explorer[data-ready]")
        return page

    yield go
    for context in opened:
        context.close()
    assert said == []
    assert all(url.startswith(("file:", "blob:")) for url in asked)


def chosen(page) -> str:
    return page.locator(".cell[aria-pressed=true]").get_attribute("data-partition")


def test_a_click_shows_a_partition_everywhere(visit, page_file, small_run) -> None:
    page = visit(page_file)
    names = list(dict.fromkeys(small_run.scores["partition"]))
    stability = small_run.tables.stability.set_index("partition")
    for i in (0, 5, 11):
        page.locator(f"[data-partition='{i}']").click()
        assert chosen(page) == str(i)
        clusters = int(stability.loc[names[i], "n_clusters"])
        assert f"{clusters} cluster" in page.locator(".selected p").inner_text()
        assert page.locator("#crossing tbody tr").count() == clusters
        assert page.locator("#profiles thead th").count() == 2 + clusters
        own = small_run.tables.stability_clusters.query("partition == @names[@i]")
        shown = page.locator("#stability tbody tr td:nth-child(3)").all_inner_texts()
        assert shown == [f"{v:.2f}" for v in own.sort_values("cluster")["jaccard"]]


def test_shift_compares_and_the_address_restores_it(visit, page_file) -> None:
    page = visit(page_file)
    page.locator("[data-partition='3']").click()
    page.locator("[data-partition='7']").click(modifiers=["Shift"])
    page.get_by_label("Colour by").select_option("jaccard")
    page.get_by_label("k from").select_option("3")
    before = page.locator("main").inner_text()
    again = visit(page_file, address=page.url[page.url.index("#") :])
    assert again.locator("main").inner_text() == before
    assert chosen(again) == "3"
    assert again.locator(".cell.b").get_attribute("data-partition") == "7"


def test_inside_a_notebook_a_click_shows_a_partition_too(visit, page_file, tmp_path) -> None:
    outer = tmp_path / "notebook.html"
    outer.write_text(f"<!DOCTYPE html>{ShownPage(page_file)._repr_html_()}", encoding="utf-8")
    frame = visit(outer, script=None).frame_locator("iframe")
    frame.locator("#explorer[data-ready]").wait_for()
    cell = frame.locator(".cell[aria-pressed=false]").first
    name = cell.get_attribute("data-partition")
    cell.click()
    assert frame.locator(".cell[aria-pressed=true]").get_attribute("data-partition") == name


def test_an_address_that_says_nonsense_is_the_beginning(visit, page_file) -> None:
    first = visit(page_file).locator("main").inner_text()
    wrong = "#a=no.such&b=g:nothing&by=%3Cscript%3E&of=x&k=9-1&r=a-b"
    assert visit(page_file, address=wrong).locator("main").inner_text() == first


def test_the_keyboard_alone_reaches_everything(visit, page_file) -> None:
    page = visit(page_file)
    start = chosen(page)
    page.locator(f"[data-partition='{start}']").focus()
    page.keyboard.press("ArrowRight")
    moved = page.evaluate("document.activeElement.dataset.partition")
    assert moved not in (None, start)
    page.keyboard.press("Enter")
    assert chosen(page) == moved
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+Enter")
    assert page.locator(".cell.b").get_attribute("data-partition") == start
    page.keyboard.press("Tab")
    for _ in range(60):
        if page.evaluate("document.activeElement.closest('#partitions')?.id"):
            break
        page.keyboard.press("Tab")
    else:
        pytest.fail("the table of all partitions can't be reached by Tab")


def test_every_agreement_that_the_browser_computes_is_the_tables(visit, page_file, small_run):
    page = visit(page_file)
    scores = small_run.scores.drop_duplicates(["partition", "truth"])
    names = list(dict.fromkeys(small_run.scores["partition"]))
    wide = scores.pivot(index="partition", columns="truth", values="ari").loc[names]
    menu = page.get_by_label("Compare with")
    for i in range(0, len(names), 3):
        page.locator(f"[data-partition='{i}']").click()
        for place, truth in enumerate(dict.fromkeys(scores["truth"])):
            menu.select_option(f"g{place}")
            said = page.locator(".selected strong").inner_text()
            assert float(said.rsplit(" ", 1)[1]) == pytest.approx(
                wide[truth].iloc[i], abs=0.005 + 5e-4
            )


def test_dragging_keeps_a_range(visit, page_file) -> None:
    page = visit(page_file)
    cells = page.locator(".panel").first.locator(".cell")
    cells.first.drag_to(cells.nth(1))
    said = page.locator("#grid p[role=status]").inner_text()
    assert page.get_by_role("button", name="Keep all").is_visible()
    kept = int(re.match(r"\d+", said)[0])
    assert page.get_by_label("k from").input_value() == "3"
    page.get_by_role("button", name="Keep all").click()
    assert int(re.match(r"\d+", page.locator("#grid p[role=status]").inner_text())[0]) > kept


def test_the_table_sorts_filters_and_downloads(visit, page_file, small_run) -> None:
    page = visit(page_file)
    table = page.locator("#partitions")
    table.get_by_role("button", name="Jaccard").click()
    shown = [float(v) for v in table.locator("tbody td:nth-child(7)").all_inner_texts() if v]
    assert shown == sorted(shown, reverse=True)
    table.get_by_role("searchbox").fill("min-max, k = 3")
    shown = table.locator("tbody th").all_inner_texts()
    assert 0 < len(shown) < len(dict.fromkeys(small_run.scores["partition"]))
    assert all("min-max" in title and "k = 3" in title for title in shown)
    with page.expect_download() as waiting:
        table.get_by_role("button", name="Download").click()
    saved = pd.read_csv(waiting.value.path())
    assert len(saved) == len(shown)
    scores = small_run.scores.drop_duplicates(["partition", "truth"])
    expected = scores.set_index(["partition", "truth"])["ari"]
    for row in saved.itertuples():
        assert pytest.approx(expected.loc[(row.name, "region")], abs=1e-4) == row.ARI


def test_profiles_can_be_searched_and_turned_into_units(visit, page_file, small_run) -> None:
    page = visit(page_file)
    profiles = page.locator("#profiles")
    profiles.get_by_role("searchbox").fill("waist")
    assert profiles.locator("tbody tr").count() == 1
    profiles.get_by_role("checkbox").check()
    best = small_run.scores.query("truth == 'region'").nlargest(1, "ari")["partition"].iloc[0]
    means = small_run.findings.people.biomarkers["Waist"].groupby(small_run.labels[best]).mean()
    shown = profiles.locator("tbody td.n").all_inner_texts()[1:]
    assert [float(v.strip("▲▼")) for v in shown] == pytest.approx(means.tolist(), abs=0.06)


def test_without_a_script_pictures_and_cards_are_there(visit, page_file) -> None:
    page = visit(page_file, script=False)
    assert page.locator(".cards dt").count() == 5
    assert page.locator("noscript svg, .picture svg").count() >= 7


@pytest.mark.parametrize("width", [400, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_the_window_or_smaller_than_11_pixels(
    visit, page_file, width, scheme
) -> None:
    page = visit(page_file, width, scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    sizes = page.evaluate("""[...document.querySelectorAll("main *")]
        .filter((e) => e.getClientRects().length && [...e.childNodes].some((n) => n.nodeType === 3
            && n.textContent.trim()))
        .map((e) => parseFloat(getComputedStyle(e).fontSize))""")
    assert min(sizes) >= 11


@pytest.mark.parametrize("width", [400, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(visit, page_file, width, scheme) -> None:
    """With and without a range that is kept."""
    axe = pytest.importorskip("axe_core_python.sync_playwright", reason="axe is not installed")
    page = visit(page_file, width, scheme)
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    for k in ("2", "3"):
        page.get_by_label("k from").select_option(k)
        found = axe.Axe().run(page)["violations"]
        assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found] == []


def test_names_of_any_kind_are_text_and_can_be_read(visit, small_run, tmp_path) -> None:
    """Markup, right-to-left text and 300 characters, in every name that a scene has."""
    names = ['<img src=x onerror="alert(1)">', "שלום עולם", "W" * 300]
    findings = read_findings(small_run.folder)
    scene = to_dict(findings.scene)
    scene["name"], scene["description"] = names[0], names[1]
    for i, biomarker in enumerate(scene["biomarkers"].values()):
        biomarker["label"] = names[i % 3]
    for i, group in enumerate(scene["groups"].values()):
        group["label"] = names[(i + 2) % 3]
    path = tmp_path / "names.html"
    path.write_text(build(replace(findings, scene=load_scene(scene))).html, encoding="utf-8")
    for width in (400, 1280):
        page = visit(path, width)
        assert page.locator("img").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        shown = page.locator("#profiles tbody th").all_inner_texts()
        assert {s.removesuffix(" (not clustered)") for s in shown} == set(names)


def test_a_page_that_is_printed_is_short(visit, page_file) -> None:
    page = visit(page_file)
    pdf = page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 8


def test_a_payload_that_is_broken_is_said(browser, page_file, tmp_path) -> None:
    html = page_file.read_text()
    broken = re.sub(r'(id="facts">)[^<]*', rf"\g<1>{packed_json({'name': 'x'})}", html)
    path = tmp_path / "broken.html"
    path.write_text(broken)
    page = browser.new_page()
    page.goto(path.as_uri())
    assert "could not start" in page.get_by_role("alert").inner_text()
    page.close()
