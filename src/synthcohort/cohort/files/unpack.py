"""Compressed files: unpacked beside the system's other temporary files, within bounds."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from synthcohort.cohort.files.broken_file import in_words_of_the_file
from synthcohort.cohort.files.table import fault
from synthcohort.machine.written_files import scratch_folder, written

_CHUNK = 1 << 20
_MOST_TIMES = 200
_ALWAYS = 1 << 28
"""Tables shrink to a fiftieth at best: more than this many times the file is no table, unless it
is small anyway (256 MB)."""


def _zstd(path: str) -> Any:
    import pyarrow as pa

    return pa.CompressedInputStream(pa.OSFile(path), "zstd")


def _zip(path: str) -> Any:
    archive = zipfile.ZipFile(path)
    return archive.open(_members(Path(path))[0])


PACKED: dict[str, Callable[[str], Any]] = {
    ".gz": gzip.GzipFile,
    ".zst": _zstd,
    ".bz2": bz2.BZ2File,
    ".xz": lzma.LZMAFile,
    ".zip": _zip,
}
"""Openers of compressed files, by the ending of the file."""


@contextmanager
def unpacked(path: Path, source: str) -> Iterator[Path]:
    """Give a file as it is, or unpacked for as long as it is read.

    Raises
    ------
    SceneError
        If it unpacks to far more than a table would, or an archive holds several files.
    """
    kind = path.suffix.lower()
    if kind not in PACKED:
        yield path
        return
    if kind == ".zip" and zipfile.is_zipfile(path):
        members = _members(path)
        if len(members) != 1:
            shown = ", ".join(map(repr, members[:3])) + (", ..." if len(members) > 3 else "")
            raise fault(source, f"holds {len(members)} files ({shown}), allowed: one table")
        inner = Path(members[0]).name
    else:
        inner = path.stem
    with scratch_folder() as folder:
        out = folder / inner
        _unpack(path, kind, out, source)
        yield out


def inner_name(path: Path) -> str:
    """Return the name of the table itself: without the ending of its compression."""
    kind = path.suffix.lower()
    if kind == ".zip" and zipfile.is_zipfile(path):
        return (_members(path) or [path.stem])[0]
    return path.stem if kind in PACKED else path.name


def _unpack(path: Path, kind: str, out: Path, source: str) -> None:
    with PACKED[kind](str(path)) as packed, written(out) as whole, whole.open("wb") as file:
        for chunk in _chunks(packed, path, source, out.suffix.lower()):
            file.write(chunk)


def _chunks(packed: Any, path: Path, source: str, kind: str) -> Iterator[bytes]:
    """Yield what is packed; its faults are the file's, not those of the disk written to."""
    size = 0
    try:
        while chunk := packed.read(_CHUNK):
            size += len(chunk)
            check_size(size, path, source)
            yield chunk
    except Exception as error:
        raise in_words_of_the_file(error, source, kind) from None


def check_size(size: int, path: Path, source: str) -> None:
    """Refuse what unpacks to far more than a table would."""
    most = max(_MOST_TIMES * path.stat().st_size, _ALWAYS)
    if size > most:
        message = f"unpacks to more than {most:,} bytes, {_MOST_TIMES} times its size"
        raise fault(source, f"{message}: no table does")


def _members(path: Path) -> list[str]:
    """Files of an archive that are not the archiver's own."""
    with zipfile.ZipFile(path) as archive:
        names = [one.filename for one in archive.infolist() if not one.is_dir()]
    return [n for n in names if not n.startswith("__MACOSX/") and not Path(n).name.startswith(".")]
