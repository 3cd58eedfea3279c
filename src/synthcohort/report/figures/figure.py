"""A figure: a finding in words, a chart, and the chart's numbers as a table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import altair as alt
import pandas as pd
import vl_convert as vlc

PALETTE = (
    "#0072b2",
    "#e69f00",
    "#009e73",
    "#cc79a7",
    "#56b4e9",
    "#d55e00",
    "#7f7f7f",
    "#b0a000",
    "#5b3a8c",
    "#000000",
)
"""Colours of categories that stay apart for colour-blind readers (Okabe & Ito 2008, extended)."""

FONT = "Arial, 'Liberation Sans', Helvetica, sans-serif"
"""Fonts of equal widths: the drawing library measures labels before a browser draws them."""

_PNG_SCALE = 1.6
# Room on the left for a browser whose only font is wider than the one measured.
_PADDING = {"left": 50, "right": 14, "top": 6, "bottom": 6}


@dataclass(frozen=True)
class Figure:
    """One figure of the page.

    Parameters
    ----------
    name : str
        Of its files, and the anchor in the page.
    title : str
        The finding in words.
    caption : str
        How to read the chart.
    chart : altair chart
    table : DataFrame
        Every number of the chart.
    remarks : list of str
        Further sentences.
    """

    name: str
    title: str
    caption: str
    chart: Any
    table: pd.DataFrame
    remarks: list[str] = field(default_factory=list)

    def svg(self) -> str:
        """Draw the chart as SVG; its ids are its own, so that a page can hold several."""
        text: str = vlc.vegalite_to_svg(styled(self.chart).to_dict())
        # The drawing library numbers its ids through the whole process.
        names = dict.fromkeys(re.findall(r'\bid="([^"]+)"', text))
        for number, name in enumerate(names):
            own = f"{self.name}-{number}"
            text = text.replace(f'id="{name}"', f'id="{own}"').replace(
                f"url(#{name})", f"url(#{own})"
            )
        return text

    def png(self) -> bytes:
        """Draw the chart as PNG."""
        picture: bytes = vlc.vegalite_to_png(styled(self.chart).to_dict(), scale=_PNG_SCALE)
        return picture


_OF_EACH_MARK = re.compile(r' (?:aria-label|aria-roledescription|role|font-family)="[^"]*"')


def lean(svg: str) -> str:
    """Return a picture without words and fonts at each mark: a page says both for the whole."""
    return _OF_EACH_MARK.sub("", svg)


def records(frame: pd.DataFrame) -> Any:
    """Wrap a table as the data of a chart; its columns have plain names."""
    rows: Any = frame.to_dict("records")
    return alt.InlineData(values=rows)


def colours(domain: Sequence[str]) -> alt.Scale:
    """Scale that gives each category its colour."""
    picked = [PALETTE[i % len(PALETTE)] for i in range(len(domain))]
    return alt.Scale(domain=list(domain), range=picked)


def styled(chart: Any) -> Any:
    """Apply the style that all charts share."""
    return (
        chart.configure(font=FONT, background="white", padding=_PADDING)
        .configure_view(stroke="#d0d4d9")
        .configure_axis(
            gridColor="#eceff2",
            labelColor="#333",
            labelFontSize=11,
            titleColor="#333",
            titleFontSize=12,
            titleFontWeight="normal",
        )
        .configure_header(labelFontSize=12, labelFontWeight="bold", labelColor="#222", title=None)
        .configure_legend(
            labelColor="#333",
            labelFontSize=11,
            titleColor="#333",
            titleFontSize=11,
            labelLimit=220,
        )
    )
