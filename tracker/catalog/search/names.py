"""Read the titles and further names of everything that has a search entry."""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import Connection, text


def read_titles(connection: Connection) -> list[Any]:
    """Read ``kind``, ``key``, titles and abouts of all search entries, by kind and key."""
    query = """
        select kind, key, title_en, title_zh, about_en, about_zh
          from search_entry order by kind, key
    """
    return list(connection.execute(text(query)))


def read_aliases(connection: Connection) -> dict[tuple[str, str], tuple[str, ...]]:
    """Read the further names of datasets, organisations and techniques, by kind and key."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for row in connection.execute(text("select slug, aliases from dataset")):
        found["dataset", row.slug] = tuple(orjson.loads(row.aliases))
    for row in connection.execute(text("select slug, aliases, owners from organisation")):
        names = (*orjson.loads(row.aliases), *orjson.loads(row.owners))
        found["organisation", row.slug] = names
    for row in connection.execute(text('select "group", slug, cues from term')):
        key = f"{row.group}/{row.slug}"
        found["technique", key] = tuple(orjson.loads(row.cues or "[]"))
    return found
