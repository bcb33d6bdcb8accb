"""What happened on a board between two moments, and why."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

import polars as pl

from tracker.answers.boards import EditionInfo, LeaderboardRow
from tracker.answers.common import ResultCommit
from tracker.answers.history import Change
from tracker.catalog.boards import state_queries
from tracker.catalog.results import changes as result_changes
from tracker.common.times import moment_before, utc_text
from tracker.errors import NoDataError, UsageError
from tracker.insights.boards.board import read_stored
from tracker.insights.boards.choosing import choose_state
from tracker.insights.boards.query import BoardQuery
from tracker.insights.boards.rankings import read_lines, read_rankings
from tracker.insights.history.causes import Event, History, classify, events
from tracker.insights.history.file_history import read_file_history
from tracker.insights.history.row_moments import RowMoments
from tracker.insights.models.names import read_names, read_present
from tracker.insights.reader import Reader, memoised
from tracker.sources.result_files import HEADER

LATELY = 30
"""Without ``since``, changes are those of the last days for which a board is known."""
_NOISE = 1e-9
"""Percent points: the live server sums in another order after a restart."""
_SUBSET = re.compile(r" \([^()]*\)$")
"""What a published table adds to the name of a task: ``AmazonReviewsClassification (en)``."""


class _Compared(NamedTuple):
    """Changes of one board between two of its states, causes not yet told."""

    changes: list[Change]
    bystanders: frozenset[str]
    """Models that have the same results as before, whatever became of their rank and means."""
    tasks: frozenset[str]
    since: str
    until: str


class _FileEvent(NamedTuple):
    task: str
    event: Event


class _Files(NamedTuple):
    """What happened to result files in the time of some boards."""

    history: History
    by_model: dict[str, list[_FileEvent]]
    """By model in lower case; not what happened to experiments, which no board lists."""
    commits: dict[str, tuple[str, str, str | None]]
    """By moment: the commit, its address and its message."""


def read_changes(reader: Reader, board: str, since: str | None, until: str) -> list[Change]:
    """Lines that appeared, left, moved or changed their value, best rank first.

    Args:
        reader: The open catalog.
        board: As people write it; the edition that it means at the end is compared.
        since: The earlier moment; by default ``LATELY`` days before the edition's end.
        until: The later moment.

    Raises:
        UsageError: ``since`` is after ``until``.
        NoDataError: Nothing is known at ``until``.
    """
    compared = _compared(reader, board, since, until)
    return _with_causes(reader, [compared]) if compared.changes else []


def _compared(reader: Reader, board: str, since: str | None, until: str) -> _Compared:
    if since is not None and since > until:
        raise UsageError(f"--since {since[:10]} is after --until {until[:10]}")
    query = BoardQuery(board, until)
    chosen = choose_state(reader, query)
    edition = chosen.edition
    past = [at for at in _state_moments(reader, reader.editions.ids[edition.slug]) if at <= until]
    if since is None:
        if len(past) < 2:
            return _Compared([], frozenset(), frozenset(), until, until)
        start = max(_days_before(chosen.at, LATELY), past[0])
    elif since > chosen.known_until:
        raise NoDataError(
            f"{board}: nothing is known between {since[:10]} and {until[:10]}",
            remedy=f"its last state is of {chosen.known_until[:10]}",
        )
    else:
        # A board younger than the question is compared with its own first state.
        start = max(since, past[0])
    earlier = choose_state(reader, BoardQuery(edition, start))
    before = read_stored(reader, query, earlier)
    after = read_stored(reader, query, chosen)
    moments = RowMoments(reader, edition, start, chosen.at)
    found = _compare(edition, before.rows, after.rows, moments)
    return _Compared(
        sorted(found, key=lambda c: (c.to_rank or c.from_rank or 1 << 30, c.model, c.kind)),
        frozenset(_bystanders(before.rows, after.rows)),
        frozenset(_SUBSET.sub("", task) for task in edition.tasks),
        before.published_at,
        after.published_at,
    )


@memoised
def _state_moments(reader: Reader, edition_id: int) -> list[str]:
    """Moments at which a board's ranking or values changed, in order."""
    moments = {state.at for state in read_rankings(reader, edition_id)}
    return sorted(moments.union(row.valid_from for row in read_lines(reader, edition_id)))


