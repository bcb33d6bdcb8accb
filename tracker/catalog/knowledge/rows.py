"""Curated knowledge and papers to rows. These tables are rewritten whole by every load."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import Connection, delete, or_, select

from tracker import curated as knowledge
from tracker.catalog import tables
from tracker.catalog.ids import Ids, Names, table_of
from tracker.catalog.knowledge import evidence_tables
from tracker.catalog.knowledge import tables as knowledge_tables
from tracker.catalog.knowledge.library import REWRITTEN, write_library
from tracker.catalog.models.absence_queries import WITHDRAWN
from tracker.curated import Curated
from tracker.evidence.paper_names import STRONG
from tracker.sources import arxiv_papers

_REWRITTEN = (
    tables.Evidence,
    tables.Fact,
    tables.PaperLink,
    tables.Paper,
    tables.Relation,
    tables.Term,
    tables.BoardNote,
    tables.Correction,
    *REWRITTEN,
)

# Curated kinds of one identity; the catalog tells copies, which may stand beside their original,
# from former names, which do not.
_KINDS = {
    "copy": "copy",
    "reupload": "copy",
    "quantised": "copy",
    "moved": "moved",
    "renamed": "moved",
    "distinct": "distinct",
}


def load_knowledge(
    connection: Connection,
    names: Names,
    curated: Curated,
    papers: Iterable[arxiv_papers.PaperRecord],
) -> None:
    """Write what people know: vocabulary, facts with evidence, papers, relations, notes.

    Args:
        connection: The load's transaction.
        names: Names of the catalog; curated models that no board lists are added.
        curated: The curated files.
        papers: Metadata from arXiv.
    """
    for model in _REWRITTEN:
        connection.execute(delete(table_of(model)))
    _write_facts(connection, names, curated)
    paper_ids = _write_papers(connection, curated, {p.arxiv_id: p for p in papers})
    _write_paper_links(connection, names, curated, paper_ids)
    relations = [
        {
            "model_id": names.model(r.model),
            "other_id": names.model(r.of),
            "kind": _KINDS[r.kind],
            "status": "curated",
            "reason_en": r.reason.en,
            "reason_zh": r.reason.zh,
            "since": str(r.date) if r.date else None,
            "source": r.source,
        }
        for r in curated.relations
    ]
    names.flush()
    _insert(connection, tables.Relation, relations)
    _insert(
        connection,
        tables.Term,
        [
            {
                "group": t.group,
                "slug": t.slug,
                "label_en": t.label.en,
                "label_zh": t.label.zh,
                "definition_en": t.definition.en,
                "definition_zh": t.definition.zh,
                "paper": t.paper,
                "cues": orjson.dumps(t.cues).decode(),
            }
            for t in curated.terms
        ],
    )
    write_library(connection, names, curated)
    _insert(connection, tables.BoardNote, _board_notes(curated))
    _insert(
        connection,
        tables.Correction,
        [
            {
                "model": c.model,
                "property": c.property,
                "wrong": c.wrong,
                "right": c.right,
                "reason_en": c.reason.en,
                "reason_zh": c.reason.zh,
                "source": c.source,
            }
            for c in curated.corrections
        ],
    )


def _insert(connection: Connection, model: Any, rows: Iterable[dict[str, Any]]) -> None:
    ids = Ids(connection, model)
    for row in rows:
        ids.add(**row)
    ids.flush()


def _write_facts(connection: Connection, names: Names, curated: Curated) -> None:
    facts, receipts = Ids(connection, tables.Fact), Ids(connection, tables.Evidence)
    for model in curated.models:
        model_id = names.model(model.name)
        for position, fact in enumerate(model.facts):
            statement = fact.statement
            fact_id = facts.add(
                model_id=model_id,
                position=position,
                property=fact.property,
                value=fact.value,
                statement_en=statement.en if statement else None,
                statement_zh=statement.zh if statement else None,
                qualifier=fact.qualifier,
            )
            for e in fact.evidence:
                receipts.add(
                    fact_id=fact_id,
                    kind="curated",
                    source=e.source,
                    locator=e.locator,
                    confidence=e.confidence,
                    date=str(e.checked) if e.checked else None,
                    note=e.note,
                )
    names.flush()
    facts.flush()
    receipts.flush()


def _write_papers(
    connection: Connection, curated: Curated, fetched: Mapping[str, arxiv_papers.PaperRecord]
) -> dict[str, int]:
    by_id: dict[str, knowledge.PaperEntry] = {p.arxiv_id: p for p in curated.papers}
    cited = {ref.arxiv for model in curated.models for ref in model.papers}
    papers = Ids(connection, tables.Paper)
    ids: dict[str, int] = {}
    for arxiv_id in sorted(by_id.keys() | fetched.keys() | cited):
        paper, record = by_id.get(arxiv_id), fetched.get(arxiv_id)
        introduces = paper.introduces if paper else None
        authors: Iterable[str] = record.authors if record else paper.authors if paper else ()
        submitted = str(paper.submitted) if paper and paper.submitted else None
        ids[arxiv_id] = papers.add(
            arxiv_id=arxiv_id,
            title=record.title if record else paper.title if paper else None,
            authors=orjson.dumps(list(authors)).decode(),
            version=record.version if record else None,
            published=record.published[:10] if record else submitted,
            updated=record.updated[:10] if record else None,
            abstract=record.abstract if record else None,
            categories=orjson.dumps(list(record.categories) if record else []).decode(),
            comment=record.comment if record else None,
            doi=record.doi if record else None,
            venue=(record.journal_ref if record else None) or (paper.venue if paper else None),
            withdrawn=record.withdrawn if record else False,
            introduces_en=introduces.en if introduces else None,
            introduces_zh=introduces.zh if introduces else None,
        )
    papers.flush()
    return ids


def _write_paper_links(
    connection: Connection, names: Names, curated: Curated, paper_ids: dict[str, int]
) -> None:
    links: dict[tuple[int, int, str], dict[str, Any]] = {}

    def link(model_id: int, arxiv_id: str, reason: str, role: Any = None) -> None:
        links.setdefault(
            (model_id, paper_ids[arxiv_id], reason),
            {
                "model_id": model_id,
                "paper_id": paper_ids[arxiv_id],
                "reason": reason,
                "strength": STRONG,
                "role_en": role.en if role else None,
                "role_zh": role.zh if role else None,
            },
        )

    for model in curated.models:
        for ref in model.papers:
            link(names.model(model.name), ref.arxiv, "curated", ref.role)
    cited = list(_cited(connection))
    papers = Ids(connection, tables.Paper)
    for arxiv_id in sorted({arxiv_id for _, arxiv_id in cited} - paper_ids.keys()):
        paper_ids[arxiv_id] = papers.add(**known_by_id(arxiv_id, papers.columns))
    papers.flush()
    for model_id, arxiv_id in cited:
        link(model_id, arxiv_id, "cited in the model's BibTeX")
    _insert(connection, tables.PaperLink, links.values())


def known_by_id(arxiv_id: str, columns: Iterable[str]) -> dict[str, Any]:
    """A paper that something refers to, until its metadata is fetched."""
    known = {"arxiv_id": arxiv_id, "authors": "[]", "categories": "[]", "withdrawn": False}
    return dict.fromkeys(columns) | known


def _cited(connection: Connection) -> Iterable[tuple[int, str]]:
    """Papers that the BibTeX of the newest model records cites."""
    record, listing = table_of(tables.ModelRecord), table_of(tables.Listing)
    query = (
        select(listing.c.model_id, record.c.properties)
        .join(listing, listing.c.id == record.c.listing_id)
        .where(record.c.valid_to.is_(None), record.c.properties.contains('"citation"'))
    )
    find_ids = lru_cache(arxiv_papers.find_ids)  # the models of a family cite the same
    for model_id, properties in connection.execute(query):
        for arxiv_id in find_ids(orjson.loads(properties)["citation"]):
            yield model_id, arxiv_id


def cited_ids(connection: Connection) -> list[str]:
    """Every arXiv id that the catalog refers to: curated, BibTeX of models and boards, Hub tags.

    Not those that a discovery found and nothing refers to: they are as they were found.
    """
    paper, link = table_of(tables.Paper), table_of(tables.PaperLink)
    about = table_of(tables.BoardAbout)
    others = (table_of(tables.Term), table_of(knowledge_tables.Dataset))
    read = table_of(evidence_tables.Candidate)
    tagged = select(read.c.value).where(read.c.property == "paper")
    linked = (
        select(paper.c.arxiv_id)
        .outerjoin(link, link.c.paper_id == paper.c.id)
        .where(or_(link.c.id.is_not(None), paper.c.version.is_(None)))
    )
    known = linked.union(tagged, *(select(t.c.paper).where(t.c.paper.is_not(None)) for t in others))
    found = set(connection.execute(known).scalars())
    for row in connection.execute(select(about.c.citation, about.c.reference)):
        for text in row:
            found.update(arxiv_papers.find_ids(text or ""))
    return sorted(found)


def _board_notes(curated: Curated) -> Iterable[dict[str, Any]]:
    editions = {series.slug: series.editions for series in curated.series}
    for note in curated.notes:
        for board in editions.get(note.board, (note.board,)):
            yield {
                "board": board,
                "kind": "disputed-leader",
                "model": note.model,
                "valid_from": note.since,
                "valid_to": note.until,
                "text_en": note.text.en,
                "text_zh": note.text.zh,
                "source": note.source,
            }
    for gone in curated.withdrawals:
        yield {
            "board": "",
            "kind": WITHDRAWN,
            "model": gone.model,
            "valid_from": str(gone.date),
            "valid_to": None,
            "text_en": gone.text.en,
            "text_zh": gone.text.zh,
            "source": gone.source,
        }
    for span in curated.broken_spans:
        for folder in span.folders:
            yield {
                "board": f"published/{folder}",
                "kind": "broken-span",
                "model": None,
                "valid_from": span.since,
                "valid_to": span.until,
                "text_en": span.text.en,
                "text_zh": span.text.zh,
                "source": None,
            }
    for published in curated.boards:
        if published.note:
            yield {
                "board": f"published/{published.folder}",
                "kind": "remark",
                "model": None,
                "valid_from": None,
                "valid_to": None,
                "text_en": published.note.en,
                "text_zh": published.note.zh,
                "source": None,
            }
