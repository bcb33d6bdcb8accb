"""Queries on result files, their contents, and the moves of models."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, String, bindparam, text

from tracker.sources.result_files import HEADER

Rows = Sequence[Any]


def raw_versions(connection: Connection, tasks: Sequence[str]) -> list[tuple[Any, ...]]:
    """Return all versions of result files with scores, of some tasks.

    Returns:
        ``folder_id, file, task, content_id, blob, mteb_version, valid_from, valid_to``.
    """
    return _of_tasks(
        connection,
        tasks,
        """
        select f.folder_id, f.name, t.name, c.id, c.blob, c.mteb_version, v.valid_from, v.valid_to
          from result_version v
          join result_content c on c.id = v.content_id
          join result_task t on t.id = v.task_id
          join result_file f on f.id = v.file_id
         where v.task_id in :tasks
               -- Does not read the scores, which are in other pages of the database file.
               and c.layout_id in (select id from result_layout where cells <> '[]')
        """,
    )


def raw_identities(connection: Connection) -> list[tuple[Any, ...]]:
    """Return ``folder_id, folder, model, revision, experiment, valid_from, valid_to``.

    One row per interval in which a folder had the same model.
    """
    rows = connection.execute(
        text(
            """
            select d.id, d.path, i.model, i.revision, i.experiment, i.valid_from, i.valid_to
              from result_identity i join result_folder d on d.id = i.folder_id
            """
        )
    )
    return list(rows.cursor.fetchall())


def raw_contents(connection: Connection, tasks: Sequence[str]) -> list[tuple[Any, ...]]:
    """Return ``content_id, task, layout_id, scores``; scores are a JSON array by layout cell."""
    return _of_tasks(
        connection,
        tasks,
        """
        select c.id, t.name, c.layout_id, c.scores
          from result_content c join result_task t on t.id = c.task_id
         where c.task_id in :tasks and c.scores is not null
        """,
    )


def raw_layouts(connection: Connection, ids: Sequence[int]) -> list[tuple[Any, ...]]:
    """Return ``layout_id, cells`` of some layouts; cells are a JSON array of [split, subset]."""
    chosen = text("select id, cells from result_layout where id in :ids").bindparams(
        bindparam("ids", expanding=True)
    )
    return list(connection.execute(chosen, {"ids": list(ids)}).cursor.fetchall())


def _of_tasks(connection: Connection, tasks: Sequence[str], sql: str) -> list[tuple[Any, ...]]:
    named = text("select id from result_task where name in :names").bindparams(
        bindparam("names", expanding=True, type_=String)
    )
    ids = list(connection.execute(named, {"names": list(tasks)}).scalars())
    chosen = text(sql).bindparams(bindparam("tasks", expanding=True))
    # Rows of the driver, without the cost of SQLAlchemy rows: there are half a million.
    return list(connection.execute(chosen, {"tasks": ids}).cursor.fetchall())


def main_scores(connection: Connection) -> dict[str, str]:
    """Return the main metric of each task, from the newest registry that has the task."""
    rows = connection.execute(
        text(
            "select t.name, t.main_score from registry_task t join registry r"
            " on r.id = t.registry_id order by r.id"
        )
    )
    return dict(tuple(row) for row in rows)


def unavailable_files(connection: Connection) -> dict[str, int]:
    """Count present files that the clone lacks, by file name without its suffix (the task)."""
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


class _CommitMoments(NamedTuple):
    first: str | None
    first_stored: str | None
    last_stored: str | None


def _commit_moments(connection: Connection) -> _CommitMoments:
    """Return first and last moments of the results repository; some commits have stored files."""
    row = connection.execute(
        text(
            # The starter has commits without their files.
            "select min(n.published_at), min(case when not n.bundled then n.published_at end),"
            " max(case when not n.bundled then n.published_at end)"
            " from snapshot n join stream s on s.id = n.stream_id where s.source = :source"
        ),
        {"source": HEADER.id},
    ).one()
    return _CommitMoments(*row)


def first_result_at(connection: Connection) -> str | None:
    """Return the first moment with raw scores, if any."""
    return _commit_moments(connection).first_stored


def first_commit_at(connection: Connection) -> str | None:
    """Return the first moment of the results repository, whether its files are stored or not."""
    return _commit_moments(connection).first


def last_result_at(connection: Connection) -> str | None:
    """Return the moment of the last commit whose raw scores are stored, if any."""
    return _commit_moments(connection).last_stored


def result_stream(connection: Connection) -> int:
    """Return the id of the stream of the results repository."""
    found: int = connection.execute(
        text("select id from stream where source = :source"), {"source": HEADER.id}
    ).scalar_one()
    return found


def defined_editions(connection: Connection) -> set[int]:
    """Return the ids of the editions that a registry defines."""
    return set(connection.execute(text("select edition_id from board_definition")).scalars())


def registry_models(connection: Connection, registry_id: int) -> Rows:
    """Return ``name, revision, training_tasks, properties`` of the models of a registry."""
    return connection.execute(
        text(
            "select name, revision, training_tasks, properties from registry_model"
            " where registry_id = :registry"
        ),
        {"registry": registry_id},
    ).all()


def unread_results(connection: Connection) -> Rows:
    """Return ``outcome, reason, n_files, n_present, path`` of contents that could not be read.

    ``n_files`` counts paths that have or had such a content, ``n_present`` those that have it;
    ``path`` is the first by name.
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
             order by c.outcome, count(distinct v.file_id) desc,
                      c.reason nulls first
            """
        )
    ).all()


def outcome_counts(connection: Connection) -> Rows:
    """Return ``kind, outcome, n_files`` of the present files."""
    return connection.execute(
        text(
            """
            select c.kind, c.outcome, count(*) as n_files
              from result_version v join result_content c on c.id = v.content_id
             where v.valid_to is null group by c.kind, c.outcome order by c.kind, c.outcome
            """
        )
    ).all()


def moved_contents(connection: Connection) -> list[tuple[Any, ...]]:
    """Return ``at, old folder id, new folder id`` for contents that changed their folder.

    One row per moment, content and pair of folders.
    """
    rows = connection.execute(
        text(
            """
        select distinct a.valid_to, fa.folder_id, fb.folder_id, a.content_id
          from result_version a
          join result_content c on c.id = a.content_id and c.kind = 'scores'
          join result_version b on b.content_id = a.content_id and b.valid_from = a.valid_to
          join result_file fa on fa.id = a.file_id
          join result_file fb on fb.id = b.file_id
         where fa.folder_id <> fb.folder_id
        """
        )
    )
    return [tuple(row)[:3] for row in rows]


def folder_endings(connection: Connection, moments: Iterable[str]) -> list[tuple[Any, ...]]:
    """Return ``at, folder id, n_ended, n_left`` for folders with files that end at some moments.

    ``n_ended`` counts distinct contents that end; ``n_left`` counts files that remain.
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
    """Return intervals of (start, end, public id of the model), by folder id."""
    found: dict[int, list[tuple[str, str | None, str]]] = {}
    query = "select folder_id, valid_from, valid_to, model from result_identity order by 1, 2"
    for folder, since, until, model in connection.execute(text(query)):
        found.setdefault(folder, []).append((since, until, model))
    return found


