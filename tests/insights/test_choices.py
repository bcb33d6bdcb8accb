"""A choice ranks whole models by weighted means of types and says why the others drop out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.catalogs import Loaded
from tests.support.small_board import BOARD
from tracker.answers.choices import Choice
from tracker.api import Catalog
from tracker.errors import NoDataError, NotFoundError, UsageError

DAY = "2025-03-31"


@pytest.fixture(scope="module")
def catalog(small_board: Loaded) -> Iterator[Catalog]:
    with small_board.open() as opened:
        yield opened


def ranked(choice: Choice) -> list[tuple[int | None, str, float | None]]:
    return [
        (m.place, m.model, None if m.score is None else round(m.score, 3)) for m in choice.models
    ]


def dropped(choice: Choice) -> dict[str, tuple[str, ...]]:
    return {model.model: model.dropped for model in choice.dropped}


# STS is A and B, Retrieval is C (mean of en and de); mill/closed has no C.
@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, [(1, "lab/large", 70.0), (2, "lab/small", 47.5)]),
        ({"type": "STS=3,Retrieval"}, [(1, "lab/large", 70.0), (2, "lab/small", 51.25)]),
        (
            {"type": "STS"},
            [(1, "lab/large", 70.0), (1, "mill/closed", 70.0), (3, "lab/small", 55.0)],
        ),
        # English: A is STS, C/en is Retrieval.
        ({"language": "en"}, [(1, "lab/large", 70.0), (2, "lab/small", 55.0)]),
        # German has only C/de.
        (
            {"language": "English=3,de"},
            [(1, "lab/large", 75.0), (2, "lab/small", 46.25)],
        ),
    ],
)
def test_models_with_all_tasks_rank_by_the_weighted_mean(
    catalog: Catalog, asked: dict[str, Any], expected: list[tuple[int, str, float]]
) -> None:
    assert ranked(catalog.choice(BOARD, DAY, **asked)) == expected


def test_every_dropped_model_says_why(catalog: Catalog) -> None:
    found = catalog.choice(BOARD, DAY, max_parameters="1B", min_context=10_000, commercial=True)
    assert ranked(found) == []
    assert dropped(found) == {
        "lab/large": ("8B parameters",),
        "lab/small": ("inputs of at most 8192 tokens",),
        "mill/closed": (
            "number of parameters unknown",
            "longest input unknown",
            "licence unknown",
            "2 of 3 tasks; incomplete: Retrieval",
        ),
    }


def test_fronts_hold_what_nothing_beats_for_its_size(catalog: Catalog) -> None:
    found = catalog.choice(BOARD, DAY, type="STS")
    fronts = [(m.model, m.on_size_front, m.on_storage_front) for m in found.models]
    assert fronts == [
        ("lab/large", True, False),
        ("mill/closed", False, False),
        ("lab/small", True, False),
    ]


def test_one_sentence_says_what_was_ranked_by(catalog: Catalog) -> None:
    found = catalog.choice(BOARD, DAY, type="Retrieval=2,STS", language="de,en=2")
    assert found.explained.en.startswith(
        "Ranked by the weighted mean of STS × 1, Retrieval × 2 in German × 1, English × 2 on "
    )
    assert "德语×1、英语×2" in found.explained.zh


def test_a_frame_has_the_ranked_models_first_and_the_same_columns_always(catalog: Catalog) -> None:
    whole = catalog.choose(BOARD, DAY)
    assert whole["place"].to_list() == [1, 2, None]
    assert whole["dropped"].to_list()[2] == ["2 of 3 tasks; incomplete: Retrieval"]
    none = catalog.choose(BOARD, DAY, max_parameters=1)
    assert (none.columns, none["place"].null_count()) == (whole.columns, 3)


@pytest.mark.parametrize(
    ("asked", "error", "line"),
    [
        ({"type": "Sts"}, NotFoundError, f"{BOARD} has no task type 'Sts'; did you mean 'STS'?"),
        ({"type": "STS=x"}, UsageError, "type: 'x' is not a weight; write STS=2, for example"),
        ({"type": "STS=0"}, UsageError, "type: weights are above 0 and at most 1000"),
        ({"language": "Frankish"}, UsageError, "no language 'Frankish'"),
        ({"language": "fra"}, NoDataError, f"{BOARD}: no model has a score on language fra"),
        (
            {"language": "de", "type": "STS"},
            NoDataError,
            f"{BOARD}: no model has all tasks of STS in the language deu; it has Retrieval",
        ),
        ({"max_parameters": "much"}, UsageError, "max_parameters cannot be 'much'"),
    ],
)
def test_what_cannot_be_answered_is_one_clear_line(
    catalog: Catalog, asked: dict[str, Any], error: type[Exception], line: str
) -> None:
    with pytest.raises(error) as caught:
        catalog.choice(BOARD, DAY, **asked)
    assert line in str(caught.value)


def test_a_published_board_without_scores_of_tasks_is_ranked_too(told: Loaded) -> None:
    with told.open() as catalog:
        found = catalog.choice("MTEB(eng, v2)", "2026-08-20")
    assert [m.model for m in found.models] == ["yard/new", "lab/one"]
    assert dropped(found) == {"lab/half": ("1 of 3 tasks; incomplete: Retrieval",)}
