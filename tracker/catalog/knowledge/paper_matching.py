"""Link papers to models by rules: tags on the Hub, and names of models in titles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import suppress

from sqlalchemy import Connection

from tracker.catalog.ids import Ids
from tracker.catalog.knowledge import tables as knowledge_tables
from tracker.catalog.knowledge.papers import PaperRows
from tracker.catalog.queries import all_rows
from tracker.errors import ArchiveError, SourceError
from tracker.evidence.bibliography import describe_papers
from tracker.evidence.paper_names import MEDIUM, WEAK, Proposal, Written, proposals
from tracker.snapshots.store import Archive
from tracker.sources import model_cards
from tracker.sources.citations import CitedWork, read_citations

TAGGED = "tagged on its page on the Hub"
"""Reason of a link."""


def match_papers(connection: Connection, archive: Archive | None = None) -> None:
    """Add links for papers that models' pages tag, then for names of models in papers.

    A paper with a known link is not linked by name: most papers name models that they compare
    with.

    Args:
        connection: The transaction of the load, with papers, curated and cited links, and
            statements extracted from cards.
        archive: Cards, whose BibTeX describes papers that only they name.
    """
    models = {row.name: row.id for row in all_rows(connection, "select id, name from model")}
    linked: dict[str, set[str]] = defaultdict(set)
    for row in all_rows(connection, _LINKED):
        linked[row.arxiv_id].add(row.model)
    tagged = list(_tagged(connection))
    # Papers that the registry cites are in the table; of the others the cards may quote BibTeX.
    new = [found for found in tagged if found.arxiv_id not in linked]
    quoted = _quoted_in_cards(archive, {found.model for found in new}) if archive else ()
    papers = PaperRows(connection, describe_papers(quoted))
    papers.add_all(found.arxiv_id for found in tagged)
    links = Ids(connection, knowledge_tables.PaperLinkTable)

    def add(found: Proposal) -> None:
        linked[found.arxiv_id].add(found.model)
        links.add(
            model_id=models[found.model],
            paper_id=papers[found.arxiv_id],
            reason=found.reason,
            strength=found.strength,
            role_en=None,
            role_zh=None,
        )

    for found in tagged:
        if found.model not in linked[found.arxiv_id]:
            add(found)
    unlinked = [paper for paper in _papers(connection) if not linked[paper.arxiv_id]]
    by_paper: dict[str, list[Proposal]] = defaultdict(list)
    for found in proposals(unlinked, models):
        by_paper[found.arxiv_id].append(found)
    for of_paper in by_paper.values():
        not_weak = [found for found in of_paper if found.strength != WEAK]
        for found in not_weak or of_paper:
            add(found)
    links.flush()


def _tagged(connection: Connection) -> Iterator[Proposal]:
    for row in all_rows(connection, _TAGS):
        yield Proposal(row.arxiv_id, row.model, TAGGED, MEDIUM)


def _quoted_in_cards(archive: Archive, models: Collection[str]) -> Iterator[CitedWork]:
    """Yield the works in the BibTeX of archived cards of some models."""
    origins = archive.latest(model_cards.HEADER.id) if models else {}
    for model in sorted(models):
        if (origin := origins.get(f"{model}/{model_cards.CARD}")) is not None:
            # A card that cannot be read is a finding where its statements are extracted.
            with suppress(SourceError, ArchiveError):
                card = model_cards.parse_card(model, archive.read(origin.sha256))
                yield from read_citations(card.text)


def _papers(connection: Connection) -> Iterator[Written]:
    query = "select arxiv_id, title, abstract from paper where title is not null order by arxiv_id"
    for row in all_rows(connection, query):
        yield Written(row.arxiv_id, row.title, row.abstract or "")


_LINKED = """
    select p.arxiv_id, m.name as model from paper_link k
      join paper p on p.id = k.paper_id join model m on m.id = k.model_id
"""
_TAGS = """
    select distinct c.value as arxiv_id, m.name as model from candidate c
      join read_text t on t.id = c.text_id join model m on m.id = t.model_id
     where c.property = 'paper' order by c.value, m.name
"""
