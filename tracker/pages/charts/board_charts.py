"""From the history of a board to its three charts, each with the same as a table.

Ranks are told as the board counts them on its page: copies that it does not show take no place.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tracker.answers.boards import EditionInfo, Leaderboard, RelatedModel
from tracker.answers.history import HistoryPoint, Leader
from tracker.pages.charts.chart import FAINT, LEADING, QUIET, Chart, Drawing, Mark
from tracker.pages.charts.lead_marks import lead_marks
from tracker.pages.language.filters import (
    count,
    day,
    parameters,
    plain,
    score,
    short_name,
    state_day,
)
from tracker.pages.views.boards import month_ends

PUBLISHED = "published-boards"
ENDED = "2025-02-05T00:00:00Z"
"""From this moment on a series means its present edition."""
TOP = 15
LONGEST_NAME = 32
FEWEST_SIZES = 3
FEW_MOMENTS = 6


Histories = Mapping[str, Sequence[HistoryPoint]]
"""The points of every model on every board, by its name."""
Drawings = tuple[tuple[Drawing, Chart], ...]
"""What charts show, each with the chart that it becomes."""


@dataclass(frozen=True)
class Story:
    """One edition through time."""

    edition: EditionInfo
    points: Mapping[str, tuple[HistoryPoint, ...]]
    """By model; a copy that the board does not show is not among them."""
    moments: tuple[str, ...]
    """Every moment at which anything changed, the oldest first."""

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The line of its record, which every edition of its series shows."""
        return tuple(record_steps(self))


@dataclass(frozen=True, slots=True)
class Step:
    """The best mean on an edition from one moment to the next."""

    edition: EditionInfo
    at: str
    model: str
    mean: float
    rank: int | None
    """Where the board ranked the model then: the best mean need not be first."""
    n_tasks: int
    """Tasks of the board then."""


def read_stories(
    editions: Iterable[EditionInfo],
    histories: Histories,
    copies: Mapping[str, RelatedModel],
    collapsed: frozenset[str],
) -> dict[str, Story]:
    """The stories of editions by slug.

    Args:
        editions: The boards.
        histories: The points of every model by its name.
        copies: Whose copy a model is, by name.
        collapsed: Slugs of the editions that do not show copies.
    """
    by_edition: dict[str, dict[str, tuple[HistoryPoint, ...]]] = defaultdict(dict)
    for model, points in histories.items():
        sorted_points: dict[str, list[HistoryPoint]] = defaultdict(list)
        for point in points:
            sorted_points[point.edition_slug].append(point)
        for slug, its in sorted_points.items():
            original = copies.get(model) if slug in collapsed else None
            if original is None or original.model not in histories:
                by_edition[slug][model] = tuple(its)
    return {
        edition.slug: Story(edition, found, _moments(found.values()))
        for edition in editions
        if (found := by_edition.get(edition.slug))
    }


def _moments(points: Iterable[Sequence[HistoryPoint]]) -> tuple[str, ...]:
    """When points begin and end; but not the end of all, when the edition itself ended."""
    known = [point for its in points for point in its]
    starts = {point.from_at for point in known}
    ends = {point.to_at for point in known if point.to_at}
    stood_until = max(point.to_at or "9" for point in known)
    return tuple(sorted(starts | {end for end in ends if end < stood_until}))


def monthly(moments: Sequence[str]) -> tuple[str, ...]:
    """The first moment, every end of a month after it, and the last moment."""
    first, last = moments[0], moments[-1]
    ends = [f"{month_end}T23:59:59Z" for month_end in month_ends(first, last)]
    return tuple(sorted({first, last, *(end for end in ends if first < end < last)}))


def places(story: Story, moment: str) -> list[str]:
    """The models that are ranked at a moment, the best first; equal ranks by name."""
    ranked = []
    for model, points in story.points.items():
        point = standing(points, moment)
        if point and point.rank is not None:
            ranked.append((point.rank, model.casefold(), model))
    return [model for _, _, model in sorted(ranked)]


def standing(points: Iterable[HistoryPoint], moment: str) -> HistoryPoint | None:
    """The point that holds at a moment, a ranked one before one without rank."""
    holding = [
        point
        for point in points
        if point.from_at <= moment and (point.to_at is None or point.to_at > moment)
    ]
    ranked = (point for point in holding if point.rank is not None)
    return next(ranked, holding[0] if holding else None)


