"""Techniques on boards: the first model with each on a board, and its share of the leaders."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import NamedTuple

from tracker.answers.adoption import BoardShare, FirstOnBoard, TechniqueShare
from tracker.answers.boards import MAIN_SERIES
from tracker.answers.common import Bilingual
from tracker.errors import NoDataError, NotFoundError
from tracker.insights.boards.board import read_board
from tracker.insights.boards.query import BoardQuery
from tracker.insights.boards.state_lookup import series_spans
from tracker.insights.history.histories import clipped, read_histories
from tracker.insights.models.model import read_facts, read_present_ids
from tracker.insights.models.names import read_names
from tracker.insights.reader import Reader, memoised

FIRST_ROWS = 50
"""Rows of a board that count as its leaders."""


class Top(NamedTuple):
    """The documented models among the first of a board on a day."""

    day: str
    models: tuple[int, ...]


class _First(NamedTuple):
    """When a model was first ranked on a series."""

    day: str
    rank: int
    model: str
    is_start: bool


@memoised
def read_tops(reader: Reader, series: str, top: int) -> tuple[Top, ...]:
    """Read the documented models of a series' top at the end of each quarter, and now.

    A quarter without a new state is left out. Facts are stored under a model's present name, which
    also counts for its copies.
    """
    facts, present = read_facts(reader), read_present_ids(reader)
    ids = {row.name: id_ for id_, row in read_names(reader).items()}
    found: dict[str, Top] = {}
    for at in _quarter_ends(reader, series):
        try:
            board = read_board(reader, BoardQuery(series, at, top=top))
        except (NoDataError, NotFoundError):
            continue  # the board did not exist yet, or this catalog has none
        wanted = (ids[row.model] for row in board.rows if row.rank is not None)
        models = [model if model in facts else present.get(model, model) for model in wanted]
        day = board.published_at[:10]
        found.setdefault(day, Top(day, tuple(model for model in models if model in facts)))
    return tuple(found.values())


def share_of(top: Top, models: Container[int]) -> TechniqueShare:
    """Count some models among the first of a board."""
    return TechniqueShare(top.day, sum(model in models for model in top.models), len(top.models))


def shares_of(reader: Reader, models: Iterable[int]) -> tuple[BoardShare, ...]:
    """Return the share of some models in the first fifty of each series through time."""
    chosen = set(models)
    found = []
    for series in MAIN_SERIES:
        tops = read_tops(reader, series, FIRST_ROWS)
        if tops:
            shares = (share_of(top, chosen) for top in tops)
            found.append(BoardShare(series, _title(reader, series), tuple(shares)))
    return tuple(found)


def firsts_of(reader: Reader, models: Iterable[int]) -> tuple[FirstOnBoard, ...]:
    """Return which of some models was ranked first on each series, and at which rank.

    Of several on one day, the one with the best rank.
    """
    chosen = list(models)
    slugs = {row.name: row.slug for row in read_names(reader).values()}
    found = []
    for series in MAIN_SERIES:
        known = _first_ranks(reader, series)
        ranked = [known[model] for model in chosen if model in known]
        if ranked:
            first = min(ranked)
            found.append(
                FirstOnBoard(
                    series=series,
                    title=_title(reader, series),
                    day=first.day,
                    model=first.model,
                    slug=slugs[first.model],
                    rank=first.rank,
                    is_start=first.is_start,
                )
            )
    return tuple(found)


@memoised
def _first_ranks(reader: Reader, series: str) -> Mapping[int, _First]:
    """First day and rank of every model on a series, by the id under which its facts are stored.

    A rank with results for fewer than half of the tasks does not count.
    """
    facts, present = read_facts(reader), read_present_ids(reader)
    names = read_names(reader)
    former: dict[int, list[int]] = {}
    for old, new in present.items():
        former.setdefault(new, []).append(old)
    found: dict[int, _First] = {}
    editions = [edition for edition in reader.editions.shown() if edition.series == series]
    spans = list(series_spans(reader, editions)) if editions else []
    for edition, since, until in spans:
        for model, points in read_histories(reader, edition, None).items():
            counted = [point for point in points if point.rank and not point.partial]
            first = next(clipped(counted, since, until), None)
            if first is None:
                continue
            day, rank = first.from_at[:10], first.rank or 0
            entry = _First(day, rank, names[model].name, day <= since[:10])
            for stored in (model, *former.get(model, ())):
                if stored in facts:
                    found[stored] = min(found.get(stored, entry), entry)
    return found


def _title(reader: Reader, series: str) -> Bilingual:
    """Title of the series' newest edition."""
    return [e for e in reader.editions.shown() if e.series == series][-1].title


def _quarter_ends(reader: Reader, series: str) -> Iterator[str]:
    """Yield the last moments of all quarters of a series; of the present one, now."""
    now = reader.now
    known = [e.first_at for e in reader.editions.editions if e.series == series and e.first_at]
    for year in range(int(min(known, default=now)[:4]), int(now[:4]) + 1):
        for day in ("03-31", "06-30", "09-30", "12-31"):
            at = f"{year}-{day}T23:59:59Z"
            yield min(at, now)
            if at >= now:
                return
