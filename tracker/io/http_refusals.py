"""Explain an HTTP status that is not a success: whether to ask again, and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import requests

from tracker.common.times import utc_text
from tracker.errors import one_line
from tracker.io.http_errors import AttemptError

LONGEST_RETRY_DAYS = 7
"""Days to which a longer ``Retry-After`` is cut: no server knows its state beyond that."""
PASSING_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504})


def refusal(answer: requests.Response, now: datetime, longest_wait: float) -> AttemptError:
    """Explain a status other than 200.

    Args:
        answer: The answer; its body is not read.
        now: The present moment, for a ``Retry-After`` that is a date.
        longest_wait: Seconds; a server that asks for more is not asked again.
    """
    status = answer.status_code
    cause = f"answered {status} {one_line(answer.reason or '')[:60]}".rstrip()
    if status not in PASSING_STATUS:
        return AttemptError(cause, status=status, final=400 <= status < 500)
    wait = _seconds(answer.headers.get("Retry-After"), now)
    limited, sleeping = status == 429, status in (502, 503, 504)
    if wait is not None and wait > longest_wait:
        longest = LONGEST_RETRY_DAYS * 86_400.0
        asked = f"{wait:.0f} s" if wait <= longest else f"more than {LONGEST_RETRY_DAYS} days"
        again = utc_text(now + timedelta(seconds=min(wait, longest)))
        return AttemptError(
            f"{cause} and asks to wait {asked}, longer than the limit of {longest_wait:g} s",
            limited=limited,
            remedy=f"try again after {again}, or raise TRACKER_RETRY_WAIT_LIMIT",
            status=status,
        )
    return AttemptError(
        cause,
        passing=True,
        sleeping=sleeping,
        limited=limited,
        retry_after=wait,
        status=status,
    )


def _seconds(retry_after: str | None, today: datetime) -> float | None:
    """Return ``Retry-After``, a number or a date, as seconds."""
    if not retry_after:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text[:300])
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - today).total_seconds())
