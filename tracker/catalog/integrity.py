"""Check the integrity of the catalog."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import text

from tracker.catalog.dialects import dialect_of
from tracker.catalog.engine import open_engine, shown, sqlite_path
from tracker.catalog.sqlite_file import REBUILD, checksum_damage
from tracker.errors import one_line

_OVERLAPS = """
    select count(*) from (
        select valid_from < lag(coalesce(valid_to, '9')) over (
                   partition by stream_id, edition_id, listing_id order by valid_from, id
               ) as begins_early
          from board_row
    ) as checked where begins_early
"""
"""Each row is compared with the one before it: if any two overlap, two neighbours do."""


def catalog_damage(url: str) -> list[str]:
    """Check bytes, pages, foreign keys and overlapping intervals of a catalog.

    Returns:
        One line per problem, with the remedy; empty if there is none or no catalog yet.
    """
    path = sqlite_path(url)
    if path is not None and not path.is_file():
        return []
    if path is not None and (damage := checksum_damage(path)):
        return [f"catalog {path}: {damage}"]  # the rest would only repeat it, page by page
    lines: list[str] = []
    try:
        lines += _damage(url)
    except Exception as error:  # what is damaged can raise anything
        if path is None:
            raise  # a server that cannot be reached is not damaged
        lines.append(f"{type(error).__name__}: {one_line(getattr(error, 'orig', error))[:200]}")
    remedy = REBUILD if path else "drop its tables on the server and run: tracker load"
    return [f"catalog {shown(url)}: {line}; {remedy}" for line in lines]


def _damage(url: str) -> Iterator[str]:
    engine = open_engine(url, read_only=True)
    try:
        with engine.connect() as connection:
            yield from dialect_of(connection).damage(connection)
            if overlapping := connection.execute(text(_OVERLAPS)).scalar():
                yield f"{overlapping} board rows begin before the one before them ends"
    finally:
        engine.dispose()
