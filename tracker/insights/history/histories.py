"""Histories: rank and values of models on boards through time."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter, itemgetter
from typing import NamedTuple

from tracker.answers.boards import EditionInfo
from tracker.answers.history import HistoryPoint
from tracker.catalog.boards.state_queries import StoredRowInterval
from tracker.errors import NoDataError
from tracker.insights.boards.rankings import Ranked, read_lines, read_rankings
from tracker.insights.boards.state_lookup import series_spans
from tracker.insights.models.names import find_model, read_names, read_present
from tracker.insights.reader import Reader, memoised
from tracker.insights.units import percent


class _Place(NamedTuple):
    """Rank of a model from one moment to the next one."""

    at: str
    rank: int | None
    listing: int | None
    """The row that counts for the model: its first one."""
    n_tasks: int | None
    origin: str
    points: float | None = None
    """Borda points of that row at that moment."""


class _Values(NamedTuple):
    """Values of a point; a change of any of them begins a new point."""

    rank: int | None
    mean_task: float | None
    mean_task_type: float | None
    n_tasks: int | None
    n_tasks_total: int | None
    model: str
    origin: str


class _BordaPoints:
    """Borda points of some rows of one board at any moment."""

    def __init__(self, states: Sequence[Ranked], listings: Collection[int]) -> None:
        self._states = states
        self._starts = [state.at for state in states]
        self._listings = listings
        self._by_listing: dict[int, dict[int, float | None]] = {}

    def at(self, moment: str, listing: int) -> float | None:
        """Points of a row in the state of a moment; ``None`` without one that has points."""
        place = bisect_right(self._starts, moment) - 1
        if place < 0:
            return None
        state = self._states[place]
        if state.until is not None and state.until <= moment:
            return None
        if place not in self._by_listing:
            rows = state.order.rows(self._listings)
            self._by_listing[place] = {row.listing: row.points for row in rows}
        return self._by_listing[place].get(listing)


def _points(
    edition: EditionInfo,
    unit: str,
    rows: Sequence[StoredRowInterval],
    places: Sequence[_Place],
    names: Mapping[int, str],
    borda: _BordaPoints,
) -> Iterator[HistoryPoint]:
    """Yield one point for each time span in which a model's rank and values stayed the same.

    Args:
        edition: The board.
        unit: Unit of its stored values.
        rows: The model's rows with their intervals.
        places: Its best rank through time.
        names: Public ids by listing.
        borda: Borda points of the board.
    """
    moments = {row.valid_from for row in rows} | {row.valid_to for row in rows if row.valid_to}
    number = {row: n for n, row in enumerate(rows)}
    coming = sorted(rows, key=attrgetter("valid_from"), reverse=True)
    later = list(reversed(places))
    place: _Place | None = None
    holding: list[StoredRowInterval] = []
    began, values, points = "", None, None
    for at in sorted(moments.union(place.at for place in places)):
        if at in moments:
            holding = [row for row in holding if row.valid_to is None or row.valid_to > at]
            while coming and coming[-1].valid_from <= at:
                holding.append(coming.pop())
                holding.sort(key=number.__getitem__)
        while later and later[-1].at <= at:
            place = later.pop()
        now = _values(edition, unit, holding, place, names)
        if now != values:
            if values is not None:
                yield _point(edition, began, at, values, points)
            began, values = at, now
            points = None
            if now is not None and place is not None and place.listing is not None:
                began_too = place.at == at
                points = place.points if began_too else borda.at(at, place.listing)
    if values is not None:
        yield _point(edition, began, None, values, points)


def _point(
    edition: EditionInfo, since: str, until: str | None, values: _Values, points: float | None
) -> HistoryPoint:
    return HistoryPoint(
        edition=edition.name,
        from_at=since,
        to_at=until,
        rank=values.rank,
        mean_task=values.mean_task,
        mean_task_type=values.mean_task_type,
        n_tasks=values.n_tasks,
        edition_slug=edition.slug,
        origin=values.origin,
        n_tasks_total=values.n_tasks_total,
        model=values.model,
        points=points,
    )


def _values(
    edition: EditionInfo,
    unit: str,
    holding: Sequence[StoredRowInterval],
    place: _Place | None,
    names: Mapping[int, str],
) -> _Values | None:
    """Values of the first of a model's rows at one moment; ``None`` without a row."""
    if not holding:
        return None
    best = holding[0]
    if len(holding) > 1:
        counts = [row for row in holding if place and row.listing_id == place.listing]
        best = (
            counts[0]
            if counts
            else max(holding, key=lambda row: (row.mean_task is not None, row.mean_task or 0))
        )
    total = (place.n_tasks if place else None) or edition.n_tasks
    return _Values(
        place.rank if place else None,
        percent(best.mean_task, unit),
        percent(best.mean_task_type, unit),
        None if best.n_tasks is None else min(best.n_tasks, total),
        total,
        names[best.listing_id],
        place.origin if place else "published",
    )


@memoised
def read_histories(
    reader: Reader, edition: EditionInfo, only: int | None
) -> dict[int, tuple[HistoryPoint, ...]]:
    """Read histories on an edition by present model id, of one model or of all."""
    rows = _rows_by_model(reader, reader.editions.ids[edition.slug])
    if only is not None:
        rows = {only: rows[only]} if only in rows else {}
    return _histories_of(reader, edition, rows)


