"""Charts as data: what is drawn, and the finished chart with its table.

A drawing has no words, only names and numbers; placeholders stand where a page puts the words of
its language. So both languages share a drawing.
"""

from __future__ import annotations

from dataclasses import dataclass

QUIET, RULE, FAINT = "#5d5a53", "#e4e0d6", "#b9b4a8"
LEADING = ("#0072b2", "#c24e00", "#007a59", "#a8457f", "#806600")
"""Colours that differ for every kind of colour vision and have contrast on paper."""

ACROSS, UP, DESCRIPTION = "(et-across)", "(et-up)", "(et-told)"
"""Placeholders in an SVG for the titles of its axes and for its alternative text."""

SERIES_SWITCH = "2025-02-05T00:00:00Z"
"""From this moment on the name of a series means its present edition."""


@dataclass(frozen=True)
class Mark:
    """A point of a chart."""

    across: str | float
    """A moment, or a number of parameters."""
    up: float
    """A rank, or a mean in percent."""
    name: str
    """What is written beside it if there is room; empty for nothing."""
    path: str
    """Points of one path are joined in order; empty for a single point."""
    colour: str
    weight: float = 1.5
    """Width of its path in pixels."""
    dot: bool = True
    """Whether the point itself is drawn."""
    tooltip: tuple[tuple[str, str], ...] = ()
    """Column and value of what the interactive chart shows at the point; never drawn."""


@dataclass(frozen=True)
class Drawing:
    """What a chart shows, with the limits of its axes."""

    kind: str
    """``bump`` (rank 1 on top), ``record`` (steps) or ``frontier`` (size on a logarithmic axis)."""
    marks: tuple[Mark, ...]
    across: tuple[str | float, str | float]
    up: tuple[float, float]
    breaks: tuple[str, ...] = ()
    """Moments at which the list of tasks changed."""
    ticks: tuple[str, ...] = ()
    """Moments to write below the axis; round dates if there are none."""


@dataclass(frozen=True)
class Chart:
    """A finished chart, and the same as a table."""

    kind: str
    svg: str
    """With placeholders for words, see ``worded``."""
    columns: tuple[str, ...]
    """Names of columns as in the glossary, or days."""
    rows: tuple[tuple[str, ...], ...]
    """Formatted names and numbers, the same in both languages."""
    live_path: str = ""
    """Address of the specification of the interactive chart."""


def worded(chart: Chart, description: str, across: str, up: str) -> str:
    """Fill the placeholders of a chart's SVG with words, which are escaped already."""
    svg = chart.svg.replace(DESCRIPTION, description)
    return svg.replace(ACROSS, across).replace(UP, up)
