"""What counts as a date."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from tracker.common.times import moment
from tracker.errors import UsageError


class NotATime(datetime):
    """A missing date as data frames have it: a datetime that cannot be formatted."""

    def astimezone(self, tz: Any = None) -> Any:
        raise ValueError("NaT does not support astimezone")

    def __repr__(self) -> str:
        return "NaT"


@pytest.mark.parametrize(
    "asked",
    [
        20241022,
        1.5,
        True,
        b"2024-10-22",
        ["2024-10-22"],
        "",
        "2024-13-01",
        "2024-13",
        "2024-00",
        "0000",
        "2023-02-29",
        "2024-10/22",
        "202410",
        "10-22",
        "10月22日",
        "2024年10",
        "soon",
        NotATime(2024, 1, 1),
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
    ],
)
def test_what_is_not_a_date_is_one_clear_error(asked: Any) -> None:
    with pytest.raises(UsageError) as caught:
        moment(asked)
    assert str(caught.value) == (
        f"{asked!r} is not a date; write YYYY-MM-DD, YYYY-MM, YYYY, today or YYYY-MM-DDTHH:MM:SSZ"
    )


def test_a_moment_of_any_zone_is_told_in_utc() -> None:
    assert moment(datetime(2024, 10, 22, tzinfo=timezone(timedelta(hours=8)))) == (
        "2024-10-21T16:00:00Z"
    )
    assert moment(datetime(2024, 10, 22, 7, tzinfo=UTC)) == "2024-10-22T07:00:00Z"


NOW = "2026-02-28T08:30:00Z"


@pytest.mark.parametrize(
    ("asked", "ends", "begins"),
    [
        ("2024-10-22", "2024-10-22", "2024-10-22"),
        ("2024/10/2", "2024-10-02", "2024-10-02"),
        ("2024.10.22", "2024-10-22", "2024-10-22"),
        ("2024年10月22日", "2024-10-22", "2024-10-22"),
        (" 2024 年 2 月 9 号 ", "2024-02-09", "2024-02-09"),
        ("２０２４年１０月２２日", "2024-10-22", "2024-10-22"),
        ("2024-10", "2024-10-31", "2024-10-01"),
        ("2024/2", "2024-02-29", "2024-02-01"),
        ("2023年2月份", "2023-02-28", "2023-02-01"),
        ("2024", "2024-12-31", "2024-01-01"),
        ("2024年", "2024-12-31", "2024-01-01"),
        ("Today", "2026-02-28", "2026-02-28"),
        ("昨天", "2026-02-27", "2026-02-27"),
        ("yesterday", "2026-02-27", "2026-02-27"),
        (date(2024, 10, 22), "2024-10-22", "2024-10-22"),
    ],
)
def test_a_day_month_or_year_means_its_end(asked: str, ends: str, begins: str) -> None:
    assert moment(asked, now=NOW) == f"{ends}T23:59:59Z"
    assert moment(asked, now=NOW, begins=True) == f"{begins}T23:59:59Z"


@pytest.mark.parametrize("asked", ["now", "Now ", "现在", None])
def test_now_means_the_moment_at_which_it_is_asked(asked: str | None) -> None:
    assert moment(asked, now=NOW) == NOW


@pytest.mark.parametrize("asked", ["2024-10-22T07:00:00+02:00", "2024-10-22t05:00:00z"])
def test_a_text_with_a_time_of_day_means_that_moment(asked: str) -> None:
    assert moment(asked) == "2024-10-22T05:00:00Z"
