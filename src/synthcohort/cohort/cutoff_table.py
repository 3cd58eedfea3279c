"""A user's table of cut-offs from a file."""

from __future__ import annotations

from pathlib import Path

from synthcohort.scene import Problem, SceneError


def read_cutoffs(path: str | Path) -> tuple[str, str]:
    """Read a CSV file of cut-offs, unchecked.

    Returns
    -------
    (str, str)
        Its text and its name, as `replace_cutoffs` takes them.

    Raises
    ------
    SceneError
        If the file can't be read.
    """
    try:
        return Path(path).read_text(encoding="utf-8"), str(path)
    except OSError as error:
        message = f"can't be read ({error.strerror})"
    except UnicodeDecodeError:
        message = "is not UTF-8 text"
    raise SceneError(str(path), [Problem("", message)])
