"""BibTeX entries as registries and cards quote them."""

from __future__ import annotations

import pytest

from tracker.sources.citations import CitedWork, read_citations


def test_an_entry_is_read_with_all_its_fields() -> None:
    text = r"""
    Please cite:
    @inproceedings{lee, title = "{NV}-Embed: {\'E}tude \& more",
      author = {Lee, Chankyu and {Gemini Team} and van den Oord, A{\"a}ron and others},
      booktitle = {Proceedings of the 1st Conference}, year = 2025, month = may # "--" # jun,
      eprint = {2405.17428v2}, archivePrefix = {arXiv}, primaryClass = {cs.CL},
      doi = {https://doi.org/10.18653/v1/2025.acl\_long.1}, url = {https://example.org/a\_b} }
    """
    assert read_citations(text) == (
        CitedWork(
            arxiv_id="2405.17428",
            title="NV-Embed: Étude & more",
            authors=("Lee, Chankyu", "{Gemini Team}", "van den Oord, Aäron", "others"),
            date="2025-05",
            venue="Proceedings of the 1st Conference",
            doi="10.18653/v1/2025.acl_long.1",
            url="https://example.org/a_b",
            category="cs.CL",
        ),
    )


def test_a_preprint_has_no_venue_and_no_own_doi() -> None:
    (work,) = read_citations(
        "@article{x, title={T}, journal={arXiv preprint arXiv:2405.17428}, year={2024},"
        " doi={10.48550/arXiv.2405.17428}}"
    )
    assert work == CitedWork("2405.17428", "T", (), "2024", None, None, None, None)


@pytest.mark.parametrize(
    ("fields", "arxiv_id"),
    [
        ("eprint={2405.17428}", "2405.17428"),
        ("eprint={cs/0112017}", "cs/0112017"),
        ("url={https://huggingface.co/papers/2405.17428}", "2405.17428"),
        ("journal={CoRR}, volume={abs/2405.17428}", "2405.17428"),
        ("journal={ArXiv：2405.17428}", "2405.17428"),
        ("eprint={2405.17428}, note={see arXiv:2212.09741}", "2405.17428"),
        ("pages={1234.5678}", None),
    ],
)
def test_the_paper_is_known_by_any_field(fields: str, arxiv_id: str | None) -> None:
    (work,) = read_citations(f"@misc{{x, title={{T}}, {fields}}}")
    assert work.arxiv_id == arxiv_id


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"G{\"u}nther, Michael", "Günther, Michael"),
        (r'G{"u}nther, Michael', "Günther, Michael"),
        ("St'{e}phan Tulkens", "Tulkens, Stéphan"),
        (r"M{\'a}rton Kardos", "Kardos, Márton"),
        (r"Stephen D'Arcy", "D'Arcy, Stephen"),
    ],
)
def test_accents_are_read_also_without_their_backslash(written: str, read: str) -> None:
    (work,) = read_citations(f"@misc{{x, title={{T}}, author={{{written}}}}}")
    assert work.authors == (read,)


def test_a_broken_entry_costs_no_other_entry() -> None:
    text = "@misc{a, title={A}}\n@misc{b, title={B\n@misc{c, title={C}}\n@misc{d, year={2024}}"
    assert [work.title for work in read_citations(text)] == ["A", "C"]


@pytest.mark.parametrize("text", ["", "no entry", "mail@example.org", "@", "@misc{", "@{}{}"])
def test_text_without_entries_has_none(text: str) -> None:
    assert read_citations(text) == ()
