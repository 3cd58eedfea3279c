"""Three hundred broken files: a table or one clear message, never anything else."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.cohort.formats import PEOPLE, write

from synthcohort.cohort.files import FORMATS, Table, read_table
from synthcohort.scene import SceneError

ONCE = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
WRITTEN = ["csv", "csv.gz", "csv.zip", "parquet", "feather", "xlsx", "dta", "sav", "zsav", "xpt"]


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("whole")
    return {kind: write(folder / f"people.{kind}", PEOPLE).read_bytes() for kind in WRITTEN}


def refused_or_read(path: Path) -> None:
    message = f"{path}: "
    try:
        table: Table | None = read_table(path)
        problems = 1
    except SceneError as error:
        table, message, problems = None, str(error), len(error.problems)
    assert table is None or len(table) > 0
    assert problems == 1
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    for word in ("np.", "Traceback", "0x7f", "object at"):
        assert word not in message


@settings(max_examples=100, deadline=None, suppress_health_check=ONCE, derandomize=True)
@given(kind=st.sampled_from([*FORMATS, ".csv.gz", ".csv.zip", ".csv.zst"]), content=st.binary())
def test_random_bytes(tmp_path: Path, kind: str, content: bytes) -> None:
    path = tmp_path / f"t{kind}"
    path.write_bytes(content)
    refused_or_read(path)


@settings(max_examples=100, deadline=None, suppress_health_check=ONCE, derandomize=True)
@given(kind=st.sampled_from(WRITTEN), share=st.floats(0, 1))
def test_truncated_files(tmp_path: Path, whole, kind: str, share: float) -> None:
    path = tmp_path / f"t.{kind}"
    path.write_bytes(whole[kind][: int(share * len(whole[kind]))])
    refused_or_read(path)


@settings(max_examples=100, deadline=None, suppress_health_check=ONCE, derandomize=True)
@given(kind=st.sampled_from(WRITTEN), share=st.floats(0, 1), junk=st.binary(min_size=1))
def test_damaged_files(tmp_path: Path, whole, kind: str, share: float, junk: bytes) -> None:
    content = bytearray(whole[kind])
    at = int(share * (len(content) - 1))
    content[at : at + len(junk)] = junk
    path = tmp_path / f"t.{kind}"
    path.write_bytes(content)
    refused_or_read(path)
