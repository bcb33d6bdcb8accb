"""Reading raw scores for a board: files with their intervals, and what their contents say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, text

from tracker.sources.result_files import HEADER

Rows = Sequence[Any]


def raw_files(connection: Connection, tasks: Sequence[str]) -> list[tuple[Any, ...]]:
    """Every version of the result files of some tasks that have scores.

    Returns:
        ``path, task, content_id, model, revision, experiment, mteb_version, valid_from,
        valid_to``: one row for each stretch of time in which a file had one content and one owner.
    """
    return _of_tasks(
        connection,
        tasks,
        """
        select d.path || '/' || f.name, t.name, v.content_id, i.model, i.revision, i.experiment,
               c.mteb_version,
               case when i.valid_from > v.valid_from then i.valid_from else v.valid_from end,
               case when i.valid_to is null then v.valid_to
                    when v.valid_to is null or i.valid_to < v.valid_to then i.valid_to
                    else v.valid_to end
          from result_version v
          join result_content c on c.id = v.content_id and c.scores <> '[]'
          join result_task t on t.id = v.task_id
          join result_file f on f.id = v.file_id
          join result_folder d on d.id = f.folder_id
          join result_identity i on i.folder_id = f.folder_id
               and (v.valid_to is null or i.valid_from < v.valid_to)
               and (i.valid_to is null or i.valid_to > v.valid_from)
         where v.task_id in :tasks
        """,
    )


def raw_contents(connection: Connection, tasks: Sequence[str]) -> list[tuple[Any, ...]]:
    """``content_id, task, layout_id, scores``, the last a JSON array along the layout's cells."""
    return _of_tasks(
        connection,
        tasks,
        """
        select c.id, t.name, c.layout_id, c.scores
          from result_content c join result_task t on t.id = c.task_id
         where c.task_id in :tasks and c.scores is not null
        """,
    )


def raw_layouts(connection: Connection, tasks: Sequence[str]) -> list[tuple[Any, ...]]:
    """``layout_id, cells``, the last a JSON array of [split, subset]."""
    return _of_tasks(
        connection,
        tasks,
        """
        select l.id, l.cells from result_layout l
         where l.id in (select layout_id from result_content where task_id in :tasks)
        """,
    )


def _of_tasks(connection: Connection, tasks: Sequence[str], sql: str) -> list[tuple[Any, ...]]:
    named = text("select id from result_task where name in :names").bindparams(
        bindparam("names", expanding=True)
    )
    ids = list(connection.execute(named, {"names": list(tasks)}).scalars())
    chosen = text(sql).bindparams(bindparam("tasks", expanding=True))
    # The driver's own rows: there are half a million of them.
    return list(connection.execute(chosen, {"tasks": ids}).cursor.fetchall())


def main_scores(connection: Connection) -> dict[str, str]:
    """The main metric of every task; the newest registry that knows the task decides."""
    rows = connection.execute(
        text(
            "select t.name, t.main_score from registry_task t join registry r"
            " on r.id = t.registry_id order by r.id"
        )
    )
    return dict(tuple(row) for row in rows)


def unavailable_files(connection: Connection) -> dict[str, int]:
    """How many files that stand now the clone lacks, by the name of the file without its ending."""
    rows = connection.execute(
        text(
            """
            select f.name, count(*) from result_content c
              join result_version v on v.content_id = c.id and v.valid_to is null
              join result_file f on f.id = v.file_id
             where c.outcome = 'unavailable' and c.kind = 'scores' group by f.name
            """
        )
    )
    return {name.removesuffix(".json"): count for name, count in rows}


def first_result_at(connection: Connection) -> str | None:
    """The first moment for which the catalog has raw scores."""
    found: str | None = connection.execute(
        text(
            "select min(n.published_at) from snapshot n join stream s on s.id = n.stream_id"
            # Commits that the starter lists come without their files.
            " where s.source = :source and not n.bundled"
        ),
        {"source": HEADER.id},
    ).scalar()
    return found


def result_stream(connection: Connection) -> int:
    """Id of the stream of the results repository."""
    found: int = connection.execute(
        text("select id from stream where source = :source"), {"source": HEADER.id}
    ).scalar_one()
    return found


def defined_editions(connection: Connection) -> set[int]:
    """Ids of the editions that a registry defines."""
    return set(connection.execute(text("select edition_id from board_definition")).scalars())


def registry_models(connection: Connection, registry_id: int) -> Rows:
    """``name, revision, training_tasks, properties`` of the models of a registry."""
    return connection.execute(
        text(
            "select name, revision, training_tasks, properties from registry_model"
            " where registry_id = :registry"
        ),
        {"registry": registry_id},
    ).all()