def bump(
    story: Story, leads: Sequence[Leader] = (), *, marks_edition: bool = False
) -> tuple[Drawing, Chart] | None:
    """The first places at the end of every month; ``None`` for a board that was seen once.

    Args:
        story: The board.
        leads: Who led it, oldest first.
        marks_edition: Mark the day from which its series means it, where an archived board was
            before it.
    """
    moments = monthly(story.moments)
    if len(moments) < 2:
        return None
    tops = [places(story, moment)[:TOP] for moment in moments]
    now = tops[-1]
    seen = sorted({model for top in tops for model in top} - set(now), key=str.casefold)
    marks: list[Mark] = []
    for model in (*seen, *reversed(now)):
        marks += _path(model, story.points[model], moments, tops)
    named = lead_marks(leads, moments[0], moments[-1])
    drawing = Drawing(
        "bump",
        (*named, *marks),
        (moments[0], moments[-1]),
        (min((mark.up for mark in named), default=1) - 0.5, TOP + 0.5),
        breaks=(ENDED,) if marks_edition and moments[0] < ENDED < moments[-1] else (),
        ticks=moments if len(moments) <= FEW_MOMENTS else (),
    )
    shown = moments[-_SHOWN_MONTHS:]
    rows = [
        (
            plain(model),
            *(str(top.index(model) + 1) if model in top else "" for top in tops[-_SHOWN_MONTHS:]),
        )
        for model in now
    ]
    return drawing, Chart("bump", "", ("model", *(day(its) for its in shown)), tuple(rows))


def _path(
    model: str,
    points: Sequence[HistoryPoint],
    moments: Sequence[str],
    tops: Sequence[Sequence[str]],
) -> Iterator[Mark]:
    """A model's places, cut where it is not among the first."""
    now = tops[-1]
    place = now.index(model) if model in now else None
    leads = place is not None and place < len(LEADING)
    colour = FAINT if place is None else LEADING[place] if leads else QUIET
    for index, (moment, top) in enumerate(zip(moments, tops, strict=True)):
        if model not in top:
            continue
        before = index > 0 and model in tops[index - 1]
        after = index + 1 < len(tops) and model in tops[index + 1]
        run = sum(model not in its for its in tops[:index])
        ends = place is not None and index == len(tops) - 1
        point = standing(points, moment)
        yield Mark(
            moment,
            top.index(model) + 1,
            f"{top.index(model) + 1}  {label(model)}" if ends else "",
            f"{model} {run}",
            colour,
            weight=2.2 if leads else 1.1,
            dot=ends or not (before or after),
            told=_told(model, moment, top.index(model) + 1, point.mean_task if point else None),
        )


def _told(
    model: str, moment: str, rank: int | None, mean: float | None, **more: str
) -> tuple[tuple[str, str], ...]:
    """What a pointer is told of a point, as readers see it, the same in both languages."""
    told = {"model": plain(model), "day": day(moment), "rank": count(rank)}
    return tuple({**told, "mean_task": score(mean), **more}.items())


_SHOWN_MONTHS = 12
"""Columns of the table beside a bump chart; the data files of models hold everything."""


def label(model: str) -> str:
    """A model's name as a chart writes it: without organisation, cut where it is too long."""
    return plain(short_name(model), LONGEST_NAME)


def record_steps(story: Story) -> Iterator[Step]:
    """The best mean that stood on a board, one step for each model that came to hold it.

    Only models that the board ranks and that have results for all its tasks count. Where the
    holder leaves or loses its value, the line falls to the best that still stands.
    """
    events = sorted(
        (
            (point.from_at, index, model, point)
            for index, (model, points) in enumerate(story.points.items())
            for point in points
            if _is_whole(point, story.edition)
        ),
        key=lambda event: event[:3],
    )
    held: list[tuple[float, str, str, int, HistoryPoint]] = []
    last: tuple[str, str] | None = None
    following = 0
    for moment in story.moments:
        while following < len(events) and events[following][0] <= moment:
            _, _, model, point = events[following]
            entry = -(point.mean_task or 0.0), model, point.to_at or "9", following, point
            heapq.heappush(held, entry)
            following += 1
        while held and held[0][2] <= moment:
            heapq.heappop(held)
        if held and (held[0][1], score(-held[0][0])) != last:
            less, model, *_, point = held[0]
            last = model, score(-less)
            n_tasks = point.n_tasks_total or story.edition.n_tasks
            yield Step(story.edition, moment, model, -less, point.rank, n_tasks)


def _is_whole(point: HistoryPoint, edition: EditionInfo) -> bool:
    whole = point.n_tasks is None or point.n_tasks == (point.n_tasks_total or edition.n_tasks)
    return whole and point.rank is not None and point.mean_task is not None


