"""The bump chart: ranks of the leading models at the end of every month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tracker.answers.history import HistoryPoint, Leader
from tracker.pages.charts.chart import FAINT, LEADING, QUIET, SERIES_SWITCH, Chart, Drawing, Mark
from tracker.pages.charts.formatting import label, tooltip
from tracker.pages.charts.lead_marks import lead_marks
from tracker.pages.charts.timelines import Timeline, point_at, ranked_models
from tracker.pages.language.filters import day, plain
from tracker.pages.views.boards import month_ends

_TOP = 15
"""Ranks that are shown."""
_FEW_MOMENTS = 6
"""Up to so many moments each have a tick of their own."""
_TABLE_MONTHS = 12
"""Columns of the table beside the chart; the data files of models have the whole history."""


def bump_chart(
    timeline: Timeline, leads: Sequence[Leader] = (), *, marks_edition: bool = False
) -> tuple[Drawing, Chart] | None:
    """Draw the first ranks at the end of every month; ``None`` for a board with one state.

    Args:
        timeline: The board.
        leads: Who led it, oldest first.
        marks_edition: Mark the day from which the series means this edition, if an archived board
            came before it.
    """
    moments = monthly(timeline.moments)
    if len(moments) < 2:
        return None
    tops = [ranked_models(timeline, moment)[:_TOP] for moment in moments]
    now = tops[-1]
    former = sorted({model for top in tops for model in top} - set(now), key=str.casefold)
    marks: list[Mark] = []
    for model in (*former, *reversed(now)):
        marks += _path(model, timeline.points[model], moments, tops)
    named = lead_marks(leads, moments[0], moments[-1])
    drawing = Drawing(
        "bump",
        (*named, *marks),
        (moments[0], moments[-1]),
        (min((mark.up for mark in named), default=1) - 0.5, _TOP + 0.5),
        breaks=(SERIES_SWITCH,)
        if marks_edition and moments[0] < SERIES_SWITCH < moments[-1]
        else (),
        ticks=moments if len(moments) <= _FEW_MOMENTS else (),
    )
    columns = ("model", *(day(moment) for moment in moments[-_TABLE_MONTHS:]))
    rows = [
        (
            plain(model),
            *(str(top.index(model) + 1) if model in top else "" for top in tops[-_TABLE_MONTHS:]),
        )
        for model in now
    ]
    return drawing, Chart("bump", "", columns, tuple(rows))


def monthly(moments: Sequence[str]) -> tuple[str, ...]:
    """Return the first moment, every end of a month after it, and the last moment."""
    first, last = moments[0], moments[-1]
    ends = [f"{month_end}T23:59:59Z" for month_end in month_ends(first, last)]
    return tuple(sorted({first, last, *(end for end in ends if first < end < last)}))


def _path(
    model: str,
    points: Sequence[HistoryPoint],
    moments: Sequence[str],
    tops: Sequence[Sequence[str]],
) -> Iterator[Mark]:
    """Draw a model's ranks, with a gap wherever it is not among the first."""
    now = tops[-1]
    place = now.index(model) if model in now else None
    leads = place is not None and place < len(LEADING)
    colour = FAINT if place is None else LEADING[place] if leads else QUIET
    for index, (moment, top) in enumerate(zip(moments, tops, strict=True)):
        if model not in top:
            continue
        before = index > 0 and model in tops[index - 1]
        after = index + 1 < len(tops) and model in tops[index + 1]
        part = sum(model not in earlier for earlier in tops[:index])
        ends = place is not None and index == len(tops) - 1
        point = point_at(points, moment)
        rank = top.index(model) + 1
        yield Mark(
            moment,
            rank,
            f"{rank}  {label(model)}" if ends else "",
            f"{model} {part}",
            colour,
            weight=2.2 if leads else 1.1,
            dot=ends or not (before or after),
            tooltip=tooltip(model, moment, rank, point.mean_task if point else None),
        )