def unread_results(connection: Connection) -> Rows:
    """``outcome, reason, n_files, n_present, path`` of contents that could not be read.

    ``n_files`` counts paths that ever had such a content, ``n_present`` those that have it now;
    ``path`` is the first of them.
    """
    return connection.execute(
        text(
            """
            select c.outcome, c.reason, count(distinct v.file_id) as n_files,
                   count(distinct case when v.valid_to is null then v.file_id end) as n_present,
                   min(d.path || '/' || f.name) as path
              from result_content c
              join result_version v on v.content_id = c.id
              join result_file f on f.id = v.file_id
              join result_folder d on d.id = f.folder_id
             where c.outcome in ('unavailable', 'unreadable', 'untold')
             group by c.outcome, c.reason
             order by c.outcome, count(distinct v.file_id) desc, c.reason
            """
        )
    ).all()


def outcome_counts(connection: Connection) -> Rows:
    """``kind, outcome, n_files`` of the files that stand now."""
    return connection.execute(
        text(
            """
            select c.kind, c.outcome, count(*) as n_files
              from result_version v join result_content c on c.id = v.content_id
             where v.valid_to is null group by c.kind, c.outcome order by c.kind, c.outcome
            """
        )
    ).all()


def passed_contents(connection: Connection) -> list[tuple[Any, ...]]:
    """``at, old folder id, new folder id``: a content ended in one folder and began in another.

    One row for each content and pair of folders, of one moment each.
    """
    return _plain(
        connection,
        """
        select distinct a.valid_to, fa.folder_id, fb.folder_id, a.content_id
          from result_version a
          join result_content c on c.id = a.content_id and c.kind = 'scores'
          join result_version b on b.content_id = a.content_id and b.valid_from = a.valid_to
          join result_file fa on fa.id = a.file_id
          join result_file fb on fb.id = b.file_id
         where fa.folder_id <> fb.folder_id
        """,
        3,
    )


def folder_endings(connection: Connection, moments: Iterable[str]) -> list[tuple[Any, ...]]:
    """``at, folder id, n_ended, n_standing``: files of folders that end at some moments.

    ``n_ended`` counts different contents; ``n_standing`` counts the files that hold on after it.
    """
    found: list[tuple[Any, ...]] = []
    query = text(
        """
        with ending as materialized (
          select distinct f.folder_id from result_version v join result_file f on f.id = v.file_id
           where v.valid_to = :at
        )
        select :at, f.folder_id,
               count(distinct case when v.valid_to = :at then v.content_id end),
               count(case when v.valid_from <= :at and (v.valid_to is null or v.valid_to > :at)
                          then 1 end)
          from result_folder d
          join result_file f on f.folder_id = d.id
          join result_version v on v.file_id = f.id
          join result_content c on c.id = v.content_id and c.kind = 'scores'
         where d.id in (select folder_id from ending)
         group by f.folder_id
        """
    )
    for at in sorted(moments):
        found += [tuple(row) for row in connection.execute(query, {"at": at})]
    return found


def folder_identities(connection: Connection) -> dict[int, list[tuple[str, str | None, str]]]:
    """By folder id: since when, until when, and the public id of its model."""
    found: dict[int, list[tuple[str, str | None, str]]] = {}
    query = "select folder_id, valid_from, valid_to, model from result_identity order by 1, 2"
    for folder, since, until, model in connection.execute(text(query)):
        found.setdefault(folder, []).append((since, until, model))
    return found


def _plain(connection: Connection, sql: str, width: int) -> list[tuple[Any, ...]]:
    return [tuple(row)[:width] for row in connection.execute(text(sql))]


def has_results(connection: Connection) -> bool:
    """Whether the catalog has result files, and not only states that came with the starter."""
    return connection.execute(text("select 1 from result_version limit 1")).first() is not None


def stored_moves(connection: Connection) -> Rows:
    """``model_id, other_id, at, n_files, old, new, commit, url, message`` of the known moves."""
    return connection.execute(
        text(
            """
            select m.model_id, m.other_id, m.at, m.n_files, a.name as old, b.name as new,
                   n."commit", n.url, n.message
              from model_move m
              join model a on a.id = m.model_id
              join model b on b.id = m.other_id
              left join snapshot n on n.published_at = m.at
                   and n.stream_id in (select id from stream where source = :source)
             order by m.at, a.name
            """
        ),
        {"source": HEADER.id},
    ).all()
