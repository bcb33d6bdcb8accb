"""Contexts of the pages on methods, datasets, papers and terms."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.answers.adoption import FirstOnBoard
from tracker.answers.bases import BaseModel
from tracker.answers.common import Bilingual
from tracker.answers.coverage import Coverage
from tracker.answers.methods import Dataset, Paper, Technique, Term, WrittenComparison
from tracker.pages.contexts.common import Page


@dataclass(frozen=True)
class TermGroup:
    """Vocabulary terms of one group."""

    group: str
    terms: tuple[Term, ...]


@dataclass(frozen=True)
class GlossaryPage:
    """Explanations of table columns, and the vocabulary of methods."""

    page: Page
    columns: tuple[str, ...]
    """Column names as in JSON; the site words hold their explanations."""
    groups: tuple[TermGroup, ...]


@dataclass(frozen=True)
class ComparisonPage:
    """One hand-written comparison."""

    page: Page
    comparison: WrittenComparison
    slugs: dict[str, str]
    """Slugs of its models, by model name."""
    kinds: tuple[str, ...]
    """Kinds of points it makes, in display order."""


@dataclass(frozen=True)
class Arrivals:
    """The techniques that reached a board for the first time in a quarter."""

    quarter: str
    """``2026 Q2``."""
    firsts: tuple[tuple[Term, FirstOnBoard], ...]
    """In the order of the days."""


@dataclass(frozen=True)
class MethodsPage:
    """Overview: hand-written comparisons, and how many models use each technique."""

    page: Page
    comparisons: tuple[WrittenComparison, ...]
    techniques: tuple[Technique, ...]
    years: tuple[int, ...]
    """Years for which users among the leaders are counted."""
    timeline: tuple[Arrivals, ...]
    """The newest quarter first."""
    bases: tuple[BaseModel, ...] = ()
    """Families with at least two models on a main board, the largest first."""
    n_alone: int = 0
    """Bases with a single model there, which the tree leaves out."""


@dataclass(frozen=True)
class DatasetsPage:
    """All datasets, grouped by kind."""

    page: Page
    groups: tuple[tuple[Dataset, ...], ...]
    n_datasets: int


@dataclass(frozen=True)
class CoveragePage:
    """How much is documented about the leading models."""

    page: Page
    coverage: Coverage
    properties: tuple[str, ...]
    marks: tuple[str, ...]
    """Columns of the receipts."""


@dataclass(frozen=True)
class PapersPage:
    """All papers with the models, datasets and terms that cite them."""

    page: Page
    papers: tuple[Paper, ...]
    datasets: dict[str, str]
    """Names of datasets by slug."""
    terms: dict[str, Bilingual]
    """Labels of terms by slug."""
