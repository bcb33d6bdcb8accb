"""Intervals of board rows from worker processes, cached by the scores they are drawn from."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from pathlib import Path

import numpy as np
import orjson

from tracker.answers.boards import Leaderboard
from tracker.answers.intervals import row_intervals
from tracker.pages.build.cache import cache_key
from tracker.pages.charts.cache import Pool
from tracker.ranking import uncertainty
from tracker.ranking.uncertainty import IntervalJob, Intervals

TOP = 100
"""Rows of a board that get intervals on its page."""


def request_intervals(pool: Pool, job: IntervalJob) -> Future[bytes]:
    """Have intervals drawn; ``with_intervals`` reads the result."""
    table = job.table
    parts = [table.scores.tobytes(), b"" if table.points is None else table.points.tobytes()]
    rest = orjson.dumps((table.types, table.by_type, table.models, job.wanted))
    return pool.cached(cache_key("intervals", _drawn_by(), *parts, rest), _draw, job)


def with_intervals(board: Leaderboard, job: IntervalJob, content: bytes) -> Leaderboard:
    """Add drawn intervals to the rows of a board."""
    found = Intervals(*(np.array(bound, dtype=float) for bound in orjson.loads(content)))
    counts = [bound.astype(np.int64) for bound in (found[0], found[1], found[4], found[5])]
    whole = Intervals(counts[0], counts[1], found.mean_low, found.mean_high, counts[2], counts[3])
    by_label = dict(zip(job.labels, row_intervals(whole, has_mean=job.has_mean), strict=True))
    rows = (replace(row, interval=by_label.get(row.label)) for row in board.rows)
    return replace(board, rows=tuple(rows))


def _draw(job: IntervalJob) -> bytes:
    """Draw intervals; a missing bound of a mean is null."""
    return orjson.dumps([bound.tolist() for bound in job.draw()])


@cache
def _drawn_by() -> bytes:
    """The library and the code that draw intervals."""
    return version("numpy").encode() + Path(uncertainty.__file__).read_bytes()
