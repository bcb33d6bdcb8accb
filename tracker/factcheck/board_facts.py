"""Boards through time, as verdicts need them: ranks, means and receipts by edition and day."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from tracker.answers.boards import EditionInfo, LeaderboardRow
from tracker.answers.history import HistoryPoint
from tracker.catalog.boards import state_queries
from tracker.common.times import days_held
from tracker.errors import NoDataError, NotFoundError
from tracker.factcheck.dates import Period
from tracker.factcheck.days import Days, union
from tracker.insights.boards.board import read_board
from tracker.insights.boards.provenance import read_provenance
from tracker.insights.boards.query import BoardQuery
from tracker.insights.boards.rankings import Ranked, read_lines, read_rankings
from tracker.insights.boards.segments import segment_at
from tracker.insights.boards.state_lookup import ranking_unit, series_spans
from tracker.insights.history.histories import clipped, read_histories
from tracker.insights.history.leaders import read_leaders
from tracker.insights.models.names import read_names, read_originals, read_present
from tracker.insights.reader import Reader, memoised
from tracker.ranking.copies import collapse
from tracker.ranking.model_choice import places
from tracker.sources.published_boards import HEADER as PUBLISHED


@dataclass(frozen=True, slots=True)
class OtherRanks:
    """Ranks of a model under rules other than the board's own; ``None`` where there is none."""

    without_copies: int | None
    by_mean: int | None
    """By the mean over all tasks, or where no row has one, over the common tasks."""
    common_tasks: str | None
    """How many tasks are common, where ``by_mean`` is the rank by the mean over them."""
    by_mean_task_type: int | None


Span = tuple[EditionInfo, str, str | None]


@memoised
def read_spans(reader: Reader, board: str, *, all_editions: bool = False) -> tuple[Span, ...]:
    """Read the editions that a name means, each with the time in which it counts.

    Returns:
        Nothing for a board that is not known or has no states.
    """
    try:
        editions = reader.editions.named(board)
    except (NotFoundError, NoDataError):
        return ()
    return tuple(series_spans(reader, editions, all_editions=all_editions))


@memoised
def read_known_days(reader: Reader, board: str) -> Days:
    """Read the days for which a board has a state."""
    return known_days(read_spans(reader, board))


def known_days(spans: Sequence[Span]) -> Days:
    """Days for which a board has a state."""
    return union(days for _, since, until in spans if (days := days_held(since, until)))


@memoised
def read_points(
    reader: Reader, model: int, board: str, *, all_editions: bool = False
) -> tuple[tuple[EditionInfo, HistoryPoint], ...]:
    """Read rank and means of a model on a board through time."""
    return tuple(
        (edition, point)
        for edition, since, until in read_spans(reader, board, all_editions=all_editions)
        for point in clipped(
            read_histories(reader, edition, only=model).get(model, ()), since, until
        )
    )


def point_days(point: HistoryPoint) -> tuple[str, str | None] | None:
    """Days at whose ends a point held."""
    return days_held(point.from_at, point.to_at)


def covered(point: HistoryPoint, period: Period) -> bool:
    """Whether a point held at the end of a day of a period."""
    days = point_days(point)
    return days is not None and days[0] <= period.last and period.first <= (days[1] or "9")


def edition_on(spans: Sequence[Span], day: str) -> EditionInfo | None:
    """The edition that counts at the end of a day."""
    at = f"{day}T23:59:59Z"
    return next((e for e, since, until in spans if since <= at < (until or "9")), None)


@memoised
def read_lead_days(reader: Reader, edition: EditionInfo, model: int) -> Days:
    """Read the days on which a model led an edition, copies counted as their original."""
    name = read_names(reader)[model].name
    found = [
        (lead.from_day, lead.until_day)
        for lead in read_leaders(reader, edition)
        if name in (lead.model_now, lead.model)
    ]
    return union(found)


