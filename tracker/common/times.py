"""Moments and days as text, in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta


def utc_text(moment: datetime) -> str:
    """A moment as the tracker writes it: ``YYYY-MM-DDTHH:MM:SSZ``, which sorts as text."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def epoch_text(seconds: int) -> str:
    """Seconds since 1970 as the tracker writes a moment."""
    return utc_text(datetime.fromtimestamp(seconds, UTC))


def now_text() -> str:
    """The present moment as the tracker writes it."""
    return utc_text(datetime.now(UTC))


def end_of_day(day: date) -> str:
    """The last second of a UTC day: what a date means when it is asked for."""
    return f"{day.isoformat()}T23:59:59Z"


def moment_before(moment: str) -> str:
    """One second before a moment: the last one of an interval that ends there."""
    return utc_text(datetime.fromisoformat(moment) - timedelta(seconds=1))
