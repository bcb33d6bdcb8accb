"""Queries on the events and time spans that the starter has instead of result files."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import orjson
from sqlalchemy import Connection, text


def has_stored_files(connection: Connection) -> bool:
    """Return whether the catalog has events of the starter."""
    return connection.execute(text("select 1 from result_event limit 1")).first() is not None


def stored_events(
    connection: Connection, since: str, until: str
) -> Iterator[tuple[str, str, str, list[str]]]:
    """Yield ``at, model, cause, tasks`` after one moment and until another, in order.

    The model is the public id in the results at that moment.
    """
    rows = connection.execute(
        text(
            "select at, model, cause, tasks from result_event"
            " where at > :since and at <= :until order by id"
        ),
        {"since": since, "until": until},
    )
    for at, model, cause, tasks in rows:
        yield at, model, cause, orjson.loads(tasks)


def stored_spans(
    connection: Connection, tasks: Collection[str]
) -> Iterator[tuple[str, str, str, str | None]]:
    """Yield ``model, task, valid_from, valid_to`` of the result files of some tasks.

    Files of the same model and task that follow each other have one span together.
    """
    wanted = set(tasks)
    query = "select model, valid_from, valid_to, tasks from result_span order by id"
    for model, since, until, names in connection.execute(text(query)):
        for task in orjson.loads(names):
            if task in wanted:
                yield model, task, since, until


def stored_models(connection: Connection) -> list[str]:
    """Return the public ids of all models with time spans."""
    query = "select distinct model from result_span order by model"
    return list(connection.execute(text(query)).scalars())
