"""Which states of an edition count at each moment: published and computed ones, joined.

A state that the publisher's own server answered counts from its day until the next commit that
changes the computed board; at all other times the computed state counts. States that another
server answered count only on boards that cannot be computed. An archived board of 2024 counts
until the end of 2025-02-04.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Literal, NamedTuple

from tracker.catalog.boards import state_queries
from tracker.insights.reader import Reader, memoised
from tracker.sources.published_boards import ENDED

Kind = Literal["published", "computed"]


@dataclass(frozen=True, slots=True)
class Segment:
    """A time span in which one kind of states counts."""

    kind: Kind
    since: str
    until: str | None
    origin: str = "published"
    """``published``, ``recorded`` from another server than the publisher's, or ``recomputed``."""


class _Run(NamedTuple):
    """One answer of a server for as long as it stayed the same."""

    first: str
    last: str
    """First and last moment at which it was seen."""
    is_public: bool
    """Whether the publisher's own server gave it."""


@memoised
def read_segments(reader: Reader) -> dict[int, tuple[Segment, ...]]:
    """Read the segments of every edition that has any, oldest first, by edition id."""
    published = state_queries.state_spans(reader.connection, computed=False)
    computed = state_queries.state_spans(reader.connection, computed=True)
    archived = state_queries.archived_editions(reader.connection)
    runs = _runs(reader) if published.keys() - archived else {}
    found: dict[int, tuple[Segment, ...]] = {}
    for edition, (since, until) in published.items():
        if edition in archived:
            until = min(until, ENDED) if until else ENDED
        if edition not in computed:
            found[edition] = tuple(_by_server(since, until, runs.get(edition, [])))
    for edition, (since, until) in computed.items():
        spans = list(_public_spans(reader, edition, runs.get(edition, [])))
        found[edition] = tuple(_joined(since, until, spans))
    return found


def _runs(reader: Reader) -> dict[int, list[_Run]]:
    found: dict[int, list[_Run]] = defaultdict(list)
    for edition, first, last, server in state_queries.published_snapshots(reader.connection):
        found[edition].append(_Run(first, last, server is None))
    return found


def _by_server(since: str, until: str | None, runs: Sequence[_Run]) -> Iterator[Segment]:
    """Yield published states, cut where another server begins to answer."""
    begins, origin = since, "published"
    for run in runs:
        now = "published" if run.is_public else "recorded"
        if now != origin:
            if begins < run.first:
                yield Segment("published", begins, run.first, origin)
            begins, origin = max(since, run.first), now
    if until is None or begins < until:
        yield Segment("published", begins, until, origin)


def _public_spans(
    reader: Reader, edition: int, runs: Sequence[_Run]
) -> Iterator[tuple[str, str | None]]:
    """Yield the time spans in which the publisher's own answers count on a computed board.

    One counts until the computed board changes, or until the next answer of any server.
    """
    if not any(run.is_public for run in runs):
        return
    changes = state_queries.state_moments(reader.connection, edition, computed=True)
    for place, run in enumerate(runs):
        if run.is_public:
            after = bisect_right(changes, run.last)
            ends = changes[after : after + 1] + [later.first for later in runs[place + 1 :][:1]]
            yield run.first, min(ends, default=None)


def _joined(
    since: str, until: str | None, public: Sequence[tuple[str, str | None]]
) -> Iterator[Segment]:
    """Yield computed states, interrupted by the publisher's own answers."""
    at: str | None = since
    for first, ends in public:
        if at is not None and at < first:
            yield Segment("computed", at, first, "recomputed")
        yield Segment("published", first, ends)
        at = ends
    if at is not None and (until is None or at < until):
        yield Segment("computed", at, until, "recomputed")


def segment_at(reader: Reader, edition_id: int, at: str) -> Segment | None:
    """The segment of an edition at a moment; ``None`` where nothing is known."""
    segments = read_segments(reader).get(edition_id, ())
    place = bisect_right(segments, at, key=attrgetter("since")) - 1
    if place < 0:
        return None
    found = segments[place]
    return found if found.until is None or at < found.until else None


def covering(reader: Reader, at: str) -> set[int]:
    """Ids of the editions that have a state at a moment."""
    return {id_ for id_ in read_segments(reader) if segment_at(reader, id_, at)}
