"""Queries on the BibTeX that the newest registry quotes for models, tasks and boards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

import orjson
from sqlalchemy import Connection

from tracker.catalog.queries import all_rows
from tracker.catalog.results.registry_queries import newest_registry
from tracker.common.arxiv_ids import find_ids

_CITING = {
    "model": "select name, properties from registry_model where registry_id = :id order by id",
    "task": "select name, properties from registry_task where registry_id = :id order by id",
    "board": "select e.name, d.properties from board_definition d"
    " join edition e on e.id = d.edition_id where d.registry_id = :id order by d.id",
}
CITING = tuple(_CITING)
"""What a registry defines."""


def registered_citations(
    connection: Connection, citing: Iterable[str] = CITING
) -> Iterator[tuple[str, str]]:
    """Yield name and BibTeX of each ``model``, ``task`` or ``board`` that has some."""
    newest = newest_registry(connection)
    if newest is None:
        return
    for kind in citing:
        for row in all_rows(connection, _CITING[kind], id=newest.id):
            if stated := orjson.loads(row.properties).get("citation"):
                yield row.name, stated


def cited_by(connection: Connection, citing: str) -> dict[str, tuple[str, ...]]:
    """Return which models, tasks or boards cite a paper, by arXiv id, sorted.

    Args:
        connection: An open connection.
        citing: ``model``, ``task`` or ``board``.
    """
    found: dict[str, set[str]] = defaultdict(set)
    ids_in = lru_cache(find_ids)  # models of a family and tasks of a benchmark cite the same
    for name, text in registered_citations(connection, (citing,)):
        for arxiv_id in ids_in(text):
            found[arxiv_id].add(name)
    return {arxiv_id: tuple(sorted(names)) for arxiv_id, names in found.items()}


def citations_of_models(connection: Connection) -> dict[str, str]:
    """Return the BibTeX of models, by name."""
    return dict(registered_citations(connection, ("model",)))
