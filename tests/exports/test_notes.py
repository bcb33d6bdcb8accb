"""A dated note says what the boards and the receipts say, and every claim can be followed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
import yaml

from tracker.answers.boards import Leaderboard, RowInterval
from tracker.api import Catalog
from tracker.exports.note_references import escaped
from tracker.exports.notes import make_note


@pytest.fixture(scope="module")
def catalog(starter: Catalog) -> Catalog:
    return starter


@pytest.mark.parametrize(
    ("language", "leaders"),
    [
        (
            "zh",
            (
                "第 1 名 nvidia/NV-Embed-v2",
                "第 5 名 Alibaba-NLP/gte-Qwen2-7B-instruct",
                "第 12 名 Linq-AI-Research/Linq-Embed-Mistral",
                "第 1 名 TencentBAC/Conan-embedding-v1",
                "第 2 名 lier007/xiaobu-embedding-v2",
            ),
        ),
        (
            "en",
            (
                "No. 1 nvidia/NV-Embed-v2",
                "No. 5 Alibaba-NLP/gte-Qwen2-7B-instruct",
                "No. 12 Linq-AI-Research/Linq-Embed-Mistral",
                "No. 1 TencentBAC/Conan-embedding-v1",
                "No. 2 lier007/xiaobu-embedding-v2",
            ),
        ),
    ],
)
def test_the_day_of_the_first_notes_has_its_leaders(
    catalog: Catalog, language: str, leaders: tuple[str, ...]
) -> None:
    note = make_note(catalog, "2024-10-22", language)
    for leader in leaders:
        assert f"**{leader}**" in note


@pytest.mark.parametrize("day", ["2024-07-08", "2024-10-22", "2025-06-01", "2026-08-20"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_reference_resolves_and_every_source_is_cited(
    catalog: Catalog, day: str, language: str
) -> None:
    note = make_note(catalog, day, language)
    cited = {int(number) for number in re.findall(r"\[(\d+)\]", note)}
    listed = [int(number) for number in re.findall(r"^(\d+)\. ", note, re.MULTILINE)]
    assert listed == list(range(1, len(listed) + 1))
    assert cited == set(listed)


class _WithIntervals:
    """A catalog with scores of single tasks: the second row ties with the first, the third not."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def __getattr__(self, name: str) -> Any:
        return getattr(self._catalog, name)

    def board(self, name: str, as_of: str | None = None, /, **wanted: Any) -> Leaderboard:
        assert wanted == {"intervals": True, "top": 30}
        board = self._catalog.board(name, as_of, top=3)
        bounds = [
            RowInterval(1, 2, 71.0, 73.0, first, last) for first, last in ((1, 2), (1, 2), (3, 3))
        ]
        rows = zip(board.rows, bounds, strict=True)
        return replace(board, rows=tuple(replace(row, interval=its) for row, its in rows))


def test_a_leader_that_is_tied_is_told_with_whom(catalog: Catalog) -> None:
    with_scores = _WithIntervals(catalog)
    second = catalog.board("mteb-english", "2024-10-22").rows[1].label
    english = make_note(with_scores, "2024-10-22", "en")
    assert f"nvidia/NV-Embed-v2, which leads, is tied with {second}: with 95 %" in english
    assert f"榜首 nvidia/NV-Embed-v2 与 {second} 难分高下" in make_note(
        with_scores, "2024-10-22", "zh"
    )
    assert "is tied with" not in make_note(catalog, "2024-10-22", "en")


def test_the_front_matter_is_that_of_a_post(catalog: Catalog) -> None:
    note = make_note(catalog, "2024-10-22", "en")
    assert note.startswith("---\n")
    front = yaml.safe_load(note.split("---\n")[1])
    assert sorted(front) == ["date", "layout", "mathjax", "tags", "title"]
    assert str(front["date"]) == "2024-10-22"


def test_a_former_name_is_told_with_what_is_known_of_the_present_one(catalog: Catalog) -> None:
    rows = {r.model: r for r in catalog.state_of_the_art("mteb-english", "2024-10-22").rows}
    assert rows["dunzhang/stella_en_1.5B_v5"].documented


