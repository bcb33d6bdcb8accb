"""Load curated facts, papers, relations, terms and notes; each load rewrites the tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import orjson
from sqlalchemy import Connection, delete, or_, select

from tracker.catalog import tables
from tracker.catalog.identity.absence_queries import WITHDRAWN
from tracker.catalog.ids import Ids, Names, table_of
from tracker.catalog.knowledge import candidate_tables
from tracker.catalog.knowledge import tables as knowledge_tables
from tracker.catalog.knowledge.declarations import declarations
from tracker.catalog.knowledge.library import REWRITTEN, write_library
from tracker.catalog.knowledge.papers import PaperRows, cited_by_models, cited_works
from tracker.catalog.knowledge.receipts import receipt_columns
from tracker.curated import Curated
from tracker.evidence.paper_names import STRONG
from tracker.receipts.judging import Judge
from tracker.snapshots.store import Archive
from tracker.sources import arxiv_papers

_REWRITTEN = (
    knowledge_tables.EvidenceTable,
    knowledge_tables.FactTable,
    knowledge_tables.PaperLinkTable,
    knowledge_tables.PaperTable,
    tables.RelationTable,
    knowledge_tables.TermTable,
    tables.BoardNoteTable,
    tables.CorrectionTable,
    *REWRITTEN,
)

# Curated kinds of relation; the catalog distinguishes copies, which may be on a board together with
# their original, from former names, which may not.
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
    archive: Archive | None = None,
) -> None:
    """Write vocabulary, facts with evidence, relations, notes and corrections.

    Args:
        connection: The transaction of the load.
        names: Ids of the catalog; curated models that no board lists are added.
        curated: The curated records.
        archive: Bytes of cited sources, by which receipts are judged before what is on record.
    """
    for model in _REWRITTEN:
        connection.execute(delete(table_of(model)))
    judge = Judge(archive, curated.receipts)
    _write_facts(connection, names, curated, judge)
    relations = list(_relations(names, curated))
    names.flush()
    _insert(connection, tables.RelationTable, relations)
    _insert(connection, knowledge_tables.TermTable, _terms(curated))
    write_library(connection, names, curated, judge)
    _insert(connection, tables.BoardNoteTable, _board_notes(curated))
    _insert(connection, tables.CorrectionTable, _corrections(curated))


def _relations(names: Names, curated: Curated) -> Iterator[dict[str, Any]]:
    for relation in curated.relations:
        yield {
            "model_id": names.model(relation.model),
            "other_id": names.model(relation.of),
            "kind": _KINDS[relation.kind],
            "status": "curated",
            "reason_en": relation.reason.en,
            "reason_zh": relation.reason.zh,
            "since": str(relation.date) if relation.date else None,
            "source": relation.source,
        }


def _terms(curated: Curated) -> Iterator[dict[str, Any]]:
    for term in curated.terms:
        yield {
            "group": term.group,
            "slug": term.slug,
            "label_en": term.label.en,
            "label_zh": term.label.zh,
            "definition_en": term.definition.en,
            "definition_zh": term.definition.zh,
            "paper": term.paper,
            "cues": orjson.dumps(term.cues).decode(),
        }


def _corrections(curated: Curated) -> Iterator[dict[str, Any]]:
    for correction in curated.corrections:
        yield {
            "model": correction.model,
            "property": correction.property,
            "wrong": correction.wrong,
            "right": correction.right,
            "reason_en": correction.reason.en,
            "reason_zh": correction.reason.zh,
            "source": correction.source,
        }


def _insert(connection: Connection, model: Any, rows: Iterable[dict[str, Any]]) -> None:
    ids = Ids(connection, model)
    for row in rows:
        ids.add(**row)
    ids.flush()


def _write_facts(connection: Connection, names: Names, curated: Curated, judge: Judge) -> None:
    facts, receipts = (
        Ids(connection, knowledge_tables.FactTable),
        Ids(connection, knowledge_tables.EvidenceTable),
    )
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
            for evidence in fact.evidence:
                receipts.add(fact_id=fact_id, **receipt_columns(evidence, judge))
    names.flush()
    facts.flush()
    receipts.flush()


def load_declared(
    connection: Connection,
    names: Names,
    curated: Curated,
    papers: Iterable[arxiv_papers.PaperRecord],
) -> None:
    """Write papers, and what the newest registry declares of the models in the catalog.

    Call it after :func:`load_knowledge`, when all models are there: also those that only a
    computed board lists.

    Args:
        connection: The transaction of the load.
        names: Ids of the catalog.
        curated: The curated records.
        papers: Metadata from arXiv.
    """
    _write_papers(connection, names, curated, papers)
    _write_declared_facts(connection, names, curated)


def _write_declared_facts(connection: Connection, names: Names, curated: Curated) -> None:
    facts, receipts = (
        Ids(connection, knowledge_tables.FactTable),
        Ids(connection, knowledge_tables.EvidenceTable),
    )
    for declared in declarations(connection, names, curated):
        fact_id = facts.add(
            model_id=names.model(declared.model),
            position=0,
            property=declared.property,
            value=declared.value,
            statement_en=None,
            statement_zh=None,
            qualifier=None,
        )
        receipts.add(fact_id=fact_id, **declared.receipt)
    names.flush()
    facts.flush()
    receipts.flush()


def _write_papers(
    connection: Connection,
    names: Names,
    curated: Curated,
    fetched: Iterable[arxiv_papers.PaperRecord],
) -> None:
    """Write all papers that anything cites, and the links of papers to models."""
    by_models = list(cited_by_models(connection, names.models))
    refs = [(model, ref) for model in curated.models for ref in model.papers]
    works = cited_works(connection)
    papers = PaperRows(connection, works, fetched=fetched, curated=curated.papers)
    papers.add_all((*works, *(ref.arxiv for _, ref in refs), *(id_ for _, id_ in by_models)))
    links: dict[tuple[int, int, str], dict[str, Any]] = {}

    def link(model_id: int, arxiv_id: str, reason: str, role: Any = None) -> None:
        links.setdefault(
            (model_id, papers[arxiv_id], reason),
            {
                "model_id": model_id,
                "paper_id": papers[arxiv_id],
                "reason": reason,
                "strength": STRONG,
                "role_en": role.en if role else None,
                "role_zh": role.zh if role else None,
            },
        )

    for model, ref in refs:
        link(names.model(model.name), ref.arxiv, "curated", ref.role)
    for model_id, arxiv_id in by_models:
        link(model_id, arxiv_id, "cited in the model's BibTeX")
    _insert(connection, knowledge_tables.PaperLinkTable, links.values())


def cited_ids(connection: Connection) -> list[str]:
    """Return all arXiv ids that the catalog cites: curated, in BibTeX, or tagged on the Hub.

    Papers that were only discovered are left out; their metadata is already complete.
    """
    paper, link = table_of(knowledge_tables.PaperTable), table_of(knowledge_tables.PaperLinkTable)
    about = table_of(tables.BoardAboutTable)
    others = (table_of(knowledge_tables.TermTable), table_of(knowledge_tables.DatasetTable))
    read = table_of(candidate_tables.CandidateTable)
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
    for withdrawal in curated.withdrawals:
        yield {
            "board": "",
            "kind": WITHDRAWN,
            "model": withdrawal.model,
            "valid_from": str(withdrawal.date),
            "valid_to": None,
            "text_en": withdrawal.text.en,
            "text_zh": withdrawal.text.zh,
            "source": withdrawal.source,
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
