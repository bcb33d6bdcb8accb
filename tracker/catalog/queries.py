"""Queries on models, editions, facts, papers and notes; each function returns plain rows.

``:at`` is a moment; an interval holds at it if ``valid_from <= :at < valid_to``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, Row, text

Rows = Sequence[Any]
"""Rows with columns as attributes; the columns are those of the query."""

HOLDS = "{0}.valid_from <= :at and ({0}.valid_to is null or {0}.valid_to > :at)"
"""Condition for intervals of a table alias that hold at ``:at``."""


def all_rows(connection: Connection, sql: str, **parameters: Any) -> Rows:
    """Run a query with named parameters and return all rows."""
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
    """Return all editions with their series, in order of series, position and task type."""
    return all_rows(
        connection,
        _EDITION + " order by s.slug, e.position, first_at nulls first, coalesce(e.task_type, ''),"
        " e.name, e.n_tasks, e.digest",
    )


def board_descriptions(connection: Connection) -> dict[str, Row[Any]]:
    """Return ``name, display_name, successors`` of the publisher's present boards, by name."""
    return {
        row.name: row
        for row in all_rows(connection, "select name, display_name, successors from board_about")
    }


def snapshot(connection: Connection, stream_id: int, at: str) -> Row[Any] | None:
    """Return the snapshot of a stream that is current at a moment, if any."""
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
    """Count the tasks with a score over the type tables of a board, by listing id."""
    found = all_rows(
        connection,
        f"""
        select r.listing_id, sum(r.n_tasks) from board_row r
         where r.edition_id in (
                   select e.id from edition e
                    where e.source = 'published-boards' and e.task_type is not null
                      and e.name like :prefix escape '!')
           and {HOLDS.format("r")}
         group by r.listing_id
        """,
        prefix=_prefix(f"{board}/"),
        at=at,
    )
    return {row[0]: row[1] for row in found}


def published_records(connection: Connection, folder: str, at: str) -> dict[int, str]:
    """Return the metadata of models in the tables of a published board, by model id.

    Args:
        connection: The catalog.
        folder: Prefix of the board's streams.
        at: The moment.

    Returns:
        JSON objects.
    """
    found = all_rows(
        connection,
        f"""
        select l.model_id, mr.properties
          from model_record mr
          join listing l on l.id = mr.listing_id
          join stream t on t.id = mr.stream_id
         where mr.stream_id in (select s.id from stream s where s.source = 'published-boards'
                                   and s.name like :prefix escape '!')
           and {HOLDS.format("mr")}
         order by t.name, l.label, l.link
        """,
        prefix=_prefix(folder),
        at=at,
    )
    return dict(found)


def live_records(connection: Connection) -> dict[int, str]:
    """Return the present metadata of models in the live leaderboard, JSON objects by model id.

    Models of private boards, which it does not list, have those of their description.
    """
    found = all_rows(
        connection,
        """
        select l.model_id, mr.properties
          from model_record mr join listing l on l.id = mr.listing_id
         where mr.stream_id in (select s.id from stream s
                                 where s.source = 'leaderboard-api' and s.name = 'models'
                                    or s.source = 'private-boards')
           and mr.valid_to is null
         order by l.label, l.link
        """,
    )
    return dict(found)


def _prefix(text_: str) -> str:
    """Return a LIKE pattern for texts that begin with a text, with ``!`` as escape character."""
    return text_.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%"