def test_strange_names_stay_plain_text() -> None:
    assert escaped("a|b *c*\n<d>[e](f)") == r"a\|b \*c\* \<d\>\[e\](f)"


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "zh",
            (
                "### OpenAI 对比预训练与 INSTRUCTOR",
                "**容易说错的地方**",
                "xiaobu-embedding-v2 无关",
                "只有 Conan 有专门的论文",
            ),
        ),
        (
            "en",
            (
                "### OpenAI's contrastive pre-training and INSTRUCTOR",
                "**Common misconceptions**",
                "Self-supervision is not shared",
                "Only one of the three has a paper about itself",
            ),
        ),
    ],
)
def test_the_essays_stand_in_the_note_with_their_receipts(
    catalog: Catalog, language: str, told: tuple[str, ...]
) -> None:
    note = make_note(catalog, "2024-10-22", language)
    assert [words for words in told if words not in note] == []
    lines = note.splitlines()
    table = [line for line in lines if line.startswith("| ") and "---" not in line]
    essay = catalog.written_comparisons()[1]
    assert len(table) == 1 + len(essay.of("dimension"))
    assert all(re.search(r"\[\d+\] \|$", line) for line in table[1:])
    remarks = lines[lines.index("**" + told[1].strip("*") + "**") :]
    told_remarks = [line for line in remarks if line.startswith("- ")]
    assert all(re.search(r"\[\d+\]$", line) for line in told_remarks)


def test_the_chinese_essay_waits_until_all_its_models_lead(catalog: Catalog) -> None:
    assert "只有 Conan 有专门的论文" not in make_note(catalog, "2024-07-08", "zh")


def test_a_paper_that_came_after_the_day_says_so(catalog: Catalog) -> None:
    then, now = (make_note(catalog, day, "en") for day in ("2024-10-22", "2025-02-01"))
    told = "Linq-Embed-Mistral Technical Report (technical report of the model"
    assert f"{told}; published later, on 2024-12-04)" in then
    assert f"{told})" in now


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "There is no paper about this model; the model card is all that its author"
               " published (searched 2026-08)["),
        ("zh", "该模型没有论文，作者仅发布了模型卡（2026-08 查证）["),
    ],
)  # fmt: skip
def test_a_search_that_found_no_paper_is_told_with_its_day(
    catalog: Catalog, language: str, told: str
) -> None:
    assert told in make_note(catalog, "2024-10-22", language)


def test_every_paper_among_the_sources_has_its_title(catalog: Catalog) -> None:
    note = make_note(catalog, "2024-10-22", "en")
    untitled = re.findall(r"^\d+\. <https://arxiv.org/abs/.*$", note, re.MULTILINE)
    assert untitled == []


def test_a_note_begins_with_who_leads_and_says_what_a_licence_forbids(catalog: Catalog) -> None:
    note = make_note(catalog, "2024-10-22", "zh")
    lead = note.split("\n\n")[2]
    assert "英文榜上领先的是 NV-Embed-v2（72.31）" in lead
    assert "中文榜上领先的是 Conan-embedding-v1（72.62）" in lead
    for model in ("NV-Embed-v2", "Linq-Embed-Mistral", "Conan-embedding-v1"):
        about = note[note.index(f"/{model}**") :].split("\n- **")[0]
        assert "许可证：cc-by-nc-4.0（禁止商用）[" in about
    qwen = note[note.index("/gte-Qwen2-7B-instruct**") :].split("\n- **")[0]
    assert "许可证：apache-2.0[" in qwen


def test_a_note_says_who_is_not_told_of_and_why(catalog: Catalog) -> None:
    then, now = (make_note(catalog, day, "en") for day in ("2024-10-22", "2026-06-15"))
    assert "Not listed, because they are copies: " in then
    assert "Not described, because their methods are not documented here yet: bchoiced/" in then
    assert "Tasks vote on the ranks (Borda), so they do not follow the means." in now
    assert "Borda" not in then
    assert "(no mean because tasks are missing" in now


@pytest.mark.parametrize("day", ["2024-10-22", "2026-06-15"])
def test_chinese_brackets_do_not_stand_within_brackets(catalog: Catalog, day: str) -> None:
    text = make_note(catalog, day, "zh")
    assert re.findall(r"（[^）]*（[^\n]*", text) == []


def test_nothing_is_said_twice_of_one_receipt(catalog: Catalog) -> None:
    note = make_note(catalog, "2026-06-15", "zh")
    assert re.findall(r"([^、；：\n]{3,})、\1[、；\[]", note) == []