def _state(reader: Reader, edition: EditionInfo, day: str) -> Ranked | None:
    """The ranking that was in force at the end of a day."""
    at = f"{day}T23:59:59Z"
    states = read_rankings(reader, reader.editions.ids[edition.slug])
    place = bisect_right(states, at, key=attrgetter("at")) - 1
    if place < 0:
        return None
    found = states[place]
    return found if found.until is None or at < found.until else None


@memoised
def read_other_ranks(reader: Reader, edition: EditionInfo, day: str) -> dict[int, OtherRanks]:
    """Read ranks without copies and by means at the end of a day, by model id."""
    state = _state(reader, edition, day)
    if state is None:
        return {}
    at = f"{day}T23:59:59Z"
    rows = [
        row
        for row in read_lines(reader, reader.editions.ids[edition.slug])
        if row.valid_from <= at and (row.valid_to is None or at < row.valid_to)
    ]
    owner = {row.listing_id: row.model_id for row in rows}
    collapsed: dict[int, int | None] = {}
    if edition.source == PUBLISHED.id:
        shown = collapse(state.rows(owner), *read_originals(reader))
        collapsed = {row.row.key: row.rank for row in shown}
    by_mean = _ranks({row.listing_id: row.mean_task for row in rows})
    common = None
    if not by_mean:
        by_mean, common = _ranks_by_common_tasks(reader, edition, day, owner)
    by_type = _ranks({row.listing_id: row.mean_task_type for row in rows})
    found: dict[int, OtherRanks] = {}
    present = read_present(reader)
    for row in sorted(rows, key=lambda r: by_mean.get(r.listing_id, 10**6), reverse=True):
        listing, model = row.listing_id, present.get(row.model_id, row.model_id)
        found[model] = OtherRanks(
            collapsed.get(listing), by_mean.get(listing), common, by_type.get(listing)
        )
    return found


def _ranks_by_common_tasks(
    reader: Reader, edition: EditionInfo, day: str, owner: Mapping[int, int]
) -> tuple[dict[int, int], str | None]:
    """Ranks of listings by the mean over the tasks that all of the first twenty have."""
    try:
        board = read_board(reader, BoardQuery(edition, day, collapse_copies=False))
    except NoDataError:
        return {}, None
    names = read_names(reader)
    means = {row.model: row.mean_common for row in board.rows}
    ranks = _ranks({listing: means.get(names[model].name) for listing, model in owner.items()})
    common = board.common
    return ranks, None if common is None else f"{common.n} of {common.n_total}"


def _ranks(values: dict[int, float | None]) -> dict[int, int]:
    """Rank of every value that is there, the highest first; equal values share a rank."""
    known = {key: value for key, value in values.items() if value is not None}
    return dict(zip(known, places(list(known.values())), strict=True))


@memoised
def read_link(reader: Reader, edition: EditionInfo, day: str) -> str | None:
    """Read the address of the commit or answer that a state comes from."""
    at = f"{day}T23:59:59Z"
    edition_id = reader.editions.ids[edition.slug]
    segment = segment_at(reader, edition_id, at)
    if segment is None:
        return None
    computed = segment.kind == "computed"
    ranking = state_queries.ranking_at(reader.connection, edition_id, at, computed=computed)
    return read_provenance(reader, ranking.stream_id, at).url if ranking is not None else None


@memoised
def read_row(reader: Reader, edition: EditionInfo, day: str, model: int) -> LeaderboardRow | None:
    """Read the row of a model at the end of a day, with its task types."""
    name = read_names(reader)[model].name
    try:
        board = read_board(reader, BoardQuery(edition, day, collapse_copies=False))
    except NoDataError:
        return None
    return next((row for row in board.rows if name in (row.model_now, row.model)), None)


def unit_text(reader: Reader, edition: EditionInfo) -> str:
    """What a board ranks by, in words."""
    names = {"points": "Borda count", "mean_task": "mean over tasks"}
    return names.get(ranking_unit(reader, edition), "mean over task types")
