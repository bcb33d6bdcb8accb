"""How a search finds its entries.

On SQLite the entries have an index of words (FTS5). Chinese has no blanks between words, so there
every character is a word of its own, and what is asked for is a phrase of characters: two are
found as well as ten. Other databases look for the words one after the other.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from sqlalchemy import Connection, and_, case, column, or_, select, table, text

_HAN = re.compile(r"([\u3400-\u9fff])")
_WORD = re.compile(r"\w+")
_MOST_WORDS = 16
"""Words of a question that count; more make it neither clearer nor faster."""

_SHOWN = ("kind", "key", "title_en", "title_zh", "about_en", "about_zh")
_ENTRY = table("search_entry", *map(column, (*_SHOWN, "words")))


def segmented(*texts: str | None) -> str:
    """Texts in one line in which every Chinese character stands alone."""
    whole = unicodedata.normalize("NFKC", " ".join(t for t in texts if t))
    return _HAN.sub(r" \1 ", whole)


def find(connection: Connection, question: str, limit: int) -> list[Any]:
    """Entries that have all words of a question, the best first.

    Args:
        connection: The catalog.
        question: Words in English, Chinese or both; the last one may be unfinished.
        limit: At most so many.
    """
    phrases = [" ".join(_WORD.findall(segmented(word))) for word in question.split()[:_MOST_WORDS]]
    phrases = [phrase for phrase in phrases if phrase]
    if not phrases:
        return []
    if _has_index(connection):
        return _find_indexed(connection, phrases, limit)
    told = _ENTRY.c
    titles = (told.title_en, told.title_zh)
    query, in_title = select(*(told[name] for name in _SHOWN)), []
    for word in question.split()[:_MOST_WORDS]:
        named = or_(*(title.icontains(word, autoescape=True) for title in titles))
        others = (told.about_en, told.about_zh, told.words, told.key)
        query = query.where(or_(named, *(o.icontains(word, autoescape=True) for o in others)))
        in_title.append(named)
    first = case((and_(*in_title), 0), else_=1)
    return list(connection.execute(query.order_by(first, told.kind, told.key).limit(limit)))


def _has_index(connection: Connection) -> bool:
    """Whether the catalog has an index of words; one that was never loaded has none yet."""
    if connection.dialect.name != "sqlite":
        return False
    query = "select 1 from sqlite_master where name = 'search_index'"
    return connection.execute(text(query)).first() is not None


def _find_indexed(connection: Connection, phrases: list[str], limit: int) -> list[Any]:
    match = " ".join(f'"{phrase}"' for phrase in phrases)
    if not _HAN.search(phrases[-1]):
        match += "*"  # the asker may still be typing it
    # What has all words in its title goes first, and of that what something is told of; then a
    # lower figure is a better one, and equals stand in order of their names.
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
    asked = {"match": match, "named": f"title : ({match})", "limit": limit}
    return list(connection.execute(text(query), asked))
