"""What a search can find, and how: one entry a model, paper, dataset, technique or comparison.

On SQLite the entries have an index of words (FTS5). Chinese has no blanks between words, so there
every character is a word of its own, and what is asked for is a phrase of characters: two are
found as well as ten. Other databases look for the words one after the other.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import orjson
from sqlalchemy import Connection, and_, case, delete, or_, select, text

from tracker.catalog import tables
from tracker.catalog.knowledge_tables import (
    ComparisonLine,
    Dataset,
    MethodComparison,
    SearchEntry,
)
from tracker.catalog.names import Ids, table_of

_HAN = re.compile(r"([\u3400-\u9fff])")
_WORD = re.compile(r"\w+")
_MOST_WORDS = 16
"""Words of a question that count; more make it neither clearer nor faster."""

Texts = dict[str, str | None]


def rebuild(connection: Connection) -> None:
    """Write the entries of everything that the catalog knows, and their index."""
    table = table_of(SearchEntry)
    connection.execute(delete(table))
    entries = Ids(connection, SearchEntry)
    ordered = sorted(_entries(connection), key=lambda one: (one["kind"] or "", one["key"] or ""))
    ids = [entries.add(**entry) for entry in ordered]
    entries.flush()
    if connection.dialect.name != "sqlite":
        return
    connection.execute(text("drop table if exists search_index"))
    connection.execute(
        text(
            "create virtual table search_index using fts5(title, about, words, content='',"
            " tokenize = 'porter unicode61 remove_diacritics 2')"
        )
    )
    rows = [
        {
            "id": id_,
            "title": segmented(entry["title_en"], entry["title_zh"]),
            "about": segmented(entry["about_en"], entry["about_zh"]),
            "words": segmented(entry["words"]),
        }
        for id_, entry in zip(ids, ordered, strict=True)
    ]
    if rows:
        statement = "insert into search_index (rowid, title, about, words)"
        connection.execute(text(f"{statement} values (:id, :title, :about, :words)"), rows)


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
    table = table_of(SearchEntry)
    titles = (table.c.title_en, table.c.title_zh)
    query, in_title = select(table), []
    for word in question.split()[:_MOST_WORDS]:
        named = or_(*(title.icontains(word, autoescape=True) for title in titles))
        others = (table.c.about_en, table.c.about_zh, table.c.words, table.c.key)
        query = query.where(or_(named, *(o.icontains(word, autoescape=True) for o in others)))
        in_title.append(named)
    first = case((and_(*in_title), 0), else_=1)
    return list(connection.execute(query.order_by(first, table.c.kind, table.c.key).limit(limit)))


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


def _entries(connection: Connection) -> Iterable[Texts]:
    yield from _models(connection)
    yield from _papers(connection)
    yield from _datasets(connection)
    yield from _terms(connection)
    yield from _comparisons(connection)


def _entry(
    kind: str, key: str, title: tuple[str, str], about: Texts, words: Iterable[Any]
) -> Texts:
    return {
        "kind": kind,
        "key": key,
        "title_en": title[0],
        "title_zh": title[1],
        "about_en": about["en"],
        "about_zh": about["zh"],
        "words": " ".join(dict.fromkeys(str(word) for word in words if word)),
    }


def _models(connection: Connection) -> Iterable[Texts]:
    term = table_of(tables.Term)
    labels: dict[str, tuple[str, str]] = {
        row.slug: (row.label_en, row.label_zh)
        for row in connection.execute(select(term.c.slug, term.c.label_en, term.c.label_zh))
    }
    fact = table_of(tables.Fact)
    said: dict[int, list[str]] = defaultdict(list)
    first: dict[int, Texts] = {}
    for row in connection.execute(select(fact).order_by(fact.c.model_id, fact.c.position)):
        words = (row.value, *labels.get(row.value, ()), row.statement_en, row.statement_zh)
        said[row.model_id] += [word for word in (*words, row.qualifier) if word]
        if row.property == "innovation" and row.statement_en:
            first.setdefault(row.model_id, {"en": row.statement_en, "zh": row.statement_zh})
    listing = table_of(tables.Listing)
    for row in connection.execute(
        select(listing.c.model_id, listing.c.label).order_by(listing.c.label)
    ):
        said[row.model_id].append(row.label)
    model = table_of(tables.Model)
    for row in connection.execute(select(model.c.id, model.c.name)):
        about = first.get(row.id, {"en": None, "zh": None})
        yield _entry("model", row.name, (row.name, row.name), about, said[row.id])


def _papers(connection: Connection) -> Iterable[Texts]:
    paper = table_of(tables.Paper)
    for row in connection.execute(select(paper)):
        title = row.title or row.arxiv_id
        about = {"en": row.introduces_en, "zh": row.introduces_zh}
        words = (row.arxiv_id, *orjson.loads(row.authors), row.venue, row.abstract)
        yield _entry("paper", row.arxiv_id, (title, title), about, words)


def _datasets(connection: Connection) -> Iterable[Texts]:
    dataset = table_of(Dataset)
    for row in connection.execute(select(dataset)):
        about = {"en": row.what_en, "zh": row.what_zh}
        words = (*orjson.loads(row.aliases), row.kind_en, row.kind_zh, row.note_en, row.note_zh)
        words += (row.size_en, row.size_zh, row.paper)
        yield _entry("dataset", row.slug, (row.name, row.name), about, words)


def _terms(connection: Connection) -> Iterable[Texts]:
    term = table_of(tables.Term)
    for row in connection.execute(select(term)):
        about = {"en": row.definition_en, "zh": row.definition_zh}
        title = (row.label_en, row.label_zh)
        words = (row.slug, row.paper, *orjson.loads(row.cues or "[]"))
        yield _entry("technique", f"{row.group}/{row.slug}", title, about, words)


def _comparisons(connection: Connection) -> Iterable[Texts]:
    line = table_of(ComparisonLine)
    said: dict[int, list[str]] = defaultdict(list)
    for row in connection.execute(select(line).order_by(line.c.position)):
        texts = (*orjson.loads(row.texts_en), *orjson.loads(row.texts_zh))
        said[row.comparison_id] += [row.topic_en, row.topic_zh, *texts]
    whole = table_of(MethodComparison)
    for row in connection.execute(select(whole)):
        about = {"en": row.summary_en, "zh": row.summary_zh}
        title = (row.title_en, row.title_zh)
        yield _entry("comparison", row.slug, title, about, said[row.id])
