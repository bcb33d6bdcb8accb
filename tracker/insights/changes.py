"""What happened on a board between two moments."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from tracker.answers import Change, EditionInfo, LeaderboardRow
from tracker.catalog import queries
from tracker.errors import NoDataError, UsageError
from tracker.insights.boards import read_board
from tracker.insights.editions import Shelf
from tracker.records import now_text

_NOISE = 1e-9
"""Percent points: the live server sums in another order after a restart."""


def read_changes(
    connection: Connection, shelf: Shelf, board: str, since: str | None, until: str | None
) -> list[Change]:
    """Lines that appeared, left, moved or changed their value, best rank first.

    Args:
        connection: The catalog.
        shelf: Its editions.
        board: As people write it; the edition that it means at the end is compared.
        since: The earlier moment; the edition's state before its last one by default.
        until: The later moment; now by default.

    Raises:
        UsageError: ``since`` is after ``until``.
        NoDataError: Nothing is known at ``until``.
    """
    end = until or now_text()
    if since is not None and since > end:
        raise UsageError(f"--since {since[:10]} is after --until {end[:10]}")
    edition = shelf.holding(board, end, queries.covering(connection, end))
    states = queries.state_moments(connection, shelf.ids[edition.slug])
    past = [at for at in states if at <= end]
    if since is None:
        if len(past) < 2:
            return []
        start = past[-2]
    else:
        # A board younger than the question is compared with its own first state.
        start = max(since, past[0])
    before = read_board(connection, shelf, edition, start)
    after = read_board(connection, shelf, edition, end)
    found = _compare(edition, before.rows, after.rows, after.published_at)
    return sorted(found, key=lambda c: (c.to_rank or c.from_rank or 1 << 30, c.model, c.kind))


def _by_model(rows: tuple[LeaderboardRow, ...]) -> dict[str, LeaderboardRow]:
    """One line a label; the better-ranked of two lines with one label speaks."""
    found: dict[str, LeaderboardRow] = {}
    for row in rows:
        found.setdefault(f"{row.model}\0{row.label}", row)
    return found


def _differ(was: LeaderboardRow, now: LeaderboardRow) -> bool:
    """Whether any shown value changed by more than the order of a server's additions explains."""
    if None not in (was.n_tasks, now.n_tasks) and was.n_tasks != now.n_tasks:
        return True
    before = {"": was.mean_task, " ": was.mean_task_type, **was.task_types}
    after = {"": now.mean_task, " ": now.mean_task_type, **now.task_types}
    for name in before.keys() | after.keys():
        old, new = before.get(name), after.get(name)
        if (old is None) != (new is None):
            return True
        if old is not None and new is not None and abs(old - new) > _NOISE:
            return True
    return False


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
                slug=known.slug,
                from_rank=was.rank if was else None,
                to_rank=now.rank if now else None,
                from_value=was.mean_task if was else None,
                to_value=now.mean_task if now else None,
                at=now.since if now and kind in ("appeared", "value_changed") else shown_at,
            )


def read_all_changes(
    connection: Connection, shelf: Shelf, since: str | None, until: str | None
) -> list[Change]:
    """Changes on the current edition of every series that has data."""
    found: list[Change] = []
    end = until or now_text()
    for series in dict.fromkeys(e.series for e in shelf.main()):
        try:
            found += read_changes(connection, shelf, series, since, end)
        except NoDataError:
            continue  # a board that began later, or lists nothing, has no changes then
    return found
