"""Moments and days as text, in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta


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
