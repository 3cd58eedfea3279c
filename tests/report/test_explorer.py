"""What the page's script gets: packed without loss, and of real people aggregates only."""

import base64
import json
import re
import zlib

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from synthcohort import cluster
from synthcohort.report.explorer.cluster_profiles import profiles_of
from synthcohort.report.explorer.crossed_tables import HIDDEN, suppressed
from synthcohort.report.explorer.distinct_partitions import distinct_among
from synthcohort.report.explorer.packing import packed_codes
from synthcohort.report.explorer.payload import packed_run
from synthcohort.report.explorer.script import exports, imports, modules
from synthcohort.report.figures.people_map import pca_figure
from synthcohort.report.figures.profiles import profile_table
from synthcohort.report.small_cells import FEWEST
from synthcohort.results.run_folder import read_findings
from synthcohort.scene import SceneWarning

TABLE = {
    "id": "pid",
    "biomarkers": ["a", "b", "c"],
    "groups": ["sex", "village"],
    "experiment": {
        "preprocessings": ["zscore", "minmax"],
        "base": {"kmeans": [2, 3]},
        "resolutions": [0.6, 1.0],
        "bootstraps": 6,
    },
}


PEOPLE = 137


def lengths(value):
    """Of every list, however deep."""
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    own = {len(value)} if isinstance(value, list) else set()
    return own.union(*map(lengths, below))


def facts_of(texts):
    return json.loads(zlib.decompress(base64.b64decode(texts["facts"])))


def unpacked(text, rows):
    """The table of codes again, as the browser reads it."""
    planes = np.frombuffer(zlib.decompress(base64.b64decode(text)), np.uint8)
    low, high = planes.reshape(2, -1, rows).cumsum(axis=2, dtype=np.uint8)
    return (low.astype(int) | high.astype(int) << 8).T


@pytest.fixture(scope="module")
def people():
    rng = np.random.default_rng(5)
    near = np.arange(PEOPLE) % 2
    table = pd.DataFrame({c: 7000 + rng.normal(size=PEOPLE) + 3 * near for c in "abc"})
    table["pid"] = [f"person-{i:04}" for i in rng.permutation(PEOPLE)]
    table["sex"] = np.where(rng.random(PEOPLE) < 0.5, "f", "m")
    table["village"] = ["Rareplace"] * 2 + ["East"] * 60 + ["West"] * (PEOPLE - 62)
    return table


@pytest.fixture(scope="module")
def own(people, tmp_path_factory):
    with pytest.warns(SceneWarning, match="Rareplace"):
        return cluster(people, TABLE, tmp_path_factory.mktemp("own"), workers=1, verdict=False)


def test_codes_come_back_whatever_their_size() -> None:
    codes = np.random.default_rng(0).integers(0, 65_536, (50, 7))
    np.testing.assert_array_equal(unpacked(packed_codes(codes), 50), codes)


def test_every_score_can_be_computed_from_the_labels(small_run) -> None:
    texts = packed_run(small_run.findings)
    facts = facts_of(texts)
    columns = unpacked(texts["people"], facts["embedded"])
    truths, labels = np.split(columns, [len(facts["groupings"])], axis=1)
    for place, grouping in enumerate(facts["groupings"]):
        for i, expected in enumerate(facts["partitions"]["scores"][grouping["name"]]["ari"]):
            found = labels[:, facts["partitions"]["distinct"][i]]
            assert adjusted_rand_score(truths[:, place], found) == pytest.approx(expected, abs=5e-4)


def test_numbers_are_those_of_the_run_folder(small_run) -> None:
    facts = facts_of(packed_run(small_run.findings))
    names = facts["partitions"]["name"]
    stability = pd.read_csv(small_run.folder / "stability.csv").set_index("partition")
    for column in ("jaccard", "margin", "misplaced", "pac"):
        found = pd.Series(facts["partitions"][column], names, dtype=float).reindex(stability.index)
        np.testing.assert_allclose(found, stability[column], atol=1e-4)
    scores = pd.read_csv(small_run.folder / "scores.csv").drop_duplicates(["partition", "truth"])
    for truth, own in scores.groupby("truth"):
        for column in ("ari", "ami", "ari_within"):
            known = pd.Series(facts["partitions"]["scores"][truth][column], names, dtype=float)
            np.testing.assert_allclose(known[own["partition"]], own[column], atol=1e-4)


