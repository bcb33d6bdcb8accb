"""The frontier chart: mean against size."""

from __future__ import annotations

from tracker.answers.boards import Leaderboard
from tracker.insights.references.boards import state_day
from tracker.pages.charts.chart import FAINT, LEADING, Chart, Drawing, Mark
from tracker.pages.charts.formatting import label, padded, tooltip
from tracker.pages.language.filters import parameters, plain, score

_FEWEST_SIZES = 3
"""Fewer models of known size are no cloud."""
_MARGIN = 1.4
"""Factor between the smallest or largest size and the edge of the chart."""


def frontier_chart(board: Leaderboard) -> tuple[Drawing, Chart] | None:
    """Draw mean against size, with the names of the models that no smaller or equal one surpasses.

    Returns ``None`` if the sizes of fewer than three models are known.
    """
    known = sorted(
        (row.parameters, -row.mean_task, row.model.casefold(), row)
        for row in board.rows
        if row.rank is not None and row.parameters and row.mean_task is not None
    )
    if len(known) < _FEWEST_SIZES:
        return None
    best: list[Mark] = []
    others: list[Mark] = []
    table = []
    highest, at = float("-inf"), state_day(board)
    for size, negated, _, row in known:
        mean = -negated
        shown = tooltip(row.model, at, row.rank, mean, parameters=parameters(size))
        if mean > highest:
            highest = mean
            mark = Mark(size, mean, label(row.model), "frontier", LEADING[0], tooltip=shown)
            best.append(mark)
            table.append((parameters(size), plain(row.model), score(mean), str(row.rank)))
        else:
            others.append(Mark(size, mean, "", "", FAINT, tooltip=shown))
    drawing = Drawing(
        "frontier",
        # The frontier is drawn over the cloud.
        (*others, *best),
        (known[0][0] / _MARGIN, known[-1][0] * _MARGIN),
        padded([-negated for _, negated, _, _ in known]),
    )
    columns = ("parameters", "model", "mean_task", "rank")
    return drawing, Chart("frontier", "", columns, tuple(table))
