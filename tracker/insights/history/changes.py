"""Changes of a board between two moments, with their causes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

import polars as pl

from tracker.answers.boards import EditionInfo, LeaderboardRow
from tracker.answers.common import ResultCommit
from tracker.answers.history import Change
from tracker.catalog.boards import state_queries
from tracker.common.times import moment_before, utc_text
from tracker.errors import NoDataError, UsageError
from tracker.insights.boards.board import read_stored
from tracker.insights.boards.query import BoardQuery
from tracker.insights.boards.rankings import read_lines, read_rankings
from tracker.insights.boards.state_lookup import choose_state
from tracker.insights.history.file_events import FileEvents, read_file_events
from tracker.insights.history.row_moments import RowMoments
from tracker.insights.reader import Reader, memoised

LATELY = 30
"""Days before a board's last known state that changes cover without ``since``."""
_NOISE = 1e-9
"""Percent points; smaller differences come from another order of summing on the server."""
_SUBSET = re.compile(r" \([^()]*\)$")
"""Subset that a published table appends to a task's name: ``AmazonReviewsClassification (en)``."""


class _Compared(NamedTuple):
    """Changes of one board between two of its states, without causes."""

    changes: list[Change]
    bystanders: frozenset[str]
    """Models whose results are the same, though rank and means may differ."""
    tasks: frozenset[str]
    since: str
    until: str


def read_changes(reader: Reader, board: str, since: str | None, until: str) -> list[Change]:
    """Read rows that appeared, left, moved or changed their value, best rank first.

    Args:
        reader: The open catalog.
        board: Name of an edition or series; the edition that it means at the end is compared.
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
    """Add causes from the result files to the changes of some boards.

    Boards whose times overlap are read together, since most share their latest states.
    """
    together: list[list[_Compared]] = []
    until = ""
    for board in sorted(compared, key=lambda board: board.since):
        if not together or board.since >= until:
            together.append([])
        together[-1].append(board)
        until = max(until, board.until)
    found = {}
    for some in together:
        files = _read_files(reader, some)
        if files is None:
            return [_with_commit(reader, change) for board in compared for change in board.changes]
        for board in some:
            found[id(board)] = [_with_cause(change, board, files) for change in board.changes]
    return [change for board in compared for change in found[id(board)]]


def _with_commit(reader: Reader, change: Change) -> Change:
    """A change with the commit of the first state that shows it, where nothing tells more."""
    if change.cause is not None:
        return change
    found = state_queries.commit_at(reader.connection, change.at, computed=True)
    if found is None:
        return change
    commit = ResultCommit(change.at, found.commit, found.url, found.message)
    return replace(change, commits=(commit,))


def _read_files(reader: Reader, compared: Sequence[_Compared]) -> FileEvents | None:
    """Read events of files of some boards' tasks; ``None`` where none are known."""
    since = min(board.since for board in compared)
    until = max(board.until for board in compared)
    tasks = frozenset[str]().union(*(board.tasks for board in compared))
    return read_file_events(reader, since, until, tasks)


def _with_cause(change: Change, compared: _Compared, files: FileEvents) -> Change:
    """Add causes to a change: those of events of its model's results on the board's tasks."""
    # Nothing is known of results before the first state of the repository.
    if change.cause is not None or compared.until <= files.first_at:
        return change
    own = [
        event
        for event in files.by_model.get(change.model_now.casefold(), ())
        if compared.since < event.at <= compared.until and event.task in compared.tasks
    ]
    if not own:
        cause = "others" if change.model_now in compared.bystanders else "unexplained"
        return replace(change, cause=(cause,))
    return replace(change, cause=files.causes(own), commits=files.commits_of(own))


def _by_model(rows: tuple[LeaderboardRow, ...]) -> dict[str, LeaderboardRow]:
    """Rows by present name and experiment; the first of two rows counts."""
    found: dict[str, LeaderboardRow] = {}
    for row in rows:
        varied = row.label.removeprefix(row.model)
        found.setdefault(f"{row.model_now}\0{varied}", row)
    return found


def _values(row: LeaderboardRow) -> dict[str, float | None]:
    """All means of a row; task types have names, the two overall means have none."""
    return {"": row.mean_task, " ": row.mean_task_type, **row.task_types}


def _differ(was: LeaderboardRow, now: LeaderboardRow) -> bool:
    """Whether any shown value changed by more than ``_NOISE``.

    Tables of single task types tell how many tasks an unranked row of an archived board has; that
    is no value of this board's row, and a fresh home does not have these tables.
    """
    if was.since == now.since:
        return False
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
    """Yield models with as many tasks as before that at most lost means.

    A board leaves out a task without any result. When the first model has one, all models that
    lack the task lose their means.
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
                # The values of the row are the same: other models came, left or changed.
                cause=("others",) if kinds == ["moved"] else None,
            )


def _moment(kind: str, row: LeaderboardRow, moments: RowMoments) -> str:
    """The moment of the first state that shows what the later state shows."""
    if kind == "value_changed":
        return row.since
    found = moments.ranked if kind == "moved" else moments.listed
    return found[row.model_now]


def read_all_changes(reader: Reader, since: str | None, until: str) -> list[Change]:
    """Read changes on the current edition of every series that has data."""
    compared: list[_Compared] = []
    for series in dict.fromkeys(e.series for e in reader.editions.main()):
        try:
            board = _compared(reader, series, since, until)
        except NoDataError:
            continue  # the board began later, or lists no model
        if board.changes:
            compared.append(board)
    return _with_causes(reader, compared)


def with_causes(reader: Reader, changes: Sequence[Change]) -> list[Change]:
    """Add causes and commits of the moments at which changes happened.

    A state of an archived board shows events since the day before, a computed state those of its
    own commit. Without result files the changes are returned as they are.
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
    return [_with_cause(board.changes[0], board, files) for board in compared]


def _days_before(moment: str, days: int) -> str:
    return utc_text(datetime.fromisoformat(moment) - timedelta(days=days))


def without_shifts(frame: pl.DataFrame) -> pl.DataFrame:
    """Drop ranks that moved only because other models came, left or changed."""
    shifted = (pl.col("kind") == "moved") & (pl.col("cause").list.join(",") == "others")
    return frame.filter(~shifted.fill_null(value=False))
