"""A run of a measured scene: nothing of it is lost on the way to the folder and back."""

import pandas as pd
from tests.measurement.test_recording import SCENE

from synthcohort import generate, run
from synthcohort.results.run_folder import read_findings


def test_a_measured_scene_runs_and_reads_back(tmp_path) -> None:
    found = run(SCENE, tmp_path, size=300, cluster=False)
    population = generate(SCENE, size=300)
    data = pd.read_csv(found.folder / "data.csv", index_col="id")
    assert list(data) == ["region", "sex", "Age", "weight", *SCENE["biomarkers"]]
    pd.testing.assert_frame_equal(data[list(population.X)], population.X, check_index_type=False)
    again = read_findings(found.folder)
    assert "Age (tertiles)" in again.people.truths
    assert again.people.truths.astype(str).equals(population.known.astype(str))
    book = pd.read_csv(found.folder / "codebook.csv", index_col="variable")
    assert book.loc["Age", "unit"] == "years"
    assert book.loc["Weight", "missing"] == population.X["Weight"].isna().sum()
