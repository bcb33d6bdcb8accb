"""The list of sources: one module each, with a header, ``refresh`` and pure ``parse`` functions.

The modules are imported only when they are used, so that listing them costs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, cast

from tracker.common.text import did_you_mean
from tracker.errors import SourceError, UsageError
from tracker.sources.records import SourceHeader

if TYPE_CHECKING:
    from tracker.sources.protocol import Source


@dataclass(frozen=True, slots=True)
class Entry:
    """One source in the list."""

    module: str
    """Module that implements :class:`tracker.sources.protocol.Source`."""
    loader: str | None = None
    """Function ``load(loader, stored)`` that a load calls if the source is chosen; ``None`` if
    later steps of the load read the archived documents, or nothing of them is loaded."""
    on_request: bool = False
    """Fetched only if it is named."""
    once_used: bool = False
    """Fetched by every update as soon as the archive has a document of it."""


SOURCES: dict[str, Entry] = {
    "published-boards": Entry(
        "tracker.sources.published_boards",
        loader="tracker.catalog.boards.published.load_published_boards",
    ),
    "leaderboard-api": Entry(
        "tracker.sources.leaderboard_api", loader="tracker.catalog.boards.live.load_live_boards"
    ),
    # An installed package does not change by itself.
    "benchmark-registry": Entry(
        "tracker.sources.benchmark_registry",
        loader="tracker.catalog.results.loading.load_registry",
        on_request=True,
    ),
    "result-files": Entry(
        "tracker.sources.result_files", loader="tracker.catalog.results.loading.load_result_files"
    ),
    "arxiv-papers": Entry("tracker.sources.arxiv_papers"),
    "arxiv-fulltext": Entry("tracker.sources.arxiv_fulltext"),
    "model-cards": Entry("tracker.sources.model_cards"),
    "web-pages": Entry("tracker.sources.web_pages"),
    "cited-sources": Entry("tracker.sources.cited_sources"),
    # A language model costs money.
    "language-model": Entry("tracker.sources.language_model", on_request=True),
    # Nothing is private until somebody adds a board.
    "private-boards": Entry(
        "tracker.sources.private_boards",
        loader="tracker.catalog.boards.private.load_private_boards",
        on_request=True,
        once_used=True,
    ),
}
"""All sources by id, in the order in which a run fetches and loads them."""
ON_REQUEST = frozenset(source_id for source_id, entry in SOURCES.items() if entry.on_request)
"""Sources that are fetched only if they are named."""
PUBLISHER_MUST_FIX = "the publisher has to fix it; it is fetched again when it changes"
"""Remedy for a published document that cannot be read."""


@dataclass(frozen=True, slots=True)
class FetchFailure:
    """One document that could not be fetched, among others that could."""

    stream: str
    url: str
    error: SourceError


def find_source(source_id: str) -> Source:
    """Import the module of a source.

    Raises:
        UsageError: There is no such source; the message suggests the nearest id.
    """
    entry = SOURCES.get(source_id)
    if entry is None:
        raise UsageError(f"unknown source {source_id!r}", remedy=did_you_mean(source_id, SOURCES))
    return cast("Source", import_module(entry.module))


def header(source_id: str) -> SourceHeader:
    """Return the header of a source.

    Raises:
        UsageError: There is no such source; the message suggests the nearest id.
    """
    return find_source(source_id).HEADER
