"""What pages of several kinds show."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.answers.boards import EditionInfo
from tracker.answers.common import Bilingual
from tracker.answers.models import Evidence


@dataclass(frozen=True)
class Page:
    """What every page has: where it is and what it is called."""

    path: str
    """Place in the site of one language, ``boards/mteb-eng-v2/``; the home page is empty."""
    title: Bilingual
    """Plain text, for the browser's title bar and for search results; names are not markup."""
    description: Bilingual
    """One plain sentence for search engines."""


@dataclass(frozen=True)
class BoardLink:
    """A board edition and where its page is."""

    edition: EditionInfo
    path: str


@dataclass(frozen=True)
class FactLine:
    """One or more facts of a property that share all but their value."""

    values: tuple[Bilingual, ...]
    """Empty where a search found nothing published."""
    qualifier: str | None
    statement: Bilingual | None
    conflict: bool
    receipts: tuple[Evidence, ...]


@dataclass(frozen=True)
class FactGroup:
    """All facts of one property of a model."""

    property: str
    lines: tuple[FactLine, ...]
