"""Queries on states of boards: rankings and rows, published or computed.

``:at`` is a moment; an interval holds at it if ``valid_from <= :at < valid_to``.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, Row, text

from tracker.catalog.queries import HOLDS, Rows, all_rows

_COMPUTED = "{0}.stream_id in (select id from stream where source = 'result-files')"
_PUBLISHED = "{0}.stream_id not in (select id from stream where source = 'result-files')"


def _kind(alias: str, *, computed: bool) -> str:
    """Return the condition for computed or published states of a table alias."""
    return (_COMPUTED if computed else _PUBLISHED).format(alias)


def state_spans(connection: Connection, *, computed: bool) -> dict[int, tuple[str, str | None]]:
    """Return start and end (``None``: open) of the states of each edition, by edition id."""
    found = all_rows(
        connection,
        f"""
        select t.edition_id, min(t.valid_from), max(coalesce(t.valid_to, '9'))
          from standing t where {_kind("t", computed=computed)} group by t.edition_id
        """,
    )
    return {row[0]: (row[1], None if row[2] == "9" else row[2]) for row in found}


def archived_editions(connection: Connection) -> set[int]:
    """Return the ids of the editions of the leaderboard that was archived in February 2025."""
    return {
        row[0]
        for row in all_rows(connection, "select id from edition where source = 'published-boards'")
    }


def published_snapshots(connection: Connection) -> Rows:
    """Return ``edition_id, published_at, last_seen_at, server`` of the snapshots of boards.

    ``server`` is null if the publisher's own server answered. Archived editions are left out.
    """
    return all_rows(
        connection,
        f"""
        select distinct t.edition_id, n.published_at, n.last_seen_at, n.server
          from standing t
          join snapshot n on n.stream_id = t.stream_id
               and n.published_at >= t.valid_from
               and (t.valid_to is null or n.published_at < t.valid_to)
         where {_kind("t", computed=False)}
           and t.edition_id not in (select id from edition where source = 'published-boards')
         order by 1, 2
        """,
    )


def stream_ends(connection: Connection) -> dict[int, str]:
    """Return the last known moment of each edition, by edition id.

    It is the last commit that was read for a computed board, otherwise the last sighting.
    """
    found = all_rows(
        connection,
        f"""
        with computed as materialized (
            select distinct t.edition_id from standing t where {_kind("t", computed=True)}
        )
        select edition_id, max(seen) from (
            select st.edition_id, (select max(last_seen_at) from snapshot n
                                    where n.stream_id = st.stream_id and
                                          (n.server is null or st.edition_id not in
                                           (select edition_id from computed))
                                  ) as seen
              from (select distinct t.edition_id, t.stream_id from standing t
                     where {_kind("t", computed=False)}) st
            union all select edition_id, until from board_state
             where edition_id in (select edition_id from computed)
        ) as ends where seen is not null group by edition_id
        """,
    )
    return {row[0]: row[1] for row in found}


def last_sightings(connection: Connection) -> dict[int, str]:
    """Return the last sighting of each edition on any server, by edition id."""
    found = all_rows(
        connection,
        f"""
        select t.edition_id, max(n.last_seen_at) from standing t
          join snapshot n on n.stream_id = t.stream_id
         where {_kind("t", computed=False)} group by t.edition_id
        """,
    )
    return {row[0]: row[1] for row in found}


class StoredRow(NamedTuple):
    """One stored row of a board; its attributes are ten times as fast as those of an SQL row."""

    listing_id: int
    mean_task: float | None
    mean_task_type: float | None
    task_types: str
    mean_public: float | None
    mean_private: float | None
    task_scores: str | None
    n_tasks: int | None
    zero_shot_pct: int | None
    valid_from: str
    label: str
    link: str
    model_id: int
    model: str
    slug: str


def board_rows(
    connection: Connection,
    edition_id: int,
    at: str,
    *,
    computed: bool,
    with_tasks: bool = False,
) -> list[StoredRow]:
    """Return the rows of a board at a moment, unordered.

    Args:
        connection: The catalog.
        edition_id: The board.
        at: The moment.
        computed: Read computed states rather than published ones.
        with_tasks: Also read the scores of single tasks.
    """
    task_scores = "r.task_scores" if with_tasks else "null"
    found = all_rows(
        connection,
        f"""
        select r.listing_id, r.mean_task, r.mean_task_type, r.task_types, r.mean_public,
               r.mean_private, {task_scores}, r.n_tasks,
               r.zero_shot_pct, r.valid_from, l.label, l.link, l.model_id, m.name as model, m.slug
          from board_row r
          join listing l on l.id = r.listing_id
          join model m on m.id = l.model_id
         where r.edition_id = :edition and {HOLDS.format("r")} and {_kind("r", computed=computed)}
        """,
        edition=edition_id,
        at=at,
    )
    return list(map(StoredRow._make, found))


def ranking_at(
    connection: Connection, edition_id: int, at: str, *, computed: bool
) -> Row[Any] | None:
    """Return the ranking of a board at a moment, if there is one."""
    return connection.execute(
        text(
            f"""
            select t.listing_ids, t.ranks, t.points, t.n_tasks, t.common, t.stream_id,
                   t.valid_from, t.valid_to
              from standing t
             where t.edition_id = :edition and {HOLDS.format("t")}
               and {_kind("t", computed=computed)}
             order by t.valid_from desc limit 1
            """
        ),
        {"edition": edition_id, "at": at},
    ).first()


def rankings(connection: Connection, edition_id: int, *, computed: bool) -> Rows:
    """Return all rankings of a board, oldest first."""
    return all_rows(
        connection,
        "select t.listing_ids, t.ranks, t.points, t.n_tasks, t.valid_from, t.valid_to"
        f"  from standing t where t.edition_id = :edition and {_kind('t', computed=computed)}"
        " order by t.valid_from",
        edition=edition_id,
    )


class StateKnown(NamedTuple):
    """End and inputs of the computed states of a board."""

    until: str
    mteb_version: str
    unattributed: str
    unavailable: str

    def n_unattributed(self, at: str) -> int:
        """How many models had results at a moment that no registry model claims."""
        spans = orjson.loads(self.unattributed)
        return sum(since <= at and (until is None or at < until) for _, since, until in spans)


def board_states(connection: Connection) -> Rows:
    """Return ``board, until, unattributed, unavailable`` of the computed boards, by name."""
    return all_rows(
        connection,
        "select e.name as board, b.until, b.unattributed, b.unavailable from board_state b"
        " join edition e on e.id = b.edition_id order by e.name",
    )


def state_known(connection: Connection, edition_id: int) -> StateKnown | None:
    """Return end and inputs of the computed states of a board; ``None`` if it has none."""
    found = all_rows(
        connection,
        "select b.until, r.mteb_version, b.unattributed, b.unavailable from board_state b"
        " join registry r on r.id = b.registry_id where b.edition_id = :edition",
        edition=edition_id,
    )
    return StateKnown(*found[0]) if found else None


class StoredRowInterval(NamedTuple):
    """Means of a row of a board, with the interval in which they held."""

    listing_id: int
    model_id: int
    mean_task: float | None
    mean_task_type: float | None
    n_tasks: int | None
    valid_from: str
    valid_to: str | None


def row_intervals(
    connection: Connection, edition_id: int, *, computed: bool
) -> list[StoredRowInterval]:
    """Return all rows of a board with their intervals, by listing, oldest first."""
    found = all_rows(
        connection,
        f"""
        select r.listing_id, l.model_id, r.mean_task, r.mean_task_type, r.n_tasks,
               r.valid_from, r.valid_to
          from board_row r join listing l on l.id = r.listing_id
         where r.edition_id = :edition and {_kind("r", computed=computed)}
         order by r.listing_id, r.valid_from
        """,
        edition=edition_id,
    )
    return list(map(StoredRowInterval._make, found))


class TypeMeansInterval(NamedTuple):
    """Means of task types of a computed row, with the interval in which they held."""

    model_id: int
    task_types: str
    """JSON object of means by type; incomplete types are null or missing."""
    valid_from: str
    valid_to: str | None


def row_type_means(connection: Connection, edition_id: int) -> list[TypeMeansInterval]:
    """Return the means of task types of all computed rows of a board, oldest first."""
    found = all_rows(
        connection,
        "select l.model_id, r.task_types, r.valid_from, r.valid_to"
        " from board_row r join listing l on l.id = r.listing_id"
        f" where r.edition_id = :edition and {_kind('r', computed=True)}"
        " order by r.valid_from, r.listing_id",
        edition=edition_id,
    )
    return list(map(TypeMeansInterval._make, found))


def open_row_counts(connection: Connection) -> dict[int, int]:
    """Count the rows in the last state of each edition, preferring computed states."""
    counts: dict[int, int] = {}
    for computed in (False, True):
        found = all_rows(
            connection,
            "select r.edition_id, count(*) from board_row r"
            f" where r.valid_to is null and {_kind('r', computed=computed)} group by r.edition_id",
        )
        counts |= {row[0]: row[1] for row in found}
    return counts


def state_moments(connection: Connection, edition_id: int, *, computed: bool) -> list[str]:
    """Return the moments at which a board's ranking or values changed, oldest first."""
    found = all_rows(
        connection,
        f"select t.valid_from from standing t where t.edition_id = :edition"
        f" and {_kind('t', computed=computed)} union select r.valid_from from board_row r"
        f" where r.edition_id = :edition and {_kind('r', computed=computed)} order by 1",
        edition=edition_id,
    )
    return [row[0] for row in found]


def commit_at(connection: Connection, at: str, *, computed: bool) -> Row[Any] | None:
    """Return ``commit, url, message`` of the commit of a moment, if it is known."""
    source = "result-files" if computed else "published-boards"
    return connection.execute(
        text(
            'select n."commit", n.url, n.message from snapshot n'
            " join stream s on s.id = n.stream_id"
            ' where s.source = :source and n.published_at = :at and n."commit" is not null limit 1'
        ),
        {"source": source, "at": at},
    ).first()
