"""The page of a run as files of its folder: drawn into it when the results are whole.

The page's checksums are in a file of their own, which is taken away before the page's files are
replaced and comes last. So the manifest of the results is never written again, and a page that
was killed half-way is known to be none.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path

from synthcohort.machine.fresh_folder import inner_folder, make_folder, move, remove
from synthcohort.machine.written_files import write_bytes, write_text
from synthcohort.population.progress import Progress
from synthcohort.scene import SceneWarning
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
    files = {PAGE: html.encode()} | {f"{FIGURES}/{n}": content for n, content in figures.items()}
    with inner_folder(folder / PARTIAL_PAGE) as partial:
        make_folder(partial / FIGURES)
        for name, content in files.items():
            write_bytes(content, partial / name)
        made = {name: checksum(partial / name) for name in files}
        write_text(json.dumps({"checksums": made}, indent=2) + "\n", partial / PAGE_CHECKSUMS)
        remove(folder / PAGE_CHECKSUMS)
        remove(folder / FIGURES)
        for name in (FIGURES, PAGE, PAGE_CHECKSUMS):  # the last one says that all are there
            move(partial / name, folder / name)


def page_failure(draw: Callable[[], None], again: str, tell: Progress) -> str:
    """Draw a page beside results that are safe in their folder.

    Parameters
    ----------
    draw : callable
        Whatever it raises is no fault of the results.
    again : str
        Where the results are and how to draw it again, in words.
    tell : callable
        Called with the stage, how much is done and how much there is.

    Returns
    -------
    str
        Why it was not drawn; empty when it was.

    Warns
    -----
    SceneWarning
        If it was not drawn.
    """
    tell("report", 0, 1)
    try:
        draw()
    except Exception as error:  # whatever a drawing library raises
        why = f"the page was not drawn ({type(error).__name__}: {error}); {again}"
        warnings.warn(why, SceneWarning, stacklevel=4)
        return why
    except KeyboardInterrupt as stop:
        stop.add_note(f"the page was not drawn; {again}")
        raise
    tell("report", 1, 1)
    return ""


def page_checksums(folder: Path) -> dict[str, str] | None:
    """Read the checksums of the page's files; None without a finished page."""
    try:
        found: dict[str, str] = json.loads((folder / PAGE_CHECKSUMS).read_text("utf-8"))[
            "checksums"
        ]
    except (OSError, ValueError, KeyError):
        return None
    return found
