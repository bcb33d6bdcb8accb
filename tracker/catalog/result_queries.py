"""Reading raw scores for a board: files with their intervals, and what their contents say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, text

from tracker.sources.result_files import HEADER

Rows = Sequence[Any]


class RawResults(NamedTuple):
    """Raw scores of some tasks over all of history."""

    files: Rows
    """``file_id, task, content_id, model, revision, experiment, mteb_version, valid_from,
    valid_to``: one row for each stretch of time in which a file had one content and one owner."""
    contents: Rows
    """``content_id, task, layout_id, scores``, the last a JSON array along the layout's cells."""
    layouts: Rows
    """``layout_id, cells``, the last a JSON array of [split, subset]."""


def raw_results(connection: Connection, tasks: Sequence[str]) -> RawResults:
    """Everything that result files say of some tasks, at any time."""
    ids = [
        row.id
        for row in connection.execute(
            text("select id from result_task where name in :names").bindparams(
                bindparam("names", expanding=True)
            ),
            {"names": list(tasks)},
        )
    ]

    def of_tasks(sql: str) -> Rows:
        chosen = text(sql).bindparams(bindparam("tasks", expanding=True))
        return connection.execute(chosen, {"tasks": ids}).all()

    return RawResults(
        of_tasks(
            """
            select v.file_id, t.name, v.content_id, i.model, i.revision, i.experiment,
                   c.mteb_version,
                   case when i.valid_from > v.valid_from then i.valid_from else v.valid_from end,
                   case when i.valid_to is null then v.valid_to
                        when v.valid_to is null or i.valid_to < v.valid_to then i.valid_to
                        else v.valid_to end
              from result_version v
              join result_content c on c.id = v.content_id and c.scores <> '[]'
              join result_task t on t.id = v.task_id
              join result_file f on f.id = v.file_id
              join result_identity i on i.folder_id = f.folder_id
                   and (v.valid_to is null or i.valid_from < v.valid_to)
                   and (i.valid_to is null or i.valid_to > v.valid_from)
             where v.task_id in :tasks
            """
        ),
        of_tasks(
            """
            select c.id, t.name, c.layout_id, c.scores
              from result_content c join result_task t on t.id = c.task_id
             where c.task_id in :tasks and c.scores is not null
            """
        ),
        of_tasks(
            """
            select l.id, l.cells from result_layout l
             where l.id in (select layout_id from result_content where task_id in :tasks)
            """
        ),
    )


def first_result_at(connection: Connection) -> str | None:
    """The first moment for which the catalog has raw scores."""
    found: str | None = connection.execute(
        text(
            "select min(n.published_at) from snapshot n join stream s on s.id = n.stream_id"
            " where s.source = :source"
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
