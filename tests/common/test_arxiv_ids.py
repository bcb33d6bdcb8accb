"""arXiv ids in any spelling, and the month that is a part of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.common.arxiv_ids import ArxivId, find_ids, month_of, parse_id


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2405.17428", ArxivId("2405.17428", None)),
        (" 0704.0001v3\n", ArxivId("0704.0001", "v3")),
        ("arXiv：２４０５．１７４２８ｖ２", ArxivId("2405.17428", "v2")),
        ("arXiv preprint arXiv:2405.17428", ArxivId("2405.17428", None)),
        ("[2405.17428] NV-Embed", ArxivId("2405.17428", None)),
        ("\ufeff2405\u200b.17428", ArxivId("2405.17428", None)),
        ("cs.CL/0112017v1", ArxivId("cs/0112017", "v1")),
        ("https://arxiv.org/pdf/2405.17428v2.pdf", ArxivId("2405.17428", "v2")),
        ("https://arxiv.org/pdf/hep-th/9901001v1", ArxivId("hep-th/9901001", "v1")),
        ("https://arxiv.org/abs/2405.17428?context=cs.CL", ArxivId("2405.17428", None)),
        ("https%3A%2F%2Farxiv.org%2Fabs%2F2405.17428", ArxivId("2405.17428", None)),
        ("https://arxiv.org/ftp/arxiv/papers/2405/2405.17428.pdf", ArxivId("2405.17428", None)),
        ("https://huggingface.co/papers/2405.17428", ArxivId("2405.17428", None)),
        ("hf.co/papers/2405.17428", ArxivId("2405.17428", None)),
        ("https://www.alphaxiv.org/overview/2405.17428v3", ArxivId("2405.17428", "v3")),
        ("https://doi.org/10.48550/arXiv.2405.17428", ArxivId("2405.17428", None)),
        ("https://arxiv.org/abs/2405.17428v1 https://arxiv.org/abs/2212.09741", None),
        ("nvidia/NV-Embed-v2", None),
        ("2413.17428", None),
        ("", None),
    ],
)
def test_an_id_is_read_in_any_spelling(text: str, found: ArxivId | None) -> None:
    assert parse_id(text) == found


def test_full_width_ids_are_found_in_chinese_prose() -> None:
    assert find_ids("见 arXiv：2405.17428v2，与 ａｒｘｉｖ：2212.09741。") == (
        "2405.17428",
        "2212.09741",
    )


@pytest.mark.parametrize(
    ("arxiv_id", "month"),
    [
        ("2405.17428", "2024-05"),
        ("2405.17428v2", "2024-05"),
        ("0704.0001", "2007-04"),
        ("cs/0112017", "2001-12"),
        ("hep-th/9108001", "1991-08"),
        ("2413.17428", None),
        ("NV-Embed", None),
    ],
)
def test_the_month_is_a_part_of_the_id(arxiv_id: str, month: str | None) -> None:
    assert month_of(arxiv_id) == month


@given(st.text(max_size=60))
def test_any_text_is_an_id_or_none(text: str) -> None:
    found = parse_id(text)
    assert found is None or found.id in find_ids(f"arXiv:{found.id}")