def _with_causes(reader: Reader, compared: Sequence[_Compared]) -> list[Change]:
    """The changes of some boards with what the result files tell of them.

    Boards whose times overlap are told of together: most share their latest states.
    """
    together: list[list[_Compared]] = []
    until = ""
    for one in sorted(compared, key=lambda one: one.since):
        if not together or one.since >= until:
            together.append([])
        together[-1].append(one)
        until = max(until, one.until)
    told = {}
    for some in together:
        files = _read_files(reader, some)
        if files is None:
            return [_with_commit(reader, change) for one in compared for change in one.changes]
        for one in some:
            told[id(one)] = [_told(change, one, files) for change in one.changes]
    return [change for one in compared for change in told[id(one)]]


def _with_commit(reader: Reader, change: Change) -> Change:
    """A change with the commit of the first state that shows it, where no result files tell more.

    The starter has computed states and their commits, but not the files behind them.
    """
    if change.cause is not None:
        return change
    found = state_queries.commit_at(reader.connection, change.at, computed=True)
    if found is None:
        return change
    commit = ResultCommit(change.at, found.commit, found.url, found.message)
    return replace(change, commits=(commit,))


def _read_files(reader: Reader, compared: Sequence[_Compared]) -> _Files | None:
    """What happened to files of some boards' tasks; ``None`` where no result files are known."""
    since = min(one.since for one in compared)
    until = max(one.until for one in compared)
    tasks = sorted(frozenset[str]().union(*(one.tasks for one in compared)))
    history = read_file_history(reader, since, until, tasks)
    if history is None:
        return None
    by_model: dict[str, list[_FileEvent]] = defaultdict(list)
    names = read_names(reader)
    present = {names[old].name: names[new].name for old, new in read_present(reader).items()}
    for event in events(history, since, until):
        sides = [v for v in (event.before, event.after) if v is not None and not v.experiment]
        for model, task in {(present.get(v.model, v.model), v.task) for v in sides}:
            by_model[model.casefold()].append(_FileEvent(task, event))
    return _Files(history, by_model, result_changes.commits(reader.connection, HEADER.id))


def _told(change: Change, compared: _Compared, files: _Files) -> Change:
    """A change with the causes of what happened to its model's results on the board's tasks."""
    # Before the first state of the repository nobody can say what happened.
    if change.cause is not None or compared.until <= files.history.first_at:
        return change
    its = [
        event
        for task, event in files.by_model.get(change.model_now.casefold(), [])
        if compared.since < event.at <= compared.until and task in compared.tasks
    ]
    if not its:
        cause = "others" if change.model_now in compared.bystanders else "unexplained"
        return replace(change, cause=(cause,))
    # Only the events of changed rows are classified: a window has a hundred times as many.
    count: Counter[str] = Counter(classify(event, files.history) for event in its)
    moments = sorted({event.at for event in its}, reverse=True)
    return replace(
        change,
        cause=tuple(sorted(count, key=lambda cause: (-count[cause], cause))),
        commits=tuple(ResultCommit(at, *files.commits[at]) for at in moments),
    )


def _by_model(rows: tuple[LeaderboardRow, ...]) -> dict[str, LeaderboardRow]:
    """One row a model and experiment, whatever its name then; the first of two rows counts."""
    found: dict[str, LeaderboardRow] = {}
    for row in rows:
        varied = row.label.removeprefix(row.model)
        found.setdefault(f"{row.model_now}\0{varied}", row)
    return found


def _values(row: LeaderboardRow) -> dict[str, float | None]:
    """All means of a line; task types have names, the two overall means have none."""
    return {"": row.mean_task, " ": row.mean_task_type, **row.task_types}


def _differ(was: LeaderboardRow, now: LeaderboardRow) -> bool:
    """Whether any shown value changed by more than the order of a server's additions explains."""
    if None not in (was.n_tasks, now.n_tasks) and was.n_tasks != now.n_tasks:
        return True
    before, after = _values(was), _values(now)
    for name in before.keys() | after.keys():
        old, new = before.get(name), after.get(name)
        if (old is None) != (new is None):
            return True
        if old is not None and new is not None and abs(old - new) > _NOISE:
            return True
    return False


