"""Choose the edition, and the state of it, that a question means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker.answers.boards import EditionInfo
from tracker.catalog.boards import state_queries
from tracker.catalog.results.queries import defined_editions, first_result_at
from tracker.catalog.results.registry_queries import definition_of
from tracker.common.times import moment_before
from tracker.errors import NoDataError
from tracker.insights.boards.query import BoardQuery
from tracker.insights.boards.segments import covering, read_segments, segment_at
from tracker.insights.reader import Reader, memoised
from tracker.sources.published_boards import ENDED
from tracker.sources.published_boards import HEADER as PUBLISHED


@memoised
def read_state_known(reader: Reader, edition_id: int) -> state_queries.StateKnown | None:
    """How far the computed states of an edition are known, and with which registry."""
    return state_queries.state_known(reader.connection, edition_id)


@memoised
def _published_ends(reader: Reader) -> dict[int, str]:
    return state_queries.last_sightings(reader.connection)


@memoised
def _published_spans(reader: Reader) -> dict[int, tuple[str, str | None]]:
    return state_queries.state_spans(reader.connection, computed=False)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A state of a board."""

    edition: EditionInfo
    kind: str
    """``published``, ``computed`` (both stored), or ``raw``: to be computed from raw scores."""
    at: str
    """The moment that was asked for, or the last one that is known."""
    known_until: str
    asked_for: str
    """The moment that was asked for."""

    @property
    def asked_at(self) -> str | None:
        """The moment that was asked for, where its day is later than the last one known."""
        return self.asked_for if self.asked_for[:10] > self.at[:10] else None


def choose_state(reader: Reader, query: BoardQuery) -> Chosen:
    """Choose the edition and the state that a question means.

    Args:
        reader: The open catalog.
        query: The question; its board, date, origin and identity count. After the last known
            moment the last known state is meant.

    Raises:
        NotFoundError: There is no such board.
        NoDataError: Nothing is known of it for that moment.
    """
    board, origin = query.board, query.origin
    at = reader.moment(board, query.as_of)
    name = board if isinstance(board, str) else board.name
    if origin == "recomputed" and not defined_editions(reader.connection):
        raise NoDataError(
            f"{name}: no registry says how boards are computed",
            remedy="fetch result-files and benchmark-registry, then load",
        )
    found = reader.editions.named(board) if isinstance(board, str) else (board,)
    if query.identity == "registry" or (origin == "recomputed" and not _is_stored(reader, found)):
        return _raw(reader, name, found, at)
    known = {
        edition: kind
        for edition in found
        if (kind := _kind_at(reader, edition, at, origin)) is not None
    }
    if (edition := _of_series(found, list(known), at)) is not None:
        until = _known_until(reader, edition, known[edition], origin)
        return Chosen(edition, known[edition], min(at, until), until, at)
    ended = _last_ended(reader, found, at) if origin != "recomputed" else None
    if ended is not None:
        return ended
    raise _nothing(reader, name, found, at, origin)


def _of_series(
    editions: Sequence[EditionInfo], known: Sequence[EditionInfo], at: str
) -> EditionInfo | None:
    """Choose which of the editions with a state counts.

    Until the end of the archived boards only they do, where a series has one.
    """
    if at < ENDED and any(edition.source == PUBLISHED.id for edition in editions):
        known = [edition for edition in known if edition.source == PUBLISHED.id]
    return known[-1] if known else None


def series_spans(
    reader: Reader,
    editions: Sequence[EditionInfo],
    *,
    all_editions: bool = False,
) -> Iterator[tuple[EditionInfo, str, str | None]]:
    """Yield the editions that a name means, each with a time span in which it counts.

    Args:
        reader: The open catalog.
        editions: In order of succession, the newest last.
        all_editions: Yield each of them with all its time.
    """
    segments = {e: read_segments(reader).get(reader.editions.ids[e.slug], ()) for e in editions}
    if all_editions:
        yield from ((e, found[0].since, found[-1].until) for e, found in segments.items() if found)
        return
    moments = {ENDED} | {s.since for found in segments.values() for s in found}
    moments |= {s.until for found in segments.values() for s in found if s.until}
    began, last = "", None
    for at in sorted(moments):
        known = [e for e in editions if segment_at(reader, reader.editions.ids[e.slug], at)]
        now = _of_series(editions, known, at)
        if now is not last:
            if last is not None:
                yield last, began, at
            began, last = at, now
    if last is not None:
        yield last, began, None


