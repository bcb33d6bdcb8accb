"""Reading curated files: a correct folder, and one error message per mistake."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from tests.support.curated_folder import Edit, refusal
from tracker.common.vocabulary import NOT_DOCUMENTED
from tracker.curated import (
    BilingualText,
    CorrectionEntry,
    Curated,
    EvidenceEntry,
    FactEntry,
    Group,
    ModelEntry,
    NoPaperEntry,
    PaperEntry,
    PaperRef,
    PublishedBoard,
    RelationEntry,
    SeriesEntry,
    TermEntry,
    read_curated,
)
from tracker.curated.organisations import OrganisationEntry, OrganisationName


def both(en: str, zh: str) -> BilingualText:
    return BilingualText(en=en, zh=zh)


WHOLE = Curated(
    series=(
        SeriesEntry(
            slug="mteb-norwegian",
            title=both("Norwegian", "挪威语"),
            editions=("published/no", "MTEB(nob, v1)"),
        ),
    ),
    boards=(
        PublishedBoard(
            folder="no",
            title=both("Norwegian", "挪威语"),
            series="mteb-norwegian",
            main_table="Classification",
        ),
    ),
    groups=(Group(slug="pooling", title=both("Pooling", "池化")),),
    terms=(
        TermEntry(
            group="pooling",
            slug="last-token",
            label=both("Last token", "末位词元池化"),
            definition=both("The last token.", "取末位词元。"),
            cues=("last_token_pool",),
            paper="2201.10005",
        ),
    ),
    organisations=(
        OrganisationEntry(
            slug="acme",
            name=OrganisationName(en="Acme", zh="极顶"),
            kind="company",
            owners=("acme",),
        ),
    ),
    papers=(
        PaperEntry(
            arxiv_id="2201.10005",
            title="A paper",
            authors=("A. Uthor",),
            source="https://arxiv.org/abs/2201.10005",
        ),
    ),
    models=(
        ModelEntry(
            name="acme/one",
            organisation="Acme",
            sources={"card": "https://example.org/card"},
            facts=(
                FactEntry(
                    property="pooling",
                    value="last-token",
                    statement=both("The last token.", "取末位词元。"),
                    evidence=(
                        EvidenceEntry(
                            source="https://example.org/card",
                            locator="Usage",
                            confidence="high",
                        ),
                    ),
                ),
            ),
            papers=(PaperRef(arxiv="2201.10005", role=both("describes it", "介绍该模型")),),
            no_paper=NoPaperEntry(text=both("No report.", "没有报告。"), checked="2026-08"),
        ),
    ),
    corrections=(
        CorrectionEntry(
            model="acme/one",
            property="embeddingDim",
            wrong="768",
            right="1792",
            reason=both("The paper says so.", "论文如此。"),
            source="https://example.org/paper",
        ),
    ),
    relations=(
        RelationEntry(
            kind="moved",
            model="old/one",
            of="acme/one",
            date="2024-07-15",
            reason=both("It moved.", "已迁移。"),
            source="https://example.org/move",
        ),
    ),
)
"""All records of the folder."""


def test_a_correct_folder_is_read_completely(folder: Path) -> None:
    assert read_curated(folder) == WHOLE


def test_an_unknown_key_names_file_line_and_remedy(folder: Path, edit: Edit) -> None:
    path = edit("models/acme__one.yaml", "  value: last-token", "  valeu: last-token")
    assert refusal(folder) == f"{path}:6: unknown key 'valeu'; did you mean 'value'?"


def test_a_missing_key_names_its_entry(folder: Path, edit: Edit) -> None:
    path = edit("models/acme__one.yaml", "  value: last-token\n", "")
    assert refusal(folder) == f"{path}:5: missing key 'value'; add value:"


def test_an_unknown_property_suggests_a_similar_one(folder: Path, edit: Edit) -> None:
    path = edit("models/acme__one.yaml", "property: pooling", "property: poling")
    assert refusal(folder) == f"{path}:5: unknown property 'poling'; did you mean 'pooling'?"


def test_an_unknown_slug_suggests_a_similar_one(folder: Path, edit: Edit) -> None:
    path = edit("models/acme__one.yaml", "value: last-token", "value: last-tokn")
    assert refusal(folder) == (
        f"{path}:6: pooling 'last-tokn' is not in vocabulary group 'pooling'; "
        "did you mean 'last-token'?"
    )


def test_a_misspelt_slug_is_not_accepted_as_free_text(folder: Path, edit: Edit) -> None:
    edit("models/acme__one.yaml", "property: pooling", "property: training_data")
    assert "training_data 'last-token' is not in vocabulary group 'data'" in refusal(folder)


def test_free_text_is_allowed_for_text_properties(folder: Path, edit: Edit) -> None:
    edit("models/acme__one.yaml", "property: pooling", "property: training_data")
    edit("models/acme__one.yaml", "value: last-token", "value: MS MARCO")
    assert read_curated(folder).models[0].facts[0].value == "MS MARCO"


def test_not_documented_is_valid_for_every_property(folder: Path, edit: Edit) -> None:
    edit("models/acme__one.yaml", "value: last-token", f"value: {NOT_DOCUMENTED}")
    assert read_curated(folder).models[0].facts[0].value == NOT_DOCUMENTED


def test_a_fact_without_evidence_is_refused(folder: Path, edit: Edit) -> None:
    path = edit("models/acme__one.yaml", "[{source: card, locator: Usage, confidence: high}]", "[]")
    assert refusal(folder) == (f"{path}:8: a fact without evidence; name a source")


def test_an_unknown_source_key_is_refused(folder: Path, edit: Edit) -> None:
    path = edit("models/acme__one.yaml", "source: card", "source: cadr")
    assert refusal(folder) == f"{path}:8: unknown source 'cadr'; did you mean 'card'?"


def test_a_paper_without_an_entry_is_refused(folder: Path, edit: Edit) -> None:
    path = edit("models/acme__one.yaml", "arxiv: 2201.10005", "arxiv: 2201.10006")
    assert (
        refusal(folder) == f"{path}:10: paper 2201.10006 has no entry; add papers/2201.10006.yaml"
    )


def test_an_arxiv_id_keeps_its_trailing_zero(folder: Path, edit: Edit) -> None:
    edit("vocabulary/pooling.yaml", "paper: 2201.10005", "paper: 2401.00360")
    assert read_curated(folder).terms[0].paper == "2401.00360"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("checked: 2026-08", "checked: August", "'August' is not a date such as 2024-10-22"),
        ("arxiv: 2201.10005", "arxiv: 2201.10005v2", "'2201.10005v2' is not an arXiv id"),
        ("en: No report.", "en: 没有报告。", "'没有报告。' is not English; write it in English"),
        ("zh: 没有报告。", "zh: No report.", "'No report.' is not Chinese; write it in Chinese"),
        ("'https://example.org/card'", "example.org", "'example.org' is not an address"),
        ("name: acme/one", "name: acme", "'acme' is not a public id such as org/name"),
        ("organisation: Acme", "organisation: ' Acme'", "' Acme' is not a text without blanks"),
        ("organisation: Acme", "organisation: [Acme]", "organisation: Input should be a valid"),
    ],
)
def test_a_value_of_the_wrong_form_is_refused(
    folder: Path, edit: Edit, old: str, new: str, message: str
) -> None:
    edit("models/acme__one.yaml", old, new)
    assert message in refusal(folder)


def test_a_duplicate_key_is_refused(folder: Path, edit: Edit) -> None:
    path = edit("models/acme__one.yaml", "organisation: Acme", "organisation: A\norganisation: B")
    assert refusal(folder) == f"{path}:3: duplicate key 'organisation'; keep one of the two"


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"name: [", "2: not YAML: "),
        (b"name: a\n\tb: c\n", "2: not YAML: "),
        (b"", "1: not a list of keys"),
        (b"- a\n", "1: not a list of keys"),
        (b"name: acme/one\norganisation: \xff\n", "2: not UTF-8"),
        (b"name: &a [x]\norganisation: *a\n", "1: an alias (*name) refers to another part"),
        (b"name: !!python/object:os.system {}\n", "1: name: Input should be a valid string"),
        (b"? [a]\n: b\n", "1: a key that is not text"),
        (b"name: \x00\n", "1: not YAML"),
    ],
)
def test_broken_yaml_names_its_line_and_runs_no_code(
    folder: Path, raw: bytes, message: str
) -> None:
    path = folder / "models" / "acme__one.yaml"
    path.write_bytes(raw)
    assert refusal(folder).startswith(f"{path}:{message}")


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none").startswith(f"{tmp_path / 'none'}: no such folder; ")


def test_a_missing_file_is_refused(folder: Path) -> None:
    (folder / "notes.yaml").unlink()
    assert refusal(folder).startswith(f"{folder / 'notes.yaml'}: cannot be read: ")


def test_records_are_frozen(folder: Path) -> None:
    with pytest.raises(ValidationError):
        read_curated(folder).models[0].name = "acme/two"  # type: ignore[misc]
