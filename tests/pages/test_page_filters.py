"""Template filters for numbers, dates, names and addresses."""

from __future__ import annotations

import pytest

from tests.support.fake_catalog import HOSTILE
from tracker.pages.language import filters
from tracker.pages.language.texts import load_texts
from tracker.pages.language.words import Words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (7_851_000_000, "7.85\u202fB"),
        (334_900_000, "335\u202fM"),
        (22_700_000, "22.7\u202fM"),
        (999_600_000, "1.00\u202fB"),
        (99_960_000, "100\u202fM"),
        (400_000, "0.4\u202fM"),
    ],
)
def test_sizes_are_short(value: int | None, text: str) -> None:
    assert filters.parameters(value) == text


def test_scores_have_two_decimals_and_a_real_minus() -> None:
    assert [filters.score(its) for its in (72.314, -3.251, 0.0, None)] == [
        "72.31", "\u22123.25", "0.00", "–",
    ]  # fmt: skip
    assert [filters.points(its) for its in (0.5, -0.5, None)] == ["+0.50", "\u22120.50", "–"]


def test_dates_are_utc() -> None:
    assert filters.day("2024-10-22T02:56:00Z") == "2024-10-22"
    assert filters.minute("2024-10-22T02:56:00Z") == "2024-10-22 02:56 UTC"
    assert (filters.day(None), filters.minute("")) == ("–", "–")


def test_undeclared_training_data_is_a_question_mark() -> None:
    assert [filters.zero_shot(its) for its in (95, -1, None)] == ["95%", "?", "–"]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JAVASCRIPT:alert(1)", " data:text/html,x", "//host/x", "mailto:a@b",
        "https://", "http://[bad", "https://a.example/\u202eb", "", None,
    ],
)  # fmt: skip
def test_only_web_addresses_become_links(url: object) -> None:
    assert filters.safe_url(url) is None


def test_web_addresses_are_quoted() -> None:
    assert filters.safe_url('https://a.example/"<x> y') == "https://a.example/%22%3Cx%3E%20y"


def test_papers_are_cited_by_number() -> None:
    assert filters.place("https://arxiv.org/abs/2405.17428v2") == "arXiv:2405.17428"
    assert filters.place("https://www.example.org/long/path") == "example.org"


@pytest.mark.parametrize("hostile", HOSTILE)
def test_names_are_escaped_isolated_and_bounded(hostile: str) -> None:
    markup = filters.name(hostile)
    inner = str(markup).removeprefix("<bdi>").removesuffix("</bdi>")
    assert not set("<>\"'\u202e\u202d") & set(inner)
    assert len(markup.unescape()) <= 300 + len("<bdi></bdi>")


def test_metadata_of_any_type_is_escaped() -> None:
    values = (["<a>", 1], {"<k>": True}, 12345, -1, "<x>", None, "https://a.example/<b>")
    show = Words(load_texts("en")).value
    assert [str(show(value)) for value in values] == [
        "<bdi>&lt;a&gt;</bdi>, 1",
        "<bdi>&lt;k&gt;</bdi>: ✓",
        "12,345",
        "–",
        "<bdi>&lt;x&gt;</bdi>",
        "–",
        '<a href="https://a.example/%3Cb%3E" rel="noopener nofollow">a.example</a>',
    ]