def test_profiles_are_those_of_the_pictures(small_run) -> None:
    findings = read_findings(small_run.folder)
    names = list(findings.tables.labels)
    distinct = distinct_among(findings.tables.labels, names)
    profiles = profiles_of(findings, distinct, 1)
    place = {name: i for i, name in enumerate(findings.people.biomarkers)}
    for name in names[:4]:
        table = profile_table(findings, findings.tables.labels[name].astype(int))
        own = profiles[distinct.place[name]]
        for row in table.itertuples():
            at, cluster_ = place[row.biomarker], row.cluster - 1
            assert own["means"][at][cluster_] == pytest.approx(row.SDs, abs=1e-3)
            beyond = own["beyond"][at][cluster_] if own["beyond"] else 0
            assert {1: "▲", -1: "▼", 0: ""}[beyond] == row.beyond
        assert own["n"] == table.drop_duplicates("cluster")["size"].tolist()


def test_a_real_table_gives_aggregates_only(own) -> None:
    """No id, no value, no label, no rare level, no small cell."""
    texts = packed_run(own.findings)
    assert set(texts) <= {"facts", "agreements"}
    facts = facts_of(texts)
    said = json.dumps(facts)
    assert "person-" not in said
    assert "Rareplace" not in said
    assert "Rareplace" not in own.report.read_text()
    of_everybody = facts.pop("biomarkers")
    assert len(of_everybody) == 3
    assert (
        re.findall(r"\b(?:69|70)\d\d\.\d+\b", json.dumps(facts)) == []
    )  # all values are about 7000
    assert PEOPLE not in lengths(facts)
    assert not {"dots", "weights", "embedded"} & set(facts)
    cells = np.concatenate([np.ravel(table) for table in facts["crossed"].values()])
    assert ((cells == HIDDEN) | (cells == 0) | (cells >= FEWEST)).all()
    sizes = [n for one in facts["profiles"] for n in one["n"] if n is not None]
    assert min(sizes) >= FEWEST
    assert min(n for one in facts["groupings"] for n in one["n"]) >= FEWEST


def test_people_of_a_table_are_not_on_its_pictures(own) -> None:
    figure = pca_figure(own.findings)
    assert 0 < len(figure.table) <= len(own.labels) / FEWEST
    assert figure.chart.to_dict()["hconcat"][0]["mark"]["type"] == "square"
    assert "Rareplace" not in (own.folder / "figures" / "map.svg").read_text()


@pytest.mark.parametrize("seed", range(20))
def test_hidden_cells_can_not_be_worked_out(seed: int) -> None:
    """From the sums of rows and columns no single hidden cell follows."""
    table = np.random.default_rng(seed).integers(0, 14, (4, 5))
    found = suppressed(table, FEWEST)
    assert ((found == table) | (found == HIDDEN)).all()
    assert not ((found > 0) & (found < FEWEST)).any()
    for lines in (found, found.T):
        for line in lines:
            assert (line == HIDDEN).sum() != 1 or (np.delete(line, line.argmin()) == 0).all()


def test_agreements_of_a_table_are_those_of_its_labels(own) -> None:
    texts = packed_run(own.findings)
    facts = facts_of(texts)
    found = unpacked(texts["agreements"], len(facts["profiles"])) / 10_000 - 1
    names, place = facts["partitions"]["name"], facts["partitions"]["distinct"]
    for i, j in [(0, 1), (2, 5), (3, 3)]:
        expected = adjusted_rand_score(own.labels[names[i]], own.labels[names[j]])
        assert found[place[i], place[j]] == pytest.approx(expected, abs=1e-4)


def test_modules_import_what_comes_before_them_and_exists() -> None:
    seen: list[str] = []
    for name in modules():
        for source, names in imports(name).items():
            assert source in seen, f"{name} imports {source} before it is there"
            assert set(names) <= set(exports(source))
        seen.append(name)
    every = [name for module in modules() for name in exports(module)]
    assert len(every) == len(set(every))
