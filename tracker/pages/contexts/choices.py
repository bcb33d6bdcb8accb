"""Context of the page that helps to choose a model."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.answers.common import Bilingual
from tracker.pages.contexts.common import BoardLink, Page


@dataclass(frozen=True)
class NamedValue:
    """A value and its name in both languages."""

    value: str
    name: Bilingual


@dataclass(frozen=True)
class ChoosePage:
    """The form; its data are in one file that is loaded when the page opens."""

    page: Page
    data_path: str
    leading: tuple[BoardLink, ...]
    """Boards of the leading series."""
    others: tuple[BoardLink, ...]
    types: tuple[str, ...]
    """Task types of these boards."""
    poolings: tuple[NamedValue, ...]
    """Poolings of any model, by slug."""
    sentences: tuple[NamedValue, ...]
    """The words of answers, with placeholders in braces, the same as in the terminal."""
