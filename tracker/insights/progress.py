"""A board through time: the history of a model, and who led from when to when."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson
from sqlalchemy import Connection, Row

from tracker.answers import Bilingual, EditionInfo, HistoryPoint, LeadSpan
from tracker.catalog import queries
from tracker.catalog.originals import Originals, read_originals
from tracker.errors import NoDataError
from tracker.insights.editions import Shelf
from tracker.insights.naming import named_model
from tracker.insights.raw_scores import RawScores
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

    def rank_of(self, listings: Iterable[int]) -> int | None:
        """The best rank of any of these lines."""
        wanted = set(listings)
        return min(
            (r for i, r in zip(self.listings, self.ranks, strict=True) if i in wanted),
            default=None,
        )


def read_rankings(connection: Connection, edition_ids: list[int]) -> dict[int, list[Ranked]]:
    """All rankings of some editions, oldest first, by edition id."""
    found: dict[int, list[Ranked]] = defaultdict(list)
    for row in queries.standings(connection, edition_ids):
        listings = tuple(orjson.loads(row.listing_ids))
        ranks = tuple(orjson.loads(row.ranks)) if row.ranks else tuple(range(1, len(listings) + 1))
        found[row.edition_id].append(Ranked(row.valid_from, row.valid_to, listings, ranks))
    return found


def _moments(rows: Iterable[Row[Any]], rankings: Iterable[Ranked]) -> list[str]:
    """Every moment at which something of a model may have changed."""
    found = {row.valid_from for row in rows} | {row.valid_to for row in rows if row.valid_to}
    for state in rankings:
        found.add(state.at)
        if state.until:
            found.add(state.until)
    return sorted(found)


def model_history(
    edition: EditionInfo,
    unit: str,
    rows: list[Row[Any]],
    rankings: list[Ranked],
    ranks: Mapping[str, int],
) -> Iterator[HistoryPoint]:
    """One point for each stretch of time in which a model's rank and values stood.

    Args:
        edition: The board.
        unit: Unit of its stored values.
        rows: The model's lines with their intervals.
        rankings: All rankings of the board.
        ranks: The model's best rank by moment of a ranking.
    """
    point: HistoryPoint | None = None
    listed_from = min(row.valid_from for row in rows)
    for at in _moments(rows, rankings):
        if at < listed_from:
            continue
        holding = [
            row
            for row in rows
            if row.valid_from <= at and (row.valid_to is None or row.valid_to > at)
        ]
        if not holding:
            if point is not None:
                yield _ended(point, at)
                point = None
            continue
        best = max(holding, key=lambda row: (row.mean_task is not None, row.mean_task or 0))
        new = HistoryPoint(
            edition.name,
            at,
            None,
            ranks.get(at) if at in ranks else _rank_before(rankings, ranks, at),
            percent(best.mean_task, unit),
            percent(best.mean_task_type, unit),
            best.n_tasks,
            edition.slug,
        )
        if point is None:
            point = new
        elif point.values != new.values:
            yield _ended(point, at)
            point = new
    if point is not None:
        yield point


def _rank_before(rankings: list[Ranked], ranks: Mapping[str, int], at: str) -> int | None:
    index = bisect_right(rankings, at, key=lambda state: state.at) - 1
    if index < 0:
        return None
    state = rankings[index]
    return ranks.get(state.at) if state.until is None or state.until > at else None


def _ended(point: HistoryPoint, at: str) -> HistoryPoint:
    return replace(point, to_at=at)


def read_histories(
    connection: Connection, shelf: Shelf, editions: Iterable[EditionInfo], model_id: int | None
) -> dict[int, list[HistoryPoint]]:
    """Histories by model id: of one model, or of all of them, over some editions."""
    chosen = list(editions)
    edition_ids = [shelf.ids[e.slug] for e in chosen]
    rankings = read_rankings(connection, edition_ids)
    rows: dict[tuple[int, int], list[Row[Any]]] = defaultdict(list)
    for row in queries.row_intervals(connection, edition_ids):
        if model_id is None or row.model_id == model_id:
            rows[row.edition_id, row.model_id].append(row)
    histories: dict[int, list[HistoryPoint]] = defaultdict(list)
    for edition, edition_id in zip(chosen, edition_ids, strict=True):
        states = rankings.get(edition_id, [])
        models = {m: found for (e, m), found in rows.items() if e == edition_id}
        by_listing = {row.listing_id: m for m, found in models.items() for row in found}
        ranks: dict[int, dict[str, int]] = defaultdict(dict)
        for state in states:
            for listing, rank in zip(state.listings, state.ranks, strict=True):
                owner = by_listing.get(listing)
                if owner is not None:
                    best = ranks[owner].get(state.at)
                    ranks[owner][state.at] = rank if best is None else min(best, rank)
        for model, found in models.items():
            changes = _rank_changes(states, ranks[model])
            histories[model] += model_history(
                edition, shelf.units[edition.slug], found, changes, ranks[model]
            )
    return histories


def _rank_changes(states: list[Ranked], ranks: Mapping[str, int]) -> list[Ranked]:
    """Only the states at which one model's rank differs from the state before."""
    changes: list[Ranked] = []
    last: int | None = None
    for state in states:
        rank = ranks.get(state.at)
        if rank != last or not changes:
            if changes:
                before = changes[-1]
                changes[-1] = Ranked(before.at, state.at, (), ())
            changes.append(Ranked(state.at, state.until, (), ()))
            last = rank
        else:
            changes[-1] = Ranked(changes[-1].at, state.until, (), ())
    return changes


