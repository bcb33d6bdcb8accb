"""Find search entries.

On SQLite they have a full-text index (FTS5). Chinese has no blanks between words, so the index
treats every Chinese character as a word and searches Chinese text as a phrase of characters. Other
databases compare the words one after the other.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from sqlalchemy import Connection, and_, case, column, or_, select, table, text

_HAN = re.compile(r"([\u3400-\u9fff])")
_WORD = re.compile(r"\w+")
_MAX_WORDS = 16
"""Words of a query that are used; further words are ignored."""

_SHOWN = ("kind", "key", "title_en", "title_zh", "about_en", "about_zh")
_ENTRY = table("search_entry", *map(column, (*_SHOWN, "words")))


def segmented(*texts: str | None) -> str:
    """Join texts, with blanks around each Chinese character."""
    whole = unicodedata.normalize("NFKC", " ".join(t for t in texts if t))
    return _HAN.sub(r" \1 ", whole)


def find(connection: Connection, query: str, limit: int) -> list[Any]:
    """Return entries that contain all words of a query, best first.

    Args:
        connection: The catalog.
        query: Words in English, Chinese or both; the last one may be incomplete.
        limit: Maximum number of entries.
    """
    words = query.split()[:_MAX_WORDS]
    phrases = [" ".join(_WORD.findall(segmented(word))) for word in words]
    phrases = [phrase for phrase in phrases if phrase]
    if not phrases:
        return []
    if _has_index(connection):
        return _find_indexed(connection, phrases, limit)
    return _find_by_comparison(connection, words, limit)


def _find_by_comparison(connection: Connection, words: list[str], limit: int) -> list[Any]:
    entry = _ENTRY.c
    titles = (entry.title_en, entry.title_zh)
    query, in_title = select(*(entry[name] for name in _SHOWN)), []
    for word in words:
        in_any_title = or_(*(title.icontains(word, autoescape=True) for title in titles))
        others = (entry.about_en, entry.about_zh, entry.words, entry.key)
        elsewhere = (other.icontains(word, autoescape=True) for other in others)
        query = query.where(or_(in_any_title, *elsewhere))
        in_title.append(in_any_title)
    titles_first = case((and_(*in_title), 0), else_=1)
    ordered = query.order_by(titles_first, entry.kind, entry.key).limit(limit)
    return list(connection.execute(ordered))


def _has_index(connection: Connection) -> bool:
    """Return whether the catalog has a full-text index; an unloaded catalog has none."""
    if connection.dialect.name != "sqlite":
        return False
    query = "select 1 from sqlite_master where name = 'search_index'"
    return connection.execute(text(query)).first() is not None


def _find_indexed(connection: Connection, phrases: list[str], limit: int) -> list[Any]:
    match = " ".join(f'"{phrase}"' for phrase in phrases)
    if not _HAN.search(phrases[-1]):
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
                  round(bm25(search_index, 8.0, 3.0, 1.0), 6),
                  e.kind, e.key
         limit :limit
    """
    parameters = {"match": match, "named": f"title : ({match})", "limit": limit}
    return list(connection.execute(text(query), parameters))
