"""The contexts of the pages about methods: comparisons, techniques, datasets and coverage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from tracker.answers.methods import Coverage, Dataset, Technique, WrittenComparison
from tracker.answers.models import Model
from tracker.pages.contexts import (
    ComparisonPage,
    CoveragePage,
    DatasetsPage,
    MethodsPage,
    Page,
    PapersPage,
)
from tracker.pages.views.boards import page
from tracker.pages.views.catalog_protocol import Reading

METHODS = "methods/"
_KINDS = ("difference", "connection", "remark")


def method_pages(
    catalog: Reading, models: Iterable[Model]
) -> Iterator[ComparisonPage | MethodsPage | DatasetsPage | CoveragePage | PapersPage]:
    """All pages about methods."""
    comparisons = catalog.written_comparisons()
    yield methods_page(comparisons, catalog.technique_list())
    slugs = {model.name: model.slug for model in models}
    for comparison in comparisons:
        yield comparison_page(comparison, slugs)
    yield datasets_page(catalog.dataset_list())
    yield coverage_page(catalog.coverage_report())
    path = f"{METHODS}papers/"
    papers = tuple(paper for paper in catalog.paper_list() if paper.matters)
    yield PapersPage(page(path, "papers"), papers)


def comparison_page(comparison: WrittenComparison, slugs: dict[str, str]) -> ComparisonPage:
    """One written comparison; ``slugs`` has the addresses of models by name."""
    named = {its.model: slugs[its.model] for its in comparison.subjects if its.model in slugs}
    return ComparisonPage(
        Page(f"{METHODS}{comparison.slug}/", comparison.title, comparison.summary),
        comparison,
        {name: slug for name, slug in named.items() if name},
        tuple(kind for kind in _KINDS if comparison.of(kind)),
    )


def methods_page(
    comparisons: tuple[WrittenComparison, ...], techniques: tuple[Technique, ...]
) -> MethodsPage:
    """The way to all of it, and the techniques."""
    years = tuple(share.year for share in techniques[0].years) if techniques else ()
    return MethodsPage(page("methods/", "methods"), comparisons, techniques, years)


def datasets_page(datasets: tuple[Dataset, ...]) -> DatasetsPage:
    """All datasets by kind; benchmarks first, which most readers know."""
    ordered = sorted(datasets, key=lambda its: (its.kind != "benchmark", its.kind))
    groups = tuple(tuple(its) for _, its in groupby(ordered, key=lambda its: its.kind))
    path = f"{METHODS}datasets/"
    return DatasetsPage(page(path, "datasets"), groups, len(datasets))


def coverage_page(coverage: Coverage) -> CoveragePage:
    """How much is documented of the models that matter."""
    path = f"{METHODS}coverage/"
    properties = tuple(dict.fromkeys(count.property for count in coverage.counts))
    return CoveragePage(page(path, "coverage"), coverage, properties)
