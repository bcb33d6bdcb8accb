"""Draw charts as static SVG with Altair and vl-convert.

A chart needs no script and is the same in both languages. Its specification, with tooltips, is
published beside the page for the interactive chart. Colours are attributes for the light theme,
which the style sheet replaces in the dark one. The layout is fixed, so the fonts of the machine
that builds the site cannot change it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from typing import Any

import altair as alt
import orjson
import vl_convert

from tracker.pages.charts.chart import ACROSS, DESCRIPTION, FAINT, QUIET, RULE, UP, Drawing, Mark
from tracker.pages.charts.program import VEGA_LITE

_WHOLE, _HEIGHT, _LEFT, _TOP, _BOTTOM = 690, 290, 48, 14, 42
_RIGHT = {"bump": 202, "record": 72, "frontier": 72}
"""Room for names at the right of the plot, in pixels."""

TOOLTIPS = {
    "bump": ("model", "day", "rank", "mean_task"),
    "record": ("model", "day", "mean_task", "rank", "n_tasks"),
    "frontier": ("model", "parameters", "mean_task", "rank", "day"),
}
"""Columns of the tooltip of a point; their titles are placeholders such as ``(et-model)``."""

_LETTER, _LINE = 5.7, 13
"""Approximate width of a letter and height of a line, in pixels of the drawing."""

_SUPERFLUOUS = re.compile(
    r' (?:aria-[a-z]+|role|class|pointer-events|xmlns:xlink|version)="[^"]*"| opacity="1"'
)
_DECIMALS = re.compile(r"(?<![\w#])(-?\d+\.\d\d)\d+(?=[ ,)\"A-Zhv])")
"""Numbers with more than the two decimals that a pixel needs."""
_SIZE = re.compile(r'<svg([^>]*?) width="\d+" height="\d+"')
_EMPTY = re.compile(r'<g[^>]*></g>|<path(?: aria-hidden="true")? d="M0,0h0v0h0Z"/>')


Box = tuple[float, float, float, float]
"""Left, upper, right and lower edge in the plot, in pixels."""


def _width(kind: str) -> int:
    """Width of the plot itself, in pixels."""
    return _WHOLE - _LEFT - _RIGHT[kind]


def _axis(**values: Any) -> Any:
    """Return an axis in the muted colours of the site's tables."""
    return alt.Axis(
        domainColor=FAINT,
        tickColor=FAINT,
        gridColor=RULE,
        labelColor=QUIET,
        titleColor=QUIET,
        labelFontSize=10.5,
        titleFontSize=10.5,
        titleFontWeight="normal",
        labelOverlap=True,
        **values,
    )


def _across(kind: str) -> Any:
    if kind == "frontier":
        size = "datum.value >= 1e9 ? format(datum.value / 1e9, '~r') + ' B' : "
        size += "format(datum.value / 1e6, '~r') + ' M'"
        sizes = [n * 10.0**power for power in range(6, 12) for n in (1, 3)]
        axis = _axis(grid=False, title=ACROSS, values=sizes, labelExpr=size)
        return alt.X("across:Q", scale=alt.Scale(type="log", nice=False), axis=axis)
    axis = _axis(grid=False, title=ACROSS, tickCount=5, format="%Y-%m-%d")
    return alt.X("across:T", scale=alt.Scale(type="utc", nice=False), axis=axis)


def _up(kind: str) -> Any:
    if kind == "bump":
        axis = _axis(title=UP, values=[1, 5, 10, 15], domain=False, ticks=False)
        return alt.Y("up:Q", scale=alt.Scale(zero=False, nice=False, reverse=True), axis=axis)
    axis = _axis(title=UP, tickCount=6, domain=False, ticks=False)
    return alt.Y("up:Q", scale=alt.Scale(zero=False, nice=False), axis=axis)


def _nearest(kind: str, places: dict[str, Any]) -> Any:
    """Return the layer with the tooltip of the point nearest to the pointer.

    Its names are fixed, because Altair's own names differ from process to process.
    """
    near = alt.selection_point(
        name="near", on="pointerover", nearest=True, fields=["model"], empty=False
    )
    tips = [alt.Tooltip(f"{column}:N", title=f"(et-{column})") for column in TOOLTIPS[kind]]
    layer = alt.Chart(alt.NamedData("marks"), name="near_points").mark_point(filled=True, size=40)
    layer = layer.encode(**places, opacity=alt.condition(near, alt.value(1), alt.value(0)))
    return layer.encode(tooltip=tips).add_params(near).transform_filter("datum.model")


@lru_cache(maxsize=8)
def _template(kind: str, *, live: bool) -> bytes:
    """Return the Vega-Lite specification of a kind of chart, without data and limits, as JSON."""
    marks, labels = alt.NamedData("marks"), alt.NamedData("labels")
    places = {"x": _across(kind), "y": _up(kind), "color": alt.Color("colour:N", scale=None)}
    line = (
        alt.Chart(marks)
        .mark_line(interpolate="monotone" if kind == "bump" else "step-after")
        .encode(
            **places,
            detail="path:N",
            strokeWidth=alt.StrokeWidth("weight:Q", scale=None),
        )
        .transform_filter("datum.path != ''")
    )
    dots = alt.Chart(marks).mark_point(filled=True, opacity=1).encode(**places)
    dots = dots.encode(size=alt.Size("size:Q", scale=None)).transform_filter("datum.size > 0")
    names = alt.Chart(labels).mark_text(
        fontSize=10.5,
        baseline="middle",
        align=alt.ExprRef("datum.align"),
        dx=alt.ExprRef("datum.dx"),
        dy=alt.ExprRef("datum.dy"),
    )
    if live and kind == "bump":
        near = alt.selection_point(name="near", empty=True)
        line = line.encode(strokeOpacity=alt.condition(near, alt.value(1), alt.value(0.3)))
    layers: list[Any] = [line, dots, names.encode(**places, text="name:N")]
    if live:
        layers.append(_nearest(kind, places))
    if kind in ("bump", "record"):
        rules = alt.Chart(alt.NamedData("breaks")).mark_rule(color=QUIET, strokeDash=[3, 3])
        layers.insert(0, rules.encode(x=places["x"]))
    chart = alt.layer(*layers).properties(
        width=_width(kind),
        height=_HEIGHT,
        autosize="none",
        padding={"left": _LEFT, "top": _TOP, "right": _RIGHT[kind], "bottom": _BOTTOM},
        background="transparent",
    )
    chart = chart.configure(aria=False, font="sans-serif").configure_view(stroke=None)
    return orjson.dumps(chart.to_dict())


