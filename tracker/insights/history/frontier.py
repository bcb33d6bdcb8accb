"""The best open models under some sizes through time, to the day, from stored states."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from math import inf
from typing import NamedTuple

import orjson

from tracker.answers.boards import EditionInfo
from tracker.answers.frontier import CatchUp, FrontierSpan
from tracker.catalog.boards import state_queries
from tracker.insights.boards.state_lookup import series_spans
from tracker.insights.boards.stored_state import board_folder, read_registered
from tracker.insights.history.histories import read_histories
from tracker.insights.models.metadata import Metadata, read_board_metadata
from tracker.insights.models.names import read_names, read_originals, read_present
from tracker.insights.reader import Reader, memoised
from tracker.insights.units import percent

LIMITS: Mapping[str, float] = {"0.5B": 5e8, "1B": 1e9, "2B": 2e9, "8B": 8e9, "any": inf}
"""Sizes by name: a model counts with fewer parameters than this."""

_FOREVER = "9999-12-31"


class _Entry(NamedTuple):
    """A mean of a model, at the end of the days from one to the day before another one."""

    begins: str
    ends: str
    mean: float
    model: int
    parameters: int


class _Edition(NamedTuple):
    """What of an edition counts: open models of known size with all tasks."""

    types: tuple[str, ...]
    """Types whose means are averaged; empty for the mean over all tasks."""
    entries: tuple[_Entry, ...]


def read_frontier(
    reader: Reader, board: str | EditionInfo, *, all_editions: bool = False
) -> list[FrontierSpan]:
    """Read the best open model under each size, oldest first within an edition and a size.

    Args:
        reader: The open catalog.
        board: A series has at each time the edition that it means then.
        all_editions: Every edition of a series for all its time.

    Raises:
        NotFoundError: There is no such board.
    """
    editions = reader.editions.named(board) if isinstance(board, str) else (board,)
    found = []
    for edition, since, until in series_spans(reader, editions, all_editions=all_editions):
        known = _read_edition(reader, edition)
        days = since[:10], (until or _FOREVER)[:10]
        for limit, most in LIMITS.items():
            entries = [entry for entry in known.entries if entry.parameters < most]
            for begins, ends, best in _clipped(_best(entries), *days):
                found.append(_span(reader, edition, known, limit, begins, ends, best))
    return found


def read_catch_ups(reader: Reader, board: str | EditionInfo) -> list[CatchUp]:
    """Read how long small models took to reach the best means of any size, by edition.

    A mean is looked for on the same edition only, in all its time.

    Raises:
        NotFoundError: There is no such board.
    """
    spans = read_frontier(reader, board, all_editions=True)
    by_class: dict[str, dict[str, list[FrontierSpan]]] = defaultdict(lambda: defaultdict(list))
    for span in spans:
        by_class[span.board_slug][span.limit].append(span)
    return [
        caught
        for classes in by_class.values()
        for record in _records(classes["any"])
        for limit in LIMITS
        if limit != "any"
        for caught in [_caught_up(record, limit, classes[limit], classes["any"][0].from_day)]
    ]


def _records(spans: Iterable[FrontierSpan]) -> Iterator[FrontierSpan]:
    """The spans with a higher mean than all before."""
    highest = -inf
    for span in spans:
        if round(span.mean, 2) > highest:
            highest = round(span.mean, 2)
            yield span


def _caught_up(
    record: FrontierSpan, limit: str, small: Sequence[FrontierSpan], first_day: str
) -> CatchUp:
    wanted = round(record.mean, 2)
    found = next((span for span in small if round(span.mean, 2) >= wanted), None)
    days = None
    if found is not None:
        days = (date.fromisoformat(found.from_day) - date.fromisoformat(record.from_day)).days
    return CatchUp(
        record.board,
        record.board_slug,
        record.model,
        record.from_day,
        record.from_day == first_day,
        record.mean,
        limit,
        found.model if found else None,
        found.from_day if found else None,
        days,
    )


def _span(
    reader: Reader,
    edition: EditionInfo,
    known: _Edition,
    limit: str,
    begins: str,
    ends: str,
    best: _Entry,
) -> FrontierSpan:
    name = read_names(reader)[best.model]
    return FrontierSpan(
        edition.name,
        edition.slug,
        limit,
        begins,
        None if ends >= _FOREVER else str(date.fromisoformat(ends) - timedelta(days=1)),
        name.name,
        name.slug,
        best.parameters,
        best.mean,
        known.types,
    )


_Step = tuple[str, str, _Entry]
"""First day, day after the last one, and the best entry."""


def _best(entries: Iterable[_Entry]) -> list[_Step]:
    """The best entry on every day; of equal means the smaller model's, then the older one's."""
    waiting = sorted(entries)
    days = sorted({entry.begins for entry in waiting} | {entry.ends for entry in waiting})
    held: list[tuple[float, int, str, int, _Entry]] = []
    steps: list[_Step] = []
    following = 0
    for day in days:
        while following < len(waiting) and waiting[following].begins <= day:
            entry = waiting[following]
            following += 1
            key = (-entry.mean, entry.parameters, entry.begins, following)
            heapq.heappush(held, (*key, entry))
        while held and held[0][-1].ends <= day:
            heapq.heappop(held)
        now = held[0][-1] if held else None
        last = steps[-1] if steps and steps[-1][1] == _FOREVER else None
        if last and now and _looks_alike(last[2], now):
            continue
        if last:
            steps[-1] = (last[0], day, last[2])
        if now:
            steps.append((day, _FOREVER, now))
    return steps


def _looks_alike(one: _Entry, other: _Entry) -> bool:
    return one.model == other.model and round(one.mean, 2) == round(other.mean, 2)


def _clipped(steps: Iterable[_Step], since: str, until: str) -> Iterator[_Step]:
    """The parts of steps in the days from one to the day before another one."""
    for begins, ends, entry in steps:
        first, last = max(begins, since), min(ends, until)
        if first < last:
            yield first, last, entry


@memoised
def _read_edition(reader: Reader, edition: EditionInfo) -> _Edition:
    """Read what counts on an edition.

    Where no open model ever had all tasks, those count that have all tasks of the types that the
    most complete ones have whole, by the mean of the means of these types.
    """
    whole = _open_entries(reader, edition, list(_whole_rows(reader, edition)))
    if whole:
        return _Edition((), whole)
    types, rows = _rows_by_type(reader, edition)
    return _Edition(types, _open_entries(reader, edition, rows))


def _open_entries(reader: Reader, edition: EditionInfo, rows: Sequence[_Row]) -> tuple[_Entry, ...]:
    sizes = _open_sizes(reader, edition, {model for model, *_ in rows})
    return tuple(
        _Entry(begins, ends, mean, model, sizes[model])
        for model, mean, begins, ends in rows
        if model in sizes and begins < ends
    )


_Row = tuple[int, float, str, str]
"""Model, mean in percent, first day, and the day after the last one."""


def _whole_rows(reader: Reader, edition: EditionInfo) -> Iterator[_Row]:
    for model, points in read_histories(reader, edition, None).items():
        for point in points:
            total = point.n_tasks_total or edition.n_tasks
            if point.mean_task is not None and point.n_tasks in (None, total):
                yield model, point.mean_task, point.from_at[:10], (point.to_at or _FOREVER)[:10]


def _rows_by_type(reader: Reader, edition: EditionInfo) -> tuple[tuple[str, ...], list[_Row]]:
    """The types that the most complete open models have whole, and the rows that have them all."""
    unit = reader.editions.units[edition.slug]
    present = read_present(reader)
    found = [
        (present.get(row.model_id, row.model_id), _known_means(row.task_types), row)
        for row in state_queries.row_type_means(
            reader.connection, reader.editions.ids[edition.slug]
        )
    ]
    is_open = _open_sizes(reader, edition, {model for model, *_ in found})
    counts = Counter(frozenset(means) for model, means, _ in found if model in is_open)
    if not counts:
        return (), []
    most = max(counts, key=lambda kinds: (len(kinds), counts[kinds], sorted(kinds)))
    types = tuple(kind for kind, _ in edition.task_types if kind in most)
    rows = [
        (
            model,
            percent(sum(means[kind] for kind in types) / len(types), unit),
            row.valid_from[:10],
            (row.valid_to or _FOREVER)[:10],
        )
        for model, means, row in found
        if types and most <= means.keys()
    ]
    return types, rows


def _known_means(task_types: str) -> dict[str, float]:
    means = orjson.loads(task_types)
    return {kind: mean for kind, mean in means.items() if mean is not None}


def _open_sizes(reader: Reader, edition: EditionInfo, models: set[int]) -> dict[int, int]:
    """Numbers of parameters of models with declared open weights; copies are left out."""
    names, originals = read_names(reader), read_originals(reader)
    own = {model: names[model].name for model in models if originals.of.get(model, model) == model}
    registered = read_registered(reader)
    published = read_board_metadata(
        reader, board_folder(edition), edition.last_at or reader.now, own
    )
    sizes = {}
    for model, name in own.items():
        known = registered.get(name, Metadata())
        other = published.get(model, Metadata())
        is_open = other.open_weights if known.open_weights is None else known.open_weights
        parameters = known.parameters or other.parameters
        if is_open and parameters:
            sizes[model] = parameters
    return sizes


def on_day(spans: Iterable[FrontierSpan], day: str) -> list[FrontierSpan]:
    """The spans that hold a day, as if it was their last one."""
    return [
        replace(span, until_day=day)
        for span in spans
        if span.from_day <= day and (span.until_day or _FOREVER) >= day
    ]
