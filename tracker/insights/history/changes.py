"""What happened on a board between two moments, and why."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import polars as pl
from sqlalchemy import Connection

from tracker.answers.boards import EditionInfo, LeaderboardRow, ResultCommit
from tracker.answers.history import Change
from tracker.catalog.results import changes as result_changes
from tracker.common.times import moment_before, utc_text
from tracker.errors import NoDataError, UsageError
from tracker.insights.boards.board import read_stored
from tracker.insights.boards.choosing import choose_state
from tracker.insights.boards.editions import Shelf
from tracker.insights.boards.query import BoardQuery
from tracker.insights.boards.rankings import read_lines, read_rankings
from tracker.insights.history.causes import Event, History, classify, events
from tracker.insights.history.file_history import read_file_history
from tracker.insights.memo import once
from tracker.insights.models.names import read_names, read_present
from tracker.sources.result_files import HEADER

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


def read_changes(
    connection: Connection, shelf: Shelf, board: str, since: str | None, until: str
) -> list[Change]:
    """Lines that appeared, left, moved or changed their value, best rank first.

    Args:
        connection: The catalog.
        shelf: Its editions.
        board: As people write it; the edition that it means at the end is compared.
        since: The earlier moment; the edition's state before its last one by default.
        until: The later moment.

    Raises:
        UsageError: ``since`` is after ``until``.
        NoDataError: Nothing is known at ``until``.
    """
    compared = _compared(connection, shelf, board, since, until)
    return _with_causes(connection, [compared]) if compared.changes else []


def _compared(
    connection: Connection, shelf: Shelf, board: str, since: str | None, until: str
) -> _Compared:
    if since is not None and since > until:
        raise UsageError(f"--since {since[:10]} is after --until {until[:10]}")
    query = BoardQuery(board, until)
    chosen = choose_state(connection, shelf, query, until)
    edition = chosen.edition
    past = [at for at in _state_moments(connection, shelf.ids[edition.slug]) if at <= until]
    if since is None:
        if len(past) < 2:
            return _Compared([], frozenset(), frozenset(), until, until)
        start = past[-2]
    elif since > chosen.known_until:
        raise NoDataError(
            f"{board}: nothing is known between {since[:10]} and {until[:10]}",
            remedy=f"its last state is of {chosen.known_until[:10]}",
        )
    else:
        # A board younger than the question is compared with its own first state.
        start = max(since, past[0])
    earlier = choose_state(connection, shelf, BoardQuery(edition), start)
    before = read_stored(connection, shelf, query, earlier)
    after = read_stored(connection, shelf, query, chosen)
    found = _compare(edition, before.rows, after.rows, after.published_at)
    return _Compared(
        sorted(found, key=lambda c: (c.to_rank or c.from_rank or 1 << 30, c.model, c.kind)),
        frozenset(_bystanders(before.rows, after.rows)),
        frozenset(_SUBSET.sub("", task) for task in edition.tasks),
        before.published_at,
        after.published_at,
    )


@once
def _state_moments(connection: Connection, edition_id: int) -> list[str]:
    """Moments at which a board's ranking or values changed, in order."""
    moments = {state.at for state in read_rankings(connection, edition_id)}
    return sorted(moments.union(row.valid_from for row in read_lines(connection, edition_id)))


def _with_causes(connection: Connection, compared: Sequence[_Compared]) -> list[Change]:
    """The changes of some boards with what the result files tell of them.

    Boards whose times overlap are told of together: most share their two latest states.
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
        files = _read_files(connection, some)
        if files is None:
            return [change for one in compared for change in one.changes]
        for one in some:
            told[id(one)] = [_told(change, one, files) for change in one.changes]
    return [change for one in compared for change in told[id(one)]]


def _read_files(connection: Connection, compared: Sequence[_Compared]) -> _Files | None:
    """What happened to files of some boards' tasks; ``None`` where no result files are known."""
    since = min(one.since for one in compared)
    until = max(one.until for one in compared)
    tasks = sorted(frozenset[str]().union(*(one.tasks for one in compared)))
    history = read_file_history(connection, since, until, tasks)
    if history is None:
        return None
    by_model: dict[str, list[_FileEvent]] = defaultdict(list)
    names = read_names(connection)
    present = {names[old].name: names[new].name for old, new in read_present(connection).items()}
    for event in events(history, since, until):
        sides = [v for v in (event.before, event.after) if v is not None and not v.experiment]
        for model, task in {(present.get(v.model, v.model), v.task) for v in sides}:
            by_model[model.casefold()].append(_FileEvent(task, event))
    return _Files(history, by_model, result_changes.commits(connection, HEADER.id))


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
    shown_at: str,
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
                at=now.since if now and kind in ("appeared", "value_changed") else shown_at,
                # Its own values are the same: others came, went or changed.
                cause=("others",) if kinds == ["moved"] else None,
            )


def read_all_changes(
    connection: Connection, shelf: Shelf, since: str | None, until: str
) -> list[Change]:
    """Changes on the current edition of every series that has data."""
    compared: list[_Compared] = []
    for series in dict.fromkeys(e.series for e in shelf.main()):
        try:
            one = _compared(connection, shelf, series, since, until)
        except NoDataError:
            continue  # a board that began later, or lists nothing, has no changes then
        if one.changes:
            compared.append(one)
    return _with_causes(connection, compared)


def with_causes(connection: Connection, shelf: Shelf, changes: Sequence[Change]) -> list[Change]:
    """Changes with the causes and commits of the moments at which they happened.

    A state of an archived board shows what happened since the day before; a computed state, what
    its own commit did. Without result files the changes come back as they are.
    """
    if not changes:
        return []
    tasks = {e.name: frozenset(_SUBSET.sub("", task) for task in e.tasks) for e in shelf.main()}
    compared = [
        _Compared(
            [change],
            frozenset(),
            tasks.get(change.edition, frozenset()),
            moment_before(change.at)
            if change.edition in tasks and not change.edition.startswith("published/")
            else _day_before(change.at),
            change.at,
        )
        for change in changes
    ]
    files = _read_files(connection, compared)
    if files is None:
        return list(changes)
    return [_told(one.changes[0], one, files) for one in compared]


def _day_before(moment: str) -> str:
    return utc_text(datetime.fromisoformat(moment) - timedelta(days=1))


def without_shifts(frame: pl.DataFrame) -> pl.DataFrame:
    """Changes without ranks that moved only because other models came, left or changed."""
    shifted = (pl.col("kind") == "moved") & (pl.col("cause").list.join(",") == "others")
    return frame.filter(~shifted.fill_null(value=False))


def changes_frame(changes: Sequence[Change]) -> pl.DataFrame:
    """Changes as a frame, one line each; ``cause``, ``commit`` and ``message`` hold lists."""
    names = ("series", "edition", "kind", "model", "model_now", "slug")
    texts: dict[str, Any] = dict.fromkeys(names, pl.String)
    schema = texts | {
        "from_rank": pl.Int64,
        "to_rank": pl.Int64,
        "from_value": pl.Float64,
        "to_value": pl.Float64,
        "at": pl.String,
        "cause": pl.List(pl.String),
    }
    records = [
        {
            **{name: getattr(change, name) for name in schema},
            "commit": [its.commit for its in change.commits],
            "message": [its.message for its in change.commits],
        }
        for change in changes
    ]
    lists = dict.fromkeys(("commit", "message"), pl.List(pl.String))
    return pl.DataFrame(records, schema=schema | lists)