def record(own: Story, series: Sequence[Story]) -> tuple[Drawing, Chart] | None:
    """The best means of all editions of a series; ``None`` where there was only one.

    Editions are never joined: their lists of tasks differ.
    """
    steps: list[Step] = []
    marks: list[Mark] = []
    ends: list[str] = []
    for story in sorted(series, key=lambda its: (its.edition.first_at or "", its.edition.slug)):
        its = story.steps
        if not its:
            continue
        colour = LEADING[0] if story is own else QUIET
        end = story.edition.last_at or its[-1].at
        highest = 0.0
        named: set[str] = set()
        for step in its:
            # The table names every step; beside the line only records have room, once a model.
            sets = step.mean > highest and step.model not in named
            name = label(step.model) if sets else ""
            told = _told(step.model, step.at, step.rank, step.mean, n_tasks=str(step.n_tasks))
            marks.append(Mark(step.at, step.mean, name, story.edition.slug, colour, 2.0, told=told))
            highest = max(highest, step.mean)
            named.add(step.model)
        marks.append(Mark(end, its[-1].mean, "", story.edition.slug, colour, 2.0, dot=False))
        ends.append(end)
        steps += its
    if len(steps) < 2:
        return None
    starts = {step.edition.slug: step.at for step in reversed(steps)}
    first, *later = sorted(set(starts.values()))
    # Present editions are computed from 2024 on, long before their series went over to them.
    breaks = (ENDED,) if _changes_edition(series) and first < ENDED < max(ends) else tuple(later)
    drawing = Drawing(
        "record",
        tuple(sorted(marks, key=lambda mark: (mark.path != own.edition.slug, mark.path))),
        (first, max(ends)),
        _limits([step.mean for step in steps]),
        breaks,
    )
    rows = tuple(
        (day(step.at), plain(step.model), score(step.mean), str(step.n_tasks))
        for step in reversed(steps)
    )
    return drawing, Chart("record", "", ("since", "model", "mean_task", "n_tasks"), rows)


def _changes_edition(series: Iterable[Story]) -> bool:
    """Whether a series went over from an archived board to a present edition."""
    return len({story.edition.source == PUBLISHED for story in series}) == 2


def _limits(values: Sequence[float]) -> tuple[float, float]:
    """The values with some air above and below."""
    low, high = min(values), max(values)
    air = max((high - low) * 0.08, 0.5)
    return low - air, high + air


def frontier(board: Leaderboard) -> tuple[Drawing, Chart] | None:
    """Mean against size: the models that no smaller or equally large one surpasses are named."""
    known = sorted(
        (row.parameters, -row.mean_task, row.model.casefold(), row)
        for row in board.rows
        if row.rank is not None and row.parameters and row.mean_task is not None
    )
    if len(known) < FEWEST_SIZES:
        return None
    best: list[Mark] = []
    rest: list[Mark] = []
    rows = []
    highest, at = float("-inf"), state_day(board)
    for size, less, _, row in known:
        assert size is not None
        told = _told(row.model, at, row.rank, -less, parameters=parameters(size))
        if -less > highest:
            highest = -less
            best.append(Mark(size, highest, label(row.model), "frontier", LEADING[0], told=told))
            rows.append((parameters(size), plain(row.model), score(highest), str(row.rank)))
        else:
            rest.append(Mark(size, -less, "", "", FAINT, told=told))
    # The cloud first, so that the frontier is drawn over it; names go to the largest first.
    drawing = Drawing(
        "frontier",
        (*rest, *best),
        (known[0][0] / 1.4, known[-1][0] * 1.4),
        _limits([-less for _, less, _, _ in known]),
    )
    columns = ("parameters", "model", "mean_task", "rank")
    return drawing, Chart("frontier", "", columns, tuple(rows))


def board_drawings(
    board: Leaderboard, stories: Mapping[str, Story], leads: Sequence[Leader] = ()
) -> Drawings:
    """What the charts of a board's page show, those for which there is data.

    Args:
        board: Its last state.
        stories: Every edition through time, by slug.
        leads: Who led the board, oldest first.
    """
    found = []
    own = stories.get(board.edition.slug)
    if own:
        series = [its for its in stories.values() if its.edition.series == own.edition.series]
        follows = own.edition.source != PUBLISHED and _changes_edition(series)
        found += [bump(own, leads, marks_edition=follows), record(own, series)]
    found.append(frontier(board))
    return tuple(its for its in found if its)
