"""What a column usually is, by the names and labels that HAALSI and studies like it use.

``usual_names.csv`` beside this module has a row a meaning: its role, the measurement as the
table of cut-offs calls it, its unit where the study's own name settles it, names (``*`` and ``?``
stand for letters), and a pattern of labels. It covers HAALSI, HRS, ELSA, SHARE, LASI, CHARLS, MHAS
and their harmonized files, NHANES, and what everybody else calls the same things.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files

_WAVE = re.compile(r"^w\d{1,2}_?c?_|^[rs]\d{1,2}(?=[a-z])|_w\d{1,2}$|_wave\d{1,2}$|\.\d$")


@dataclass(frozen=True)
class UsualName:
    """What a column with some name or label usually is.

    Parameters
    ----------
    role : str
        ``id``, ``weight``, ``design``, ``time``, ``wave``, ``sex``, ``group``, ``covariate`` or
        ``biomarker``.
    measure : str
        The variable of the table of cut-offs, or another name of the measurement; may be empty.
    unit : str
        Where the name settles it.
    names : tuple of str
        Without the wave; in lower case.
    words : str
        A regular expression for labels, in lower case.
    """

    role: str
    measure: str
    unit: str
    names: tuple[str, ...]
    words: str


def usual_name(name: str, label: str = "") -> UsualName | None:
    """Find what a column usually is: by its name, then by its label, then by words in its name.

    Examples
    --------
    >>> usual_name("W1C_BS_GLUCOSE").measure, usual_name("r2systo").measure
    ('Blood_Glucose', 'BP_systolic')
    >>> usual_name("v17", "Glycated haemoglobin (%)").measure
    'HbA1c'
    >>> usual_name("v17") is None
    True
    """
    plain = name.strip().lower()
    bare = _WAVE.sub("", plain)
    for one in _rows():
        if any(fnmatchcase(n, pattern) for n in (plain, bare) for pattern in one.names):
            return one
    words = re.sub(r"[_.\s]+", " ", plain)
    for text in (label.strip().lower(), words):
        for one in _rows():
            if text and one.words and re.search(one.words, text):
                return one
    return None


@cache
def _rows() -> tuple[UsualName, ...]:
    text = (files(__package__) / "usual_names.csv").read_text(encoding="utf-8")
    return tuple(
        UsualName(
            row["role"], row["measure"], row["unit"], tuple(row["names"].split()), row["words"]
        )
        for row in csv.DictReader(io.StringIO(text))
    )
