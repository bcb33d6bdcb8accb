"""Plain text with positions, dates, sets of days."""

from __future__ import annotations

import pytest

from tracker.api import Catalog
from tracker.common.times import days_held
from tracker.factcheck.dates import Period, document_date, stated_dates
from tracker.factcheck.days import intersection, union
from tracker.factcheck.markup import plain_text, sentences


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("# A **b**\n\ntwo\nlines", "A b\ntwo lines"),
        ("[name](https://x.y/z(1)) and `code`[^1][2]", "name and code"),
        ("a\\_b SFR-Embedding-2_R", "a_b SFR-Embedding-2_R"),
        ("| a | b |\n| c | d |", "a\nb\nc\nd"),
        ("<p>a &amp; b</p><p>c<br>d</p>", "a & b\nc\nd\n"),
        ("<body><style>x{}</style>a<!-- b -->c <b>d</b></body>", "ac d\n"),
        ("```\ncode\n```\ntext here", "text here"),
        ("１２：（ａ）", "12:(a)"),
        ("NV\u2011Embed\u2010v2 – 1024&#8209;d", "NV-Embed-v2 - 1024-d"),
        ("a < b > c", "a < b > c"),
        ("模型A在C-MTEB上得72分", "模型 A 在 C-MTEB 上得 72 分"),
    ],
)
def test_markup_is_taken_out_and_words_stay(source: str, shown: str) -> None:
    plain = plain_text(source)
    assert plain.text.strip("\n") == shown.strip("\n")
    assert len(plain.offsets) == len(plain.text) + 1
    assert list(plain.offsets) == sorted(plain.offsets)


def test_each_character_knows_its_place() -> None:
    source = "Some *words* and [a link](https://x.y)."
    plain = plain_text(source)
    at = plain.text.index("a link")
    start, end = plain.span(at, at + 6)
    assert source[start:end] == "a link"


def test_chinese_without_blanks_is_read_like_chinese_with_blanks(catalog: Catalog) -> None:
    spaced = "截至 2024 年 10 月 22 日，NV-Embed-v2 在 MTEB 英文榜上以 72.31 分排名第一。"
    joined = spaced.replace(" ", "")
    for one, other in zip(catalog.check(spaced), catalog.check(joined), strict=True):
        assert (one.kind, one.verdict, one.claimed) == (other.kind, other.verdict, other.claimed)
        assert other.statement == one.statement.replace(" ", "")
        assert joined[other.start : other.end] == other.statement


def test_a_number_with_a_unit_is_no_year() -> None:
    assert list(stated_dates("a context of 2048 tokens")) == []


def test_sentences_end_at_marks_but_not_at_abbreviations() -> None:
    text = "No. 1 is e.g. here. bge-m3 follows! 第一句。第二句在此。"
    found = [text[start:end] for start, end in sentences(text)]
    assert found == ["No. 1 is e.g. here.", "bge-m3 follows!", "第二句在此。"]


def test_an_endless_line_is_cut() -> None:
    assert max(end - start for start, end in sentences("word " * 5000)) <= 1000


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024-10-22", "2024-10-22", "2024-10-22"),
        ("October 22, 2024", "2024-10-22", "2024-10-22"),
        ("22nd of Oct. 2024", "2024-10-22", "2024-10-22"),
        ("in February 2024", "2024-02-01", "2024-02-29"),
        ("2024 年 10 月 22 日", "2024-10-22", "2024-10-22"),
        ("2024年10月", "2024-10-01", "2024-10-31"),
        ("during 2024", "2024-01-01", "2024-12-31"),
        ("2024-10", "2024-10-01", "2024-10-31"),
    ],
)
def test_dates_are_read_in_both_languages(text: str, first: str, last: str) -> None:
    assert [found.period for found in stated_dates(text)] == [Period(first, last)]


@pytest.mark.parametrize("text", ["2024-13-45", "v2024.1", "arXiv:2405.17428", "31 February 2024"])
def test_what_is_no_day_of_the_calendar_is_no_date(text: str) -> None:
    assert list(stated_dates(text)) == []


def test_a_document_gives_its_date_in_front_matter_or_metadata() -> None:
    day = Period("2025-02-24", "2025-02-24")
    page = '<head><meta property="article:published_time" content="2025-02-24T08:00:00Z"></head>'
    assert document_date('title: x\ndate: "2025-02-24"\n', "") == day
    assert document_date("", page) == day
    assert document_date("", "on 2025-02-24") is None


def test_days_are_those_at_whose_ends_a_state_held() -> None:
    assert days_held("2024-10-22T03:00:00Z", "2024-10-23T03:00:00Z") == ("2024-10-22", "2024-10-22")
    assert days_held("2024-10-22T03:00:00Z", "2024-10-22T09:00:00Z") is None
    assert days_held("2024-10-22T03:00:00Z", None) == ("2024-10-22", None)


def test_stretches_unite_and_intersect() -> None:
    days = union([("2024-01-03", "2024-01-05"), ("2024-01-01", "2024-01-02"), ("2024-02-01", None)])
    assert days == (("2024-01-01", "2024-01-05"), ("2024-02-01", None))
    assert intersection(days, (("2024-01-05", "2024-02-02"),)) == (
        ("2024-01-05", "2024-01-05"),
        ("2024-02-01", "2024-02-02"),
    )
