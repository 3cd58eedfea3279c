"""What calibration returns: the scene, and what was decided, assumed and left out."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from synthcohort.scene import Scene, to_toml
from synthcohort.scene.short_text import counted


@dataclass(frozen=True, repr=False)
class Calibration:
    """A scene made from figures or from a table.

    Parameters
    ----------
    scene : Scene
    notes : list of str
        What was detected, decided, assumed or left out, one sentence each.
    privacy : list of str
        What of the people behind it was written, and what never is.
    warnings : list of str
        Where the scene is not like its source, and what to do about it.
    """

    scene: Scene
    notes: list[str]
    privacy: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def __repr__(self) -> str:
        """Say in one line what was made."""
        return (
            f"<Calibration: {self.scene!r}, {counted(len(self.notes), 'note')}, "
            f"{counted(len(self.warnings), 'warning')}, "
            f"{counted(len(self.privacy), 'sentence')} on privacy>"
        )

    def to_toml(self) -> str:
        """Write the scene as TOML: warnings, notes and the privacy statement as comments first."""
        lines = [f"# Warning: {line}" for line in self.warnings] + ["#"] * bool(self.warnings)
        lines += [f"# {line}" for line in ("How this scene was made:", *self.notes)]
        if self.privacy:
            lines += ["#", *(f"# {line}" for line in ("Privacy statement:", *self.privacy))]
        return "\n".join(lines) + "\n\n" + to_toml(self.scene)


def rounded(value: float, digits: int) -> float:
    """Round to significant digits.

    Examples
    --------
    >>> rounded(1234.567, 3), rounded(-0.0123456, 3)
    (1230.0, -0.0123)
    """
    return float(f"{value:.{digits}g}")


def shares(counts: np.ndarray, digits: int = 4) -> list[float]:
    """Shares of counts with so many decimals that add up to 1 exactly; the largest takes the rest.

    Examples
    --------
    >>> shares(np.array([1, 1, 1]))
    [0.3334, 0.3333, 0.3333]
    """
    found = np.round(np.asarray(counts) / np.sum(counts), digits)
    largest = int(np.argmax(found))
    found[largest] = round(1 - (found.sum() - found[largest]), digits)
    return [float(share) for share in found]
