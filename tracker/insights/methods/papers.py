"""Papers with everything that they are to the catalog."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import orjson
import polars as pl
from sqlalchemy import Connection, Row

from tracker.answers.boards import Bilingual, Term
from tracker.answers.methods import Dataset, Paper, PaperModel
from tracker.catalog import queries
from tracker.catalog.knowledge import queries as knowledge_queries
from tracker.common.text import did_you_mean
from tracker.errors import NotFoundError
from tracker.evidence.paper_names import WEAK
from tracker.insights.memo import once

_VERSIONED = re.compile(r"(?:.*/)?(\d{4}\.\d{4,5})(?:v\d+)?(?:\.pdf)?")


def read_paper(
    connection: Connection, arxiv_id: str, datasets: tuple[Dataset, ...], terms: tuple[Term, ...]
) -> Paper:
    """A paper by its arXiv id, with or without version, or by its address there.

    Raises:
        NotFoundError: No model, dataset or board refers to it.
    """
    written = _VERSIONED.fullmatch(arxiv_id.strip().removeprefix("arXiv:"))
    wanted = written.group(1) if written else arxiv_id
    row = knowledge_queries.paper(connection, wanted)
    if row is None:
        known = [paper.arxiv_id for paper in queries.papers(connection)]
        raise NotFoundError(
            f"no paper {wanted!r}", remedy=did_you_mean(wanted, known, "see: tracker papers")
        )
    return _paper(row, _models(connection).get(row.arxiv_id, ()), datasets, terms)


@once
def read_papers(
    connection: Connection, datasets: tuple[Dataset, ...], terms: tuple[Term, ...]
) -> tuple[Paper, ...]:
    """All papers, newest first."""
    models = _models(connection)
    return tuple(
        _paper(row, models.get(row.arxiv_id, ()), datasets, terms)
        for row in queries.papers(connection)
    )


def read_unmatched(
    connection: Connection, datasets: tuple[Dataset, ...], terms: tuple[Term, ...]
) -> tuple[Paper, ...]:
    """Papers of no confirmed model, dataset or term: first those with proposals, newest first."""
    found = (paper for paper in read_papers(connection, datasets, terms) if not paper.matters)
    return tuple(sorted(found, key=lambda paper: not paper.proposed))


def unmatched_frame(found: Iterable[Paper]) -> pl.DataFrame:
    """Papers that wait for a person, one line a proposed model, or one for none."""
    lines: list[tuple[str | None, ...]] = []
    for paper in found:
        told = (paper.arxiv_id, paper.published, paper.title)
        none: list[tuple[str | None, ...]] = [(None, None, None)]
        proposed = [(its.model, its.reason, its.strength) for its in paper.proposed]
        lines += [(*told, *one, paper.url) for one in proposed or none]
    columns = ("arxiv_id", "published", "title", "model", "reason", "strength", "url")
    return pl.DataFrame(lines, schema=dict.fromkeys(columns, pl.String), orient="row")


def _paper(
    row: Row[Any],
    models: tuple[PaperModel, ...],
    datasets: tuple[Dataset, ...],
    terms: tuple[Term, ...],
) -> Paper:
    return Paper(
        arxiv_id=row.arxiv_id,
        title=row.title,
        authors=tuple(orjson.loads(row.authors)),
        published=row.published,
        updated=row.updated,
        version=row.version,
        venue=row.venue,
        doi=row.doi,
        withdrawn=bool(row.withdrawn),
        introduces=Bilingual(row.introduces_en, row.introduces_zh) if row.introduces_en else None,
        abstract=row.abstract,
        url=f"https://arxiv.org/abs/{row.arxiv_id}",
        models=tuple(its for its in models if its.strength != WEAK),
        proposed=tuple(its for its in models if its.strength == WEAK),
        datasets=tuple(dataset.slug for dataset in datasets if dataset.paper == row.arxiv_id),
        terms=tuple(term.slug for term in terms if term.paper == row.arxiv_id),
    )


def _models(connection: Connection) -> dict[str, tuple[PaperModel, ...]]:
    """Models by paper; one that is linked for two reasons stands once."""
    found: dict[str, dict[str, PaperModel]] = defaultdict(dict)
    for row in knowledge_queries.models_of_papers(connection):
        role = Bilingual(row.role_en, row.role_zh) if row.role_en else None
        linked = PaperModel(row.model, row.slug, role, row.reason, row.strength)
        found[row.arxiv_id].setdefault(row.model, linked)
    return {arxiv_id: tuple(models.values()) for arxiv_id, models in found.items()}