def read_leads(
    connection: Connection, shelf: Shelf, editions: Iterable[EditionInfo]
) -> Iterator[LeadSpan]:
    """Who led each edition, oldest first; on published boards copies count as their original."""
    chosen = [e for e in editions if e.first_at]
    edition_ids = [shelf.ids[e.slug] for e in chosen]
    rankings = read_rankings(connection, edition_ids)
    originals = read_originals(connection)
    printed = Originals({}, frozenset())
    models = {row.id: row for row in queries.models(connection)}
    means: dict[int, dict[int, list[Row[Any]]]] = defaultdict(lambda: defaultdict(list))
    owner: dict[int, int] = {}
    for row in queries.row_intervals(connection, edition_ids):
        means[row.edition_id][row.listing_id].append(row)
        owner[row.listing_id] = row.model_id
    for edition, edition_id in zip(chosen, edition_ids, strict=True):
        collapse = edition.source == PUBLISHED.id
        notes = [n for n in queries.board_notes(connection, edition.name) if n.model]
        unit = shelf.units[edition.slug]
        span: LeadSpan | None = None
        leading = listed = None
        for state in rankings.get(edition_id, []):
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
                lead = _mean(means[edition_id][listing], state.at)
                other = second and _mean(means[edition_id][second], state.at)
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
            if state.until is not None and state is rankings[edition_id][-1]:
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


def _mean(rows: list[Row[Any]], at: str) -> float | None:
    for row in rows:
        if row.valid_from <= at and (row.valid_to is None or row.valid_to > at):
            value: float | None = row.mean_task
            return value
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
    models = {row.name: row for row in queries.models(connection)}
    return models[named_model(name, {row.name: row.slug for row in models.values()})]


def read_history(
    connection: Connection, shelf: Shelf, raw: RawScores, board: str, model: str
) -> list[HistoryPoint]:
    """Rank and value of one model over all editions that a board's name means.

    What was published is told where there is something; the time before it is recomputed.

    Raises:
        NoDataError: The board never listed the model.
    """
    editions = shelf.named(board)
    found = find_model(connection, model)
    history = list(read_histories(connection, shelf, editions, found.id)[found.id])
    for edition in editions:
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
