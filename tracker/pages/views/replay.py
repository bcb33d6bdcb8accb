"""Replay of a board: a data file with every day, and a list of month ends."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection

import orjson

from tracker.answers.history import Replay, ReplayRow
from tracker.pages.contexts import ReplayFile, ReplayMonth
from tracker.pages.views.boards import month_ends

_DECIMALS = 2
ROW = ("model", "rank", "points", "mean", "n_tasks")
"""Columns of a day's rows; ``model`` is an index into the list of models."""


def replay_file(
    replay: Replay, path: str, until: str, dated: Collection[str]
) -> tuple[ReplayFile, bytes] | None:
    """Return the replay of a board and the content of its file; ``None`` if it has only one day.

    Args:
        replay: Its top rows, day by day.
        path: Path of the board's page.
        until: Last day for which the board is known.
        dated: Days that have a permanent page.
    """
    days = [day.day for day in replay.days]
    if len(days) < 2:
        return None
    months = []
    for month_end in month_ends(days[0], until):
        index = bisect_right(days, month_end) - 1
        if month_end > until or index < 0 or not replay.days[index].rows:
            continue
        first = replay.days[index].rows[0]
        href = f"{path}as-of/{month_end}/" if month_end in dated else None
        months.append(ReplayMonth(month_end, first.model, first.slug, href))
    content = _content(replay, until)
    newest_first = tuple(reversed(months))
    file = ReplayFile(f"{path}replay.json", days[0], until, newest_first, len(content))
    return file, content


def _content(replay: Replay, until: str) -> bytes:
    """Return the JSON file: each name once, each day's rows as numbers rounded as on pages."""
    indices: dict[tuple[str, str, str], int] = {}

    def compact(row: ReplayRow) -> tuple[object, ...]:
        key = (row.model, row.model_now, row.slug)
        mean = None if row.mean_task is None else round(row.mean_task, _DECIMALS)
        points = None if row.points is None else _short(row.points)
        return (indices.setdefault(key, len(indices)), row.rank, points, mean, row.n_tasks)

    days = [(day.day, day.n_tasks, [compact(row) for row in day.rows]) for day in replay.days]
    models = [(name, slug) if name == now else (name, slug, now) for name, now, slug in indices]
    about = {"board": replay.edition.name, "unit": replay.unit, "until": until}
    return orjson.dumps({**about, "columns": ROW, "models": models, "days": days})


def _short(value: float) -> int | float:
    return int(value) if value == int(value) else value
