"""The charts of a board's page: bump, record and frontier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tracker.answers.boards import Leaderboard
from tracker.answers.history import Leader
from tracker.pages.charts.bump_chart import bump_chart
from tracker.pages.charts.chart import Chart, Drawing
from tracker.pages.charts.frontier_chart import frontier_chart
from tracker.pages.charts.record_chart import follows_archive, record_chart
from tracker.pages.charts.timelines import Timeline


def board_drawings(
    board: Leaderboard, timelines: Mapping[str, Timeline], leads: Sequence[Leader] = ()
) -> tuple[tuple[Drawing, Chart], ...]:
    """Make the charts of a board for which there is data, not yet drawn.

    Args:
        board: Its last state.
        timelines: All editions through time, by slug.
        leads: Who led the board, oldest first.
    """
    found = []
    own = timelines.get(board.edition.slug)
    if own:
        series = [t for t in timelines.values() if t.edition.series == own.edition.series]
        marks_edition = follows_archive(own, series)
        found += [bump_chart(own, leads, marks_edition=marks_edition), record_chart(own, series)]
    found.append(frontier_chart(board))
    return tuple(chart for chart in found if chart)
