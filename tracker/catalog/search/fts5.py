"""The full-text index of SQLite (FTS5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, text

from tracker.catalog.search.words import HAN, IndexEntry

TOKENIZER = "porter unicode61 remove_diacritics 2"
"""Tokenizer for all databases: words without accents, English ones as stems."""
WEIGHTS = (8.0, 3.0, 1.0)
"""How much a word counts in the title, in the description and elsewhere."""
_INDEX_EXISTS = "select 1 from sqlite_master where name = 'search_index'"


def write_index(connection: Connection, entries: Sequence[IndexEntry]) -> None:
    """Write the index of all search entries again."""
    connection.execute(text("drop table if exists search_index"))
    connection.execute(
        text(
            "create virtual table search_index using fts5(title, about, words, content='',"
            f" tokenize = '{TOKENIZER}')"
        )
    )
    if entries:
        statement = "insert into search_index (rowid, title, about, words)"
        connection.execute(
            text(f"{statement} values (:id, :title, :about, :words)"),
            [entry._asdict() for entry in entries],
        )


def find(connection: Connection, phrases: Sequence[str], limit: int) -> list[Any]:
    """Return the search entries that contain all phrases, best first."""
    if connection.execute(text(_INDEX_EXISTS)).first() is None:  # never loaded
        return []
    match = " ".join(f'"{phrase}"' for phrase in phrases)
    if not HAN.search(phrases[-1]):
        match += "*"  # the last word may be incomplete
    # First entries with all words in the title, among these entries with a description; then by
    # relevance (a lower bm25 is better), then by name.
    query = """
        select e.kind, e.key, e.title_en, e.title_zh, e.about_en, e.about_zh
          from search_index join search_entry e on e.id = search_index.rowid
         where search_index match :match
         order by case when search_index.rowid in
                    (select rowid from search_index where search_index match :named)
                  then 0 else 1 end,
                  case when e.about_en is null then 1 else 0 end,
                  round(bm25(search_index, :title, :about, :words), 6),
                  e.kind, e.key
         limit :limit
    """
    parameters = {"match": match, "named": f"title : ({match})", "limit": limit}
    weights = dict(zip(("title", "about", "words"), WEIGHTS, strict=True))
    return list(connection.execute(text(query), parameters | weights))
