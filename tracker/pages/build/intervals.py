"""Intervals of board rows from worker processes, cached by the scores they are drawn from."""

from __future__ import annotations

from collections import defaultdict
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from pathlib import Path

import numpy as np
import orjson

from tracker.answers.boards import TIED_AMONG, Leaderboard
from tracker.answers.intervals import row_intervals
from tracker.errors import NoDataError
from tracker.pages.build.cache import cache_key
from tracker.pages.build.pool import result_of
from tracker.pages.charts.cache import Pool
from tracker.pages.views.boards import Boards
from tracker.pages.views.catalog_protocol import CatalogReader
from tracker.pages.views.notes import PastStates, past_leads
from tracker.ranking import confidence_intervals
from tracker.ranking.confidence_intervals import IntervalJob, Intervals

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


class PastLeads:
    """Boards of past days with intervals of their first rows, for the leads that notes name."""

    def __init__(self, pool: Pool, catalog: CatalogReader, boards: Boards) -> None:
        """Have the intervals drawn; days without scores of single tasks are left out."""
        self._requested: list[tuple[str, Leaderboard, IntervalJob, Future[bytes]]] = []
        for day, board in past_leads(catalog, boards):
            with suppress(NoDataError):
                job = catalog.interval_job(board, top=TIED_AMONG)
                first = replace(board, rows=board.rows[:TIED_AMONG])
                self._requested.append((day, first, job, request_intervals(pool, job)))

    def states(self) -> PastStates:
        """The first rows of the boards with their intervals, by day and edition."""
        found: dict[str, dict[str, Leaderboard]] = defaultdict(dict)
        for day, board, job, drawn in self._requested:
            found[day][board.edition.slug] = with_intervals(board, job, result_of(drawn))
        return found


def _draw(job: IntervalJob) -> bytes:
    """Draw intervals; a missing bound of a mean is null."""
    return orjson.dumps([bound.tolist() for bound in job.draw()])


@cache
def _drawn_by() -> bytes:
    """The library and the code that draw intervals."""
    return version("numpy").encode() + Path(confidence_intervals.__file__).read_bytes()
