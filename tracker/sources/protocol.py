"""What a source is, and what it may ask of the archive and the catalog.

A source is one module with a ``HEADER`` and a function ``refresh``. It is added by one entry in
``SOURCES`` in ``tracker/sources/__init__.py``. Archive and catalog lie above the sources, so they
are described here by their methods.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from tracker.sources.records import Fetched, SourceHeader

if TYPE_CHECKING:  # so that listing the sources imports none of them
    from tracker.sources.language_model import TextToAsk
    from tracker.sources.private_boards import PublicNames
    from tracker.sources.runs import FetchReport, Run


class Source(Protocol):
    """A module of the list of sources."""

    @property
    def HEADER(self) -> SourceHeader:  # noqa: N802 (a constant of a module)
        """What a user should know of the source."""

    def refresh(self, run: Run) -> FetchReport:
        """Archive what is new, and count it.

        Raises:
            SourceError: Nothing could be fetched.
            UsageError: An option of the run does not fit the source.
        """


@runtime_checkable
class ClonedSource(Protocol):
    """A source whose archive is a git clone; only these have ``check``."""

    def check(self, clone: Path) -> None:
        """Verify every object of the clone.

        Raises:
            SourceError: An object is damaged or missing.
        """


class ArchivedDocument(Protocol):
    """Where and how one archived document was found."""

    @property
    def url(self) -> str:
        """Its address."""

    @property
    def sha256(self) -> str:
        """Digest of its bytes, under which the archive has them."""

    @property
    def etag(self) -> str | None:
        """The server's ``ETag``."""

    @property
    def last_modified(self) -> str | None:
        """The server's ``Last-Modified``."""


class DocumentSeen(Protocol):
    """A moment at which a document was seen."""

    @property
    def stream(self) -> str:
        """Name of the document within its source."""

    @property
    def seen_at(self) -> str:
        """The moment, in UTC."""


class ArchiveRecord(Protocol):
    """What the archive wrote of an answer."""

    @property
    def is_new_state(self) -> bool:
        """Whether the bytes differ from those before."""


class DocumentArchive(Protocol):
    """The archive of raw bytes."""

    def latest(self, source: str, *, until: str | None = None) -> Mapping[str, ArchivedDocument]:
        """Return the newest accepted document of every stream."""

    def observations(self, source: str) -> Sequence[DocumentSeen]:
        """Return every moment of every stream, in order of time."""

    def holds(self, digest: str) -> bool:
        """Whether bytes are archived and undamaged."""

    def read(self, digest: str) -> bytes:
        """Return archived bytes."""

    def add(
        self,
        source: str,
        licence: str,
        fetched: Fetched,
        *,
        observed_at: str | None = None,
        reason: str | None = None,
    ) -> ArchiveRecord | None:
        """Archive one answer; ``reason`` says why it is rejected."""


class Wanted(Protocol):
    """What the catalog wants to know: the names and addresses that a source fetches."""

    def cited_papers(self) -> Sequence[str]:
        """Return the arXiv ids that the catalog refers to."""

    def papers_of_models(self) -> Sequence[tuple[str, str]]:
        """Return arXiv id and day of the newest version (or an empty text), by importance."""

    def models(self) -> Sequence[str]:
        """Return the public ids of models, most important first."""

    def cited_pages(self) -> Sequence[str]:
        """Return the addresses of cited web pages."""

    def unverified_sources(self) -> Sequence[str]:
        """Return the addresses of cited files whose receipts are not verified."""

    def texts_to_ask(self) -> Sequence[TextToAsk]:
        """Return the archived cards and papers for a language model, most important first."""

    def public_names(self) -> PublicNames:
        """Return the names of public tasks, models and boards."""

    def last_ranking(self, source: str, stream: str, at: str) -> list[str]:
        """Return the models of a board in the catalog at a moment, best first."""
