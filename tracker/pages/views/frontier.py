"""The page of frontiers: the best open model under each size, through time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from tracker.answers.boards import EditionInfo
from tracker.answers.frontier import CatchUp, FrontierSpan
from tracker.pages.charts.chart import LEADING, Chart, Drawing, Mark
from tracker.pages.charts.formatting import label, padded
from tracker.pages.contexts import BoardLink, FrontierPage, SeriesFrontier
from tracker.pages.views.boards import board_path, page

SIZES = ("0.5B", "1B", "2B", "8B", "any")
"""Sizes of the page, each in a colour of its own."""

_FEWEST_SPANS = 2


def frontier_drawing(edition: EditionInfo, spans: Sequence[FrontierSpan]) -> Drawing | None:
    """Draw the best means through time, a stepped line for each size and edition.

    Lines of two editions are never joined: their tasks differ. Returns ``None`` where nothing ever
    changed.
    """
    if len(spans) < _FEWEST_SPANS:
        return None
    end = edition.last_at or _moment(max(span.from_day for span in spans))
    first_in = _smallest_sizes(spans)
    marks = [mark for group in _groups(spans) for mark in _line(group, end, first_in)]
    starts = {group[0].board_slug: group[0].from_day for group in _groups(reversed(spans))}
    first = min(span.from_day for span in spans)
    later = sorted({day for day in starts.values() if day > first})
    return Drawing(
        "record",
        tuple(marks),
        (_moment(first), end),
        padded([span.mean for span in spans]),
        tuple(map(_moment, later)),
    )


def _groups(spans: Iterable[FrontierSpan]) -> Iterator[list[FrontierSpan]]:
    """Spans of one edition and size, oldest first; all sizes first, so that others cover it."""
    order = sorted(
        spans, key=lambda span: (-SIZES.index(span.limit), span.board_slug, span.from_day)
    )
    for _, group in groupby(order, key=lambda span: (span.limit, span.board_slug)):
        yield list(group)


_Start = tuple[str, str, str]
"""Edition, day and model of a span."""


def _start(span: FrontierSpan) -> _Start:
    return span.board_slug, span.from_day, span.model


def _smallest_sizes(spans: Iterable[FrontierSpan]) -> dict[_Start, str]:
    """The smallest size in which a model becomes the best on a day: it is named there only."""
    found: dict[_Start, str] = {}
    for span in sorted(spans, key=lambda span: SIZES.index(span.limit)):
        found.setdefault(_start(span), span.limit)
    return found


def _line(
    group: Sequence[FrontierSpan], end: str, first_in: Mapping[_Start, str]
) -> Iterator[Mark]:
    colour, path = LEADING[SIZES.index(group[0].limit)], f"{group[0].board_slug} {group[0].limit}"
    named: set[str] = set()
    for span in group:
        is_named = span.model in named or first_in[_start(span)] != span.limit
        name = "" if is_named else label(span.model)
        named.add(span.model)
        yield Mark(_moment(span.from_day), span.mean, name, path, colour, 2.0)
    last = group[-1]
    until = end if last.until_day is None else _moment(last.until_day)
    if until > _moment(last.from_day):
        yield Mark(until, last.mean, "", path, colour, 2.0, dot=False)


def _moment(day: str) -> str:
    return f"{day}T00:00:00Z"


def series_frontier(
    edition: EditionInfo,
    spans: Sequence[FrontierSpan],
    caught: Sequence[CatchUp],
    svg: str | None,
) -> SeriesFrontier:
    """Build what the page shows of one series.

    Args:
        edition: Its present edition.
        spans: The frontier of the series.
        caught: How long small models took, on all of its editions.
        svg: The drawing; ``None`` without one.
    """
    now = tuple(span for span in spans if span.until_day is None)
    newest = sorted(spans, key=lambda span: (span.from_day, SIZES.index(span.limit)), reverse=True)
    own = [one for one in caught if one.board_slug == edition.slug]
    records = groupby(own, key=lambda one: (one.large_model, one.large_day))
    return SeriesFrontier(
        edition.series_title,
        BoardLink(edition, board_path(edition)),
        now[0].types if now else (),
        None if svg is None else Chart("frontier_time", svg, (), ()),
        now,
        tuple(newest),
        tuple(tuple(group) for _, group in records),
    )


def frontier_page(series: Sequence[SeriesFrontier]) -> FrontierPage:
    """Build the page."""
    return FrontierPage(page("frontier/", "frontier"), SIZES, tuple(series))
