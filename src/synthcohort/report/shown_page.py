"""A page shown inside a notebook: whole, and cut off from everything else there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

_FRAME = Markup(
    '<iframe srcdoc="{}" width="100%" height="{}" sandbox="allow-scripts allow-downloads"></iframe>'
)


@dataclass(frozen=True, repr=False)
class ShownPage:
    """The page of a run as a notebook shows it, without a network.

    Parameters
    ----------
    path : Path
    height : int, default 800
        Pixels.
    """

    path: Path
    height: int = 800

    def __repr__(self) -> str:
        """Say where the page is, for whoever has no notebook."""
        return f"<Page {self.path}>"

    def _repr_html_(self) -> str:
        text = self.path.read_text("utf-8")
        return str(_FRAME.format(text, self.height))
