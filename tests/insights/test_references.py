"""References in BibTeX, CSL-JSON and RIS, whole."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.answers.methods import Paper
from tracker.answers.references import ReferenceKind
from tracker.insights.references.bibtex import bibtex
from tracker.insights.references.csl import csl_json
from tracker.insights.references.reading import reference_of
from tracker.insights.references.ris import ris
from tracker.sources.citations import read_citations

AUTHORS = ("Jianlyu Chen and the M3 Team", "van den Oord, Aaron", "Gemini Embedding Team")
PAPER = Paper(
    arxiv_id="2405.17428", title="50% of R&D", authors=AUTHORS, published="2024-05", updated=None,
    version=None, venue=None, doi="10.1000/a_b", withdrawn=False, introduces=None, abstract=None,
    url="", models=(), proposed=(), datasets=(), terms=(), categories=("cs.CL", "cs.IR"),
)  # fmt: skip


def test_bibtex_has_groups_in_braces_and_keeps_particles_and_order() -> None:
    assert bibtex(reference_of(PAPER)) == (
        "@misc{arxiv-2405.17428,\n"
        "  title = {{50\\% of R\\&D}},\n"
        "  author = {Jianlyu Chen and {the M3 Team} and van den Oord, Aaron"
        " and {Gemini Embedding Team}},\n"
        "  year = {2024},\n"
        "  month = {5},\n"
        "  eprint = {2405.17428},\n"
        "  archiveprefix = {arXiv},\n"
        "  primaryclass = {cs.CL},\n"
        "  doi = {10.1000/a_b},\n"
        "  url = {https://arxiv.org/abs/2405.17428},\n"
        "}"
    )


def test_a_published_paper_names_its_venue_and_the_year_there() -> None:
    text = bibtex(reference_of(replace(PAPER, authors=(), doi=None, venue="ICLR 2025")))
    assert text == (
        "@inproceedings{arxiv-2405.17428,\n"
        "  title = {{50\\% of R\\&D}},\n"
        "  booktitle = {ICLR 2025},\n"
        "  year = {2025},\n"
        "  eprint = {2405.17428},\n"
        "  archiveprefix = {arXiv},\n"
        "  primaryclass = {cs.CL},\n"
        "  url = {https://arxiv.org/abs/2405.17428},\n"
        "}"
    )


@pytest.mark.parametrize(
    ("venue", "kind"),
    [
        ("TMLR 2022", ReferenceKind.journal),
        ("Transactions of the ACL", ReferenceKind.journal),
        ("Phys. Rev. 12, 34 (2024)", ReferenceKind.journal),
        ("Doklady Mathematics", ReferenceKind.journal),
        ("ICLR 2025", ReferenceKind.proceedings),
        ("Findings of ACL 2023", ReferenceKind.proceedings),
        ("Proceedings of the 12th Language Resources and Evaluation Conference", "proceedings"),
    ],
)
def test_journals_are_distinguished_from_proceedings(venue: str, kind: str) -> None:
    assert reference_of(replace(PAPER, venue=venue)).kind == kind


def test_csl_json_has_names_in_parts_and_a_date_as_precise_as_known() -> None:
    assert orjson.loads(csl_json([reference_of(replace(PAPER, all_authors=False))])) == [
        {
            "id": "arxiv-2405.17428",
            "type": "article",
            "title": "50% of R&D",
            "author": [
                {"family": "Chen", "given": "Jianlyu"},
                {"literal": "the M3 Team"},
                {"family": "Oord", "given": "Aaron", "non-dropping-particle": "van den"},
                {"literal": "Gemini Embedding Team"},
            ],
            "publisher": "arXiv",
            "number": "arXiv:2405.17428",
            "issued": {"date-parts": [[2024, 5]]},
            "DOI": "10.1000/a_b",
            "URL": "https://arxiv.org/abs/2405.17428",
        }
    ]


def test_ris_is_one_record_of_tagged_lines() -> None:
    paper = replace(
        PAPER, authors=(*AUTHORS, "others"), published="2024-05-27", withdrawn=True,
        updated="2025-01-02", withdrawn_because="wrong",
    )  # fmt: skip
    assert ris(reference_of(paper)).splitlines() == [
        "TY  - UNPB",
        "ID  - arxiv-2405.17428",
        "TI  - 50% of R&D",
        "AU  - Chen, Jianlyu",
        "AU  - the M3 Team",
        "AU  - van den Oord, Aaron",
        "AU  - Gemini Embedding Team",
        "PY  - 2024",
        "DA  - 2024/05/27/",
        "AN  - arXiv:2405.17428",
        "DO  - 10.1000/a_b",
        "UR  - https://arxiv.org/abs/2405.17428",
        "N1  - Withdrawn on 2025-01-02: wrong",
        "N1  - Not all authors are listed.",
        "ER  - ",
    ]


@given(st.builds(lambda text: " ".join(text.split()), st.text(min_size=1, max_size=40)))
def test_a_title_of_any_letters_breaks_no_entry(title: str) -> None:
    hostile: Any = replace(
        PAPER, title=title, venue=title, doi=title, authors=(title, "Ada Lovelace")
    )
    reference = reference_of(hostile)
    (read,) = read_citations(bibtex(reference)) or (None,)
    assert read is None or read.arxiv_id == PAPER.arxiv_id
    assert len(ris(reference).splitlines()) == ris(reference).count("  - ") or "  - " in title