def _bystanders(
    before: tuple[LeaderboardRow, ...], after: tuple[LeaderboardRow, ...]
) -> Iterator[str]:
    """Models with as many tasks as before that only lost means, if anything.

    A board leaves out a task for which nobody has a result; when the first model brings one, the
    means of all that lack it vanish.
    """
    old, new = _by_model(before), _by_model(after)
    for key in old.keys() & new.keys():
        was, now = old[key], new[key]
        if was.n_tasks is None or was.n_tasks != now.n_tasks:
            continue
        values = _values(was)
        still = {name: value for name, value in _values(now).items() if value is not None}
        if all(
            (old_value := values.get(name)) is not None and abs(old_value - value) <= _NOISE
            for name, value in still.items()
        ):
            yield now.model_now


def _compare(
    edition: EditionInfo,
    before: tuple[LeaderboardRow, ...],
    after: tuple[LeaderboardRow, ...],
    moments: RowMoments,
) -> Iterator[Change]:
    old, new = _by_model(before), _by_model(after)
    for key in old.keys() | new.keys():
        was, now = old.get(key), new.get(key)
        known = now or was
        assert known is not None
        if was is None:
            kinds = ["appeared"]
        elif now is None:
            kinds = ["left"]
        else:
            kinds = ["moved"] * (was.rank != now.rank)
            if _differ(was, now):
                kinds.append("value_changed")
        for kind in kinds:
            yield Change(
                series=edition.series,
                edition=edition.name,
                kind=kind,
                model=known.model,
                model_now=known.model_now,
                slug=known.slug,
                from_rank=was.rank if was else None,
                to_rank=now.rank if now else None,
                from_value=was.mean_task if was else None,
                to_value=now.mean_task if now else None,
                at=_moment(kind, known, moments),
                # Its own values are the same: others came, went or changed.
                cause=("others",) if kinds == ["moved"] else None,
            )


def _moment(kind: str, row: LeaderboardRow, moments: RowMoments) -> str:
    """The moment of the first state that shows a change as it is at the end."""
    if kind == "value_changed":
        return row.since
    found = moments.ranked if kind == "moved" else moments.listed
    return found[row.model_now]


def read_all_changes(reader: Reader, since: str | None, until: str) -> list[Change]:
    """Changes on the current edition of every series that has data."""
    compared: list[_Compared] = []
    for series in dict.fromkeys(e.series for e in reader.editions.main()):
        try:
            one = _compared(reader, series, since, until)
        except NoDataError:
            continue  # a board that began later, or lists nothing, has no changes then
        if one.changes:
            compared.append(one)
    return _with_causes(reader, compared)


def with_causes(reader: Reader, changes: Sequence[Change]) -> list[Change]:
    """Changes with the causes and commits of the moments at which they happened.

    A state of an archived board shows what happened since the day before; a computed state, what
    its own commit did. Without result files the changes come back as they are.
    """
    if not changes:
        return []
    tasks = {
        e.name: frozenset(_SUBSET.sub("", task) for task in e.tasks) for e in reader.editions.main()
    }
    compared = [
        _Compared(
            [change],
            frozenset(),
            tasks.get(change.edition, frozenset()),
            moment_before(change.at)
            if change.edition in tasks and not change.edition.startswith("published/")
            else _days_before(change.at, 1),
            change.at,
        )
        for change in changes
    ]
    files = _read_files(reader, compared)
    if files is None:
        return list(changes)
    return [_told(one.changes[0], one, files) for one in compared]


def _days_before(moment: str, days: int) -> str:
    return utc_text(datetime.fromisoformat(moment) - timedelta(days=days))


def without_shifts(frame: pl.DataFrame) -> pl.DataFrame:
    """Changes without ranks that moved only because other models came, left or changed."""
    shifted = (pl.col("kind") == "moved") & (pl.col("cause").list.join(",") == "others")
    return frame.filter(~shifted.fill_null(value=False))
