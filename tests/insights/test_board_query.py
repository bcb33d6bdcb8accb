"""Rules of the question about a board: one definition, one clear line for wrong input."""

from __future__ import annotations

import inspect
from datetime import date, datetime

import pytest

from tracker.api import Catalog
from tracker.common.times import moment
from tracker.errors import UsageError
from tracker.insights.boards.query import BoardQuery


def test_methods_take_the_fields_of_the_query_as_arguments() -> None:
    fields = [*inspect.signature(BoardQuery).parameters.values()]
    for method in (Catalog.board, Catalog.leaderboard):
        assert [*inspect.signature(method).parameters.values()][1:] == fields


def test_only_board_and_date_are_positional() -> None:
    with pytest.raises(TypeError):
        BoardQuery("c-mteb", None, "borda")  # type: ignore[call-arg, misc]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ({"board": 5}, "board cannot be 5; give str or EditionInfo"),
        ({"top": "5"}, "top cannot be '5'; give int or None"),
        ({"top": True}, "top cannot be True; give int or None"),
        ({"top": 0}, "--top must be at least 1"),
        ({"complete_only": 1}, "complete_only cannot be 1; give bool"),
        ({"as_of": 20241022}, "as_of cannot be 20241022; give str or date or datetime or None"),
        (
            {"as_of": "soon"},
            "'soon' is not a date; write YYYY-MM-DD, YYYY-MM, YYYY, today or YYYY-MM-DDTHH:MM:SSZ",
        ),
        ({"rank_by": "bord"}, "no rank rule 'bord'; did you mean 'borda'?"),
        ({"origin": "nowhere"}, "no origin 'nowhere'; published or recomputed"),
        ({"identity": "nobody"}, "no identity 'nobody'; resolved or registry"),
    ],
)
def test_wrong_arguments_give_one_clear_line(arguments: dict[str, object], line: str) -> None:
    with pytest.raises(UsageError) as caught:
        BoardQuery(**{"board": "c-mteb"} | arguments)  # type: ignore[arg-type]
    assert str(caught.value) == line


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("2024-10-22", "2024-10-22T23:59:59Z"),
        (date(2024, 10, 22), "2024-10-22T23:59:59Z"),
        (datetime(2024, 10, 22), "2024-10-22T00:00:00Z"),
        ("2024-10-22T08:00:00+08:00", "2024-10-22T00:00:00Z"),
    ],
)
def test_a_day_means_its_end_and_a_datetime_its_moment(asked: str | date, meant: str) -> None:
    assert moment(asked) == meant
