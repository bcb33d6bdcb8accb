"""A board through time: the history of a model, and who led from when to when."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import Connection, Row

from tracker.answers import Bilingual, EditionInfo, HistoryPoint, LeadSpan
from tracker.catalog import queries
from tracker.catalog.originals import Originals
from tracker.catalog.queries import LineInterval
from tracker.errors import NoDataError
from tracker.insights.editions import Shelf
from tracker.insights.naming import named_model, read_names, read_originals
from tracker.insights.once import once
from tracker.catalog.raw_scores import RawScores
from tracker.insights.recomputed import recomputed_history
from tracker.insights.units import percent
from tracker.records import now_text
from tracker.sources.published_boards import HEADER as PUBLISHED


@dataclass(frozen=True, slots=True)
class Ranked:
    """One state of a ranking: listing ids best first with their ranks."""

    at: str
    until: str | None
    listings: tuple[int, ...]
    ranks: tuple[int, ...]


@once
def read_rankings(connection: Connection, edition_id: int) -> tuple[Ranked, ...]:
    """All rankings of an edition, oldest first."""
    found = []
    for row in queries.standings(connection, edition_id):
        listings = tuple(orjson.loads(row.listing_ids))
        ranks = tuple(orjson.loads(row.ranks)) if row.ranks else tuple(range(1, len(listings) + 1))
        found.append(Ranked(row.valid_from, row.valid_to, listings, ranks))
    return tuple(found)


read_lines = once(queries.row_intervals)
_Values = tuple[int | None, float | None, float | None, int | None]
"""Rank, the two means, and number of tasks."""
_Ranks = list[tuple[str, int | None]]
"""A model's rank from one moment to the next one."""


def model_history(
    edition: EditionInfo, unit: str, rows: list[LineInterval], ranks: _Ranks
) -> Iterator[HistoryPoint]:
    """One point for each stretch of time in which a model's rank and values stood.

    Args:
        edition: The board.
        unit: Unit of its stored values.
        rows: The model's lines with their intervals.
        ranks: Its best rank through time.
    """
    moments = {row.valid_from for row in rows} | {row.valid_to for row in rows if row.valid_to}
    began, told = "", None
    for at in sorted(moments.union(at for at, _ in ranks)):
        now = _values_at(unit, rows, ranks, at)
        if now != told:
            if told is not None:
                yield HistoryPoint(edition.name, began, at, *told, edition.slug)
            began, told = at, now
    if told is not None:
        yield HistoryPoint(edition.name, began, None, *told, edition.slug)


def _values_at(unit: str, rows: list[LineInterval], ranks: _Ranks, at: str) -> _Values | None:
    """What a model shows at a moment: its line with the highest mean; ``None`` without a line."""
    holding = [
        row for row in rows if row.valid_from <= at and (row.valid_to is None or row.valid_to > at)
    ]
    if not holding:
        return None
    best = holding[0]
    if len(holding) > 1:
        best = max(holding, key=lambda row: (row.mean_task is not None, row.mean_task or 0))
    index = bisect_right(ranks, at, key=itemgetter(0)) - 1
    rank = ranks[index][1] if index >= 0 else None
    return rank, percent(best.mean_task, unit), percent(best.mean_task_type, unit), best.n_tasks


@once
def read_histories(
    connection: Connection, shelf: Shelf, edition: EditionInfo, only: int | None
) -> dict[int, tuple[HistoryPoint, ...]]:
    """Histories on an edition by model id: of one model, or of all of them."""
    edition_id = shelf.ids[edition.slug]
    rows: dict[int, list[LineInterval]] = defaultdict(list)
    for row in read_lines(connection, edition_id):
        if only is None or row.model_id == only:
            rows[row.model_id].append(row)
    owner = {row.listing_id: model for model, found in rows.items() for row in found}
    ranks = _ranks(read_rankings(connection, edition_id), owner)
    unit = shelf.units[edition.slug]
    return {
        model: tuple(model_history(edition, unit, found, ranks[model]))
        for model, found in rows.items()
    }


def _ranks(states: Sequence[Ranked], owner: Mapping[int, int]) -> dict[int, _Ranks]:
    """The best rank of every model through time; an owner of no line has none."""
    found: dict[int, _Ranks] = defaultdict(list)
    last: dict[int, int] = {}
    for state in states:
        now: dict[int, int] = {}
        for listing, rank in zip(state.listings, state.ranks, strict=True):
            model = owner.get(listing)
            if model is not None:
                now[model] = min(rank, now.get(model, rank))
        for model, best in now.items():
            if last.get(model) != best:
                found[model].append((state.at, best))
        for model in last.keys() - now.keys():
            found[model].append((state.at, None))
        last = now
    if states and states[-1].until:
        for model in last:
            found[model].append((states[-1].until, None))
    return found


