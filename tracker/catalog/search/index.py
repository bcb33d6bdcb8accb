"""Write the search entries.

There is one per model, organisation, paper, dataset, technique and comparison.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import orjson
from sqlalchemy import Connection, delete, select

from tracker.catalog import tables
from tracker.catalog.dialects import dialect_of
from tracker.catalog.ids import Ids, table_of
from tracker.catalog.knowledge import tables as knowledge_tables
from tracker.catalog.search.words import IndexEntry, segmented

Texts = dict[str, str | None]
"""Values of a search entry by column, or of a text by language."""


def rebuild(connection: Connection) -> None:
    """Rewrite all search entries and their full-text index."""
    table = table_of(knowledge_tables.SearchEntryTable)
    connection.execute(delete(table))
    entries = Ids(connection, knowledge_tables.SearchEntryTable)
    rows = sorted(_entries(connection), key=lambda row: (row["kind"] or "", row["key"] or ""))
    for row in rows:
        entries.add(**row)
    entries.flush()
    write_index(connection)


def write_index(connection: Connection) -> None:
    """Write the full-text index of the stored search entries again."""
    entry = table_of(knowledge_tables.SearchEntryTable)
    rows = connection.execute(select(entry).order_by(entry.c.id))
    dialect_of(connection).write_index(
        connection,
        [
            IndexEntry(
                row.id,
                segmented(row.title_en, row.title_zh),
                segmented(row.about_en, row.about_zh),
                segmented(row.words),
            )
            for row in rows
        ],
    )


def _entries(connection: Connection) -> Iterable[Texts]:
    yield from _models(connection)
    yield from _organisations(connection)
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
    term = table_of(knowledge_tables.TermTable)
    labels: dict[str, tuple[str, str]] = {
        row.slug: (row.label_en, row.label_zh)
        for row in connection.execute(select(term.c.slug, term.c.label_en, term.c.label_zh))
    }
    fact = table_of(knowledge_tables.FactTable)
    texts: dict[int, list[str]] = defaultdict(list)
    first: dict[int, Texts] = {}
    for row in connection.execute(select(fact).order_by(fact.c.model_id, fact.c.position)):
        words = (row.value, *labels.get(row.value, ()), row.statement_en, row.statement_zh)
        texts[row.model_id] += [word for word in (*words, row.qualifier) if word]
        if row.property == "innovation" and row.statement_en:
            first.setdefault(row.model_id, {"en": row.statement_en, "zh": row.statement_zh})
    listing = table_of(tables.ListingTable)
    for row in connection.execute(
        select(listing.c.model_id, listing.c.label).order_by(listing.c.label)
    ):
        texts[row.model_id].append(row.label)
    model = table_of(tables.ModelTable)
    for row in connection.execute(select(model.c.id, model.c.name)):
        about = first.get(row.id, {"en": None, "zh": None})
        yield _entry("model", row.name, (row.name, row.name), about, texts[row.id])


def _organisations(connection: Connection) -> Iterable[Texts]:
    organisation = table_of(knowledge_tables.OrganisationTable)
    rows = list(connection.execute(select(organisation)))
    names = {row.slug: (row.name_en, row.name_zh) for row in rows}
    for row in rows:
        above = names[row.parent] if row.parent else (None, None)
        words = (row.slug, *orjson.loads(row.owners), *orjson.loads(row.aliases), *above)
        about = {"en": above[0], "zh": above[1]}
        yield _entry("organisation", row.slug, (row.name_en, row.name_zh), about, words)


def _papers(connection: Connection) -> Iterable[Texts]:
    paper = table_of(knowledge_tables.PaperTable)
    for row in connection.execute(select(paper)):
        title = row.title or row.arxiv_id
        about = {"en": row.introduces_en, "zh": row.introduces_zh}
        words = (row.arxiv_id, *orjson.loads(row.authors), row.venue, row.abstract)
        yield _entry("paper", row.arxiv_id, (title, title), about, words)


def _datasets(connection: Connection) -> Iterable[Texts]:
    dataset = table_of(knowledge_tables.DatasetTable)
    for row in connection.execute(select(dataset)):
        about = {"en": row.what_en, "zh": row.what_zh}
        words = (*orjson.loads(row.aliases), row.kind_en, row.kind_zh, row.note_en, row.note_zh)
        words += (row.size_en, row.size_zh, row.paper)
        yield _entry("dataset", row.slug, (row.name, row.name), about, words)


def _terms(connection: Connection) -> Iterable[Texts]:
    term = table_of(knowledge_tables.TermTable)
    for row in connection.execute(select(term)):
        about = {"en": row.definition_en, "zh": row.definition_zh}
        title = (row.label_en, row.label_zh)
        words = (row.slug, row.paper, *orjson.loads(row.cues or "[]"))
        yield _entry("technique", f"{row.group}/{row.slug}", title, about, words)


def _comparisons(connection: Connection) -> Iterable[Texts]:
    statement = table_of(knowledge_tables.ComparisonLineTable)
    texts: dict[int, list[str]] = defaultdict(list)
    for row in connection.execute(select(statement).order_by(statement.c.position)):
        of_statement = (*orjson.loads(row.texts_en), *orjson.loads(row.texts_zh))
        texts[row.comparison_id] += [row.topic_en, row.topic_zh, *of_statement]
    comparison = table_of(knowledge_tables.MethodComparisonTable)
    for row in connection.execute(select(comparison)):
        about = {"en": row.summary_en, "zh": row.summary_zh}
        title = (row.title_en, row.title_zh)
        yield _entry("comparison", row.slug, title, about, texts[row.id])
