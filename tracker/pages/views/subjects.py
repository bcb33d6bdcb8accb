"""Contexts of the pages of single techniques, datasets and papers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tracker.answers.adoption import BoardShare
from tracker.answers.common import Bilingual
from tracker.answers.methods import Dataset, Paper, Technique
from tracker.pages.contexts import DatasetPage, Page, PaperPage, TechniquePage
from tracker.pages.contexts.subjects import AdoptionRow
from tracker.pages.language.filters import plain
from tracker.pages.language.texts import bilingual
from tracker.pages.language.values import value_name
from tracker.pages.views.catalog_protocol import CatalogReader
from tracker.pages.views.citation import bibtex, other_formats
from tracker.pages.views.tasks import of_tasks


def subject_pages(
    catalog: CatalogReader, slugs: Mapping[str, str]
) -> Iterator[TechniquePage | DatasetPage | PaperPage]:
    """Yield one page per technique, dataset and paper; ``slugs`` are those of tasks."""
    techniques, datasets = catalog.technique_list(), catalog.dataset_list()
    papers = {paper.arxiv_id: paper for paper in catalog.paper_list() if paper.matters}
    by_slug = {dataset.slug: dataset for dataset in datasets}
    for technique in techniques:
        yield technique_page(technique, papers)
    for dataset in datasets:
        yield dataset_page(dataset, by_slug, papers, slugs)
    for paper in papers.values():
        yield paper_page(paper, by_slug, techniques, slugs)


def technique_page(technique: Technique, papers: dict[str, Paper]) -> TechniquePage:
    """Build the page of one technique."""
    term = technique.term
    title = Bilingual(plain(term.label.en), plain(term.label.zh))
    about = Bilingual(plain(term.definition.en), plain(term.definition.zh))
    page = Page(f"methods/techniques/{term.slug}/", title, about)
    return TechniquePage(
        page, technique, papers.get(term.paper or ""), tuple(adoption(technique.boards))
    )


def adoption(boards: Sequence[BoardShare]) -> Iterator[AdoptionRow]:
    """Bring the shares of several boards together by quarter, the newest first."""
    by_board = [{quarter(share.at): share for share in board.shares} for board in boards]
    for name in sorted({name for shares in by_board for name in shares}, reverse=True):
        yield AdoptionRow(name, tuple(shares.get(name) for shares in by_board))


def quarter(day: str) -> str:
    """Return the quarter of a day.

    >>> quarter("2026-06-22")
    '2026 Q2'
    """
    return f"{day[:4]} Q{(int(day[5:7]) + 2) // 3}"


def dataset_page(
    dataset: Dataset,
    by_slug: dict[str, Dataset],
    papers: dict[str, Paper],
    slugs: Mapping[str, str],
) -> DatasetPage:
    """Build the page of one dataset."""
    name = value_name("value", dataset.name)
    about = Bilingual(plain(dataset.what.en), plain(dataset.what.zh))
    return DatasetPage(
        Page(f"methods/datasets/{dataset.slug}/", Bilingual(plain(name.en), plain(name.zh)), about),
        dataset,
        papers.get(dataset.paper or ""),
        tuple(by_slug[slug] for slug in dataset.part_of if slug in by_slug),
        tuple(by_slug[slug] for slug in dataset.parts if slug in by_slug),
        of_tasks(slugs, dataset.tasks),
    )


def paper_page(
    paper: Paper,
    by_slug: dict[str, Dataset],
    techniques: tuple[Technique, ...],
    slugs: Mapping[str, str],
) -> PaperPage:
    """Build the page of one paper."""
    title = plain(paper.title or f"arXiv:{paper.arxiv_id}")
    return PaperPage(
        Page(
            f"methods/papers/{paper.arxiv_id.replace('/', '-')}/",
            Bilingual(title, title),
            bilingual("paper.about", title=title),
        ),
        paper,
        tuple(by_slug[slug] for slug in paper.datasets if slug in by_slug),
        tuple(used.term for used in techniques if used.term.slug in paper.terms),
        bibtex(paper),
        other_formats(paper),
        of_tasks(slugs, paper.tasks),
    )
