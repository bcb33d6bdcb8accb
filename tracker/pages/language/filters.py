"""Numbers, dates, names and addresses as readers see them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from urllib.parse import quote, urlsplit

from markupsafe import Markup, escape

from tracker.answers.boards import Leaderboard
from tracker.pages.charts.chart import Chart, worded

MISSING = "–"
THIN = "\u202f"
"""A narrow no-break space between a number and its unit."""

NAMES = 20_000
"""The same names stand on thousands of pages."""

_CONTROL = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]"
)


def plain(text: object, limit: int = 300) -> str:
    """A stranger's text on one line, without controls and direction marks, at most ``limit``."""
    return _plain(str(text), limit)


@lru_cache(maxsize=NAMES)
def _plain(text: str, limit: int) -> str:
    line = " ".join(_CONTROL.sub(" ", text).split())
    line = line.encode("utf-8", "replace").decode("utf-8")
    return line if len(line) <= limit else line[: limit - 1] + "…"


def name(text: object) -> Markup:
    """A stranger's name, escaped and isolated, so that it cannot turn its surroundings."""
    return _name(str(text))


@lru_cache(maxsize=NAMES)
def _name(text: str) -> Markup:
    return Markup(f"<bdi>{escape(plain(text))}</bdi>")  # noqa: S704 - escaped


def short_name(model: str) -> str:
    """A model's name without its organisation, which stands beside it."""
    return model.split("/", 1)[1] if "/" in model else model


def score(value: float | None) -> str:
    """A percent score with two decimals."""
    return MISSING if value is None else f"{value:.2f}".replace("-", "\u2212")


def score_cells(columns: Iterable[str], scores: Mapping[str, float]) -> Markup:
    """The cells of a table's row, one score a column."""
    cells = [f"<td>{score(scores.get(column))}</td>" for column in columns]
    return Markup("".join(cells))  # noqa: S704 - numbers only


def points(value: float | None) -> str:
    """A difference in percent points, always with its sign."""
    return MISSING if value is None else f"{value:+.2f}".replace("-", "\u2212")


def borda(value: float | None) -> str:
    """Borda points: whole numbers without a fraction, halves with one."""
    if value is None:
        return MISSING
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"


def count(value: int | None) -> str:
    """A whole number with thousands marked."""
    return MISSING if value is None else f"{value:,}"


def parameters(value: int | None) -> str:
    """A model's size: ``7.85 B``, ``335 M``, ``22.7 M``."""
    if value is None:
        return MISSING
    if value >= 999_500_000:
        return f"{value / 1e9:.2f}{THIN}B"
    if value >= 99_950_000:
        return f"{value / 1e6:.0f}{THIN}M"
    return f"{value / 1e6:.1f}{THIN}M"


def kilobytes(value: int) -> str:
    """The size of a file: ``212 kB``, ``1.3 MB``."""
    if value >= 999_500:
        return f"{value / 1e6:.1f}{THIN}MB"
    return f"{max(1, round(value / 1e3))}{THIN}kB"


def zero_shot(value: int | None) -> str:
    """Share of tasks that a model was not trained on; ``?`` where it declares nothing."""
    if value is None:
        return MISSING
    return "?" if value < 0 else f"{value}%"


def day(moment: str | None) -> str:
    """The UTC date of a moment."""
    return MISSING if not moment else moment[:10]


def minute(moment: str | None) -> str:
    """A moment to the minute, in UTC."""
    if not moment:
        return MISSING
    return f"{moment[:10]} {moment[11:16]} UTC" if len(moment) >= 16 else moment


def state_day(board: Leaderboard) -> str:
    """The day for which a board speaks: the one asked for, or that of its last known state."""
    return min(board.as_of, board.edition.last_at or board.as_of)[:10]


def safe_url(url: object) -> str | None:
    """An address that a link may carry: only the web's own schemes."""
    return _safe_url(str(url).strip())


@lru_cache(maxsize=NAMES)
def _safe_url(text: str) -> str | None:
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not parts.netloc or _CONTROL.search(text):
        return None
    return quote(text, safe=":/?#[]@!$&'()*+,;=%~")


def place(url: object) -> str:
    """An address in short: ``arXiv:2405.17428``, or its host."""
    return _place(str(url))


@lru_cache(maxsize=NAMES)
def _place(text: str) -> str:
    paper = re.match(r"https?://(?:export\.)?arxiv\.org/(?:abs|pdf|html)/(\d{4}\.\d{4,5})", text)
    if paper:
        return f"arXiv:{paper.group(1)}"
    try:
        host = urlsplit(text).netloc
    except ValueError:
        host = ""
    return plain(host.removeprefix("www.") or text, 40)


@lru_cache(maxsize=NAMES)
def segment(slug: str) -> str:
    """A slug as one segment of an address."""
    return quote(slug, safe="-._~")


@lru_cache(maxsize=NAMES)
def path(text: str) -> str:
    """A place in the site as part of an address."""
    return quote(text, safe="/-._~")


@lru_cache(maxsize=NAMES)
def licence(text: str | None) -> Markup:
    """A licence's name, or a link to its text where the source gives only that."""
    if not text:
        return escape(MISSING)
    address = safe_url(text)
    if address is None:
        return name(text)
    return Markup('<a href="{}" rel="noopener nofollow">{}</a>').format(address, place(text))


def value(its: object, name_of: str = "") -> Markup:
    """A metadata value of any kind, escaped."""
    if isinstance(its, bool):
        return Markup("✓") if its else Markup("✗")
    if isinstance(its, int) and name_of.endswith("parameters"):
        return escape(f"{parameters(its)} ({count(its)})")
    if isinstance(its, int):
        return escape(count(its))
    if isinstance(its, list | tuple | set | frozenset):
        return Markup(", ").join(name(one) for one in its) or escape(MISSING)
    if isinstance(its, dict):
        return Markup(", ").join(
            Markup("{}: {}").format(name(key), value(one)) for key, one in its.items()
        )
    if isinstance(its, str) and safe_url(its):
        return licence(its)
    return escape(MISSING) if its is None else name(its)


def drawn(chart: Chart, told: object, across: object, up: object) -> Markup:
    """A chart with the words of a language in their places."""
    # The drawing is made here, names in it are escaped by what draws it.
    return Markup(worded(chart, *(str(escape(words)) for words in (told, across, up))))  # noqa: S704


FILTERS = {
    "name": name,
    "plain": plain,
    "score": score,
    "score_cells": score_cells,
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
    "licence": licence,
    "value": value,
    "drawn": drawn,
}
"""The filters under the names that templates use."""
