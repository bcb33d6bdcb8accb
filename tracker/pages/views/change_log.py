"""Change log of the leading series: one page per month, day by day.

A change is dated by the first state that shows it. Ranks that moved only because other models
appeared, left or were rescored are not listed; they would bury the changes that caused them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from tracker.answers.boards import MAIN_SERIES, EditionInfo
from tracker.answers.history import Change, HistoryPoint
from tracker.answers.models import Model
from tracker.pages.charts.chart import SERIES_SWITCH
from tracker.pages.contexts import ChangeMonthPage, LoggedChange
from tracker.pages.language.filters import score
from tracker.pages.views.boards import board_path, page


def change_months(
    models: Iterable[Model],
    editions: Iterable[EditionInfo],
    history: Mapping[str, Sequence[HistoryPoint]],
    explain: Callable[[Sequence[Change]], Sequence[Change]],
) -> tuple[ChangeMonthPage, ...]:
    """Build the pages of all months with changes, newest first.

    Args:
        models: All models.
        editions: All editions.
        history: History points by model name.
        explain: Adds causes and commits to changes.
    """
    logged_editions = {
        edition.slug: edition
        for edition in editions
        if edition.series in MAIN_SERIES and (edition.archived or edition.current)
    }
    by_month: dict[str, list[LoggedChange]] = defaultdict(list)
    found = [
        (edition, event)
        for model in models
        for edition, event in _events(model, logged_editions, history.get(model.name, ()))
    ]
    explained = explain([event for _, event in found])
    for (edition, _), event in zip(found, explained, strict=True):
        by_month[event.at[:7]].append(LoggedChange(event, edition.title, board_path(edition)))
    months = tuple(sorted(by_month, reverse=True))
    return tuple(_month_page(month, months, by_month[month]) for month in months)


def _month_page(
    month: str, months: tuple[str, ...], changes: Sequence[LoggedChange]
) -> ChangeMonthPage:
    path, known = f"changes/{month}/", {logged.change.series for logged in changes}
    return ChangeMonthPage(
        page(path, "change_month", month=month),
        month,
        months,
        tuple(sorted(changes, key=_order, reverse=True)),
        tuple(series for series in MAIN_SERIES if series in known),
    )


def _order(logged: LoggedChange) -> tuple[str, float, str]:
    """Sort key: newest day first, then best rank, when sorted in reverse."""
    change = logged.change
    return change.at[:10], -(change.to_rank or change.from_rank or 1_000_000), change.model


def _events(
    model: Model, editions: Mapping[str, EditionInfo], history: Sequence[HistoryPoint]
) -> Iterator[tuple[EditionInfo, Change]]:
    by_edition: dict[str, list[HistoryPoint]] = defaultdict(list)
    archived = {edition.series for edition in editions.values() if edition.archived}
    for point in history:
        edition = editions.get(point.edition_slug)
        if edition is None:
            continue
        # The current edition of a series takes over where its archived edition ends.
        if edition.archived or edition.series not in archived:
            by_edition[point.edition_slug].append(point)
        elif point.to_at is None or point.to_at > SERIES_SWITCH:
            by_edition[point.edition_slug].append(
                replace(point, from_at=max(point.from_at, SERIES_SWITCH))
            )
    for slug, points in by_edition.items():
        edition = editions[slug]
        for before, after, at in _steps(points):
            change = _change(model, edition, before, after, at)
            # Rows of the first state did not appear then, and no model left because a board ended.
            first = SERIES_SWITCH if edition.series in archived and not edition.archived else None
            if change and at not in (edition.first_at, first) and (after or at != SERIES_SWITCH):
                yield edition, change


def _steps(
    points: Iterable[HistoryPoint],
) -> Iterator[tuple[HistoryPoint | None, HistoryPoint | None, str]]:
    """Yield the points before and after each moment; a gap means the model left and returned."""
    before: HistoryPoint | None = None
    for point in sorted(points, key=lambda point: point.from_at):
        if before and before.to_at and before.to_at != point.from_at:
            yield before, None, before.to_at
            before = None
        yield before, point, point.from_at
        before = point
    if before and before.to_at:
        yield before, None, before.to_at


def _change(
    model: Model,
    edition: EditionInfo,
    before: HistoryPoint | None,
    after: HistoryPoint | None,
    at: str,
) -> Change | None:
    old, new = before.mean_task if before else None, after.mean_task if after else None
    if before and after and score(old) == score(new):
        return None
    kind = "appeared" if before is None else "left" if after is None else "value_changed"
    return Change(
        series=edition.series,
        edition=edition.name,
        kind=kind,
        model=model.name,
        model_now=model.name,
        slug=model.slug,
        from_rank=before.rank if before else None,
        to_rank=after.rank if after else None,
        from_value=old,
        to_value=new,
        at=at,
    )
