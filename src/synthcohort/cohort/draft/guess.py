"""What a column probably is, and the settings that follow."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from synthcohort.cohort.draft.usual_names import UsualName


@dataclass
class Guess:
    """What a column of a table probably is.

    Parameters
    ----------
    name : str
        In the table.
    role : str
        ``id``, ``weight``, ``wave``, ``group``, ``covariate`` or ``biomarker``; empty where the
        column is left out.
    usual : UsualName, optional
        What its name or label says.
    part : dict
        Keys of its settings: unit, missing_codes, levels, cutoffs.
    doubts : dict of str to list of str
        What is not sure, by the key that it is about; the empty key is for the column itself.
    """

    name: str
    role: str
    usual: UsualName | None = None
    part: dict[str, Any] = field(default_factory=dict)
    doubts: dict[str, list[str]] = field(default_factory=dict)

    def doubt(self, text: str, key: str = "") -> None:
        """Add a doubt, once."""
        known = self.doubts.setdefault(key, [])
        if text not in known:
            known.append(text)

    @property
    def is_sex(self) -> bool:
        """Whether it is called as the sex is."""
        return self.usual is not None and self.usual.role == "sex"
