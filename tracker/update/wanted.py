"""What the catalog wants fetched: names, addresses and texts, for the sources."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from tracker.catalog.engine import reading
from tracker.catalog.home import ensure_catalog
from tracker.catalog.knowledge.archived_texts import Readable
from tracker.curated import TermEntry, read_curated
from tracker.evidence import language_model as asking
from tracker.settings import Settings
from tracker.snapshots.store import Archive
from tracker.sources.language_model import Answer, Question
from tracker.sources.private_boards import PublicNames

_T = TypeVar("_T")


class CatalogWanted:
    """The catalog of a home, as the sources see it.

    The catalog is opened for each question, so that a source that asks none opens none.
    """

    def __init__(self, settings: Settings, archive: Archive) -> None:
        self._settings = settings
        self._archive = archive

    def cited_papers(self) -> Sequence[str]:
        """Return the arXiv ids that the catalog refers to."""
        from tracker.catalog.knowledge.rows import cited_ids

        return self._ask(cited_ids)

    def papers_of_models(self) -> Sequence[tuple[str, str]]:
        """Return arXiv id and day of the newest version (or an empty text), by importance."""
        from tracker.catalog.knowledge.reading_order import papers_of_models

        return self._ask(papers_of_models)

    def models(self) -> Sequence[str]:
        """Return the public ids of models, most important first."""
        from tracker.catalog.knowledge.reading_order import models_by_weight

        return self._ask(models_by_weight)

    def cited_pages(self) -> Sequence[str]:
        """Return the addresses of cited web pages."""
        from tracker.catalog.knowledge.web_pages import cited_pages

        return self._ask(cited_pages)

    def unverified_sources(self) -> Sequence[str]:
        """Return the addresses of cited files whose receipts are not verified."""
        from tracker.catalog.knowledge.receipts import unverified_sources

        return self._ask(unverified_sources)

    def texts_to_ask(self) -> Sequence[ArchivedTextToAsk]:
        """Return the archived cards and papers for a language model, most important first."""
        from tracker.catalog.knowledge.archived_texts import readable_texts

        archive = self._archive
        texts = self._ask(lambda connection: list(readable_texts(connection, archive)))
        terms = read_curated(self._settings.curated).terms
        return [ArchivedTextToAsk(text, terms, archive) for text in texts]

    def public_names(self) -> PublicNames:
        """Return the names of public tasks, models and boards."""
        from tracker.catalog.boards.private import public_names

        return self._ask(public_names)

    def last_ranking(self, source: str, stream: str, at: str) -> list[str]:
        """Return the models of a board in the catalog at a moment, best first."""
        from tracker.catalog.queries import last_ranking

        return self._ask(partial(last_ranking, source=source, stream=stream, at=at))

    def _ask(self, question: Callable[[Any], _T]) -> _T:
        """Call a function with a read-only connection to the catalog, and return its result."""
        ensure_catalog(self._settings, for_writing=True)
        with reading(self._settings.catalog_url) as connection:
            return question(connection)


@dataclass(frozen=True)
class ArchivedTextToAsk:
    """An archived card or paper, with the vocabulary to ask about it."""

    _text: Readable
    _terms: Sequence[TermEntry]
    _archive: Archive

    @property
    def stream(self) -> str:
        """Source and document of the text."""
        return self._text.stream

    @property
    def digest(self) -> str:
        """SHA-256 of the archived bytes."""
        return self._text.origin.sha256

    @property
    def asked_by(self) -> str:
        """Name and version of the extractor."""
        return f"{asking.EXTRACTOR} {asking.VERSION}"

    def question(self) -> Question:
        """Return the question about the text.

        Raises:
            SourceError: The archived bytes cannot be read.
        """
        document = self._text.read(self._archive.read(self.digest))
        return Question(
            self.stream,
            self.digest,
            self.asked_by,
            asking.instructions(document, self._terms),
            asking.shown_text(document),
        )

    def supported(self, answer: Answer) -> tuple[int, int]:
        """Return how many statements of an answer the text supports, and how many there are."""
        extractor = asking.LanguageModelExtractor(
            self._terms, answer.asked_of, lambda _: answer.content
        )
        found = extractor.extract(self._text.read(self._archive.read(self.digest)))
        return len(found), len(asking.statements(answer.content))
