"""Which data sets a text says that its model was trained on, in sentences and in tables."""

from __future__ import annotations

from tests.support.cue_reading import TERMS, read, said
from tracker.evidence.cue_extractor import CueExtractor
from tracker.evidence.markdown import card_document


def test_training_data_needs_a_training_word_and_no_test_word() -> None:
    assert said("We fine-tune on MS MARCO and HotpotQA.") == [
        ("training_data", "HotpotQA", "medium"),
        ("training_data", "MS MARCO", "medium"),
    ]
    assert said("We evaluate the trained model on MS MARCO.") == []
    assert said("We like MS MARCO.") == []


TABLE = "| Dataset | Pairs |\n|---|---|\n| MS MARCO | 500k |\n| HotpotQA | 70k |\n"


def test_training_tables_list_data_sets_and_score_tables_none() -> None:
    assert [(p, v) for p, v, _ in said(f"## Training details\n{TABLE}")] == [
        ("training_data", "MS MARCO"),
        ("training_data", "HotpotQA"),
    ]
    assert read(f"## Training details\n{TABLE}")[0].quote == "| MS MARCO | 500k |"
    assert said(f"## Datasets\n{TABLE}") == []
    assert said(f"## Training and evaluation\n{TABLE}") == []
    assert said(f"## Training details\n{TABLE.replace('Pairs', 'nDCG@10')}") == []


def test_data_in_training_data_sections_is_training_data() -> None:
    told = "We adopt these sets as follows: MS MARCO, HotpotQA."
    assert {level for _, _, level in said(f"## Training Data\n{told}")} == {"medium"}
    assert said(f"## Data\n{told}") == []
    assert said("## Training Data\n- MS MARCO: for queries\n") == [
        ("training_data", "MS MARCO", "medium")
    ]
    assert {c[2] for c in said("## Training Data\nOn queries from MS MARCO.\n")} == {"low"}


def test_a_description_in_a_row_is_not_its_data_set() -> None:
    row = "| HotpotQA | pairs that were written for every paragraph that MS MARCO has | 1 |\n"
    table = f"| Dataset | What | Pairs |\n|---|---|---|\n{row}"
    assert [v for _, v, _ in said(f"## Training\n{table}")] == ["HotpotQA"]


def test_a_data_set_gets_no_language_that_the_text_omits() -> None:
    reader = CueExtractor(TERMS, datasets={"mABC (zh)": "mABC (zh)"})
    document = card_document("lab/one", "https://x.example", "We train on mABC.")
    assert [c.value for c in reader.extract(document)] == ["mABC"]