def has_results(connection: Connection) -> bool:
    """Return whether the catalog has result files, not only states from the starter."""
    return connection.execute(text("select 1 from result_version limit 1")).first() is not None


def result_tasks(connection: Connection) -> list[str]:
    """Return the names of all tasks that have or had result files."""
    return list(connection.execute(text("select name from result_task order by name")).scalars())


def stored_moves(connection: Connection) -> Rows:
    """Return ``model_id, other_id, at, n_files, old, new, commit, url, message`` of all moves."""
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


class ScoreFile(NamedTuple):
    """A result file with scores, as it stood at a moment."""

    path: str
    blob: str
    """Git blob id of its content."""
    task: str
    model: str
    """Public id in the results repository at that moment."""
    mteb_version: str | None
    valid_from: str
    """Moment from which it has had this content."""
    commit: str | None
    """Commit that brought it."""
    url: str | None
    """Address of that commit."""
    content_id: int
    experiment: str
    """JSON object of the experiment's settings; empty: none."""
    dataset_revision: str | None


def present_score_files(connection: Connection, at: str) -> list[ScoreFile]:
    """Return the readable files with scores of a moment, by task and path."""
    rows = connection.execute(
        text(
            """
            select d.path || '/' || f.name, c.blob, t.name, i.model, c.mteb_version, v.valid_from,
                   n."commit", n.url, c.id, i.experiment, c.dataset_revision
              from result_version v
              join result_content c on c.id = v.content_id and c.scores is not null
              join result_task t on t.id = v.task_id
              join result_file f on f.id = v.file_id
              join result_folder d on d.id = f.folder_id
              join result_identity i on i.folder_id = f.folder_id and i.valid_from <= :at
                   and (i.valid_to is null or i.valid_to > :at)
              left join snapshot n on n.published_at = v.valid_from and n.stream_id in
                        (select id from stream where source = :source)
             where v.valid_from <= :at and (v.valid_to is null or v.valid_to > :at)
             order by t.name, 1
            """
        ),
        {"at": at, "source": HEADER.id},
    )
    return list(map(ScoreFile._make, rows.cursor.fetchall()))
