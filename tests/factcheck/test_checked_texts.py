"""Rules of checking a text: days, readings, contexts, own texts, hostile texts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tracker.api import Catalog
from tracker.common.yaml_loader import SAFE_LOADER
from tracker.errors import UsageError
from tracker.exports.notes import make_note

ROOT = Path(__file__).resolve().parents[2]
FOUR_RANKS = {
    "sentence": "NV-Embed-v2 first, gte-Qwen2-7B-instruct fifth, Linq-Embed-Mistral twelfth on the"
    " archived English board, Conan-embedding first on C-MTEB.",
    "ambiguous board": "On MTEB, NV-Embed-v2 ranks No. 1, gte-Qwen2-7B-instruct ranks No. 5 and"
    " Linq-Embed-Mistral ranks No. 12. On C-MTEB, Conan-embedding-v1 ranks No. 1.",
    "headings": "# MTEB 英文榜\n\n- NV-Embed-v2：排名第一\n- gte-Qwen2-7B-instruct：排名第五\n"
    "- Linq-Embed-Mistral：排名第十二\n\n# C-MTEB\n\n- Conan-embedding-v1：排名第一\n",
    "page": "<html><body><p>On the English MTEB, <b>NV-Embed-v2</b> ranks first,"
    " gte-Qwen2-7B-instruct&nbsp;fifth and Linq-Embed-Mistral twelfth.</p><p>Conan-embedding-v1"
    " leads C-MTEB.</p></body></html>",
}


@pytest.mark.parametrize("text", FOUR_RANKS.values(), ids=FOUR_RANKS)
def test_ranks_of_one_text_give_the_days_on_which_all_held(catalog: Catalog, text: str) -> None:
    checked = catalog.check(text)
    assert checked.n_ranks == 4
    assert checked.together == (("2024-10-22", "2024-10-22"), ("2024-11-14", "2024-11-14"))


def test_a_span_is_the_statement_in_the_source(catalog: Catalog) -> None:
    text = (
        "---\ndate: 2024-10-22\n---\n\n- **NV-Embed-v2** *leads* the [English MTEB](https://x.y).\n"
    )
    (one,) = catalog.check(text)
    assert text[one.start : one.end] == one.statement
    assert one.statement == "NV-Embed-v2** *leads* the [English MTEB"
    assert (one.verdict, one.model, one.board) == ("true", "nvidia/NV-Embed-v2", "published/en")
    assert one.days == (("2024-08-30", "2025-01-07"),)


def test_the_stated_date_precedes_the_given_one_and_that_the_front_matter(catalog: Catalog) -> None:
    body = "---\ndate: 2026-01-01\n---\nNV-Embed-v2 leads the English MTEB{}."
    dated = catalog.check(body.format(" as of 2024-10-22"), date="2025-06-01")
    given = catalog.check(body.format(""), date="2024-10-22")
    own = catalog.check(body.format(""))
    verdicts = [checked.statements[0].verdict for checked in (dated, given, own)]
    assert verdicts == ["true", "true", "true_on_other_days"]
    assert [checked.date for checked in (dated, given, own)] == [
        "2025-06-01", "2024-10-22", "2026-01-01",
    ]  # fmt: skip


def test_a_date_before_the_known_time_is_not_judged(catalog: Catalog) -> None:
    (one,) = catalog.check("SFR-Embedding-Mistral leads MTEB.", date="2024-03-01")
    assert one.verdict == "not_checkable"
    assert "2024-07-07" in one.reason


def test_a_name_that_may_mean_several_boards_is_tried_in_all(catalog: Catalog) -> None:
    (one,) = catalog.check("gemini-embedding-001 leads MTEB.", date="2025-07-01")
    assert (one.verdict, one.board) == ("true", "MTEB(Multilingual, v2)")
    assert "read as MTEB(eng, v2) or MTEB(Multilingual, v2)" in one.reason


def test_an_unknown_model_gets_the_nearest_names(catalog: Catalog) -> None:
    (one,) = catalog.check("NV-Embed-v7 leads MTEB.")
    assert (one.verdict, one.model) == ("unknown_model", "NV-Embed-v7")
    assert "nvidia/NV-Embed-v2" in one.reason


@pytest.mark.parametrize(
    "text",
    [
        "If NV-Embed-v9 were first on MTEB, we would know.",
        "Does NV-Embed-v2 lead C-MTEB?",
        "NV-Embed-v2 is not first on C-MTEB.",
        "Among open models under 1B, bge-m3 ranks first on MTEB.",
        "bge-m3 is one of the top models on MTEB.",
        "We compare with bge-m3, the first model that we tried on MTEB.",
        "A 12.5 point gain over bge-m3 on MTEB.",
        "```\nbge-m3 leads MTEB\n```",
        "<script>bge-m3 leads MTEB</script>",
        "<!-- bge-m3 leads MTEB -->",
        "如果 bge-m3 在 MTEB 上排名第一，那就好了。",
        "bge-m3 并不是 MTEB 第一。",
    ],
)
def test_what_is_supposed_denied_or_limited_is_left_alone(catalog: Catalog, text: str) -> None:
    assert [f"{one.kind} {one.verdict}" for one in catalog.check(text)] == []


def test_ordinals_and_numbers_that_mean_something_else_raise_no_alarm(catalog: Catalog) -> None:
    text = (Path(__file__).parent / "no_statements.md").read_text("utf-8")
    assert [(one.kind, one.statement) for one in catalog.check(text)] == []


def test_a_bracket_belongs_to_the_model_before_it(catalog: Catalog) -> None:
    text = (
        "Conan-embedding-v1 reached 72.62 on C-MTEB, beating xiaobu-embedding-v2 (72.43) by 0.19."
    )
    found = [(one.kind, one.model, one.claimed) for one in catalog.check(text, date="2024-10-22")]
    pair = "TencentBAC/Conan-embedding-v1 / lier007/xiaobu-embedding-v2"
    assert found == [
        ("score", "TencentBAC/Conan-embedding-v1", 72.62),
        ("score", "lier007/xiaobu-embedding-v2", 72.43),
        ("difference", pair, 0.19),
    ]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("day", ["2024-10-22", "2025-06-30", "2026-08-20"])
def test_own_notes_hold_on_their_day(catalog: Catalog, day: str, language: str) -> None:
    checked = catalog.check(make_note(catalog, day, language))
    alarms = [one for one in checked if one.verdict not in ("true", "near")]
    assert alarms == []
    assert checked.n_ranks >= 10
    assert checked.together is not None
    assert any(first <= day <= (last or day) for first, last in checked.together)


def test_own_pages_and_essays_raise_no_alarm(catalog: Catalog) -> None:
    pages = [ROOT / "README.md", *(ROOT / "site" / "docs").rglob("*.md")]
    texts = {page.name: page.read_text("utf-8") for page in pages if page.stem != "check-a-text"}
    for essay in catalog.written_comparisons():
        for language in ("en", "zh"):
            lines = [getattr(text, language) for line in essay.lines for text in line.texts]
            texts[f"{essay.slug}.{language}"] = "\n\n".join(lines)
    alarms = [
        (name, one.statement, one.reason)
        for name, text in texts.items()
        for one in catalog.check(text)
        if one.verdict in ("false", "unknown_model")
    ]
    assert alarms == []


def test_curated_facts_raise_no_alarm(catalog: Catalog) -> None:
    def written(value: object) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        for part in value.values() if isinstance(value, dict) else ():
            yield from written(part)
        for part in value if isinstance(value, list) else ():
            yield from written(part)

    alarms = [
        (file.name, one.statement, one.reason)
        for file in sorted((ROOT / "db" / "curated").rglob("*.yaml"))
        for content in [yaml.load(file.read_text("utf-8"), Loader=SAFE_LOADER)]
        for one in catalog.check("\n\n".join(written(content)))
        if one.verdict in ("false", "unknown_model")
    ]
    assert alarms == []


@pytest.mark.parametrize(
    "piece",
    [
        "NV-Embed-v2 leads MTEB with 72.31 on 2024-10-22. ", "bge-m3 MTEB first ", "<a ", "<!--",
        "[", "](((", "x", "。", "&amp", "a/b-1 ", "排名第一", "1", "```\n", "| ", "MTEB(", "\n",
        "NV-Embed-v2 has ", "on the first of the ", "-|-\n", "| 72.31 | bge-m3 |\n",
    ],
)  # fmt: skip
def test_any_text_is_checked_to_its_end_or_says_where_it_stopped(
    catalog: Catalog, piece: str
) -> None:
    """The time that 1 MB takes is measured by ``benchmarks.checking``."""
    text = (piece * 50_000)[:50_000]
    checked = catalog.check(text)
    assert len(checked) <= 1000
    assert (checked.checked_until is not None) == (len(checked) == 1000)


def test_too_many_statements_end_the_check_and_say_where(catalog: Catalog) -> None:
    checked = catalog.check("NV-Embed-v2 leads MTEB.\n" * 1001)
    assert len(checked) == 1000
    assert checked.checked_until == checked.statements[-1].end


def test_what_is_no_text_or_no_date_is_refused(catalog: Catalog) -> None:
    with pytest.raises(UsageError, match="text"):
        catalog.check(b"bytes")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="not a date"):
        catalog.check("bge-m3 leads MTEB.", date="soon")
    with pytest.raises(UsageError, match="in parts"):
        catalog.check("x" * 5_000_001)


def test_the_frame_has_a_row_for_each_statement(catalog: Catalog) -> None:
    frame = catalog.check("NV-Embed-v2 has 7.85B parameters.").to_polars()
    assert frame.select("kind", "model", "claimed", "actual", "verdict", "days").rows() == [
        ("size", "nvidia/NV-Embed-v2", "7850000000", "7850000000", "true", [])
    ]
