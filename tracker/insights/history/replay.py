"""Replay: the first rows of a board on every day on which they changed."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from tracker.answers.boards import EditionInfo
from tracker.answers.history import Replay, ReplayDay, ReplayRow
from tracker.catalog.boards.state_queries import StoredRowInterval
from tracker.insights.boards.rankings import Ranked, read_lines, read_rankings
from tracker.insights.boards.state_lookup import ranking_unit
from tracker.insights.models.names import read_names, read_originals, read_present
from tracker.insights.reader import Reader
from tracker.insights.units import percent
from tracker.ranking.copies import RankedRow, collapse
from tracker.sources.published_boards import HEADER as PUBLISHED


def read_replay(reader: Reader, edition: EditionInfo, top: int) -> Replay:
    """Read every day at whose end the first rows differ from those of the day before.

    Args:
        reader: The open catalog.
        edition: The board; copies are collapsed on the archived ones.
        top: Number of rows of each day.
    """
    edition_id = reader.editions.ids[edition.slug]
    rows: dict[int, list[StoredRowInterval]] = defaultdict(list)
    for row in read_lines(reader, edition_id):
        rows[row.listing_id].append(row)
    state_rows = _Rows(reader, edition, rows)
    moments = _ends_of_days(read_rankings(reader, edition_id), rows)
    days: list[ReplayDay] = []
    for day, state in moments:
        shown = state_rows.of(state, f"{day}T23:59:59Z", top)
        total = state.n_tasks or edition.n_tasks
        if not days or (days[-1].rows, days[-1].n_tasks) != (shown, total):
            days.append(ReplayDay(day, total, state.origin, shown))
    return Replay(edition, ranking_unit(reader, edition), tuple(days))


def _ends_of_days(
    states: Sequence[Ranked], rows: Mapping[int, Sequence[StoredRowInterval]]
) -> Iterator[tuple[str, Ranked]]:
    """Yield each day on which anything changed, with the ranking at its end."""
    moments = [state.at for state in states]
    changed = {at[:10] for at in moments}
    changed |= {row.valid_from[:10] for found in rows.values() for row in found}
    for day in sorted(changed):
        place = bisect_right(moments, f"{day}T23:59:59Z") - 1
        if place >= 0 and (states[place].until or "9") > f"{day}T23:59:59Z":
            yield day, states[place]


class _Rows:
    """Rows of one edition, at any moment."""

    def __init__(
        self,
        reader: Reader,
        edition: EditionInfo,
        rows: Mapping[int, Sequence[StoredRowInterval]],
    ) -> None:
        self._rows = rows
        self._unit = reader.editions.units[edition.slug]
        self._models = read_names(reader)
        self._present = read_present(reader)
        self._originals = read_originals(reader)
        self._collapses = edition.source == PUBLISHED.id
        self._owner = {listing: found[0].model_id for listing, found in rows.items()}

    def of(self, state: Ranked, at: str, top: int) -> tuple[ReplayRow, ...]:
        """The first rows of a ranking, with their values at a moment."""
        points = dict(zip(state.listings, state.points or (), strict=False))
        rows = state.rows(self._owner)
        if self._collapses:
            shown = [(kept.row, kept.rank) for kept in collapse(rows, *self._originals)[:top]]
        else:
            shown = [(row, row.rank) for row in rows[:top]]
        return tuple(self._row(row, rank or 0, points.get(row.key), at) for row, rank in shown)

    def _row(self, row: RankedRow, rank: int, points: float | None, at: str) -> ReplayRow:
        now = self._models[self._present.get(row.model, row.model)]
        values = next(
            (
                row
                for row in self._rows[row.key]
                if row.valid_from <= at and (row.valid_to is None or row.valid_to > at)
            ),
            None,
        )
        return ReplayRow(
            rank,
            self._models[row.model].name,
            now.name,
            now.slug,
            points,
            percent(values.mean_task, self._unit) if values else None,
            values.n_tasks if values else None,
        )