def read_leads(
    connection: Connection, shelf: Shelf, editions: Iterable[EditionInfo]
) -> Iterator[LeadSpan]:
    """Who led each edition, oldest first; on published boards copies count as their original."""
    originals = read_originals(connection)
    printed = Originals({}, frozenset())
    models = read_names(connection)
    for edition in editions:
        if not edition.first_at:
            continue
        rankings = read_rankings(connection, shelf.ids[edition.slug])
        means: dict[int, list[LineInterval]] = defaultdict(list)
        owner: dict[int, int] = {}
        for row in read_lines(connection, shelf.ids[edition.slug]):
            means[row.listing_id].append(row)
            owner[row.listing_id] = row.model_id
        collapse = edition.source == PUBLISHED.id
        notes = [n for n in queries.board_notes(connection, edition.name) if n.model]
        unit = shelf.units[edition.slug]
        span: LeadSpan | None = None
        leading = listed = None
        for state in rankings:
            first, second = _leader(state, owner, originals if collapse else printed)
            if span is not None and span.to_at is not None:
                yield span
                span = None
            if first is None:
                if span is not None:
                    yield _closed(span, state.at)
                    span = None
                continue
            family, listing = first
            if span is None or family != leading:
                if span is not None:
                    yield _closed(span, state.at)
                leading = family
                # Under the name that it had then; a copy counts as its original.
                listed = owner[listing]
                leader = models[listed if listed in originals.former else family]
                lead = _mean(means[listing], state.at)
                other = second and _mean(means[second], state.at)
                span = LeadSpan(
                    edition=edition.name,
                    model=leader.name,
                    slug=leader.slug,
                    mean_task=percent(lead, unit),
                    from_at=state.at,
                    to_at=None,
                    margin=None if lead is None or other is None else percent(lead - other, unit),
                    note=_lead_note(notes, leader.name, state.at),
                )
            elif owner[listing] != listed:
                # It leads on under another name, of which there may be something to know too.
                listed = owner[listing]
                note = _lead_note(notes, models[listed].name, state.at)
                span = replace(span, note=_joined(span.note, note))
            if state.until is not None and state is rankings[-1]:
                span = _closed(span, state.until)
        if span is not None:
            yield span


def _leader(
    state: Ranked, owner: Mapping[int, int], originals: Originals
) -> tuple[tuple[int, int] | None, int | None]:
    """The leading family with its line, and the best line of any other family."""
    first: tuple[int, int] | None = None
    families = [originals.of.get(owner[one], owner[one]) for one in state.listings]
    copied = [
        family != owner[one] and owner[one] not in originals.former
        for one, family in zip(state.listings, families, strict=True)
    ]
    ranked = {family for family, copy in zip(families, copied, strict=True) if not copy}
    for listing, family, copy in zip(state.listings, families, copied, strict=True):
        if copy and family in ranked:
            continue  # the original speaks for itself further down, as on the board
        if first is None:
            first = (family, listing)
        elif family != first[0]:
            return first, listing
    return first, None


def _mean(rows: list[LineInterval], at: str) -> float | None:
    for row in rows:
        if row.valid_from <= at and (row.valid_to is None or row.valid_to > at):
            return row.mean_task
    return None


def _closed(span: LeadSpan, at: str) -> LeadSpan:
    return replace(span, to_at=at)


def _joined(one: Bilingual | None, other: Bilingual | None) -> Bilingual | None:
    if one is None or other is None or one == other:
        return one or other
    return Bilingual(f"{one.en} {other.en}", f"{one.zh}{other.zh}")


def _lead_note(notes: list[Row[Any]], model: str, at: str) -> Bilingual | None:
    for note in notes:
        if note.model == model and (note.valid_to is None or at < note.valid_to):
            return Bilingual(note.text_en, note.text_zh)
    return None


def find_model(connection: Connection, name: str) -> Any:
    """A model by its public id or slug.

    Raises:
        NotFoundError: The catalog knows no such model.
    """
    models = {row.name: row for row in read_names(connection).values()}
    return models[named_model(name, {row.name: row.slug for row in models.values()})]


def read_history(
    connection: Connection, shelf: Shelf, raw: RawScores, board: str, model: str
) -> list[HistoryPoint]:
    """Rank and value of one model over all editions that a board's name means.

    What was published is told where there is something; the time before it is recomputed.

    Raises:
        NoDataError: The board never listed the model.
    """
    found = find_model(connection, model)
    history: list[HistoryPoint] = []
    for edition in shelf.named(board):
        history += read_histories(connection, shelf, edition, found.id).get(found.id, ())
        history += recomputed_history(
            raw,
            edition,
            shelf.ids[edition.slug],
            found.name,
            until=edition.first_at or now_text(),
            is_ended=edition.first_at is not None,
        )
    if not history:
        raise NoDataError(f"{board}: never listed {found.name}")
    return sorted(history, key=lambda p: (p.from_at, p.edition))
