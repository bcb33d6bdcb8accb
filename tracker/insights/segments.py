"""What an edition says at each moment: its published states and its computed ones, joined.

A state that the publisher's own server answered counts from its day until the next commit that
changes the computed board; at all other times the computed state counts. States that another
server answered count only on boards that cannot be computed. An archived board of 2024 counts
until the end of 2025-02-04.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Literal

from sqlalchemy import Connection

from tracker.catalog import state_queries
from tracker.insights.once import once
from tracker.sources.published_boards import ENDED

Kind = Literal["printed", "computed"]


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of time in which one kind of states counts."""

    kind: Kind
    since: str
    until: str | None


@once
def read_segments(connection: Connection) -> dict[int, tuple[Segment, ...]]:
    """The segments of every edition that has any, oldest first, by edition id."""
    printed = state_queries.state_spans(connection, computed=False)
    computed = state_queries.state_spans(connection, computed=True)
    archived = state_queries.archived_editions(connection)
    both = printed.keys() & computed.keys()
    runs = _public_runs(connection, both) if both else {}
    found: dict[int, tuple[Segment, ...]] = {}
    for edition, (since, until) in printed.items():
        if edition in archived:
            until = min(until, ENDED) if until else ENDED
        if edition not in computed:
            found[edition] = (Segment("printed", since, until),)
    for edition, (since, until) in computed.items():
        found[edition] = tuple(_joined(since, until, runs.get(edition, [])))
    return found


def _public_runs(
    connection: Connection, editions: set[int]
) -> dict[int, list[tuple[str, str | None]]]:
    """From when to when the publisher's own answers count, by edition."""
    seen: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for edition, first, last in state_queries.public_runs(connection):
        if edition in editions:
            seen[edition].append((first, last))
    found = {}
    for edition, its_runs in seen.items():
        changes = state_queries.state_moments(connection, edition, computed=True)
        spans: list[tuple[str, str | None]] = []
        for place, (first, last) in enumerate(its_runs):
            after = bisect_right(changes, last)
            ends = changes[after] if after < len(changes) else None
            if place + 1 < len(its_runs):
                following = its_runs[place + 1][0]
                ends = following if ends is None else min(ends, following)
            spans.append((first, ends))
        found[edition] = spans
    return found


def _joined(since: str, until: str | None, runs: list[tuple[str, str | None]]) -> Iterator[Segment]:
    """Computed states with the publisher's own between them."""
    at: str | None = since
    for first, ends in runs:
        if at is not None and at < first:
            yield Segment("computed", at, first)
        yield Segment("printed", first, ends)
        at = ends
    if at is not None and (until is None or at < until):
        yield Segment("computed", at, until)


def segment_at(connection: Connection, edition_id: int, at: str) -> Segment | None:
    """What counts on an edition at a moment; ``None`` where nothing is known."""
    segments = read_segments(connection).get(edition_id, ())
    place = bisect_right(segments, at, key=attrgetter("since")) - 1
    if place < 0:
        return None
    found = segments[place]
    return found if found.until is None or at < found.until else None


def covering(connection: Connection, at: str) -> set[int]:
    """Ids of the editions that have a state at a moment."""
    return {id_ for id_ in read_segments(connection) if segment_at(connection, id_, at)}
