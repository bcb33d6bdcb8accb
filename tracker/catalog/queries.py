"""The SQL of the project for reading. Every function takes a connection and returns plain rows.

``:at`` is a moment; an interval holds at it when ``valid_from <= :at < valid_to``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, Row, text

Rows = Sequence[Any]
"""Rows whose columns are attributes; what they hold is told by each query."""

_HOLDS = "{0}.valid_from <= :at and ({0}.valid_to is null or {0}.valid_to > :at)"


def all_rows(connection: Connection, sql: str, **parameters: Any) -> Rows:
    """All rows that a query gives."""
    return connection.execute(text(sql), parameters).all()


_EDITION = """
    select e.id, e.name, e.slug, e.source, e.unit, e.n_tasks, e.tasks, e.task_types, e.task_type,
           e.speaks, e.position, s.slug as series, s.title_en, s.title_zh,
           (select min(valid_from) from standing where edition_id = e.id) as first_at,
           (select max(valid_from) from standing where edition_id = e.id) as last_change,
           (select max(case when valid_to is null then '9' else valid_to end)
              from standing where edition_id = e.id) as last_end
      from edition e join series s on s.id = e.series_id
"""


def editions(connection: Connection) -> Rows:
    """All editions with their series, in order of series, succession and task type."""
    return all_rows(
        connection,
        _EDITION + " order by s.slug, e.position, first_at nulls first, coalesce(e.task_type, ''),"
        " e.name, e.n_tasks, e.digest",
    )


_COMPUTED = "{0}.stream_id in (select id from stream where source = 'result-files')"
_PRINTED = "{0}.stream_id not in (select id from stream where source = 'result-files')"


def _kind(alias: str, computed: bool) -> str:
    """Of the states of boards, those that were computed from results, or those published."""
    return (_COMPUTED if computed else _PRINTED).format(alias)


def state_spans(connection: Connection, *, computed: bool) -> dict[int, tuple[str, str | None]]:
    """From when to when an edition has states of a kind, by edition id."""
    found = all_rows(
        connection,
        f"""
        select t.edition_id, min(t.valid_from), max(coalesce(t.valid_to, '9'))
          from standing t where {_kind("t", computed)} group by t.edition_id
        """,
    )
    return {row[0]: (row[1], None if row[2] == "9" else row[2]) for row in found}


def archived_editions(connection: Connection) -> set[int]:
    """Ids of the editions of the leaderboard that was archived in February 2025."""
    return {
        row[0]
        for row in all_rows(connection, "select id from edition where source = 'published-boards'")
    }


def public_runs(connection: Connection) -> Rows:
    """``edition_id, published_at, last_seen_at``: answers of the publisher's own server."""
    return all_rows(
        connection,
        f"""
        select distinct t.edition_id, n.published_at, n.last_seen_at
          from standing t
          join snapshot n on n.stream_id = t.stream_id and n.server is null
               and n.published_at >= t.valid_from
               and (t.valid_to is null or n.published_at < t.valid_to)
         where {_kind("t", computed=False)}
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
        select edition_id, max(seen) from (
            select st.edition_id, (select max(last_seen_at) from snapshot n
                                    where n.stream_id = st.stream_id and
                                          (n.server is null or st.edition_id not in
                                           (select edition_id from board_state))) as seen
              from (select distinct t.edition_id, t.stream_id from standing t
                     where {_kind("t", computed=False)}) st
            union all select edition_id, until from board_state
        ) as ends where seen is not null group by edition_id
        """,
    )
    return {row[0]: row[1] for row in found}


def abouts(connection: Connection) -> dict[str, Row[Any]]:
    """What the publisher says of its present boards, by edition name."""
    return {
        row.name: row
        for row in all_rows(connection, "select name, display_name, successors from board_about")
    }


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
         where r.edition_id = :edition and {_HOLDS.format("r")} and {_kind("r", computed)}
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
             where t.edition_id = :edition and {_HOLDS.format("t")} and {_kind("t", computed)}
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
        f"  from standing t where t.edition_id = :edition and {_kind('t', computed)}"
        " order by t.valid_from",
        edition=edition_id,
    )


