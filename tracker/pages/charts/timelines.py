"""Timelines of boards: the history of every shown model on one edition."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tracker.answers.boards import EditionInfo
from tracker.answers.history import HistoryPoint
from tracker.answers.models import RelatedModel
from tracker.pages.charts.record_steps import RecordStep, record_steps

Histories = Mapping[str, Sequence[HistoryPoint]]
"""The points of every model on every edition, by the model's name."""


@dataclass(frozen=True)
class Timeline:
    """One edition through time."""

    edition: EditionInfo
    points: Mapping[str, tuple[HistoryPoint, ...]]
    """By model, without copies that the board hides."""
    moments: tuple[str, ...]
    """Every moment at which anything changed, oldest first."""

    @cached_property
    def record_steps(self) -> tuple[RecordStep, ...]:
        """The steps of the best mean; every edition of the series shows them."""
        return tuple(record_steps(self.edition, self.points, self.moments))


def read_timelines(
    editions: Iterable[EditionInfo],
    histories: Histories,
    copies: Mapping[str, RelatedModel],
    collapsed: frozenset[str],
) -> dict[str, Timeline]:
    """Build the timelines of editions, by slug.

    Args:
        editions: The boards.
        histories: The points of every model.
        copies: The original of every model that is a copy, by the copy's name.
        collapsed: Slugs of the editions that hide copies.
    """
    by_edition: dict[str, dict[str, tuple[HistoryPoint, ...]]] = defaultdict(dict)
    for model, points in histories.items():
        sorted_points: dict[str, list[HistoryPoint]] = defaultdict(list)
        for point in points:
            sorted_points[point.edition_slug].append(point)
        for slug, own in sorted_points.items():
            original = copies.get(model) if slug in collapsed else None
            if original is None or original.model not in histories:
                by_edition[slug][model] = tuple(own)
    return {
        edition.slug: Timeline(edition, found, _moments(found.values()))
        for edition in editions
        if (found := by_edition.get(edition.slug))
    }


def _moments(points: Iterable[Sequence[HistoryPoint]]) -> tuple[str, ...]:
    """List when points begin and end, without the moment at which the edition itself ended."""
    known = [point for own in points for point in own]
    starts = {point.from_at for point in known}
    ends = {point.to_at for point in known if point.to_at}
    last_end = max(point.to_at or "9" for point in known)
    return tuple(sorted(starts | {end for end in ends if end < last_end}))


def ranked_models(timeline: Timeline, moment: str) -> list[str]:
    """List the models that are ranked at a moment, best first; equal ranks by name."""
    ranked = []
    for model, points in timeline.points.items():
        point = point_at(points, moment)
        if point and point.rank is not None:
            ranked.append((point.rank, model.casefold(), model))
    return [model for _, _, model in sorted(ranked)]


def point_at(points: Iterable[HistoryPoint], moment: str) -> HistoryPoint | None:
    """Find the point that holds at a moment, a ranked one before one without rank.

    Args:
        points: Oldest first.
        moment: The moment.
    """
    unranked = None
    for point in points:
        if point.from_at > moment:
            break
        if point.to_at is None or point.to_at > moment:
            if point.rank is not None:
                return point
            unranked = unranked or point
    return unranked
