"""Leads of a board as segments of a time bar."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from tracker.answers.boards import Leaderboard
from tracker.answers.history import Leader
from tracker.pages.contexts import LeadSpan

COLOURS = 5
"""Number of segment colours in the style sheet."""
FIRST_DAY = "2024-07-07"
"""Start of the time bar: the first day of the published boards."""


def lead_spans(leads: Sequence[Leader], until: str | None) -> tuple[LeadSpan, ...]:
    """Return leads as segments of a bar from July 2024 to the last known day.

    Args:
        leads: Oldest first.
        until: Last moment for which the board is known.
    """
    if not leads:
        return ()
    first = min(FIRST_DAY, leads[0].from_day)
    last = max(until[:10] if until else "", *(lead.until_day or lead.from_day for lead in leads))
    days = max((date.fromisoformat(last) - date.fromisoformat(first)).days + 1, 1)
    colours: dict[str, int] = {}
    found: list[LeadSpan] = []
    for lead in leads:
        begins = (date.fromisoformat(lead.from_day) - date.fromisoformat(first)).days
        ends = (date.fromisoformat(lead.until_day or last) - date.fromisoformat(first)).days + 1
        colour = colours.setdefault(lead.model_now, len(colours) % COLOURS)
        if found and found[-1].colour == colour and found[-1].model != lead.model:
            colour = (colour + 1) % COLOURS
        found.append(
            LeadSpan(
                round(100 * begins / days, 3),
                round(100 * max(ends - begins, 1) / days, 3),
                lead.model,
                lead.slug,
                lead.from_day,
                lead.until_day,
                colour,
            )
        )
    return tuple(found)


def has_points(board: Leaderboard) -> bool:
    """Whether any row has Borda points."""
    return any(row.points is not None for row in board.rows)


def lead_days(leads: Iterable[Leader]) -> set[str]:
    """Return the first day of every lead."""
    return {lead.from_day for lead in leads}
