"""Pages of one technique, one dataset and one paper."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.answers.methods import Dataset, Paper, Technique, Term
from tracker.pages.contexts.common import Page


@dataclass(frozen=True)
class TechniquePage:
    """One technique: what it is, who uses it, how usual it is among the leaders."""

    page: Page
    technique: Technique
    paper: Paper | None
    """The paper that the term refers to, where the catalog has it."""


@dataclass(frozen=True)
class DatasetPage:
    """One dataset: what it is, who was trained on it, which benchmark tasks are made of it."""

    page: Page
    dataset: Dataset
    paper: Paper | None
    within: tuple[Dataset, ...]
    """Mixtures that contain it."""
    parts: tuple[Dataset, ...]
    """What it contains."""


@dataclass(frozen=True)
class PaperPage:
    """One paper: what it brought and who refers to it."""

    page: Page
    paper: Paper
    datasets: tuple[Dataset, ...]
    techniques: tuple[Term, ...]
    """Techniques in use that refer to it."""
    bibtex: str
