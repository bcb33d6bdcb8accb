"""The table of a task on a day, and its leaders until then."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat

from tracker.answers.tasks import Task, TaskInfo, TaskLead, TaskRow
from tracker.catalog.boards.task_states import task_histories
from tracker.catalog.results.queries import last_result_at
from tracker.common.text import did_you_mean
from tracker.common.times import When, days_held, last_day_before, moment
from tracker.errors import NotFoundError
from tracker.insights.boards.recomputed import row_label
from tracker.insights.boards.stored_state import read_registered
from tracker.insights.reader import Reader
from tracker.insights.tasks.infos import find_info, known_registry, matching_infos
from tracker.insights.tasks.trained import read_declarations, read_slugs, trained_on_task
from tracker.insights.units import FRACTION, percent
from tracker.ranking.benchmark import TaskSelection
from tracker.ranking.contamination import exposure
from tracker.ranking.states import RowKey
from tracker.ranking.task_history import ScoreInterval, TaskHistory, TopInterval, holds

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
    known_until = last_result_at(reader.connection)
    selections = [selection for _, selection in tasks]
    histories: Iterable[TaskHistory] = (
        task_histories(reader.connection, known_registry(reader), selections)
        if known_until
        else repeat(TaskHistory([], []), len(selections))
    )
    declared = read_declarations(reader)
    n_undeclared = sum(found.tasks is None for found in declared.values())
    for (info, selection), history in zip(tasks, histories, strict=True):
        yield Task(
            info=info,
            as_of=min(at, known_until or at),
            splits=selection.splits,
            subsets=selection.subsets,
            rows=tuple(_rows(reader, info.name, history, at)),
            leads=tuple(_leads(reader, history, at)),
            trained=tuple(trained_on_task(reader, info.name)),
            n_undeclared=n_undeclared,
            scored=known_until is not None,
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


def _rows(reader: Reader, task: str, history: TaskHistory, at: str) -> Iterator[TaskRow]:
    """The rows of a task at a moment, best first."""
    declared, slugs = read_declarations(reader), read_slugs(reader)
    models = read_registered(reader)
    for rank, (key, score, since, _) in history.at(at):
        known = models[key.model]
        yield TaskRow(
            rank=rank,
            model=key.name,
            model_now=key.model,
            label=row_label(key.name, key.experiment),
            slug=slugs.get(key.model),
            score=percent(score, FRACTION),
            exposure=exposure(task, key.model, declared),
            parameters=known.parameters,
            licence=known.licence,
            open_weights=known.open_weights,
            since=since,
        )


def _leads(reader: Reader, history: TaskHistory, at: str) -> Iterator[TaskLead]:
    """Yield the leads until a moment, oldest first.

    Only what held at the end of a day counts. Of models that share the first rank, the one that
    led goes on leading.
    """
    scores: dict[RowKey, list[ScoreInterval]] = defaultdict(list)
    for row in history.scores:
        scores[row.key].append(row)
    lead: TopInterval | None = None
    for top in history.tops:
        if top.since > at or days_held(top.since, top.until) is None:
            continue
        if lead is not None and lead.leaders[0].model not in {key.model for key in top.leaders}:
            yield _answer(reader, lead, scores, top.since)
            lead = None
        if lead is None and top.leaders:
            lead = top
    if lead is not None:
        yield _answer(reader, lead, scores, None)


def _answer(
    reader: Reader,
    lead: TopInterval,
    scores: Mapping[RowKey, Sequence[ScoreInterval]],
    ended: str | None,
) -> TaskLead:
    """The answer for a lead, which ended at a moment or goes on."""
    first, since = lead.leaders[0], lead.since
    score = _score(scores[first], since)
    second = None if lead.second is None else _score(scores[lead.second], since)
    return TaskLead(
        model=first.name,
        model_now=first.model,
        slug=read_slugs(reader).get(first.model),
        from_day=since[:10],
        until_day=None if ended is None else last_day_before(ended),
        score=score,
        by=None if second is None else score - second,
    )


def _score(intervals: Sequence[ScoreInterval], at: str) -> float:
    """The score of a row at a moment at which it has one, in percent."""
    (held,) = (row for row in intervals if holds(row, at))
    return percent(held.score, FRACTION)
