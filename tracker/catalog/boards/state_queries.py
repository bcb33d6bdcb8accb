"""Reading states of boards: rankings and rows, published or computed.

``:at`` is a moment; an interval holds at it when ``valid_from <= :at < valid_to``.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, Row, text

from tracker.catalog.queries import HOLDS, Rows, all_rows

_COMPUTED = "{0}.stream_id in (select id from stream where source = 'result-files')"
_PRINTED = "{0}.stream_id not in (select id from stream where source = 'result-files')"


def _kind(alias: str, *, computed: bool) -> str:
    """Of the states of boards, those that were computed from results, or those published."""
    return (_COMPUTED if computed else _PRINTED).format(alias)


def state_spans(connection: Connection, *, computed: bool) -> dict[int, tuple[str, str | None]]:
    """From when to when an edition has states of a kind, by edition id."""
    found = all_rows(
        connection,
        f"""
        select t.edition_id, min(t.valid_from), max(coalesce(t.valid_to, '9'))
          from standing t where {_kind("t", computed=computed)} group by t.edition_id
        """,
    )
    return {row[0]: (row[1], None if row[2] == "9" else row[2]) for row in found}


def archived_editions(connection: Connection) -> set[int]:
    """Ids of the editions of the leaderboard that was archived in February 2025."""
    return {
        row[0]
        for row in all_rows(connection, "select id from edition where source = 'published-boards'")
    }


def printed_runs(connection: Connection) -> Rows:
    """``edition_id, published_at, last_seen_at, server`` of the snapshots that boards come from.

    ``server`` is null where the publisher's own server answered.
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
    """Until when each edition is known, by edition id.

    For a computed board this is the last commit that was read, for others the last sighting.
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
                                          (n.server is null or st.edition_id not in computed)
                                  ) as seen
              from (select distinct t.edition_id, t.stream_id from standing t
                     where {_kind("t", computed=False)}) st
            union all select edition_id, until from board_state where edition_id in computed
        ) as ends where seen is not null group by edition_id
        """,
    )
    return {row[0]: row[1] for row in found}


def printed_ends(connection: Connection) -> dict[int, str]:
    """When each edition was last seen on any server, by edition id."""
    found = all_rows(
        connection,
        f"""
        select t.edition_id, max(n.last_seen_at) from standing t
          join snapshot n on n.stream_id = t.stream_id
         where {_kind("t", computed=False)} group by t.edition_id
        """,
    )
    return {row[0]: row[1] for row in found}


class BoardLine(NamedTuple):
    """One line of a board. Attributes of these are read ten times as fast as those of a row."""

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
) -> list[BoardLine]:
    """Rows of a board at a moment; ``with_tasks`` reads the scores of single tasks, too."""
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
    return list(map(BoardLine._make, found))


def standing(
    connection: Connection, edition_id: int, at: str, *, computed: bool
) -> Row[Any] | None:
    """The ranking of a board at a moment."""
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


def standings(connection: Connection, edition_id: int, *, computed: bool) -> Rows:
    """All rankings of a board, oldest first."""
    return all_rows(
        connection,
        "select t.listing_ids, t.ranks, t.points, t.n_tasks, t.valid_from, t.valid_to"
        f"  from standing t where t.edition_id = :edition and {_kind('t', computed=computed)}"
        " order by t.valid_from",
        edition=edition_id,
    )


class StateKnown(NamedTuple):
    """Until when the computed states of a board are known, and from what."""

    until: str
    mteb_version: str
    unattributed: str
    unavailable: str

    def n_unattributed(self, at: str) -> int:
        """How many models had results at a moment that no registry model claims."""
        spans = orjson.loads(self.unattributed)
        return sum(since <= at and (until is None or at < until) for _, since, until in spans)


def board_states(connection: Connection) -> Rows:
    """``board, until, unattributed, unavailable`` of the computed boards."""
    return all_rows(
        connection,
        "select e.name as board, b.until, b.unattributed, b.unavailable from board_state b"
        " join edition e on e.id = b.edition_id order by e.name",
    )


def state_known(connection: Connection, edition_id: int) -> StateKnown | None:
    """What is known of the computed states of a board; ``None`` where it has none."""
    found = all_rows(
        connection,
        "select b.until, r.mteb_version, b.unattributed, b.unavailable from board_state b"
        " join registry r on r.id = b.registry_id where b.edition_id = :edition",
        edition=edition_id,
    )
    return StateKnown(*found[0]) if found else None


class LineInterval(NamedTuple):
    """A line of a board for as long as it stood with the same values."""

    listing_id: int
    model_id: int
    mean_task: float | None
    mean_task_type: float | None
    n_tasks: int | None
    valid_from: str
    valid_to: str | None


def row_intervals(connection: Connection, edition_id: int, *, computed: bool) -> list[LineInterval]:
    """All rows of a board with the time for which they held."""
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
    return list(map(LineInterval._make, found))


def open_row_counts(connection: Connection) -> dict[int, int]:
    """Rows in the last state of each edition; the computed ones where there are any."""
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
    """Moments at which a board's ranking or values changed."""
    found = all_rows(
        connection,
        f"select t.valid_from from standing t where t.edition_id = :edition"
        f" and {_kind('t', computed=computed)} union select r.valid_from from board_row r"
        f" where r.edition_id = :edition and {_kind('r', computed=computed)} order by 1",
        edition=edition_id,
    )
    return [row[0] for row in found]


def newest_registry_models(connection: Connection) -> Rows:
    """``name, properties`` (a JSON object) of the models of the registry that was stored last."""
    return all_rows(
        connection,
        "select name, properties from registry_model"
        " where registry_id = (select max(id) from registry)",
    )


def commit_at(connection: Connection, at: str, *, computed: bool) -> Row[Any] | None:
    """``commit, url, message`` of the commit that began a state, where a repository told it."""
    source = "result-files" if computed else "published-boards"
    return connection.execute(
        text(
            'select n."commit", n.url, n.message from snapshot n'
            " join stream s on s.id = n.stream_id"
            ' where s.source = :source and n.published_at = :at and n."commit" is not null limit 1'
        ),
        {"source": source, "at": at},
    ).first()
