"""Contexts of the pages on one technique, one dataset or one paper."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.answers.adoption import TechniqueShare
from tracker.answers.methods import Dataset, Paper, Technique, Term
from tracker.pages.contexts.common import Page


@dataclass(frozen=True)
class AdoptionRow:
    """One quarter: a technique's share of the leaders of each board."""

    quarter: str
    """``2026 Q2``."""
    shares: tuple[TechniqueShare | None, ...]
    """By board; ``None`` without a state in that quarter."""


@dataclass(frozen=True)
class TechniquePage:
    """One technique: definition, users, and its share among the leaders."""

    page: Page
    technique: Technique
    paper: Paper | None
    """The paper that introduced it, if the catalog has it."""
    quarters: tuple[AdoptionRow, ...]
    """Its share of the first fifty of each board in ``technique.boards``, the newest first."""


@dataclass(frozen=True)
class DatasetPage:
    """One dataset: description, models trained on it, benchmark tasks built from it."""

    page: Page
    dataset: Dataset
    paper: Paper | None
    within: tuple[Dataset, ...]
    """Datasets that contain it."""
    parts: tuple[Dataset, ...]
    """Datasets that it contains."""
    task_slugs: dict[str, str]
    """Slugs of its tasks that have a page, by name."""


@dataclass(frozen=True)
class PaperPage:
    """One paper: its contribution and what cites it."""

    page: Page
    paper: Paper
    datasets: tuple[Dataset, ...]
    techniques: tuple[Term, ...]
    """Techniques introduced by it that some model uses."""
    bibtex: str
    formats: tuple[tuple[str, str], ...]
    """The reference in other formats: name of the format and text."""
    task_slugs: dict[str, str]
    """Slugs of the tasks that cite it and have a page, by name."""
