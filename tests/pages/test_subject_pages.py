"""Pages of techniques, datasets and papers, and the links between them."""

from __future__ import annotations

from dataclasses import replace

from tests.support.fake_catalog import FakeCatalog
from tracker.pages.build.render import Renderer
from tracker.pages.contexts import DatasetPage, PaperPage, TechniquePage
from tracker.pages.views.subjects import bibtex, subject_pages


def test_every_technique_dataset_and_paper_has_a_page(fake: FakeCatalog) -> None:
    papers = [its for its in fake.paper_list() if its.matters]
    assert len(papers) < len(fake.paper_list())
    kinds = [type(its) for its in subject_pages(fake, {})]
    assert [kinds.count(kind) for kind in (TechniquePage, DatasetPage, PaperPage)] == [
        len(fake.technique_list()), len(fake.dataset_list()), len(papers),
    ]  # fmt: skip


def test_a_part_of_a_mixture_links_to_it(fake: FakeCatalog) -> None:
    page = next(its for its in subject_pages(fake, {}) if its.page.path == "methods/datasets/e/")
    assert isinstance(page, DatasetPage)
    assert [its.slug for its in page.within] == ["d"]


def test_hostile_names_run_no_script_in_either_language(fake: FakeCatalog) -> None:
    renderers = [Renderer(language) for language in ("en", "zh")]
    for page in subject_pages(fake, {}):
        for renderer in renderers:
            rendered = renderer.render(page)
            assert "<script>" not in rendered.body
            assert 'href="javascript:' not in rendered.body


def test_a_citation_omits_missing_fields(fake: FakeCatalog) -> None:
    paper = replace(
        fake.paper_list()[0],
        arxiv_id="2405.17428", title="A & B", authors=("Ada Lovelace",), published="2024-05-27",
        doi=None, venue=None, withdrawn=False,
    )  # fmt: skip
    assert bibtex(paper) == (
        "@misc{arxiv-2405.17428,\n"
        "  title = {{A \\& B}},\n"
        "  author = {Ada Lovelace},\n"
        "  year = {2024},\n"
        "  month = {5},\n"
        "  eprint = {2405.17428},\n"
        "  archiveprefix = {arXiv},\n"
        "  url = {https://arxiv.org/abs/2405.17428},\n"
        "}"
    )
