"""Template filters: format numbers, dates, names and addresses for readers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from urllib.parse import quote, urlsplit

from markupsafe import Markup, escape

from tracker.answers.boards import RowInterval
from tracker.insights.references.boards import state_day
from tracker.pages.charts.chart import Chart, worded
from tracker.pages.contexts import ProfileRow

MISSING = "–"
THIN = "\u202f"
"""Narrow no-break space between a number and its unit."""

CACHE_SIZE = 20_000
"""Entries per cache of formatted names; the same names recur on thousands of pages."""

_CONTROL = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)


_MARKDOWN = frozenset("\\`*_[]<>|")
LONGEST_TEXT = 2_000
"""Most characters of a text of our own; names of others are cut much earlier."""


def plain(text: object, limit: int = 300) -> str:
    """Return untrusted text as one line of at most ``limit`` characters.

    Control characters, marks of text direction and what XML cannot hold become spaces.
    """
    return _plain(str(text), limit)


@lru_cache(maxsize=CACHE_SIZE)
def _plain(text: str, limit: int) -> str:
    line = " ".join(_CONTROL.sub(" ", text).split())
    line = line.encode("utf-8", "replace").decode("utf-8")
    return line if len(line) <= limit else line[: limit - 1] + "…"


def markdown_text(text: object, limit: int = 300) -> str:
    """Return untrusted text as one line of Markdown that has no markup."""
    return "".join(f"\\{c}" if c in _MARKDOWN else c for c in plain(text, limit))


def name(text: object, limit: int = 300) -> Markup:
    """Escape an untrusted name and isolate its text direction from its surroundings."""
    return _name(str(text), limit)


@lru_cache(maxsize=CACHE_SIZE)
def _name(text: str, limit: int) -> Markup:
    return Markup(f"<bdi>{escape(plain(text, limit))}</bdi>")  # noqa: S704 - escaped


def short_name(model: str) -> str:
    """Return a model's name without its organisation, for tables that have a column for it."""
    return model.split("/", 1)[1] if "/" in model else model


def score(value: float | None) -> str:
    """Format a score in percent with two decimals."""
    return MISSING if value is None else f"{value:.2f}".replace("-", "\u2212")


def score_cells(columns: Iterable[str], scores: Mapping[str, float]) -> Markup:
    """Return the table cells of a row, one score per column."""
    cells = [f"<td>{score(scores.get(column))}</td>" for column in columns]
    return Markup("".join(cells))  # noqa: S704 - numbers only


def rank_bar(interval: RowInterval, span: int) -> Markup:
    """Return a thin bar from the best to the worst rank of an interval, on a scale to ``span``."""
    low, width = interval.rank_low - 1, interval.rank_high - interval.rank_low + 1
    shape = f'<path d="M{low} 0h{width}v1h-{width}z"/>'
    bar = f'<svg viewBox="0 0 {span} 1" preserveAspectRatio="none">{shape}</svg>'
    return Markup(bar)  # noqa: S704 - numbers only


def versus(row: ProfileRow) -> Markup:
    """Return a bar of a mean from 0 to 100 with a mark at the median."""
    mean, middle = max(row.mean, 0), max(row.median, 0)
    shapes = (
        f'<path d="M0 1h{mean:.1f}v3h-{mean:.1f}z"/><path class="et-median" d="M{middle:.1f} 0v5"/>'
    )
    bar = f'<svg viewBox="0 0 100 5" preserveAspectRatio="none">{shapes}</svg>'
    return Markup(bar)  # noqa: S704 - numbers only


def points(value: float | None) -> str:
    """Format a difference in percentage points, always with its sign."""
    return MISSING if value is None else f"{value:+.2f}".replace("-", "\u2212")


def borda(value: float | None) -> str:
    """Format Borda points: whole numbers without a fraction, halves with one."""
    if value is None:
        return MISSING
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"


def count(value: int | None) -> str:
    """Format a whole number with thousands separators."""
    return MISSING if value is None else f"{value:,}"


def parameters(value: int | None) -> str:
    """Format a number of parameters: ``7.85 B``, ``335 M``, ``22.7 M``."""
    if value is None:
        return MISSING
    if value >= 999_500_000:
        return f"{value / 1e9:.2f}{THIN}B"
    if value >= 99_950_000:
        return f"{value / 1e6:.0f}{THIN}M"
    return f"{value / 1e6:.1f}{THIN}M"


def kilobytes(value: int) -> str:
    """Format a file size given in bytes: ``212 kB``, ``1.3 MB``."""
    if value >= 999_500:
        return f"{value / 1e6:.1f}{THIN}MB"
    return f"{max(1, round(value / 1e3))}{THIN}kB"


def zero_shot(value: int | None) -> str:
    """Format the percentage of tasks a model was not trained on; ``?`` if undeclared (-1)."""
    if value is None:
        return MISSING
    return "?" if value < 0 else f"{value}%"


def day(moment: str | None) -> str:
    """Return the UTC date of an ISO moment."""
    return MISSING if not moment else moment[:10]


def minute(moment: str | None) -> str:
    """Format an ISO moment to the minute, in UTC."""
    if not moment:
        return MISSING
    return f"{moment[:10]} {moment[11:16]} UTC" if len(moment) >= 16 else moment


def safe_url(url: object) -> str | None:
    """Return an address that is safe in a link (http or https), else ``None``."""
    return _safe_url(str(url).strip())


@lru_cache(maxsize=CACHE_SIZE)
def _safe_url(text: str) -> str | None:
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not parts.netloc or _CONTROL.search(text):
        return None
    return quote(text, safe=":/?#[]@!$&'()*+,;=%~")


def place(url: object) -> str:
    """Shorten an address: ``arXiv:2405.17428``, or its host."""
    return _place(str(url))


@lru_cache(maxsize=CACHE_SIZE)
def _place(text: str) -> str:
    paper = re.match(r"https?://(?:export\.)?arxiv\.org/(?:abs|pdf|html)/(\d{4}\.\d{4,5})", text)
    if paper:
        return f"arXiv:{paper.group(1)}"
    try:
        host = urlsplit(text).netloc
    except ValueError:
        host = ""
    return plain(host.removeprefix("www.") or text, 40)


@lru_cache(maxsize=CACHE_SIZE)
def segment(slug: str) -> str:
    """Quote a slug as one segment of an address."""
    return quote(slug, safe="-._~")


@lru_cache(maxsize=CACHE_SIZE)
def path(text: str) -> str:
    """Quote a path of the site as part of an address."""
    return quote(text, safe="/-._~")


def drawn(chart: Chart, description: object, x_title: object, y_title: object) -> Markup:
    """Return a chart's SVG with the words of a language filled in."""
    words = (str(escape(text)) for text in (description, x_title, y_title))
    # The SVG is our own; names in it are escaped by the code that renders it.
    return Markup(worded(chart, *words))  # noqa: S704


FILTERS = {
    "name": name,
    "plain": plain,
    "score": score,
    "score_cells": score_cells,
    "rank_bar": rank_bar,
    "versus": versus,
    "points": points,
    "borda": borda,
    "count": count,
    "parameters": parameters,
    "kilobytes": kilobytes,
    "zero_shot": zero_shot,
    "day": day,
    "minute": minute,
    "place": place,
    "segment": segment,
    "state_day": state_day,
    "path": path,
    "drawn": drawn,
}
"""Filters by the name that templates use."""
