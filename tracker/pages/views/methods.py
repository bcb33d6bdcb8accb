"""Contexts of the method pages: comparisons, techniques, datasets, coverage and papers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby

from tracker.answers.adoption import FirstOnBoard
from tracker.answers.bases import BaseModel
from tracker.answers.coverage import Coverage
from tracker.answers.methods import Dataset, Technique, Term, WrittenComparison
from tracker.answers.models import Model
from tracker.pages.contexts import (
    Arrivals,
    ComparisonPage,
    CoveragePage,
    DatasetsPage,
    MethodsPage,
    Page,
    PapersPage,
)
from tracker.pages.views.boards import page
from tracker.pages.views.catalog_protocol import CatalogReader
from tracker.pages.views.subjects import quarter

METHODS = "methods/"
_KINDS = ("difference", "connection", "remark")
_MARKS = ("n", "verified", "registry", "unchecked", "secondary", "inherited", "wrong")


def method_pages(
    catalog: CatalogReader, models: Iterable[Model]
) -> Iterator[ComparisonPage | MethodsPage | DatasetsPage | CoveragePage | PapersPage]:
    """Yield all pages about methods."""
    comparisons = catalog.written_comparisons()
    yield methods_page(comparisons, catalog.technique_list(), catalog.base_list())
    slugs = {model.name: model.slug for model in models}
    for comparison in comparisons:
        yield comparison_page(comparison, slugs)
    yield datasets_page(catalog.dataset_list())
    yield coverage_page(catalog.coverage_report())
    yield papers_page(catalog)


def papers_page(catalog: CatalogReader) -> PapersPage:
    """Build the page of all papers that anything in the catalog cites."""
    return PapersPage(
        page("methods/papers/", "papers"),
        tuple(paper for paper in catalog.paper_list() if paper.matters),
        {dataset.slug: dataset.name for dataset in catalog.dataset_list()},
        {term.slug: term.label for term in catalog.terms()},
    )


def comparison_page(comparison: WrittenComparison, slugs: dict[str, str]) -> ComparisonPage:
    """Build the page of one hand-written comparison; ``slugs`` maps model names to slugs."""
    subjects = comparison.subjects
    named = {sub.model: slugs[sub.model] for sub in subjects if sub.model in slugs}
    return ComparisonPage(
        Page(f"{METHODS}{comparison.slug}/", comparison.title, comparison.summary),
        comparison,
        {name: slug for name, slug in named.items() if name},
        tuple(kind for kind in _KINDS if comparison.of(kind)),
    )


def methods_page(
    comparisons: tuple[WrittenComparison, ...],
    techniques: tuple[Technique, ...],
    bases: tuple[BaseModel, ...],
) -> MethodsPage:
    """Build the overview of methods with all techniques and the family tree of bases."""
    years = tuple(share.year for share in techniques[0].years) if techniques else ()
    timeline = tuple(arrivals(techniques))
    families = tuple(base for base in bases if base.n_ranked > 1)
    return MethodsPage(
        page("methods/", "methods"),
        comparisons,
        techniques,
        years,
        timeline,
        families,
        len(bases) - len(families),
    )


def arrivals(techniques: Iterable[Technique]) -> Iterator[Arrivals]:
    """Yield the techniques that reached one of the main boards, by quarter, the newest first.

    Those on a board on the first day of an edition are left out: nobody knows since when.
    """
    found: dict[str, list[tuple[Term, FirstOnBoard]]] = defaultdict(list)
    for technique in techniques:
        first = min(technique.firsts, key=lambda one: (one.day, one.rank), default=None)
        if first is not None and not first.is_start:
            found[quarter(first.day)].append((technique.term, first))
    for name in sorted(found, reverse=True):
        ordered = sorted(found[name], key=lambda pair: (pair[1].day, pair[0].slug))
        yield Arrivals(name, tuple(ordered))


def datasets_page(datasets: tuple[Dataset, ...]) -> DatasetsPage:
    """Build the page of all datasets by kind; benchmarks come first, as readers know them."""
    ordered = sorted(datasets, key=lambda dataset: (dataset.kind != "benchmark", dataset.kind))
    groups = tuple(tuple(group) for _, group in groupby(ordered, key=lambda dataset: dataset.kind))
    path = f"{METHODS}datasets/"
    return DatasetsPage(page(path, "datasets"), groups, len(datasets))


def coverage_page(coverage: Coverage) -> CoveragePage:
    """Build the page that counts what is documented about the leading models."""
    path = f"{METHODS}coverage/"
    properties = tuple(dict.fromkeys(count.property for count in coverage.counts))
    return CoveragePage(page(path, "coverage"), coverage, properties, _MARKS)
