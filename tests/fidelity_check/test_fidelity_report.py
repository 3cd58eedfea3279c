"""The fidelity page and its text: every figure named, nothing from the network."""

import numpy as np
import pandas as pd

from synthcohort.fidelity_check import compare, haalsi_wave1, unconstrained
from synthcohort.fidelity_check.fidelity_report import fidelity_page, fidelity_text


def compared() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "sex": np.repeat(["female", "male"], [536, 464]),
            "Hemoglobin": rng.normal(12.6, 1.7, 1000),
            "CESD_score": rng.integers(0, 8, 1000),  # never 8, which the instrument has
        }
    )
    return compare(frame, haalsi_wave1())


def test_text_counts_and_names_what_is_not_met() -> None:
    text = fidelity_text(compared())
    assert text.startswith("3 of 10 usable published figures are met, 7 are not; 230 are not used.")
    assert "  234 CESD_score, max: published 8 points, got 7 (has to be exact)" in text
    assert "another wave" in text
    assert "the table has no BP_systolic" in text


def test_page_holds_every_row_and_asks_for_nothing() -> None:
    found = compared()
    open_ = unconstrained(haalsi_wave1(), ["Hemoglobin", "CESD_score", "Pulse"])
    page = fidelity_page("<my> scene", 1000, found, open_)
    assert "&lt;my&gt; scene against published figures" in page
    assert "SYNTHETIC DATA" in page
    assert "<script" not in page
    assert "src=" not in page
    for row in found["row"]:
        assert f"<td class=n>{row}</td>" in page
    assert page == fidelity_page("<my> scene", 1000, found, open_)
