"""Rankings and rows of an edition through time, of the states that count at each moment."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat
from typing import NamedTuple

import orjson

from tracker.catalog.boards import state_queries
from tracker.catalog.boards.state_queries import StoredRowInterval
from tracker.insights.boards.segments import Segment, read_segments
from tracker.insights.reader import Reader, memoised
from tracker.ranking.copies import RankedRow

_FEW = 20
"""Number of listings up to which each is searched for in a ranking."""


class OrderedRow(NamedTuple):
    """A row of a ranking."""

    listing: int
    rank: int
    points: float | None


class StoredOrder:
    """Rows of a stored ranking, best first.

    They are decoded when they are first asked for: most questions look at the rows of few of a
    board's rankings, and at the moments of all.
    """

    def __init__(self, listings: str, ranks: str | None, points: str | None) -> None:
        """Keep the columns ``listing_ids``, ``ranks`` and ``points`` of ``standing``."""
        self._listings, self._ranks, self._points = listings, ranks, points

    @cached_property
    def listings(self) -> tuple[int, ...]:
        """Ids of the listings."""
        return tuple(orjson.loads(self._listings))

    @cached_property
    def ranks(self) -> Sequence[int]:
        """Their ranks."""
        if self._ranks is None:
            return range(1, len(self.listings) + 1)
        return tuple(orjson.loads(self._ranks))

    @cached_property
    def points(self) -> tuple[float, ...] | None:
        """Their Borda points, if the ranking has any."""
        return None if self._points is None else tuple(orjson.loads(self._points))

    def rows(self, wanted: Collection[int]) -> list[OrderedRow]:
        """Return the rows of some listings, best first, without those that the ranking lacks.

        Nothing stays decoded if they are few: thousands of rankings would take much memory.
        """
        if len(wanted) > _FEW:
            rows = zip(self.listings, self.ranks, self.points or repeat(None), strict=False)
            return [OrderedRow._make(row) for row in rows if row[0] in wanted]
        once = StoredOrder(self._listings, self._ranks, self._points)
        places = sorted(map(once.listings.index, set(wanted).intersection(once.listings)))
        return [
            OrderedRow(
                once.listings[place],
                once.ranks[place],
                None if once.points is None else once.points[place],
            )
            for place in places
        ]


@dataclass(frozen=True, slots=True)
class Ranked:
    """One ranking for as long as it held: listing ids with their ranks, best first."""

    at: str
    until: str | None
    n_tasks: int | None
    """Number of tasks that counted; ``None`` where the ranking does not say it."""
    origin: str
    order: StoredOrder

    @property
    def listings(self) -> tuple[int, ...]:
        """Ids of its listings."""
        return self.order.listings

    @property
    def ranks(self) -> Sequence[int]:
        """Their ranks."""
        return self.order.ranks

    @property
    def points(self) -> tuple[float, ...] | None:
        """Their Borda points; ``None`` if the board has none."""
        return self.order.points

    @property
    def day(self) -> str:
        """The day on which it began, ``YYYY-MM-DD``."""
        return self.at[:10]

    @property
    def holds_at_an_end_of_day(self) -> bool:
        """Whether it was in force at the end of some day, not replaced on the day it began."""
        return self.until is None or self.until[:10] > self.at[:10]

    def rows(self, owner: Mapping[int, int]) -> list[RankedRow]:
        """Its rows, best first, but those that ``owner`` (model ids by listing id) lacks."""
        return [
            RankedRow(row.listing, owner[row.listing], row.rank) for row in self.order.rows(owner)
        ]


@memoised
def read_rankings(reader: Reader, edition_id: int) -> tuple[Ranked, ...]:
    """Read all rankings that count on an edition, oldest first."""
    segments = read_segments(reader).get(edition_id, ())
    found = [
        ranked
        for kind in {segment.kind for segment in segments}
        for ranked in _rankings(reader, edition_id, kind, segments)
    ]
    return tuple(sorted(found, key=lambda ranked: ranked.at))


def _rankings(
    reader: Reader, edition_id: int, kind: str, segments: tuple[Segment, ...]
) -> Iterator[Ranked]:
    for row in state_queries.rankings(reader.connection, edition_id, computed=kind == "computed"):
        spans = list(_clipped(row.valid_from, row.valid_to, kind, segments))
        if not spans:
            continue
        order = StoredOrder(row.listing_ids, row.ranks, row.points)
        for since, until, origin in spans:
            yield Ranked(since, until, row.n_tasks, origin, order)


@memoised
def read_lines(reader: Reader, edition_id: int) -> list[StoredRowInterval]:
    """Read all rows that count on an edition, each with its time span."""
    segments = read_segments(reader).get(edition_id, ())
    found = [
        row._replace(valid_from=since, valid_to=until)
        for kind in {segment.kind for segment in segments}
        for row in state_queries.row_intervals(
            reader.connection, edition_id, computed=kind == "computed"
        )
        for since, until, _ in _clipped(row.valid_from, row.valid_to, kind, segments)
    ]
    return sorted(found, key=lambda row: (row.listing_id, row.valid_from))


def _clipped(
    since: str, until: str | None, kind: str, segments: tuple[Segment, ...]
) -> Iterator[tuple[str, str | None, str]]:
    """Yield the parts of an interval in which its kind of states counts, with their origins."""
    for segment in segments:
        if segment.kind != kind:
            continue
        begins = max(since, segment.since)
        ends = min(until or "9", segment.until or "9")
        if begins < ends:
            yield begins, None if ends == "9" else ends, segment.origin