def all_model_records(connection: Connection, model_id: int | None = None) -> Rows:
    """Return the metadata of one model or all models in all sources, oldest first."""
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
         order by l.model_id, mr.valid_from, s.source, s.name, l.label, l.link
        """,
        **({} if model_id is None else {"model": model_id}),
    )


def corrections(connection: Connection) -> Rows:
    """Return all corrections of wrong values in sources."""
    return all_rows(
        connection,
        'select model, property, wrong, "right", reason_en, reason_zh, source from correction',
    )


def models(connection: Connection) -> Rows:
    """Return ``id, name, slug`` of all models, by name."""
    return all_rows(connection, "select id, name, slug from model order by name")


def listed_models(connection: Connection) -> Rows:
    """Return ``name, n_boards, first_at`` of all models that a board ever listed.

    ``n_boards`` is the number of editions that list it now.
    """
    return all_rows(
        connection,
        """
        select m.name, count(distinct case when r.valid_to is null then r.edition_id end) n_boards,
               min(r.valid_from) as first_at
          from board_row r join listing l on l.id = r.listing_id join model m on m.id = l.model_id
         group by m.id, m.name
        """,
    )


def listing_models(connection: Connection) -> dict[int, str]:
    """Return the public id of the model by listing id."""
    rows = all_rows(
        connection, "select l.id, m.name from listing l join model m on m.id = l.model_id"
    )
    return {row.id: row.name for row in rows}


def links(connection: Connection) -> Rows:
    """Return ``model_id, link`` for all addresses with which models are listed."""
    return all_rows(
        connection,
        "select distinct model_id, link from listing where link <> '' order by model_id, link",
    )


def facts(connection: Connection, model_id: int | None = None) -> Rows:
    """Return the facts of one model or all, one row per piece of evidence, in curated order."""
    chosen = "" if model_id is None else "where f.model_id = :model"
    return all_rows(
        connection,
        f"""
        select f.model_id, f.id, f.property, f.value, f.statement_en, f.statement_zh, f.qualifier,
               e.kind, e.source, e.locator, e.confidence, e.date, e.note, e.shows, e.state,
               e.read_on, e.position, e.of_model, e.found_at, e.reason, e.copied_at
          from fact f join evidence e on e.fact_id = f.id
          {chosen}
         order by f.model_id, f.position, f.id, e.id
        """,
        **({} if model_id is None else {"model": model_id}),
    )


def paper_links(connection: Connection, model_id: int | None = None) -> Rows:
    """Return the papers of one model or all models, without weak links; curated links first."""
    chosen = "" if model_id is None else "and k.model_id = :model"
    return all_rows(
        connection,
        f"""
        select k.model_id, p.arxiv_id, p.title, p.published, p.updated, p.withdrawn, p.comment,
               p.abstract, k.reason, k.role_en, k.role_zh
          from paper_link k join paper p on p.id = k.paper_id
         where k.strength <> 'weak' {chosen}
         order by k.model_id, case when k.reason = 'curated' then 0 else 1 end, k.id
        """,
        **({} if model_id is None else {"model": model_id}),
    )


def relations(connection: Connection) -> Rows:
    """Return all relations with the names of both models."""
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
    """Return all terms of the vocabulary, by group and slug."""
    return all_rows(
        connection,
        'select "group", slug, label_en, label_zh, definition_en, definition_zh, paper from term'
        ' order by "group", slug',
    )


def board_notes(connection: Connection, board: str) -> Rows:
    """Return all notes of a board, oldest first."""
    return all_rows(
        connection,
        "select kind, model, valid_from, valid_to, text_en, text_zh, source from board_note"
        " where board = :board order by coalesce(valid_from, ''), id",
        board=board,
    )


def papers(connection: Connection) -> Rows:
    """Return all papers with ``n_models``, the number of linked models; newest first.

    Of some papers only the month is known, so papers of one month are in the order of their ids,
    which arXiv counts up.
    """
    return all_rows(
        connection,
        """
        select p.*, (select count(distinct model_id) from paper_link k
                      where k.paper_id = p.id and k.strength <> 'weak') as n_models
          from paper p order by substr(coalesce(p.published, ''), 1, 7) desc, p.arxiv_id desc
        """,
    )


def last_ranking(connection: Connection, source: str, stream: str, at: str) -> list[str]:
    """Return the models in the last ranking of a stream until a moment, best first."""
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
