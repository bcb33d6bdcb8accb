"""Names of leaders above a bump chart, each at the moment from which it led."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tracker.answers.history import Leader
from tracker.pages.charts.chart import FAINT, QUIET, Mark
from tracker.pages.language.filters import plain, short_name

ROWS = 3
"""Rows of names above the first place."""

_LONGEST_NAME = 24
_LETTERS = 77
"""Letters that fit across the plot, approximately."""
_GAP = 3
"""Letters kept free beside a name."""
_LIMIT = 1.4
"""Right limit of a name, in widths of the plot."""


def lead_marks(leads: Sequence[Leader], first: str, last: str) -> tuple[Mark, ...]:
    """Mark every lead with a thin line above rank 1 and the leader's name beside it.

    The longest leads get their names first; a lead without room for a name keeps its line.

    Args:
        leads: Who led the board, oldest first.
        first: First moment of the chart.
        last: Last moment of the chart.
    """
    begins, ends = _seconds(first), _seconds(last)
    taken: list[list[tuple[float, float]]] = [[] for _ in range(ROWS)]
    marks: list[Mark] = []
    by_length = sorted(leads, key=lambda lead: (-_days(lead, last), lead.from_day))
    for place, lead in enumerate(by_length):
        moment = max(f"{lead.from_day}T00:00:00Z", first)
        if moment > last:
            continue
        name = plain(short_name(lead.model), _LONGEST_NAME)
        start = (_seconds(moment) - begins) / (ends - begins)
        row = _free_row(taken, start, start + (len(name) + _GAP) / _LETTERS)
        path = f"lead {place}"
        top = 0.4 if row is None else -float(row)
        marks.append(Mark(moment, 1, "", path, FAINT, 0.8, dot=False))
        marks.append(Mark(moment, top, "" if row is None else name, path, QUIET, 0.8, dot=False))
    return tuple(marks)


def _free_row(taken: list[list[tuple[float, float]]], start: float, end: float) -> int | None:
    """Take room in the lowest row that has it; ``None`` if none has."""
    for row, boxes in enumerate(taken):
        if end <= _LIMIT and all(end <= left or start >= right for left, right in boxes):
            boxes.append((start, end))
            return row
    return None


def _days(lead: Leader, last: str) -> float:
    """Return the length of a lead in days."""
    return (_seconds(lead.until_day or last[:10]) - _seconds(lead.from_day)) / 86_400


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()
