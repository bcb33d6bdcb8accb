"""Rows that contradict each other are damage, also in a sound file or on a server."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import text

from tests.support.catalogs import Loaded
from tracker.catalog.engine import open_engine, sqlite_path
from tracker.catalog.integrity import catalog_damage
from tracker.catalog.sqlite_file import forget_checksum


def test_rows_of_a_listing_that_overlap_in_time_are_damage(
    told: Loaded, own_copy: Callable[[Loaded], Loaded]
) -> None:
    catalog = own_copy(told)
    assert catalog_damage(catalog.url) == []
    if path := sqlite_path(catalog.url):
        forget_checksum(path)
    engine = open_engine(catalog.url, read_only=False)
    with engine.begin() as connection:
        # A row that another one of its listing follows does not end any more.
        followed = connection.execute(
            text(
                "select a.id from board_row a join board_row b on b.stream_id = a.stream_id"
                " and b.edition_id = a.edition_id and b.listing_id = a.listing_id"
                " and b.valid_from = a.valid_to order by a.id limit 1"
            )
        ).scalar_one()
        connection.execute(text(f"update board_row set valid_to = null where id = {followed}"))
    engine.dispose()
    (line,) = catalog_damage(catalog.url)
    assert ": 1 board rows begin before the one before them ends; " in line
