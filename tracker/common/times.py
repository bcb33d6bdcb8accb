"""Moments and days as text, in UTC."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from tracker.errors import UsageError

When = str | date | datetime | None
"""What a person may give as a date.

A day means its end, 23:59:59 UTC: ``"2024-10-22"``, ``"2024/10/22"``, ``"2024年10月22日"``,
``"today"``, ``"yesterday"``, ``"今天"``, ``"昨天"`` or a ``date``. A month (``"2024-10"``,
``"2024年10月"``) and a year (``"2024"``, ``"2024年"``) mean their end, too; where a span of time
begins (``since``), they mean their first day. A ``datetime`` or a text with a time of day means
that very moment, midnight included; without a zone it is UTC. ``None``, ``"now"`` and ``"现在"``
mean the moment at which it is asked.
"""

_NOW = frozenset({"now", "现在", "此刻"})
_DAYS_AGO = {"today": 0, "今天": 0, "今日": 0, "yesterday": 1, "昨天": 1, "昨日": 1}
_CALENDAR = re.compile(
    r"(?P<y1>[0-9]{4})(?:(?P<mark>[-/.])(?P<m1>[0-9]{1,2})(?:(?P=mark)(?P<d1>[0-9]{1,2}))?)?"
    r"|(?P<y2>[0-9]{4}) ?年(?: ?(?P<m2>[0-9]{1,2}) ?月(?:份| ?(?P<d2>[0-9]{1,2}) ?[日号])?)?"
)


def moment(asked: When, *, now: str | None = None, begins: bool = False) -> str:
    """Convert what a person gave as a date to a moment, ``YYYY-MM-DDTHH:MM:SSZ``.

    Args:
        asked: See ``When``.
        now: The moment at which it is asked; the present one by default.
        begins: A span of time begins then: of a month or a year the first day is meant.

    Raises:
        UsageError: It is not a date.
    """
    now = now or now_text()
    if asked is None:
        return now
    try:
        if isinstance(asked, datetime):
            return utc_text(asked)
        if isinstance(asked, date):
            return end_of_day(asked)
        return _written_moment(asked, now, begins=begins)
    except (TypeError, ValueError, OverflowError):  # also for the missing date of a data frame
        raise UsageError(
            f"{asked!r} is not a date",
            remedy="write YYYY-MM-DD, YYYY-MM, YYYY, today or YYYY-MM-DDTHH:MM:SSZ",
        ) from None


@lru_cache(maxsize=4096)
def last_day_before(moment: str) -> str:
    """Return the last day at whose end a state held that ended at a moment."""
    return (date.fromisoformat(moment[:10]) - timedelta(days=1)).isoformat()


def days_held(since: str, until: str | None) -> tuple[str, str | None] | None:
    """Return first and last day at whose ends a state held; ``None`` if at no day's end.

    Args:
        since: First moment of the state.
        until: First moment at which it no longer held; ``None`` while it does, as for the last
            day.
    """
    if until is None:
        return since[:10], None
    last = last_day_before(until)
    return (since[:10], last) if last >= since[:10] else None


def _written_moment(asked: str, now: str, *, begins: bool) -> str:
    """The moment that a text means; a ``ValueError`` or ``TypeError`` where it means none."""
    folded = unicodedata.normalize("NFKC", asked).casefold().strip()
    if folded in _NOW:
        return now
    if folded in _DAYS_AGO:
        today = datetime.fromisoformat(now).date()
        return end_of_day(today - timedelta(days=_DAYS_AGO[folded]))
    if match := _CALENDAR.fullmatch(folded):
        year, month, day = (match[f"{part}1"] or match[f"{part}2"] for part in "ymd")
        return end_of_day(_meant_day(int(year), month, day, begins=begins))
    try:
        return end_of_day(date.fromisoformat(folded))
    except ValueError:
        return utc_text(datetime.fromisoformat(folded.upper()))


def _meant_day(year: int, month: str | None, day: str | None, *, begins: bool) -> date:
    """The day that is meant by a day, a month or a year."""
    if month is None:
        return date(year, 1, 1) if begins else date(year, 12, 31)
    first = date(year, int(month), 1)
    if day is not None:
        return first.replace(day=int(day))
    return first if begins else first.replace(day=monthrange(year, first.month)[1])


def utc_text(moment: datetime) -> str:
    """Format a moment in UTC as ``YYYY-MM-DDTHH:MM:SSZ``, which sorts as text."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def epoch_text(seconds: int) -> str:
    """Format seconds since 1970 as a UTC moment."""
    return utc_text(datetime.fromtimestamp(seconds, UTC))


def now_text() -> str:
    """Format the current time as a UTC moment."""
    return utc_text(datetime.now(UTC))


def hours_ago(hours: int) -> str:
    """Return the moment some hours before now, in UTC."""
    return utc_text(datetime.fromisoformat(now_text()) - timedelta(hours=hours))


def end_of_day(day: date) -> str:
    """Return the last second of a UTC day, which is what a date means in a query."""
    return f"{day.isoformat()}T23:59:59Z"


def moment_after(moment: str) -> str:
    """Return the moment one second later."""
    return utc_text(datetime.fromisoformat(moment) + timedelta(seconds=1))


def moment_before(moment: str) -> str:
    """Return the moment one second earlier: the last moment of an interval that ends here."""
    return utc_text(datetime.fromisoformat(moment) - timedelta(seconds=1))
