"""What happened on the boards of the leading series, day by day, a page a month.

The days are those on which a state first shows it. Ranks that moved because others came, went or
changed are in the histories of boards and models; listing them here would bury what caused them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from tracker.answers.boards import EditionInfo
from tracker.answers.history import Change, HistoryPoint
from tracker.answers.models import Model
from tracker.pages.charts.board_charts import ENDED
from tracker.pages.contexts import ChangeMonthPage, LoggedChange
from tracker.pages.language.filters import score
from tracker.pages.views.boards import LEADING_SERIES, board_path, page


def change_months(
    models: Iterable[Model],
    editions: Iterable[EditionInfo],
    history: Mapping[str, Sequence[HistoryPoint]],
    explain: Callable[[Sequence[Change]], Sequence[Change]],
) -> tuple[ChangeMonthPage, ...]:
    """The pages of all months in which anything happened, the newest first.

    Args:
        models: All of them.
        editions: All of them.
        history: Of every model, by public id.
        explain: Adds causes and commits to changes.
    """
    told = {
        its.slug: its
        for its in editions
        if its.series in LEADING_SERIES and (its.archived or its.current)
    }
    by_month: dict[str, list[LoggedChange]] = defaultdict(list)
    found = [
        (edition, event)
        for model in models
        for edition, event in _events(model, told, history.get(model.name, ()))
    ]
    explained = explain([event for _, event in found])
    for (edition, _), event in zip(found, explained, strict=True):
        by_month[event.at[:7]].append(LoggedChange(event, edition.title, board_path(edition)))
    months = tuple(sorted(by_month, reverse=True))
    return tuple(_month_page(month, months, by_month[month]) for month in months)


def _month_page(
    month: str, months: tuple[str, ...], lines: Sequence[LoggedChange]
) -> ChangeMonthPage:
    path, known = f"changes/{month}/", {its.change.series for its in lines}
    return ChangeMonthPage(
        page(path, "change_month", month=month),
        month,
        months,
        tuple(sorted(lines, key=_order, reverse=True)),
        tuple(series for series in LEADING_SERIES if series in known),
    )


def _order(line: LoggedChange) -> tuple[str, float, str]:
    """By day, then the best ranks, when the order is reversed."""
    its = line.change
    return its.at[:10], -(its.to_rank or its.from_rank or 1_000_000), its.model


def _events(
    model: Model, editions: Mapping[str, EditionInfo], history: Sequence[HistoryPoint]
) -> Iterator[tuple[EditionInfo, Change]]:
    by_edition: dict[str, list[HistoryPoint]] = defaultdict(list)
    archived = {edition.series for edition in editions.values() if edition.archived}
    for point in history:
        edition = editions.get(point.edition_slug)
        if edition is None:
            continue
        # A series means its present edition from the end of its archived one on.
        if edition.archived or edition.series not in archived:
            by_edition[point.edition_slug].append(point)
        elif point.to_at is None or point.to_at > ENDED:
            by_edition[point.edition_slug].append(replace(point, from_at=max(point.from_at, ENDED)))
    for slug, points in by_edition.items():
        edition = editions[slug]
        for before, after, at in _steps(points):
            change = _change(model, edition, before, after, at)
            # What stood in the first state did not appear then, and a board's end is no leaving.
            first = ENDED if edition.series in archived and not edition.archived else None
            if change and at not in (edition.first_at, first) and (after or at != ENDED):
                yield edition, change


def _steps(
    points: Iterable[HistoryPoint],
) -> Iterator[tuple[HistoryPoint | None, HistoryPoint | None, str]]:
    """What stood before and after each moment; a gap is a leaving and a return."""
    before: HistoryPoint | None = None
    for point in sorted(points, key=lambda its: its.from_at):
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
