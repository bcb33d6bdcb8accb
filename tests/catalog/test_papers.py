"""Papers in the catalog: what arXiv, curated files and the registry's BibTeX say of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import orjson
import pytest

from tests.catalog.test_registry import put
from tests.sources.test_arxiv_papers import RECORD
from tests.support.catalogs import CURATED, Loaded, relation, words
from tests.support.registry_exports import benchmark, export, task
from tracker.answers.methods import Paper
from tracker.curated import ModelEntry, PaperEntry, PaperRef
from tracker.errors import NotFoundError, UsageError
from tracker.snapshots.store import Archive
from tracker.sources.records import Fetched

New = Callable[..., Loaded]
OF_MODEL, OF_TASK, OF_BOARD, BARE = "2405.00001", "cs/0112017", "2405.00003", "2405.00004"
ENTRY = """@misc{x, title = {A Model for {EVERY} Text},
  author = {van den Oord, Aaron and {M3 Team}},
  eprint = {2405.00001}, archivePrefix = {arXiv}, primaryClass = {cs.CL}, year = {2024}}
@inproceedings{y, title = {A Model for Every Text}, author = {Aaron van den Oord and others},
  booktitle = {ACL}, year = {2025}, doi = {10.1234/x}}
@misc{z, title = {On Something Else}, author = {Ada Lovelace}, year = {2023},
  url = {https://example.org/report}}"""
REGISTRY = export(
    benchmark(tasks=["T1"], citation="@misc{b, title={B}, url={https://arxiv.org/abs/2405.00003}}"),
    tasks=[
        task("T1", citation="@misc{t, title={T}, url={https://arxiv.org/pdf/cs/0112017v2.pdf}}")
    ],
    models=[
        {"name": "org/a", "citation": ENTRY},
        {"name": "org/b"},
        {"name": "unlisted/c", "citation": "@misc{c, title={C}, note={arXiv：2405.00004}}"},
    ],
)


def model(name: str, *papers: str) -> ModelEntry:
    refs = tuple(PaperRef(arxiv=arxiv, role=words("describes it")) for arxiv in papers)
    return ModelEntry(name=name, organisation="Org", papers=refs, facts=())


KNOWN = replace(
    CURATED, models=(model("org/a"),), relations=(relation("distinct", "org/b", "org/a"),)
)


@pytest.fixture
def catalog(new_catalog: New) -> Loaded:
    found = new_catalog().knowing(KNOWN)
    put(found, REGISTRY)
    return found


def papers(catalog: Loaded) -> dict[str, Paper]:
    catalog.load()
    with catalog.open() as opened:
        return {paper.arxiv_id: paper for paper in opened.paper_list()}


def archive(catalog: Loaded, **changes: Any) -> None:
    fields = {name: getattr(RECORD, name) for name in type(RECORD).__dataclass_fields__}
    fields |= {"arxiv_id": OF_MODEL, **changes}
    answer = Fetched(
        f"id/{OF_MODEL}", "https://arxiv.example/", orjson.dumps(fields), "2026-01-02T03:04:05Z"
    )
    Archive(catalog.archive).add("arxiv-papers", "CC0", answer)


def test_every_paper_that_the_registry_cites_has_title_and_month(catalog: Loaded) -> None:
    found = papers(catalog)
    assert {id_: (p.title, p.published, p.tasks, p.boards) for id_, p in found.items()} == {
        OF_MODEL: ("A Model for EVERY Text", "2024-05", (), ()),
        OF_TASK: ("T", "2001-12", ("T1",), ()),
        OF_BOARD: ("B", "2024-05", (), ("B",)),
        BARE: ("C", "2024-05", (), ()),
    }
    assert [its.model for its in found[OF_MODEL].models] == ["org/a"]


def test_entries_are_joined_to_one_paper(catalog: Loaded) -> None:
    found = papers(catalog)[OF_MODEL]
    assert (found.authors, found.all_authors) == (("Aaron van den Oord", "M3 Team"), True)
    assert (found.venue, found.doi, found.categories) == ("ACL, 2025", "10.1234/x", ("cs.CL",))


def test_the_word_of_arxiv_precedes_that_of_others(catalog: Loaded) -> None:
    archive(catalog, authors=["Jianlyu Chen and the M3 Team"], doi=None, journal_ref=None)
    found = papers(catalog)[OF_MODEL]
    assert (found.title, found.published) == (RECORD.title, "2024-05-27")
    assert found.authors == ("Jianlyu Chen", "the M3 Team")
    assert (found.venue, found.doi) == ("ACL, 2025", "10.1234/x")  # arXiv states neither


def test_the_complete_list_of_authors_is_taken(catalog: Loaded) -> None:
    entry = PaperEntry(
        arxiv_id=OF_MODEL, title="By Hand", authors=("Aaron van den Oord",), more_authors=True,
        source="https://example.org/",
    )  # fmt: skip
    found = papers(catalog.knowing(replace(KNOWN, papers=(entry,))))[OF_MODEL]
    assert (found.title, found.authors) == ("By Hand", ("Aaron van den Oord", "M3 Team"))


def test_a_withdrawn_paper_says_when_and_why(catalog: Loaded) -> None:
    reason = "This paper has been withdrawn by the authors due to an error in Table 3"
    archive(catalog, withdrawn=True, comment=reason)
    found = papers(catalog)[OF_MODEL]
    assert (found.withdrawn_on, found.withdrawn_because) == ("2025-02-25", reason)
    with catalog.open() as opened:
        (link,) = opened.model("org/a").papers
        assert (link.withdrawn_on, link.withdrawn_because) == ("2025-02-25", reason)
        assert f"note = {{Withdrawn on 2025-02-25: {reason}}}" in opened.bibtex(OF_MODEL)


def test_a_model_has_the_references_of_all_its_papers(catalog: Loaded) -> None:
    catalog.load()
    with catalog.open() as opened:
        first, other = opened.references("org/a", "https://arxiv.org/pdf/2405.00001v3.pdf")
        assert (first.key, first.venue) == (f"arxiv-{OF_MODEL}", "ACL, 2025")
        assert (other.key, other.issued) == ("lovelace-2023-on-something-else", "2023")
        with pytest.raises(NotFoundError, match="no paper of org/b is known"):
            opened.references("org/b")
        with pytest.raises(UsageError, match="no format 'word'; use one of bibtex, csl-json, ris"):
            opened.bibtex("org/a", form="word")
        with pytest.raises(UsageError, match="no paper or model is named"):
            opened.bibtex()
