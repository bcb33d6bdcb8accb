"""Rankings and rows of an edition through time, of the states that count at each moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import orjson

from tracker.catalog.boards import state_queries
from tracker.catalog.boards.state_queries import StoredRowInterval
from tracker.insights.boards.segments import Segment, read_segments
from tracker.insights.reader import Reader, memoised
from tracker.ranking.copies import RankedRow


@dataclass(frozen=True, slots=True)
class Ranked:
    """One ranking for as long as it held: listing ids with their ranks, best first."""

    at: str
    until: str | None
    listings: tuple[int, ...]
    ranks: tuple[int, ...]
    points: tuple[float, ...] | None
    n_tasks: int | None
    """Number of tasks that counted; ``None`` where the ranking does not say it."""
    origin: str

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
            RankedRow(listing, owner[listing], rank)
            for listing, rank in zip(self.listings, self.ranks, strict=True)
            if listing in owner
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
        listings = tuple(orjson.loads(row.listing_ids))
        ranks = tuple(orjson.loads(row.ranks)) if row.ranks else tuple(range(1, len(listings) + 1))
        points = tuple(orjson.loads(row.points)) if row.points else None
        for since, until, origin in spans:
            yield Ranked(since, until, listings, ranks, points, row.n_tasks, origin)


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