class StateKnown(NamedTuple):
    """Until when the computed states of a board are known, and from what."""

    until: str
    mteb_version: str
    unattributed: str
    unavailable: str


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
         where r.edition_id = :edition and {_kind("r", computed)}
         order by r.listing_id, r.valid_from
        """,
        edition=edition_id,
    )
    return list(map(LineInterval._make, found))


def snapshot(connection: Connection, stream_id: int, at: str) -> Row[Any] | None:
    """The snapshot of a stream that holds at a moment."""
    return connection.execute(
        text(
            """
            select s.source, s.name as stream, n.published_at, n.last_seen_at, n.url, n."commit",
                   n.digest, n.bundled, n.server
              from snapshot n join stream s on s.id = n.stream_id
             where n.stream_id = :stream and n.published_at <= :at
             order by n.published_at desc limit 1
            """
        ),
        {"stream": stream_id, "at": at},
    ).first()


def sibling_task_counts(connection: Connection, board: str, at: str) -> dict[int, int]:
    """How many tasks each line has a score for, summed over the type tables of a board."""
    found = all_rows(
        connection,
        f"""
        select r.listing_id, sum(r.n_tasks) from board_row r
         where r.edition_id in (
                   select e.id from edition e
                    where e.source = 'published-boards' and e.task_type is not null
                      and e.name like :prefix escape '!')
           and {_HOLDS.format("r")}
         group by r.listing_id
        """,
        prefix=_prefix(f"{board}/"),
        at=at,
    )
    return {row[0]: row[1] for row in found}


def printed_records(connection: Connection, folder: str, at: str) -> dict[int, str]:
    """What a published board's tables printed of their models at a moment, by model id.

    Args:
        connection: The catalog.
        folder: Prefix of the board's streams.
        at: The moment.
    """
    found = all_rows(
        connection,
        f"""
        select l.model_id, mr.properties
          from model_record mr join listing l on l.id = mr.listing_id
         where mr.stream_id in (select s.id from stream s where s.source = 'published-boards'
                                   and s.name like :prefix escape '!')
           and {_HOLDS.format("mr")}
        """,
        prefix=_prefix(folder),
        at=at,
    )
    return dict(found)


def live_records(connection: Connection) -> dict[int, str]:
    """What the live leaderboard says of its models now, by model id."""
    found = all_rows(
        connection,
        """
        select l.model_id, mr.properties
          from model_record mr join listing l on l.id = mr.listing_id
         where mr.stream_id in (select s.id from stream s
                                 where s.source = 'leaderboard-api' and s.name = 'models')
           and mr.valid_to is null
        """,
    )
    return dict(found)


def _prefix(text_: str) -> str:
    """A LIKE pattern, with ``!`` as its escape, for what begins with a text."""
    return text_.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%"


def all_model_records(connection: Connection, model_id: int | None = None) -> Rows:
    """The newest metadata of every source for one model or all of them."""
    chosen = "" if model_id is None else "where l.model_id = :model"
    return all_rows(
        connection,
        f"""
        select l.model_id, s.source, s.name as stream, mr.properties, mr.valid_from, mr.valid_to,
               n.url
          from model_record mr
          join listing l on l.id = mr.listing_id
          join stream s on s.id = mr.stream_id
          join snapshot n on n.stream_id = mr.stream_id and n.published_at = mr.valid_from
          {chosen}
         order by l.model_id, mr.valid_from
        """,
        **({} if model_id is None else {"model": model_id}),
    )


def corrections(connection: Connection) -> Rows:
    """Declared fixes of source errors."""
    return all_rows(
        connection,
        'select model, property, wrong, "right", reason_en, reason_zh, source from correction',
    )


def models(connection: Connection) -> Rows:
    """All models: id, name, slug."""
    return all_rows(connection, "select id, name, slug from model order by name")


def links(connection: Connection) -> Rows:
    """Addresses under which models were listed."""
    return all_rows(
        connection,
        "select distinct model_id, link from listing where link <> '' order by model_id, link",
    )


def facts(connection: Connection, model_id: int | None = None) -> Rows:
    """Facts with one evidence row each line, in their curated order."""
    chosen = "" if model_id is None else "where f.model_id = :model"
    return all_rows(
        connection,
        f"""
        select f.model_id, f.id, f.property, f.value, f.statement_en, f.statement_zh, f.qualifier,
               e.kind, e.source, e.locator, e.confidence, e.date, e.note
          from fact f join evidence e on e.fact_id = f.id
          {chosen}
         order by f.model_id, f.position, f.id, e.id
        """,
        **({} if model_id is None else {"model": model_id}),
    )


def paper_links(connection: Connection, model_id: int | None = None) -> Rows:
    """Papers of models that do not wait for a person; curated links first."""
    chosen = "" if model_id is None else "and k.model_id = :model"
    return all_rows(
        connection,
        f"""
        select k.model_id, p.arxiv_id, p.title, p.published, k.reason, k.role_en, k.role_zh
          from paper_link k join paper p on p.id = k.paper_id
         where k.strength <> 'weak' {chosen}
         order by k.model_id, case when k.reason = 'curated' then 0 else 1 end, k.id
        """,
        **({} if model_id is None else {"model": model_id}),
    )


def relations(connection: Connection) -> Rows:
    """Copies, moves and renames with the names of both models."""
    return all_rows(
        connection,
        """
        select r.model_id, a.name as model, a.slug as model_slug, r.other_id, b.name as other,
               b.slug as other_slug, r.kind, r.status, r.reason_en, r.reason_zh, r.since, r.source
          from relation r join model a on a.id = r.model_id join model b on b.id = r.other_id
         order by a.name, b.name
        """,
    )


def terms(connection: Connection) -> Rows:
    """The vocabulary."""
    return all_rows(
        connection,
        'select "group", slug, label_en, label_zh, definition_en, definition_zh, paper from term'
        ' order by "group", slug',
    )


def board_notes(connection: Connection, board: str) -> Rows:
    """What a reader of a board must know, for all its time."""
    return all_rows(
        connection,
        "select kind, model, valid_from, valid_to, text_en, text_zh, source from board_note"
        " where board = :board order by coalesce(valid_from, ''), id",
        board=board,
    )


def papers(connection: Connection) -> Rows:
    """All papers with how many models they are linked to."""
    return all_rows(
        connection,
        """
        select p.*, (select count(distinct model_id) from paper_link k
                      where k.paper_id = p.id and k.strength <> 'weak') as n_models
          from paper p order by coalesce(p.published, '') desc, p.arxiv_id
        """,
    )


def open_row_counts(connection: Connection) -> dict[int, int]:
    """Rows in the last state of each edition; the computed ones where there are any."""
    counts: dict[int, int] = {}
    for computed in (False, True):
        found = all_rows(
            connection,
            "select r.edition_id, count(*) from board_row r"
            f" where r.valid_to is null and {_kind('r', computed)} group by r.edition_id",
        )
        counts |= {row[0]: row[1] for row in found}
    return counts


def state_moments(connection: Connection, edition_id: int, *, computed: bool) -> list[str]:
    """Moments at which a board's ranking or values changed."""
    found = all_rows(
        connection,
        f"select t.valid_from from standing t where t.edition_id = :edition"
        f" and {_kind('t', computed)} union select r.valid_from from board_row r"
        f" where r.edition_id = :edition and {_kind('r', computed)} order by 1",
        edition=edition_id,
    )
    return [row[0] for row in found]


def last_ranking(connection: Connection, source: str, stream: str, at: str) -> list[str]:
    """Models in a stream's last ranking before a moment, best first; empty where there is none."""
    found = all_rows(
        connection,
        """
        select t.listing_ids from standing t join stream s on s.id = t.stream_id
         where s.source = :source and s.name = :stream and t.valid_from <= :at
         order by t.valid_from desc limit 1
        """,
        source=source,
        stream=stream,
        at=at,
    )
    if not found:
        return []
    names = all_rows(
        connection,
        "select l.id, m.name from listing l join model m on m.id = l.model_id",
    )
    by_id = {row.id: row.name for row in names}
    return [by_id[listing] for listing in orjson.loads(found[0].listing_ids)]


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
