"""Parts of contexts that several page kinds share."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.answers.boards import EditionInfo
from tracker.answers.common import Bilingual
from tracker.answers.models import Evidence


@dataclass(frozen=True)
class Page:
    """Address, title and description of a page."""

    path: str
    """Path below the root of a language, such as ``boards/mteb-eng-v2/``; empty for home."""
    title: Bilingual
    """Plain text for the browser's title bar and for search results."""
    description: Bilingual
    """One plain sentence for search engines."""


@dataclass(frozen=True)
class BoardLink:
    """A board edition and the path of its page."""

    edition: EditionInfo
    path: str


@dataclass(frozen=True)
class FactItem:
    """One or more facts of a property that differ only in their value."""

    values: tuple[Bilingual, ...]
    """Labels of the values; empty if a search found nothing published."""
    qualifier: str | None
    statement: Bilingual | None
    conflict: bool
    receipts: tuple[Evidence, ...]


@dataclass(frozen=True)
class FactGroup:
    """All facts about one property of a model."""

    property: str
    facts: tuple[FactItem, ...]
