"""Charts that show themselves in a notebook without a network."""

from __future__ import annotations

from typing import Any

import vl_convert as vlc

from synthcohort.report.figures.figure import styled

_VEGA_LITE = "application/vnd.vegalite.v6+json"


class _SelfContained:
    """What a notebook asks of a chart: Altair's own answer would load its drawing code."""

    def _repr_mimebundle_(self, *_: Any, **__: Any) -> dict[str, Any]:
        spec = self.to_dict()  # type: ignore[attr-defined]
        return {_VEGA_LITE: spec, "image/svg+xml": vlc.vegalite_to_svg(spec)}


def self_contained(chart: Any) -> Any:
    """Return a chart in the style of the page, which brings its own SVG.

    Parameters
    ----------
    chart : altair chart
        Not yet styled.

    Returns
    -------
    altair chart
        Of the same kind; where a notebook can't draw Vega-Lite, it shows the SVG.
    """
    kind = type(chart)
    offline: Any = type(kind.__name__, (_SelfContained, kind), {})
    return offline.from_dict(styled(chart).to_dict())
