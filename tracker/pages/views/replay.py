"""A board on any day: the file that a page loads on request, and its month ends as a list."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection

import orjson

from tracker.answers.history import Replay, ReplayRow
from tracker.pages.contexts import ReplayFile, ReplayMonth
from tracker.pages.views.boards import month_ends

_DECIMALS = 2
ROW = ("model", "rank", "points", "mean", "n_tasks")
"""What each row of a day holds; the model is a place in the list of models."""


def replay_file(
    replay: Replay, path: str, until: str, dated: Collection[str]
) -> tuple[ReplayFile, bytes] | None:
    """The replay of a board with the content of its file; ``None`` where it has one day only.

    Args:
        replay: Its first rows, day by day.
        path: Where the board's page is.
        until: The last day for which the board is known.
        dated: Days of which the board has a page that stays.
    """
    days = [day.day for day in replay.days]
    if len(days) < 2:
        return None
    months = []
    for month_end in month_ends(days[0], until):
        place = bisect_right(days, month_end) - 1
        if month_end > until or place < 0 or not replay.days[place].rows:
            continue
        first = replay.days[place].rows[0]
        href = f"{path}as-of/{month_end}/" if month_end in dated else None
        months.append(ReplayMonth(month_end, first.model, first.slug, href))
    content = _content(replay, until)
    told = f"{path}replay.json", days[0], until, tuple(reversed(months)), len(content)
    return ReplayFile(*told), content


def _content(replay: Replay, until: str) -> bytes:
    """The file: names once, and of each day its rows as numbers, as precise as pages show them."""
    places: dict[tuple[str, str, str], int] = {}

    def row(its: ReplayRow) -> tuple[object, ...]:
        key = (its.model, its.model_now, its.slug)
        mean = None if its.mean_task is None else round(its.mean_task, _DECIMALS)
        points = None if its.points is None else _short(its.points)
        return (places.setdefault(key, len(places)), its.rank, points, mean, its.n_tasks)

    days = [(day.day, day.n_tasks, [row(its) for its in day.rows]) for day in replay.days]
    models = [(name, slug) if name == now else (name, slug, now) for name, now, slug in places]
    told = {"board": replay.edition.name, "unit": replay.unit, "until": until}
    return orjson.dumps({**told, "columns": ROW, "models": models, "days": days})


def _short(value: float) -> int | float:
    return int(value) if value == int(value) else value
