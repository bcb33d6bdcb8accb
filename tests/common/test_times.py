"""What counts as a date."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
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
        NotATime(2024, 1, 1),
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
    ],
)
def test_what_is_not_a_date_is_one_clear_error(asked: Any) -> None:
    with pytest.raises(UsageError) as caught:
        moment(asked)
    assert str(caught.value) == (
        f"{asked!r} is not a date; write YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ"
    )


def test_a_moment_of_any_zone_is_told_in_utc() -> None:
    assert moment(datetime(2024, 10, 22, tzinfo=timezone(timedelta(hours=8)))) == (
        "2024-10-21T16:00:00Z"
    )
    assert moment(datetime(2024, 10, 22, 7, tzinfo=UTC)) == "2024-10-22T07:00:00Z"
