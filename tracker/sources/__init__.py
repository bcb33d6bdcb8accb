"""One module a source: a header, a ``fetch`` that yields raw bytes, and pure ``parse`` functions.

The modules are imported only when they are asked for, so that listing them costs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

from tracker.common.text import did_you_mean
from tracker.errors import SourceError, UsageError
from tracker.sources.records import SourceHeader

SOURCES: dict[str, str] = {
    "published-boards": "tracker.sources.published_boards",
    "leaderboard-api": "tracker.sources.leaderboard_api",
    "benchmark-registry": "tracker.sources.benchmark_registry",
    "result-files": "tracker.sources.result_files",
    "arxiv-papers": "tracker.sources.arxiv_papers",
    "arxiv-fulltext": "tracker.sources.arxiv_fulltext",
    "model-cards": "tracker.sources.model_cards",
    "web-pages": "tracker.sources.web_pages",
    "cited-sources": "tracker.sources.cited_sources",
    "language-model": "tracker.sources.language_model",
}
"""Module path by source id, in the order in which a run asks them."""
ON_REQUEST = frozenset({"benchmark-registry", "language-model"})
"""Sources that are asked only by name: an installed package does not change by itself, and a
language model costs money."""
PUBLISHER_MUST_FIX = "the publisher has to fix it; it is fetched again when it changes"
"""Remedy for a published document that cannot be read."""


@dataclass(frozen=True, slots=True)
class FetchFailure:
    """One document that could not be fetched, among others that could."""

    stream: str
    url: str
    error: SourceError


def header(source_id: str) -> SourceHeader:
    """The header of a source.

    Raises:
        UsageError: There is no such source; the message suggests the nearest id.
    """
    path = SOURCES.get(source_id)
    if path is None:
        raise UsageError(f"unknown source {source_id!r}", remedy=did_you_mean(source_id, SOURCES))
    found: SourceHeader = import_module(path).HEADER
    return found
