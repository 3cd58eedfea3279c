"""The page of a run as files of its folder: drawn into it when the results are whole.

The page's checksums are in a file of their own, which is taken away before the page's files are
replaced and comes last. So the manifest of the results is never written again, and a page that
was killed half-way is known to be none.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from synthcohort.scene.serialization import checksum

PAGE = "report.html"
FIGURES = "figures"
PAGE_CHECKSUMS = "page.json"
PARTIAL_PAGE = ".page.partial"


def is_of_page(name: str) -> bool:
    """Whether a file, by its path in the run folder, is of the page and no result."""
    return name in (PAGE, PAGE_CHECKSUMS) or Path(name).parts[0] in (FIGURES, PARTIAL_PAGE)


def write_page(folder: Path, html: str, figures: Mapping[str, bytes]) -> None:
    """Put a page and its figures into a run folder, in the place of those that are there.

    Parameters
    ----------
    folder : Path
    html : str
    figures : mapping of str to bytes
        By name of the file.
    """
    partial = folder / PARTIAL_PAGE
    shutil.rmtree(partial, ignore_errors=True)
    (partial / FIGURES).mkdir(parents=True)
    files = {PAGE: html.encode()} | {f"{FIGURES}/{n}": content for n, content in figures.items()}
    for name, content in files.items():
        (partial / name).write_bytes(content)
    made = {name: checksum(partial / name) for name in files}
    (partial / PAGE_CHECKSUMS).write_text(json.dumps({"checksums": made}, indent=2) + "\n", "utf-8")
    (folder / PAGE_CHECKSUMS).unlink(missing_ok=True)
    shutil.rmtree(folder / FIGURES, ignore_errors=True)
    for name in (FIGURES, PAGE, PAGE_CHECKSUMS):  # the last one says that all are there
        os.replace(partial / name, folder / name)
    partial.rmdir()


def page_checksums(folder: Path) -> dict[str, str] | None:
    """Read the checksums of the page's files; None without a finished page."""
    try:
        found: dict[str, str] = json.loads((folder / PAGE_CHECKSUMS).read_text("utf-8"))[
            "checksums"
        ]
    except (OSError, ValueError, KeyError):
        return None
    return found
