"""Moments and days as text, in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from tracker.errors import UsageError

When = str | date | datetime | None
"""What a person may give as a date.

A day (``"2024-10-22"`` or a ``date``) means its end, 23:59:59 UTC. A ``datetime`` or a text with a
time of day means that very moment, midnight included; without a zone it is UTC. ``None`` means now.
"""


def moment(asked: When) -> str:
    """Convert what a person gave as a date to a moment, ``YYYY-MM-DDTHH:MM:SSZ``.

    Raises:
        UsageError: It is not a date.
    """
    if asked is None:
        return now_text()
    try:
        if isinstance(asked, datetime):
            return utc_text(asked)
        if isinstance(asked, date):
            return end_of_day(asked)
        try:
            return end_of_day(date.fromisoformat(asked))
        except ValueError:
            return utc_text(datetime.fromisoformat(asked))
    except (TypeError, ValueError, OverflowError):  # also for the missing date of a data frame
        raise UsageError(
            f"{asked!r} is not a date", remedy="write YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ"
        ) from None


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


def end_of_day(day: date) -> str:
    """Return the last second of a UTC day, which is what a date means in a query."""
    return f"{day.isoformat()}T23:59:59Z"


def moment_before(moment: str) -> str:
    """Return the moment one second earlier: the last moment of an interval that ends here."""
    return utc_text(datetime.fromisoformat(moment) - timedelta(seconds=1))
