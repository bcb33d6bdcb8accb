"""The record chart: the best mean through time, for every edition of a series."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tracker.pages.charts.chart import LEADING, QUIET, SERIES_SWITCH, Chart, Drawing, Mark
from tracker.pages.charts.formatting import label, padded, tooltip
from tracker.pages.charts.timelines import Timeline
from tracker.pages.language.filters import day, plain, score

_ARCHIVED_SOURCE = "published-boards"


def record_chart(own: Timeline, series: Sequence[Timeline]) -> tuple[Drawing, Chart] | None:
    """Draw the best means of all editions of a series; ``None`` if there was only one.

    Editions are never joined, because their lists of tasks differ.
    """
    by_start = sorted(series, key=lambda one: (one.edition.first_at or "", one.edition.slug))
    timelines = [timeline for timeline in by_start if timeline.record_steps]
    steps = [step for timeline in timelines for step in timeline.record_steps]
    if len(steps) < 2:
        return None
    marks = [mark for timeline in timelines for mark in _path(timeline, is_own=timeline is own)]
    last = max(map(_end, timelines))
    starts = {step.edition.slug: step.at for step in reversed(steps)}
    first, *later = sorted(set(starts.values()))
    # Present editions are computed from 2024 on, long before their series switched to them.
    switches = switches_edition(series) and first < SERIES_SWITCH < last
    drawing = Drawing(
        "record",
        tuple(sorted(marks, key=lambda mark: (mark.path != own.edition.slug, mark.path))),
        (first, last),
        padded([step.mean for step in steps]),
        (SERIES_SWITCH,) if switches else tuple(later),
    )
    rows = tuple(
        (day(step.at), plain(step.model), score(step.mean), str(step.n_tasks))
        for step in reversed(steps)
    )
    return drawing, Chart("record", "", ("since", "model", "mean_task", "n_tasks"), rows)


def _path(timeline: Timeline, *, is_own: bool) -> Iterator[Mark]:
    slug = timeline.edition.slug
    colour = LEADING[0] if is_own else QUIET
    highest = 0.0
    named: set[str] = set()
    for step in timeline.record_steps:
        # The table names every step; beside the line there is room for new records only.
        is_new = step.mean > highest and step.model not in named
        name = label(step.model) if is_new else ""
        shown = tooltip(step.model, step.at, step.rank, step.mean, n_tasks=str(step.n_tasks))
        yield Mark(step.at, step.mean, name, slug, colour, 2.0, tooltip=shown)
        highest = max(highest, step.mean)
        named.add(step.model)
    mean = timeline.record_steps[-1].mean
    yield Mark(_end(timeline), mean, "", slug, colour, 2.0, dot=False)


def _end(timeline: Timeline) -> str:
    return timeline.edition.last_at or timeline.record_steps[-1].at


def switches_edition(series: Iterable[Timeline]) -> bool:
    """Whether a series has both an archived board and a present edition."""
    return len({one.edition.source == _ARCHIVED_SOURCE for one in series}) == 2


def follows_archive(own: Timeline, series: Sequence[Timeline]) -> bool:
    """Whether an edition is the present one of a series that had an archived board before."""
    return own.edition.source != _ARCHIVED_SOURCE and switches_edition(series)
