"""Charts: what they show, as points and as a table, and the finished drawing with its words.

A drawing holds no words but names and numbers; the places of its words carry marks that a page
fills in its language. So one drawing serves both languages.
"""

from __future__ import annotations

from dataclasses import dataclass

QUIET, RULE, FAINT = "#5d5a53", "#e4e0d6", "#b9b4a8"
LEADING = ("#0072b2", "#c24e00", "#007a59", "#a8457f", "#806600")
"""Told apart with any colour vision, and dark enough on paper."""

ACROSS, UP, TOLD = "(et-across)", "(et-up)", "(et-told)"
"""Marks in a drawing where a page puts the words of its axes and its alternative text."""


@dataclass(frozen=True)
class Mark:
    """A point of a chart."""

    across: str | float
    """A moment, or a number of parameters."""
    up: float
    """A rank, or a mean in percent."""
    name: str
    """What is written beside it where there is room; empty for nothing."""
    path: str
    """Points of one path are joined in order; empty for a point that stands alone."""
    colour: str
    weight: float = 1.5
    """Width of its path in pixels."""
    dot: bool = True
    """Whether the point itself is seen."""
    told: tuple[tuple[str, str], ...] = ()
    """What a pointer is told of it where the chart is interactive, by column; never drawn."""


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
    """Moments to write below the axis; round dates where there are none."""


@dataclass(frozen=True)
class Chart:
    """A finished chart, and the same as a table."""

    kind: str
    svg: str
    """With marks in the places of words, see ``worded``."""
    columns: tuple[str, ...]
    """Names of columns as in the glossary, or days."""
    rows: tuple[tuple[str, ...], ...]
    """Names and numbers as readers see them, the same in both languages."""
    live_path: str = ""
    """Where the specification of the interactive chart is."""


def worded(chart: Chart, told: str, across: str, up: str) -> str:
    """The drawing with its words, which are escaped already."""
    return chart.svg.replace(TOLD, told).replace(ACROSS, across).replace(UP, up)
