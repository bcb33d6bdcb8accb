"""Queries that explain why a model is not on a board."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, String, bindparam, text

Rows = Sequence[Any]
WITHDRAWN = "withdrawn"
"""Kind of a note that the publisher removed a model on purpose."""


def board_files(connection: Connection, tasks: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Yield ``model, task, valid_from, valid_to`` of the result files of some tasks.

    Experiments are left out. The model is the public id in the results at the time.
    """
    query = text(
        """
        select i.model, t.name,
               case when i.valid_from > v.valid_from then i.valid_from else v.valid_from end,
               case when i.valid_to is null then v.valid_to
                    when v.valid_to is null or i.valid_to < v.valid_to then i.valid_to
                    else v.valid_to end
          from result_task t
          join result_version v on v.task_id = t.id
          join result_file f on f.id = v.file_id
          join result_identity i on i.folder_id = f.folder_id and i.experiment = ''
               and (v.valid_to is null or i.valid_from < v.valid_to)
               and (i.valid_to is null or i.valid_to > v.valid_from)
         where t.name in :tasks
        """
    ).bindparams(bindparam("tasks", expanding=True, type_=String))
    for row in connection.execute(query, {"tasks": list(tasks)}):
        yield tuple(row)


def extreme_scores(
    connection: Connection, model: str, at: str, tasks: Collection[str]
) -> Iterator[tuple[str, str | None, float]]:
    """Yield task, metric and the lowest and highest score of a model's files at a moment."""
    query = text(
        """
        select distinct t.name, c.scores,
               (select max(r.main_score) from registry_task r where r.name = t.name)
          from result_identity i
          join result_file f on f.folder_id = i.folder_id
          join result_version v on v.file_id = f.id and v.valid_from <= :at
               and (v.valid_to is null or v.valid_to > :at)
          join result_content c on c.id = v.content_id and c.scores is not null
          join result_task t on t.id = c.task_id
         where i.model = :model and i.valid_from <= :at
           and (i.valid_to is null or i.valid_to > :at)
        """
    )
    for task, encoded, metric in connection.execute(query, {"model": model, "at": at}):
        scores = [score for score in orjson.loads(encoded) if score is not None]
        if task in tasks and scores:
            for score in sorted({min(scores), max(scores)}):
                yield task, metric, score


def present_scores(connection: Connection) -> Rows:
    """Return ``path, task, scores`` (a JSON array) of all present files."""
    return connection.execute(
        text(
            """
            select d.path || '/' || f.name as path, t.name as task,
                   c.scores
              from result_version v
              join result_content c on c.id = v.content_id and c.scores is not null
              join result_task t on t.id = c.task_id
              join result_file f on f.id = v.file_id
              join result_folder d on d.id = f.folder_id
             where v.valid_to is null
             order by 1
            """
        )
    ).all()


def duplicate_files(connection: Connection) -> Rows:
    """Return ``folder, task, name, mteb_version`` of files whose folder has several of a task."""
    return connection.execute(
        text(
            """
            select folder, task, name, mteb_version from (
                select d.path as folder, t.name as task, f.name as name, c.mteb_version,
                       count(*) over (partition by d.id, t.id) as n_files
                  from result_version v
                  join result_content c on c.id = v.content_id and c.scores is not null
                  join result_task t on t.id = c.task_id
                  join result_file f on f.id = v.file_id
                  join result_folder d on d.id = f.folder_id
                 where v.valid_to is null) as counted
             where n_files > 1 order by 1, 2, 3
            """
        )
    ).all()


def surplus_rows(connection: Connection) -> Rows:
    """Return ``board, valid_from, model, n_tasks, total`` of rows with more scores than tasks.

    One row per board and model, the latest.
    """
    return connection.execute(
        text(
            """
            select e.name as board, max(r.valid_from) as valid_from, m.name as model,
                   max(r.n_tasks) as n_tasks, e.n_tasks as total
              from board_row r
              join edition e on e.id = r.edition_id and r.n_tasks > e.n_tasks
              join listing l on l.id = r.listing_id
              join model m on m.id = l.model_id
             where e.source <> 'published-boards'
             group by e.name, m.name, e.n_tasks order by 1, 3
            """
        )
    ).all()


def withdrawals(connection: Connection) -> Rows:
    """Return ``model, valid_from, text_en, text_zh, source`` of notes that it was withdrawn."""
    return connection.execute(
        text(
            "select model, valid_from, text_en, text_zh, source from board_note"
            " where kind = :kind and model is not null order by id"
        ),
        {"kind": WITHDRAWN},
    ).all()


def withdrawn_models(connection: Connection) -> list[str]:
    """Return the names of the models that the publisher withdrew."""
    query = text("select distinct model from board_note where kind = :kind and model is not null")
    return [row[0] for row in connection.execute(query, {"kind": WITHDRAWN})]
