"""Queries on changes of result files between two moments, and on their causes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, String, bindparam, text

Rows = Sequence[Any]

_AT_ONCE = 10_000
"""Ids per query; SQLite accepts 32,766 parameters."""

# The cross joins force SQLite to go from few models to their files, not from tasks to all files.
_VERSIONS = """
    with moved as materialized (
      select v.id, v.file_id, v.content_id, v.task_id, f.folder_id
        from result_version v join result_file f on f.id = v.file_id
       where v.valid_from > :since and v.valid_from <= :until
          or v.valid_to > :since and v.valid_to <= :until
    ),
    touched as materialized (
      select m.* from moved m join result_content c on c.id = m.content_id and c.kind = 'scores'
       where :of_all or m.task_id in (select id from result_task where name in :tasks)
    ),
    owners as materialized (
      select distinct i.model, t.task_id
        from touched t join result_identity i on i.folder_id = t.folder_id
    ),
    wanted as (
      select id from moved where folder_id in (select folder_id from touched)
      union select id from result_version where file_id in (select file_id from touched)
      union select id from result_version where content_id in (select content_id from touched)
      union select v.id
              from (select distinct model from owners) m
             cross join result_identity i cross join result_file f cross join result_version v
             where i.model = m.model and f.folder_id = i.folder_id and v.file_id = f.id
               and (i.model, v.task_id) in (select model, task_id from owners)
    )
    select v.file_id, f.folder_id, coalesce(i.model, d.path), i.revision,
           coalesce(i.experiment, ''), coalesce(i.origin, 'run'), coalesce(t.name, f.name),
           v.content_id, c.mteb_version, c.dataset_revision, v.valid_from, v.valid_to
      from wanted w
      join result_version v on v.id = w.id
      join result_content c on c.id = v.content_id and c.kind = 'scores'
      join result_file f on f.id = v.file_id
      join result_folder d on d.id = f.folder_id
      left join result_task t on t.id = v.task_id
      left join result_identity i on i.folder_id = f.folder_id and i.valid_from <= v.valid_from
           and (i.valid_to is null or i.valid_to > v.valid_from)
"""


def versions(
    connection: Connection, since: str, until: str, tasks: Sequence[str] | None = None
) -> Rows:
    """Return versions of result files that began or ended in a window, and related versions.

    Related are versions of the same file, of the same content, of the same model and task, and
    those in the same folder that began or ended in the window.

    Args:
        connection: The catalog.
        since: The window begins after this moment.
        until: The window ends with this moment.
        tasks: Begin with versions of these tasks; of all tasks by default.

    Returns:
        ``file_id, folder_id, model, revision, experiment, origin, task, content_id, mteb_version,
        dataset_revision, valid_from, valid_to``, unordered. The model of a folder without an
        identity is its path.
    """
    query = text(_VERSIONS).bindparams(bindparam("tasks", expanding=True, type_=String))
    chosen = {"of_all": tasks is None, "tasks": list(tasks or ())}
    return connection.execute(query, {"since": since, "until": until, **chosen}).all()


def contents(connection: Connection, ids: Iterable[int]) -> Iterator[Any]:
    """Yield ``id, cells, scores`` of contents with scores; cells and scores are JSON arrays."""
    query = text(
        "select c.id, l.cells, c.scores"
        "  from result_content c join result_layout l on l.id = c.layout_id"
        " where c.id in :ids and c.scores is not null"
    ).bindparams(bindparam("ids", expanding=True))
    for some in _portions(sorted(ids)):
        yield from connection.execute(query, {"ids": some})


def beginnings(connection: Connection, models: Iterable[str]) -> dict[str, str]:
    """Return the moment of the first result file of each of some models."""
    query = text(
        """
        select i.model, min(v.valid_from)
          from result_identity i
          join result_file f on f.folder_id = i.folder_id
          join result_version v on v.file_id = f.id
          join result_content c on c.id = v.content_id and c.kind = 'scores'
         where i.model in :models
         group by i.model
        """
    ).bindparams(bindparam("models", expanding=True, type_=String))
    found: dict[str, str] = {}
    for some in _portions(sorted(models)):
        found.update((name, at) for name, at in connection.execute(query, {"models": some}))
    return found


def endings(connection: Connection, since: str, until: str) -> Rows:
    """Return ``at, n_files, n_models`` of moments that ended versions of result files."""
    return connection.execute(
        text(
            """
            select v.valid_to, count(distinct v.id), count(distinct i.model)
              from result_version v
              join result_content c on c.id = v.content_id and c.kind = 'scores'
              join result_file f on f.id = v.file_id
              left join result_identity i on i.folder_id = f.folder_id
             where v.valid_to > :since and v.valid_to <= :until
             group by v.valid_to
            """
        ),
        {"since": since, "until": until},
    ).all()


def commits(connection: Connection, source: str) -> dict[str, tuple[str, str, str | None]]:
    """Return commit, address and message by moment."""
    rows = connection.execute(
        text(
            'select n.published_at, n."commit", n.url, n.message'
            " from snapshot n join stream s on s.id = n.stream_id where s.source = :source"
        ),
        {"source": source},
    )
    return {at: (commit, url, message) for at, commit, url, message in rows}


def _portions(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]


def reported_and_run_results(connection: Connection, model: str) -> Rows:
    """Return all results of a model on tasks with both self-reported scores and runs.

    Experiments are left out.

    Returns:
        ``task, origin, revision, mteb_version, valid_from, valid_to, cells, scores``, oldest
        first; cells and scores are JSON arrays.
    """
    return connection.execute(
        text(
            """
            with results as materialized (
              select v.id, v.task_id, v.content_id, v.valid_from, v.valid_to, i.origin, i.revision
                from result_identity i
                join result_file f on f.folder_id = i.folder_id
                join result_version v on v.file_id = f.id and i.valid_from <= v.valid_from
                     and (i.valid_to is null or i.valid_to > v.valid_from)
               where i.model = :model and i.experiment = ''
            )
            select t.name as task, o.origin, o.revision, c.mteb_version, o.valid_from, o.valid_to,
                   l.cells, c.scores
              from results o
              join result_content c on c.id = o.content_id and c.scores is not null
              join result_layout l on l.id = c.layout_id
              join result_task t on t.id = o.task_id
             where o.task_id in (select task_id from results where origin <> 'run')
               and o.task_id in (select task_id from results where origin = 'run')
             order by o.valid_from, o.id
            """
        ),
        {"model": model},
    ).all()


def claiming_models(connection: Connection) -> list[str]:
    """Return public ids of models that have or had both self-reported scores and runs."""
    query = """
        select model from result_identity where experiment = ''
         group by model having count(distinct origin) > 1 order by model
    """
    return list(connection.execute(text(query)).scalars())


def result_models(connection: Connection) -> list[str]:
    """Return public ids of all models that have or had result files."""
    return list(
        connection.execute(text("select distinct model from result_identity order by 1")).scalars()
    )
