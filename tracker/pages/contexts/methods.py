"""Pages of methods, data, papers and words."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.answers.methods import Coverage, Dataset, Paper, Technique, Term, WrittenComparison
from tracker.pages.contexts.common import Page


@dataclass(frozen=True)
class TermGroup:
    """A group of the vocabulary."""

    group: str
    terms: tuple[Term, ...]


@dataclass(frozen=True)
class GlossaryPage:
    """What every column means, and the vocabulary of methods."""

    page: Page
    columns: tuple[str, ...]
    """Names of the columns, as in JSON; their explanations are hand-written text."""
    groups: tuple[TermGroup, ...]


@dataclass(frozen=True)
class ComparisonPage:
    """One comparison that people wrote."""

    page: Page
    comparison: WrittenComparison
    slugs: dict[str, str]
    """Addresses of its models, by name."""
    kinds: tuple[str, ...]
    """Kinds of remarks that it has, in their order."""


@dataclass(frozen=True)
class MethodsPage:
    """The way to comparisons, datasets and coverage, and who uses which technique."""

    page: Page
    comparisons: tuple[WrittenComparison, ...]
    techniques: tuple[Technique, ...]
    years: tuple[int, ...]
    """Years whose leaders are counted."""


@dataclass(frozen=True)
class DatasetsPage:
    """All datasets, by kind."""

    page: Page
    groups: tuple[tuple[Dataset, ...], ...]
    n_datasets: int


@dataclass(frozen=True)
class CoveragePage:
    """How much is documented of the models that matter."""

    page: Page
    coverage: Coverage
    properties: tuple[str, ...]


@dataclass(frozen=True)
class PapersPage:
    """All papers with the models, datasets and terms that refer to them."""

    page: Page
    papers: tuple[Paper, ...]