def _histories_of(
    reader: Reader, edition: EditionInfo, rows: Mapping[int, list[StoredRowInterval]]
) -> dict[int, tuple[HistoryPoint, ...]]:
    """Read the histories of models on an edition from their rows by present model id."""
    if not rows:
        return {}
    edition_id = reader.editions.ids[edition.slug]
    owner = {row.listing_id: model for model, found in rows.items() for row in found}
    models = read_names(reader)
    names = {row.listing_id: models[row.model_id].name for found in rows.values() for row in found}
    states = read_rankings(reader, edition_id)
    places, borda = _places(states, owner), _BordaPoints(states, owner)
    unit = reader.editions.units[edition.slug]
    return {
        model: tuple(_points(edition, unit, found, places[model], names, borda))
        for model, found in rows.items()
    }


def read_first_counted(reader: Reader, edition: EditionInfo) -> dict[int, str | None]:
    """Read since when each model has had results for half of the tasks of an edition or more.

    The same as the beginning of the first of its points that is not partial, without its ranks.

    Returns:
        Moments by present model id; ``None`` for a model that never had so many.
    """
    edition_id = reader.editions.ids[edition.slug]
    rankings = read_rankings(reader, edition_id)
    totals = [(state.at, state.n_tasks or edition.n_tasks) for state in rankings]
    found: dict[int, str | None] = {}
    by_model = _rows_by_model(reader, edition_id)
    # Which of several rows of a model counts is decided by its rank.
    several = {
        model: rows for model, rows in by_model.items() if len({row.listing_id for row in rows}) > 1
    }
    histories = _histories_of(reader, edition, several)
    for model, rows in by_model.items():
        if model in histories:
            points = histories[model]
            found[model] = next((point.from_at for point in points if not point.partial), None)
        else:
            starts = (_counted_from(row, totals, edition.n_tasks) for row in rows)
            found[model] = min((at for at in starts if at is not None), default=None)
    return found


def _counted_from(
    row: StoredRowInterval, totals: Sequence[tuple[str, int]], n_tasks: int
) -> str | None:
    """Return the first moment at which a row has results for half of the tasks or more.

    Args:
        row: The row with its interval.
        totals: Number of tasks of the board from a moment on, oldest first.
        n_tasks: The number before the first of these moments.
    """
    if row.n_tasks is None:
        return row.valid_from
    place = bisect_right(totals, row.valid_from, key=itemgetter(0))
    total = totals[place - 1][1] if place else n_tasks
    if 2 * min(row.n_tasks, total) >= total:
        return row.valid_from
    for at, total in totals[place:]:
        if row.valid_to is not None and at >= row.valid_to:
            break
        if 2 * min(row.n_tasks, total) >= total:
            return at
    return None


@memoised
def _rows_by_model(reader: Reader, edition_id: int) -> Mapping[int, list[StoredRowInterval]]:
    """Rows of an edition by the id of the present name of their model."""
    present = read_present(reader)
    rows: dict[int, list[StoredRowInterval]] = defaultdict(list)
    for row in read_lines(reader, edition_id):
        rows[present.get(row.model_id, row.model_id)].append(row)
    return rows


def _places(states: Sequence[Ranked], owner: Mapping[int, int]) -> dict[int, list[_Place]]:
    """Best rank of every model through time, by model id."""
    found: dict[int, list[_Place]] = defaultdict(list)
    models = set(owner.values())
    last: dict[int, tuple[int, int]] = {}
    before: tuple[int | None, str] | None = None
    for state in states:
        now: dict[int, tuple[int, int]] = {}
        points: dict[int, float | None] = {}
        # Best first: the first row of a model counts.
        for row in state.order.rows(owner):
            model = owner[row.listing]
            if model not in now:
                now[model] = (row.rank, row.listing)
                points[model] = row.points
        about = (state.n_tasks, state.origin)
        for model, place in now.items():
            if last.get(model) != place or about != before:
                found[model].append(_Place(state.at, *place, *about, points[model]))
        for model in last.keys() - now.keys():
            found[model].append(_Place(state.at, None, None, *about))
        if about != before:
            # The number of the board's tasks also changes for models without a rank.
            for model in models - now.keys() - last.keys():
                found[model].append(_Place(state.at, None, None, *about))
        last, before = now, about
    if states and states[-1].until:
        for model in last:
            end = states[-1]
            found[model].append(_Place(end.until or "", None, None, end.n_tasks, end.origin))
    return found


def read_history(
    reader: Reader,
    board: str,
    model: str,
    *,
    all_editions: bool = False,
) -> list[HistoryPoint]:
    """Read rank and values of one model on a board through time, oldest first.

    Args:
        reader: The open catalog.
        board: A series has at each time the edition that it means then.
        model: Under any of its names.
        all_editions: Every edition of a series for all its time.

    Raises:
        NoDataError: The board never listed the model.
    """
    found = find_model(reader, model)
    history: list[HistoryPoint] = []
    editions = reader.editions.named(board)
    for edition, since, until in series_spans(reader, editions, all_editions=all_editions):
        points = read_histories(reader, edition, found.id).get(found.id, ())
        history += clipped(points, since, until)
    if not history:
        raise NoDataError(f"{board}: never listed {found.name}")
    return sorted(history, key=lambda p: (p.from_at, p.edition))


def clipped(
    points: Iterable[HistoryPoint], since: str, until: str | None
) -> Iterator[HistoryPoint]:
    """Yield the parts of points that lie in a time span."""
    for point in points:
        begins = max(point.from_at, since)
        ends = min(point.to_at or "9", until or "9")
        if begins < ends:
            yield replace(point, from_at=begins, to_at=None if ends == "9" else ends)
