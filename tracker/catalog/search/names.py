"""Read the titles and further names of everything that has a search entry."""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import Connection, select

from tracker.catalog.ids import table_of
from tracker.catalog.knowledge import tables


def read_titles(connection: Connection) -> list[Any]:
    """Read ``kind``, ``key``, titles and abouts of all search entries, by kind and key."""
    entry = table_of(tables.SearchEntryTable).c
    columns = (
        entry.kind, entry.key, entry.title_en, entry.title_zh, entry.about_en, entry.about_zh
    )  # fmt: skip
    return list(connection.execute(select(*columns).order_by(entry.kind, entry.key)))


def read_aliases(connection: Connection) -> dict[tuple[str, str], tuple[str, ...]]:
    """Read the further names of datasets, organisations and techniques, by kind and key."""
    dataset = table_of(tables.DatasetTable).c
    organisation = table_of(tables.OrganisationTable).c
    term = table_of(tables.TermTable).c
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for row in connection.execute(select(dataset.slug, dataset.aliases)):
        found["dataset", row.slug] = tuple(orjson.loads(row.aliases))
    query = select(organisation.slug, organisation.aliases, organisation.owners)
    for row in connection.execute(query):
        names = (*orjson.loads(row.aliases), *orjson.loads(row.owners))
        found["organisation", row.slug] = names
    for row in connection.execute(select(term.group, term.slug, term.cues)):
        key = f"{row.group}/{row.slug}"
        found["technique", key] = tuple(orjson.loads(row.cues or "[]"))
    return found
