"""Parts of a board are ranked by its own rule; conditions choose rows and change no rank."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.catalogs import Loaded
from tests.support.small_board import BOARD
from tracker.answers.boards import CommonTasks
from tracker.errors import NoDataError, NotFoundError, UsageError


@pytest.fixture
def loaded(small_board: Loaded) -> Loaded:
    return small_board


def rows(loaded: Loaded, **asked: Any) -> list[tuple[int | None, str, float | None]]:
    with loaded.open() as catalog:
        found = catalog.board(BOARD, "2025-03-31", **asked)
    return [(row.rank, row.model, row.points) for row in found.rows]


# On a task a model gets a point for each of the three rows of the whole board, less its rank.


@pytest.mark.parametrize("asked", [{"type": "STS"}, {"tasks": "A,B"}, {"tasks": " B , A "}])
def test_tasks_make_a_part_and_all_rows_take_part(loaded: Loaded, asked: dict[str, Any]) -> None:
    # A: large, closed, small; B: closed, small, large.
    assert rows(loaded, **asked) == [
        (1, "mill/closed", 3.0),
        (2, "lab/large", 2.0),
        (3, "lab/small", 1.0),
    ]


@pytest.mark.parametrize("language", ["deu", "de", "German", "德语"])
def test_a_language_keeps_its_subsets_of_every_task(loaded: Loaded, language: str) -> None:
    with loaded.open() as catalog:
        found = catalog.board(BOARD, "2025-03-31", language=language)
    assert [(row.rank, row.model, row.mean_task, row.n_tasks_total) for row in found.rows] == [
        (1, "lab/large", 90.0, 1),
        (2, "lab/small", 20.0, 1),
    ]


@pytest.mark.parametrize("language", ["zho", "cmn", "zh", "Chinese", "中文"])
def test_every_code_of_chinese_is_chinese(loaded: Loaded, language: str) -> None:
    assert rows(loaded, language=language) == [
        (1, "mill/closed", 2.0),
        (2, "lab/small", 1.0),
        (3, "lab/large", 0.0),
    ]


def test_a_part_says_what_it_is_and_that_it_was_computed(loaded: Loaded) -> None:
    with loaded.open() as catalog:
        found = catalog.board(BOARD, "2025-03-31", type="STS", language="en")
    assert (found.part, found.computed_now, len(found.rows)) == ("type STS, language en", True, 3)


def test_a_part_names_the_task_that_keeps_a_mean_empty(loaded: Loaded) -> None:
    with loaded.open() as catalog:
        found = catalog.board(BOARD, "2025-03-31", tasks="A,C")
    assert found.common == CommonTasks(1, 2, ("C",))
    assert {row.model: (row.mean_task, row.mean_common) for row in found.rows} == {
        "lab/large": (80.0, 90.0),
        "lab/small": (45.0, 50.0),
        "mill/closed": (None, 70.0),
    }


@pytest.mark.parametrize("asked", [{}, {"type": "STS"}, {"identity": "registry"}])
def test_borda_is_the_own_rule_of_a_board_that_ranks_by_it(
    loaded: Loaded, asked: dict[str, Any]
) -> None:
    with loaded.open() as catalog:
        own = catalog.board(BOARD, "2025-03-31", **asked)
        borda = catalog.board(BOARD, "2025-03-31", rank_by="borda", **asked)
        mean = catalog.board(BOARD, "2025-03-31", rank_by="mean_task", **asked)
    assert (borda.rows, borda.rule, own.rule) == (own.rows, "points", "points")
    assert mean.rule == "mean_task"


@pytest.mark.parametrize(
    ("asked", "models"),
    [
        ({"max_parameters": "1B"}, ["lab/small"]),
        ({"max_parameters": 8_000_000_000}, ["lab/large", "lab/small"]),
        ({"max_parameters": 1e9}, ["lab/small"]),
        ({"max_memory": "600MB"}, ["lab/small"]),
        ({"max_memory": "15GB"}, ["lab/large", "lab/small"]),
        ({"min_context": 10_000}, ["lab/large"]),
        ({"open_weights": True}, ["lab/large", "lab/small"]),
        ({"licence": "MIT,bsd-3-clause"}, ["lab/small"]),
        ({"commercial": True}, ["lab/large", "lab/small"]),
        ({"organisation": "Mill"}, ["mill/closed"]),
        ({"untrained_only": True}, ["lab/small"]),
        ({"no_instructions": True}, ["lab/small"]),
        ({"released_since": "2025-02-01"}, ["lab/large"]),
        ({"open_weights": True, "max_parameters": "1B"}, ["lab/small"]),
        ({"max_parameters": "1M"}, []),
    ],
)
def test_conditions_choose_rows_and_change_no_rank(
    loaded: Loaded, asked: dict[str, Any], models: list[str]
) -> None:
    whole = {model: (rank, points) for rank, model, points in rows(loaded)}
    assert rows(loaded, **asked) == [
        (whole[m][0], m, whole[m][1]) for m in sorted(models, key=lambda m: whole[m][0] or 0)
    ]


def test_places_close_up_beside_the_rank(loaded: Loaded) -> None:
    with loaded.open() as catalog:
        found = catalog.board(BOARD, "2025-03-31", type="STS", open_weights=True, top=1)
    assert [(row.rank, row.place, row.model) for row in found.rows] == [(2, 1, "lab/large")]


@pytest.mark.parametrize(
    ("asked", "error", "line"),
    [
        ({"type": "Sts"}, NotFoundError, f"{BOARD} has no task type 'Sts'; did you mean 'STS'?"),
        ({"tasks": "A,D"}, NotFoundError, f"{BOARD} has no task 'D'; use one of A, B, C"),
        ({"language": "Frankish"}, UsageError, "no language 'Frankish'"),
        ({"language": "fra"}, NoDataError, f"{BOARD}: no model has a score on language fra"),
        ({"max_parameters": "1X"}, UsageError, "max_parameters cannot be '1X'"),
        ({"max_parameters": float("nan")}, UsageError, "max_parameters cannot be 'nan'"),
        ({"max_parameters": True}, UsageError, "max_parameters cannot be True"),
        ({"max_memory": "much"}, UsageError, "max_memory cannot be 'much'"),
        ({"pooling": "lasttoken?"}, NotFoundError, "no pooling called 'lasttoken?'"),
    ],
)
def test_what_is_not_there_is_named(
    loaded: Loaded, asked: dict[str, Any], error: type[Exception], line: str
) -> None:
    with pytest.raises(error) as caught:
        rows(loaded, **asked)
    assert line in str(caught.value)
