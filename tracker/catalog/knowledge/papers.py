"""Write papers: arXiv's metadata first, then curated files, then what registries cite.

The month is known of every paper, because it is a part of the id.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import Connection, select

from tracker.catalog import tables
from tracker.catalog.ids import Ids, table_of
from tracker.catalog.knowledge.citation_queries import cited_by, registered_citations
from tracker.catalog.knowledge.tables import PaperTable
from tracker.catalog.queries import all_rows
from tracker.common.arxiv_ids import find_ids, month_of
from tracker.common.author_names import OTHERS
from tracker.curated import PaperEntry
from tracker.evidence.bibliography import describe_papers
from tracker.sources.arxiv_papers import PaperRecord
from tracker.sources.citations import CitedWork, read_citations


class PaperRows:
    """The table of papers while a load writes it; a paper that is new is described."""

    def __init__(
        self,
        connection: Connection,
        cited: Mapping[str, CitedWork],
        *,
        fetched: Iterable[PaperRecord] = (),
        curated: Iterable[PaperEntry] = (),
    ) -> None:
        """Start from the papers in the table.

        Args:
            connection: The transaction of the load.
            cited: Descriptions by arXiv id, see ``cited_works``.
            fetched: Metadata from arXiv.
            curated: Curated papers.
        """
        self._rows = Ids(connection, PaperTable)
        self._cited = cited
        self._fetched = {paper.arxiv_id: paper for paper in fetched}
        self._curated = {paper.arxiv_id: paper for paper in curated}
        known = all_rows(connection, "select id, arxiv_id from paper")
        self._ids: dict[str, int] = {row.arxiv_id: row.id for row in known}

    def add_all(self, arxiv_ids: Iterable[str]) -> None:
        """Add the papers that are new, and all that are curated or fetched, and write them."""
        for arxiv_id in sorted({*arxiv_ids, *self._fetched, *self._curated} - self._ids.keys()):
            self._ids[arxiv_id] = self._rows.add(**self._columns(arxiv_id))
        self._rows.flush()

    def __getitem__(self, arxiv_id: str) -> int:
        """Row id of a paper that was added."""
        return self._ids[arxiv_id]

    def _columns(self, arxiv_id: str) -> dict[str, Any]:
        record, cited = self._fetched.get(arxiv_id), self._cited.get(arxiv_id)
        paper = self._curated.get(arxiv_id)
        introduces = paper.introduces if paper else None
        submitted = str(paper.submitted) if paper and paper.submitted else month_of(arxiv_id)
        sources = [source for source in (record, paper, cited) if source is not None]
        category = [cited.category] if cited and cited.category else []
        return {
            "arxiv_id": arxiv_id,
            "title": next((source.title for source in sources), None),
            "authors": orjson.dumps(_authors(record, paper, cited)).decode(),
            "version": record.version if record else None,
            "published": record.published[:10] if record else submitted,
            "updated": record.updated[:10] if record else None,
            "abstract": record.abstract if record else None,
            "categories": orjson.dumps(list(record.categories) if record else category).decode(),
            "comment": record.comment if record else None,
            "doi": (record.doi if record else None) or (cited.doi if cited else None),
            "venue": (record.journal_ref if record else None)
            or (paper.venue if paper else None)
            or _dated_venue(cited),
            "withdrawn": record.withdrawn if record else False,
            "introduces_en": introduces.en if introduces else None,
            "introduces_zh": introduces.zh if introduces else None,
        }


def _authors(
    record: PaperRecord | None, paper: PaperEntry | None, cited: CitedWork | None
) -> list[str]:
    """All authors where a source lists all; otherwise those that are listed, then ``others``."""
    if record is not None:
        return list(record.authors)
    listed = [*paper.authors, *([OTHERS] if paper.more_authors else [])] if paper else []
    other = list(cited.authors) if cited else []
    if not listed or (OTHERS in listed and other and OTHERS not in other):
        return other
    return listed


def _dated_venue(cited: CitedWork | None) -> str | None:
    """A venue with its year, which differs from the year of the preprint."""
    if cited is None or cited.venue is None:
        return None
    year = (cited.date or "")[:4]
    return f"{cited.venue}, {year}" if year and year not in cited.venue else cited.venue


def cited_works(connection: Connection) -> Mapping[str, CitedWork]:
    """Describe papers by the BibTeX in the newest registry: of models, tasks and boards."""
    quoted = Counter(text for _, text in registered_citations(connection))
    return _described(tuple(quoted.items()))


@lru_cache(maxsize=1)
def _described(quoted: tuple[tuple[str, int], ...]) -> Mapping[str, CitedWork]:
    """Describe papers by texts with BibTeX, each with its number; loads in a row have the same."""
    read = ((read_citations(text), n) for text, n in quoted)
    return describe_papers(work for works, n in read for work in works for _ in range(n))


def cited_by_models(connection: Connection, models: Mapping[str, int]) -> Iterator[tuple[int, str]]:
    """Yield model id and arXiv id for papers cited in the BibTeX of the newest model records.

    Args:
        connection: The transaction of the load.
        models: Ids of the models in the catalog, by name.
    """
    record, listing = table_of(tables.ModelRecordTable), table_of(tables.ListingTable)
    query = (
        select(listing.c.model_id, record.c.properties)
        .join(listing, listing.c.id == record.c.listing_id)
        .where(record.c.valid_to.is_(None), record.c.properties.contains('"citation"'))
    )
    ids_in = lru_cache(find_ids)  # models of a family cite the same papers
    for model_id, properties in connection.execute(query):
        for arxiv_id in ids_in(orjson.loads(properties)["citation"]):
            yield model_id, arxiv_id
    for arxiv_id, names in cited_by(connection, "model").items():
        for name in names:
            if name in models:
                yield models[name], arxiv_id
