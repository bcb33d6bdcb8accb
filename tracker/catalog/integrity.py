"""Check the integrity of the catalog."""

from __future__ import annotations

from sqlalchemy import text

from tracker.catalog.engine import explained, open_engine, shown, sqlite_path
from tracker.errors import CatalogError

_OVERLAPS = """
    select count(*) from board_row a join board_row b
        on a.edition_id = b.edition_id and a.listing_id = b.listing_id and a.id < b.id
       and a.stream_id = b.stream_id
       and a.valid_from < coalesce(b.valid_to, '9') and b.valid_from < coalesce(a.valid_to, '9')
"""


def catalog_damage(url: str) -> list[str]:
    """Check pages, foreign keys and overlapping intervals of a catalog.

    Returns:
        One line per problem; empty if there is none or no catalog yet.
    """
    path = sqlite_path(url)
    if path is not None and not path.is_file():
        return []
    engine = open_engine(url, read_only=True)
    lines: list[str] = []
    try:
        with explained(url), engine.connect() as connection:
            if path is not None:
                pages = connection.execute(text("pragma integrity_check")).scalars()
                lines += [f"catalog {path}: {page}" for page in pages if page != "ok"]
                lost = connection.execute(text("pragma foreign_key_check"))
                lines += [f"catalog {path}: {r[0]} row {r[1]} refers to nothing" for r in lost]
            overlapping = connection.execute(text(_OVERLAPS)).scalar()
            if overlapping:
                lines.append(
                    f"catalog {shown(url)}: {overlapping} pairs of board rows overlap in time"
                )
    except CatalogError as error:
        lines.append(str(error))
    finally:
        engine.dispose()
    return lines
