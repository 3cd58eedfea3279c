"""Names that look like numbers stay what they are."""

import pytest
from tests.cohort.test_cases import cohort_of_file, people

from synthcohort.cohort.files import read_table


@pytest.mark.parametrize(
    "words", [["01", "02", "10"], ["1.5", "01.5", "2.5"], ["1E5", "2E5", "10E5"], ["+1", "+2", "3"]]
)
@pytest.mark.parametrize("separator", [",", ";"])
def test_levels_and_ids_keep_their_digits(tmp_path, words: list[str], separator: str) -> None:
    frame = people()
    frame["site"] = [words[i % 3] for i in range(len(frame))]
    frame["pid"] = [f"{10**19 + i}" for i in range(len(frame))]
    decimal = "," if separator == ";" else "."
    frame.to_csv(tmp_path / "t.csv", index=False, sep=separator, decimal=decimal)
    cohort = cohort_of_file(tmp_path / "t.csv")
    assert set(cohort.groups["site"]) == set(words)
    assert list(cohort.X.index) == list(frame["pid"])


def test_such_words_are_numbers_where_numbers_are_asked_for(tmp_path) -> None:
    frame = people()
    frame["sbp"] = [f"0{value}" for value in frame["sbp"]]
    frame.to_csv(tmp_path / "t.csv", index=False)
    assert read_table(tmp_path / "t.csv").frame["sbp"].dtype != float
    assert cohort_of_file(tmp_path / "t.csv").X["sbp"].tolist() == people()["sbp"].tolist()
