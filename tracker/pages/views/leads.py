"""Who led a board, as stretches of a line of time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from tracker.answers.boards import Leaderboard
from tracker.answers.history import Leader
from tracker.pages.contexts import LeadStretch

COLOURS = 5
"""Colours of the stretches; the style sheet has them."""
FIRST_DAY = "2024-07-07"
"""Where the line of time begins: the first day of the published boards."""


def lead_stretches(leads: Sequence[Leader], until: str | None) -> tuple[LeadStretch, ...]:
    """The leads as parts of a line from July 2024 to the last day that is known.

    Args:
        leads: Oldest first.
        until: The last moment for which the board is known.
    """
    if not leads:
        return ()
    first = min(FIRST_DAY, leads[0].from_day)
    last = max(until[:10] if until else "", *(lead.until_day or lead.from_day for lead in leads))
    days = max((date.fromisoformat(last) - date.fromisoformat(first)).days + 1, 1)
    colours: dict[str, int] = {}
    found: list[LeadStretch] = []
    for lead in leads:
        begins = (date.fromisoformat(lead.from_day) - date.fromisoformat(first)).days
        ends = (date.fromisoformat(lead.until_day or last) - date.fromisoformat(first)).days + 1
        place = colours.setdefault(lead.model_now, len(colours) % COLOURS)
        if found and found[-1].place == place and found[-1].model != lead.model:
            place = (place + 1) % COLOURS
        found.append(
            LeadStretch(
                round(100 * begins / days, 3),
                round(100 * max(ends - begins, 1) / days, 3),
                lead.model,
                lead.slug,
                lead.from_day,
                lead.until_day,
                place,
            )
        )
    return tuple(found)


def has_points(board: Leaderboard) -> bool:
    """Whether the points by which a board ranks are known."""
    return any(row.points is not None for row in board.rows)


def lead_days(leads: Iterable[Leader]) -> set[str]:
    """The first day of every lead."""
    return {lead.from_day for lead in leads}