def specification(drawing: Drawing, *, live: bool = False) -> dict[str, Any]:
    """Return the Vega-Lite specification of a drawing, with tooltips if it is ``live``."""
    spec: dict[str, Any] = orjson.loads(_template(drawing.kind, live=live))
    if live:
        spec["$schema"] = f"https://vega.github.io/schema/vega-lite/v{VEGA_LITE}.json"
    spec["datasets"] = {
        "marks": [
            {
                "across": mark.across,
                "up": mark.up,
                "path": mark.path,
                "colour": mark.colour,
                "weight": mark.weight,
                "size": (26 if mark.path else 14) if mark.dot else 0,
            }
            | (dict(mark.tooltip) if live else {})
            for mark in drawing.marks
        ],
        "labels": list(labels(drawing)),
        "breaks": [{"across": moment} for moment in drawing.breaks],
    }
    for layer in spec["layer"]:
        layer["encoding"]["x"]["scale"]["domain"] = list(drawing.across)
        if drawing.ticks:
            # As strings, because interpreted expressions would read a number as a year.
            layer["encoding"]["x"]["axis"]["values"] = list(drawing.ticks)
        if "y" in layer["encoding"]:
            layer["encoding"]["y"]["scale"]["domain"] = list(drawing.up)
    return spec


def labels(drawing: Drawing) -> Iterator[dict[str, Any]]:
    """Place the names of marks where there is room; earlier marks take precedence."""
    places = [_pixels(drawing, mark) for mark in drawing.marks]
    taken = list(_obstacles(drawing, places))
    wide = _width(drawing.kind) + _RIGHT[drawing.kind]
    for (x, y), mark in zip(places, drawing.marks, strict=True):
        if not mark.name:
            continue
        length = _LETTER * len(mark.name)
        for align, dx, dy in (_BESIDE,) if drawing.kind == "bump" else _SIDES:
            left = x + dx - (length if align == "right" else 0)
            box = (left, y + dy - _LINE / 2, left + length, y + dy + _LINE / 2)
            inside = box[0] >= 0 and box[2] <= wide and box[1] >= -_TOP
            crowded = any(_overlap(box, other) for other in taken)
            if drawing.kind == "bump" or (inside and box[3] <= _HEIGHT and not crowded):
                taken.append(box)
                yield {
                    "across": mark.across,
                    "up": mark.up,
                    "name": mark.name,
                    "align": align,
                    "dx": dx,
                    "dy": dy,
                    "colour": mark.colour,
                }
                break


_SIDES = (
    ("right", -4, -9),
    ("left", 5, 10),
    ("left", 4, -9),
    ("right", -5, 10),
    ("left", 8, 0),
)
"""Places for a name beside its point: alignment and offsets in pixels, best first."""

_BESIDE = ("left", 8, 0)
"""The place for a name in a bump chart, at the end of its path."""


def _obstacles(drawing: Drawing, places: Sequence[tuple[float, float]]) -> Iterator[Box]:
    """Return the boxes that no name may cover: paths, but not the single grey points."""
    points = list(zip(places, drawing.marks, strict=True))
    for ((x, y), mark), ((next_x, next_y), following) in pairwise(points):
        if mark.path and mark.path == following.path:
            yield x + 1, y - 2, next_x - 1, y + 2
            yield next_x - 2, min(y, next_y) + 1, next_x + 2, max(y, next_y) - 1
    for (x, y), mark in points:
        if mark.path and mark.dot:
            yield x - 3, y - 3, x + 3, y + 3


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _pixels(drawing: Drawing, mark: Mark) -> tuple[float, float]:
    """Return the position of a mark in the plot, in pixels from its upper left corner."""
    low, high, value = (_number(x) for x in (*drawing.across, mark.across))
    if drawing.kind == "frontier":
        low, high, value = math.log(low), math.log(high), math.log(value)
    bottom, top = drawing.up if drawing.kind != "bump" else drawing.up[::-1]
    x = _width(drawing.kind) * (value - low) / (high - low)
    return x, _HEIGHT * (top - mark.up) / (top - bottom)


def _number(value: str | float) -> float:
    return datetime.fromisoformat(value).timestamp() if isinstance(value, str) else value


def draw(drawing: Drawing) -> str:
    """Draw as SVG, with placeholders for words."""
    svg = vl_convert.vegalite_to_svg(specification(drawing))
    svg = _DECIMALS.sub(r"\1", _SUPERFLUOUS.sub("", svg))
    while (shorter := _EMPTY.sub("", svg)) != svg:
        svg = shorter
    return _SIZE.sub(
        rf'<svg\1 class="et-chart" role="img" aria-label="{DESCRIPTION}"', svg, count=1
    )
