"""The table of a task on a day, and its leaders until then."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from tracker.answers.tasks import Task, TaskInfo, TaskLead, TaskRow
from tracker.catalog.boards.task_states import task_states
from tracker.catalog.results.queries import last_result_at
from tracker.common.text import did_you_mean
from tracker.common.times import When, moment
from tracker.errors import NotFoundError
from tracker.insights.boards.recomputed import registered_metadata, row_label
from tracker.insights.reader import Reader
from tracker.insights.tasks.infos import find_info, matching_infos, newest_registry
from tracker.insights.tasks.trained import read_declarations, read_slugs, trained_on_task
from tracker.insights.units import FRACTION, percent
from tracker.ranking.benchmark import TaskSelection
from tracker.ranking.contamination import exposure
from tracker.ranking.states import BoardStates, Ranking, RowInterval, RowKey

_AT_ONCE = 80
"""Tasks whose scores are in memory together: all of them would take most of a gigabyte."""


def read_task(reader: Reader, name: str, as_of: When = None, board: str | None = None) -> Task:
    """Read a task with its table on a day.

    Args:
        reader: The open catalog.
        name: Name of the task, in any case.
        as_of: The day; now by default.
        board: The splits and subsets that this board counts; by default those that most present
            boards count.

    Raises:
        NotFoundError: There is no such task, or the board does not use it.
        NoDataError: The catalog has no registry.
    """
    info = find_info(reader, name)
    at = moment(as_of, now=reader.now)
    (found,) = read_tasks(reader, [(info, _selection(reader, info, board))], at)
    return found


def read_present_tasks(reader: Reader) -> Iterator[Task]:
    """Read the tasks of the present boards with their tables now, by name."""
    found = matching_infos(reader)
    for begin in range(0, len(found), _AT_ONCE):
        some = found[begin : begin + _AT_ONCE]
        yield from read_tasks(reader, [(info, usual_selection(info)) for info in some], reader.now)


def read_tasks(
    reader: Reader, tasks: Sequence[tuple[TaskInfo, TaskSelection]], at: str
) -> Iterator[Task]:
    """Read some tasks with their tables at a moment, in their order."""
    is_scored = last_result_at(reader.connection) is not None
    selections = [selection for _, selection in tasks]
    states = (
        (found for _, found in task_states(reader.connection, newest_registry(reader), selections))
        if is_scored
        else (BoardStates([], []) for _ in selections)
    )
    declared = read_declarations(reader)
    n_undeclared = sum(found.tasks is None for found in declared.values())
    for (info, selection), history in zip(tasks, states, strict=True):
        yield Task(
            info=info,
            as_of=min(at, last_result_at(reader.connection) or at),
            splits=selection.splits,
            subsets=selection.subsets,
            rows=tuple(_rows(reader, info.name, history, at)),
            leads=tuple(_leads(reader, history, at)),
            trained=tuple(trained_on_task(reader, info.name)),
            n_undeclared=n_undeclared,
            scored=is_scored,
        )


def usual_selection(info: TaskInfo) -> TaskSelection:
    """The splits and subsets that most present boards count; all if none uses the task."""
    used = Counter(
        (board.splits, tuple(sorted(board.subsets))) for board in info.boards if board.current
    )
    if not used:
        return TaskSelection(info.name, info.type, info.public, info.splits, info.subsets)
    splits, subsets = max(used, key=lambda one: (used[one], len(one[1]), one))
    return TaskSelection(info.name, info.type, info.public, splits, subsets)


def _selection(reader: Reader, info: TaskInfo, board: str | None) -> TaskSelection:
    if board is None:
        return usual_selection(info)
    slugs = {edition.slug for edition in reader.editions.named(board)}
    for used in info.boards:
        if used.slug in slugs:
            return TaskSelection(info.name, info.type, info.public, used.splits, used.subsets)
    names = [used.name for used in info.boards]
    raise NotFoundError(
        f"{board} does not use {info.name}", remedy=did_you_mean(board, names, "see: tracker tasks")
    )


def _rows(reader: Reader, task: str, history: BoardStates, at: str) -> Iterator[TaskRow]:
    """The rows of a task at a moment, best first."""
    ranking = next((one for one in reversed(history.rankings) if _holds(one, at)), None)
    if ranking is None:
        return
    values = {row.key: row for row in history.rows if _holds(row, at)}
    declared, slugs = read_declarations(reader), read_slugs(reader)
    models = reader.raw_scores.registered(newest_registry(reader).id)
    for key, rank in zip(ranking.rows, ranking.ranks, strict=True):
        score = percent(values[key].values.mean_task, FRACTION)
        if score is not None:
            known = registered_metadata(models.properties[key.model])
            yield TaskRow(
                rank=rank,
                model=key.name,
                model_now=key.model,
                label=row_label(key.name, key.experiment),
                slug=slugs.get(key.model),
                score=score,
                exposure=exposure(task, key.model, declared),
                parameters=known.parameters,
                licence=known.licence,
                open_weights=known.open_weights,
                since=values[key].since,
            )


def _holds(interval: Ranking | RowInterval, at: str) -> bool:
    return interval.since <= at and (interval.until is None or interval.until > at)


class _Lead(NamedTuple):
    """A lead over end-of-day states, while it is being followed."""

    key: RowKey
    first: Ranking
    second: RowKey | None


def _leads(reader: Reader, history: BoardStates, at: str) -> Iterator[TaskLead]:
    """Yield the leads until a moment, oldest first.

    Only rankings that were in force at the end of a day count. Of models that share the first
    rank, the one that led goes on leading.
    """
    scores: dict[RowKey, list[RowInterval]] = defaultdict(list)
    for row in history.rows:
        scores[row.key].append(row)
    lead: _Lead | None = None
    for ranking in history.rankings:
        if ranking.since > at or not _is_at_an_end_of_day(ranking):
            continue
        first = _first(ranking)
        if lead is not None and lead.key.model not in {key.model for key in first}:
            yield _answer(reader, lead, scores, ranking.since)
            lead = None
        if lead is None and first:
            others = (key for key in ranking.rows if key.model != first[0].model)
            lead = _Lead(first[0], ranking, next(others, None))
    if lead is not None:
        yield _answer(reader, lead, scores, None)


def _is_at_an_end_of_day(ranking: Ranking) -> bool:
    return ranking.until is None or ranking.until[:10] > ranking.since[:10]


def _first(ranking: Ranking) -> list[RowKey]:
    """The rows that share the first rank."""
    return [key for key, rank in zip(ranking.rows, ranking.ranks, strict=True) if rank == 1]


def _answer(
    reader: Reader,
    lead: _Lead,
    scores: Mapping[RowKey, Sequence[RowInterval]],
    ended: str | None,
) -> TaskLead:
    """The answer for a lead, which ended at a moment or goes on."""
    since = lead.first.since
    score = _score(scores[lead.key], since)
    second = None if lead.second is None else _score(scores[lead.second], since)
    last = None if ended is None else date.fromisoformat(ended[:10]) - timedelta(days=1)
    return TaskLead(
        model=lead.key.name,
        model_now=lead.key.model,
        slug=read_slugs(reader).get(lead.key.model),
        from_day=since[:10],
        until_day=None if last is None else last.isoformat(),
        score=score,
        by=None if second is None else score - second,
    )


def _score(intervals: Sequence[RowInterval], at: str) -> float:
    """The score of a ranked row at a moment, in percent."""
    (held,) = (row for row in intervals if _holds(row, at))
    assert held.values.mean_task is not None  # only rows with a score are ranked
    return percent(held.values.mean_task, FRACTION)