def _kind_at(reader: Reader, edition: EditionInfo, at: str, origin: str | None) -> str | None:
    """The kind of state that an edition has at a moment; ``None`` where it has none."""
    id_ = reader.editions.ids[edition.slug]
    if origin == "published":
        span = _published_spans(reader).get(id_)
        if span is None or not (span[0] <= at and (span[1] is None or at < span[1])):
            return None
        if edition.source == PUBLISHED.id and at >= ENDED:
            return None
        return "published"
    if origin == "recomputed":
        stand = state_queries.ranking_at(reader.connection, id_, at, computed=True)
        return "computed" if stand is not None else None
    segment = segment_at(reader, id_, at)
    return segment.kind if segment else None


def _is_stored(reader: Reader, editions: tuple[EditionInfo, ...]) -> bool:
    return any(read_state_known(reader, reader.editions.ids[e.slug]) for e in editions)


def _known_until(reader: Reader, edition: EditionInfo, kind: str, origin: str | None) -> str:
    """Last moment for which the state of an edition is known."""
    if kind == "computed":
        known = read_state_known(reader, reader.editions.ids[edition.slug])
        assert known is not None  # a load writes it with the states
        return known.until
    if edition.source == PUBLISHED.id:
        return moment_before(ENDED)
    if origin == "published":
        return _published_ends(reader)[reader.editions.ids[edition.slug]]
    return edition.last_at or ""


def _last_ended(reader: Reader, editions: tuple[EditionInfo, ...], at: str) -> Chosen | None:
    """The last state of a board that was archived before a moment."""
    for edition in reversed(editions):
        if edition.source == PUBLISHED.id and edition.first_at and at >= ENDED:
            last = moment_before(ENDED)
            if segment_at(reader, reader.editions.ids[edition.slug], last):
                return Chosen(edition, "published", last, last, at)
    return None


def _raw(
    reader: Reader,
    name: str,
    editions: tuple[EditionInfo, ...],
    at: str,
) -> Chosen:
    """An edition whose board is computed for this question."""
    first = first_result_at(reader.connection)
    defined = defined_editions(reader.connection)
    computable = [e for e in editions if reader.editions.ids[e.slug] in defined]
    missing = f"{name}: no raw scores are in the catalog for {at[:10]}"
    if first is None or not defined:
        raise NoDataError(missing, remedy="fetch result-files and benchmark-registry, then load")
    if first > at:
        raise NoDataError(missing, remedy=f"ask for {first[:10]} or later")
    if not computable:
        raise NoDataError(
            f"{name}: no registry says how it is computed",
            remedy="run: tracker fetch benchmark-registry, then tracker load",
        )
    edition = computable[-1]
    known = read_state_known(reader, reader.editions.ids[edition.slug])
    until = known.until if known else at
    return Chosen(edition, "raw", min(at, until), until, at)


def _nothing(
    reader: Reader,
    name: str,
    editions: tuple[EditionInfo, ...],
    at: str,
    origin: str | None,
) -> NoDataError:
    """The error that says for which time the board is known."""
    if origin == "published":
        spans = _published_spans(reader)
        ids = [reader.editions.ids[edition.slug] for edition in editions]
        began = sorted(spans[id_][0] for id_ in ids if id_ in spans)
        if began and at < began[0]:
            return NoDataError(
                f"{name}: no data before {began[0][:10]}",
                remedy=f"ask for {began[0][:10]} or later, or without --origin",
            )
    try:
        reader.editions.holding(name, at, covering(reader, at), editions)
    except NoDataError as error:
        return error
    return NoDataError(f"{name}: no data for {at[:10]}")


@memoised
def ranking_unit(reader: Reader, edition: EditionInfo) -> str:
    """What a board ranks by: ``points`` (Borda count), or the name of a mean.

    The archived boards ranked by their published average.
    """
    if edition.source == PUBLISHED.id:
        return "mean_task"
    found = definition_of(reader.connection, reader.editions.ids[edition.slug])
    if found is None:
        return "points"
    rule = found[1].rank_by
    return rule[0] if rule else "points"
