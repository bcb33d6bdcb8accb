"""Papers with the models, datasets and terms that refer to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import orjson
from sqlalchemy import Row

from tracker.answers.common import Bilingual
from tracker.answers.methods import Paper, PaperModel
from tracker.catalog import queries
from tracker.catalog.knowledge import queries as knowledge_queries
from tracker.catalog.knowledge.citation_queries import cited_by
from tracker.common.arxiv_ids import parse_id
from tracker.common.author_names import read_authors
from tracker.common.checks import check_type
from tracker.common.text import did_you_mean
from tracker.errors import NotFoundError
from tracker.evidence.paper_names import WEAK
from tracker.insights.methods.datasets import read_datasets
from tracker.insights.methods.withdrawals import reason_of_withdrawal
from tracker.insights.models.model import read_terms
from tracker.insights.reader import Reader, memoised


def read_paper(reader: Reader, arxiv_id: str) -> Paper:
    """Read a paper by its arXiv id in any spelling: with version, as an address, full-width.

    Raises:
        NotFoundError: No model, dataset or board refers to it.
    """
    check_type("arxiv_id", arxiv_id, str)
    spelled = parse_id(arxiv_id)
    wanted = spelled.id if spelled else arxiv_id
    row = knowledge_queries.paper(reader.connection, wanted)
    if row is None:
        known = [paper.arxiv_id for paper in queries.papers(reader.connection)]
        raise NotFoundError(
            f"no paper {wanted!r}", remedy=did_you_mean(wanted, known, "see: tracker papers")
        )
    return _paper(reader, row)


@memoised
def read_papers(reader: Reader) -> tuple[Paper, ...]:
    """Read all papers, newest first."""
    return tuple(_paper(reader, row) for row in queries.papers(reader.connection))


def matching(papers: Iterable[Paper], words: str) -> tuple[Paper, ...]:
    """Papers with all words in id, title or authors; hyphens and plurals do not matter."""
    wanted = [word.removesuffix("s") for word in _folded(words).split()]
    return tuple(
        paper
        for paper in papers
        if all(
            word in _folded(f"{paper.arxiv_id} {paper.title or ''} {', '.join(paper.authors)}")
            for word in wanted
        )
    )


def _folded(text: str) -> str:
    return text.casefold().replace("-", " ")


def read_unmatched(reader: Reader) -> tuple[Paper, ...]:
    """Read papers without a confirmed model, dataset or term, those with proposals first."""
    found = (paper for paper in read_papers(reader) if not paper.matters)
    return tuple(sorted(found, key=lambda paper: not paper.proposed))


def _paper(reader: Reader, row: Row[Any]) -> Paper:
    models = _models(reader).get(row.arxiv_id, ())
    names, all_authors = read_authors(orjson.loads(row.authors))
    return Paper(
        arxiv_id=row.arxiv_id,
        title=row.title,
        authors=tuple(map(str, names)),
        published=row.published,
        updated=row.updated,
        version=row.version,
        venue=row.venue,
        doi=row.doi,
        withdrawn=bool(row.withdrawn),
        introduces=Bilingual(row.introduces_en, row.introduces_zh) if row.introduces_en else None,
        abstract=row.abstract,
        url=f"https://arxiv.org/abs/{row.arxiv_id}",
        models=tuple(model for model in models if model.strength != WEAK),
        proposed=tuple(model for model in models if model.strength == WEAK),
        datasets=tuple(d.slug for d in read_datasets(reader) if d.paper == row.arxiv_id),
        terms=tuple(term.slug for term in read_terms(reader) if term.paper == row.arxiv_id),
        tasks=_cited_by(reader, "task").get(row.arxiv_id, ()),
        boards=_cited_by(reader, "board").get(row.arxiv_id, ()),
        categories=tuple(orjson.loads(row.categories)),
        withdrawn_because=reason_of_withdrawal(row),
        names=names,
        all_authors=all_authors,
    )


@memoised
def _cited_by(reader: Reader, citing: str) -> dict[str, tuple[str, ...]]:
    return cited_by(reader.connection, citing)


@memoised
def _models(reader: Reader) -> dict[str, tuple[PaperModel, ...]]:
    """Read models by paper; a model that is linked for two reasons is listed once."""
    found: dict[str, dict[str, PaperModel]] = defaultdict(dict)
    for row in knowledge_queries.models_of_papers(reader.connection):
        role = Bilingual(row.role_en, row.role_zh) if row.role_en else None
        linked = PaperModel(row.model, row.slug, role, row.reason, row.strength)
        found[row.arxiv_id].setdefault(row.model, linked)
    return {arxiv_id: tuple(models.values()) for arxiv_id, models in found.items()}
