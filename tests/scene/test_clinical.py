"""Cut-offs from a table: what replaces what, and the message for each fault."""

import csv
import io

import pytest

from synthcohort.scene import SceneError, clinical, load_scene
from synthcohort.scene.clinical import replace_cutoffs

HEAD = "variable,unit,level,direction,threshold\n"


def replaced(rows: str, head: str = HEAD):
    return replace_cutoffs(load_scene("haalsi_example"), head + rows, "mine.csv")


def test_a_table_replaces_all_cutoffs() -> None:
    scene = replaced(
        "Hemoglobin,g/dL,male,below,13\nHemoglobin,g/dL,female,below,12\n"
        "Weight,,any,above,100\nWeight,,any,below,45.5\n"
    )
    assert scene.biomarkers["Hemoglobin"].cutoffs.low == {"male": 13.0, "female": 12.0}
    assert scene.biomarkers["Hemoglobin"].cutoffs.high is None
    assert scene.biomarkers["Weight"].cutoffs.low == 45.5
    assert scene.biomarkers["Weight"].cutoffs.high == 100.0
    others = [m for name, m in scene.biomarkers.items() if name not in ("Hemoglobin", "Weight")]
    assert all(m.cutoffs.low is None and m.cutoffs.high is None for m in others)


def test_every_bundled_row_has_a_source_and_the_scene_units() -> None:
    rows = list(csv.DictReader(io.StringIO(clinical.text())))
    assert len(rows) == 39
    assert all(row["source"] and row["meaning"] for row in rows)
    assert {row["direction"] for row in rows} == {"above", "below"}
    markers = load_scene("haalsi_example").biomarkers
    known = [row for row in rows if row["variable"] in markers]
    assert known
    for row in known:
        text = ",".join(row[key] for key in HEAD.strip().split(","))
        if row["variable"] != "Cognitive_score" and row["level"] == "any":
            assert replaced(text + "\n").biomarkers[row["variable"]].cutoffs != ()


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("Wiest,cm,any,above,94\n", "line 2: got the variable 'Wiest'; did you mean 'Waist'?"),
        ("Waist,cm,men,above,94\n", "line 2: got the level 'men'; allowed: any, rural"),
        ("Waist,cm,any,over,94\n", "line 2: got the direction 'over', allowed: below, above"),
        ("Waist,cm,any,above,x\n", "line 2: got the threshold 'x', allowed: a finite number"),
        ("Waist,cm,any,above,nan\n", "line 2: got the threshold 'nan', allowed: a finite number"),
        ("Waist,inch,any,above,94\n", "line 2: got the unit 'inch', allowed: 'cm', the one of Wa"),
        (
            "Waist,cm,male,above,94\nWaist,cm,male,above,102\nWaist,cm,female,above,80\n",
            r"Waist: got rival cut-offs above: 94 for male \(line 2\), 102 for male \(line 3\)",
        ),
        (
            "Waist,cm,any,above,94\nWaist,cm,male,above,102\n",
            r"rival cut-offs above: 94 for any \(line 2\), 102 for male \(line 3\)",
        ),
        (
            "Waist,cm,any,above,60\nWaist,cm,any,below,60\n",
            "biomarkers.Waist.cutoffs: got low 60 and high 60, allowed: low below high",
        ),
        (
            "Waist,cm,male,above,94\n",
            "biomarkers.Waist.cutoffs.high: got male, allowed: exactly the levels of one visible",
        ),
        ("", "has no rows, allowed: at least one threshold"),
    ],
)
def test_faults(rows: str, message: str) -> None:
    with pytest.raises(SceneError, match=message) as error:
        replaced(rows)
    assert error.value.source == "mine.csv"
    assert len(error.value.problems) == 1


def test_missing_columns_and_all_problems_at_once() -> None:
    with pytest.raises(SceneError, match="line 1: got the columns variable, level; missing: dir"):
        replaced("Waist,any\n", "variable,level\n")
    with pytest.raises(SceneError) as error:
        replaced("Wiest,cm,any,above,94\nWaist,cm,any,over,x\n")
    assert [p.place for p in error.value.problems] == ["line 2", "line 3", "line 3"]
