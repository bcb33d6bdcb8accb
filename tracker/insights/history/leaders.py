"""Leaders: who led a board from which day to which, by how much, and why the lead ended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row

from tracker.answers.boards import EditionInfo
from tracker.answers.common import Bilingual
from tracker.answers.history import Leader
from tracker.catalog import queries
from tracker.catalog.boards import state_queries
from tracker.catalog.boards.state_queries import StoredRowInterval
from tracker.catalog.identity.originals import Originals
from tracker.common.times import last_day_before
from tracker.insights.boards.rankings import Ranked, read_lines, read_rankings
from tracker.insights.boards.state_lookup import ranking_unit, series_spans
from tracker.insights.models.names import read_names, read_originals, read_present
from tracker.insights.reader import Reader, memoised
from tracker.insights.units import percent
from tracker.sources.published_boards import HEADER as PUBLISHED


@dataclass(slots=True)
class _Lead:
    """A lead over end-of-day states, while it is being followed."""

    family: int
    listing: int
    first: Ranked
    """The state of the first day at whose end it led."""
    second: int | None
    last_day: str
    ended_by: Ranked | None = None


def read_leaders(
    reader: Reader,
    board: str | EditionInfo,
    since: str | None = None,
    until: str | None = None,
) -> tuple[Leader, ...]:
    """Read the leads of a board, oldest first.

    Args:
        reader: The open catalog.
        board: A series has at each time the edition that it means then.
        since: Only leads that lasted until this day or longer.
        until: Only leads that began on this day or before.
    """
    editions = reader.editions.named(board) if isinstance(board, str) else (board,)
    found: list[Leader] = []
    for edition, begins, ends in series_spans(reader, editions):
        leads = _edition_leaders(reader, edition, begins, ends)
        if found and leads and found[-1].cause == "board_ended":
            following = leads[0].model
            found[-1] = replace(
                found[-1],
                cause="edition_changed",
                next_model=following,
                reason=f"{edition.name} took the place of {found[-1].board}",
            )
        found += leads
    return tuple(
        lead
        for lead in found
        if (since is None or lead.until_day is None or lead.until_day >= since[:10])
        and (until is None or lead.from_day <= until[:10])
    )


@memoised
def _edition_leaders(
    reader: Reader, edition: EditionInfo, begins: str, ends: str | None
) -> list[Leader]:
    edition_id = reader.editions.ids[edition.slug]
    rows: dict[int, list[StoredRowInterval]] = defaultdict(list)
    owner: dict[int, int] = {}
    for row in read_lines(reader, edition_id):
        rows[row.listing_id].append(row)
        owner[row.listing_id] = row.model_id
    states = [
        clipped
        for state in read_rankings(reader, edition_id)
        if (clipped := _clipped(state, begins, ends)) is not None and clipped.holds_at_an_end_of_day
    ]
    families = _families(reader, edition)
    leads = list(_follow(states, owner, families))
    answers = _Answers(reader, edition, rows, owner)
    return [
        answers.leader(lead, leads[place + 1] if place + 1 < len(leads) else None)
        for place, lead in enumerate(leads)
    ]


def _families(reader: Reader, edition: EditionInfo) -> Originals:
    """Models that count as one: all names of a model, and its copies on the archived boards."""
    originals = read_originals(reader)
    if edition.source == PUBLISHED.id:
        return originals
    return Originals(read_present(reader), originals.former)


def _clipped(state: Ranked, begins: str, ends: str | None) -> Ranked | None:
    """The part of a ranking that lies in a time span; ``None`` where no part does."""
    since = max(state.at, begins)
    until = min(state.until or "9", ends or "9")
    if since >= until:
        return None
    return replace(state, at=since, until=None if until == "9" else until)


def _follow(
    states: Sequence[Ranked], owner: Mapping[int, int], families: Originals
) -> Iterator[_Lead]:
    """Yield leads over rankings that each are in force at the end of some day."""
    lead: _Lead | None = None
    for state in states:
        first, second = leader(state, owner, families)
        if lead is not None and (first is None or first[0] != lead.family):
            # Of models that share the first rank, the one that led goes on leading.
            tied = first is not None and _shares_first_rank(state, owner, families, lead.family)
            if not tied:
                lead.ended_by = state
                yield lead
                lead = None
        if lead is None and first is not None:
            lead = _Lead(first[0], first[1], state, second, "")
        if lead is not None:
            lead.last_day = "" if state.until is None else last_day_before(state.until)
    if lead is not None:
        yield lead


def _shares_first_rank(
    state: Ranked, owner: Mapping[int, int], families: Originals, family: int
) -> bool:
    lowest = min(state.ranks, default=0)
    return any(
        rank == lowest and families.of.get(owner[listing], owner[listing]) == family
        for listing, rank in zip(state.listings, state.ranks, strict=True)
    )


class _Answers:
    """Turn leads of an edition into answers."""

    def __init__(
        self,
        reader: Reader,
        edition: EditionInfo,
        rows: Mapping[int, Sequence[StoredRowInterval]],
        owner: Mapping[int, int],
    ) -> None:
        self._reader = reader
        self._edition = edition
        self._rows = rows
        self._owner = owner
        self._models = read_names(reader)
        self._originals = read_originals(reader)
        self._present = read_present(reader)
        self._stored_unit = reader.editions.units[edition.slug]
        self._unit = ranking_unit(reader, edition)
        notes = queries.board_notes(reader.connection, edition.name)
        self._notes = [note for note in notes if note.model]

    def leader(self, lead: _Lead, following: _Lead | None) -> Leader:
        """The answer for one lead, with why it ended."""
        first = lead.first
        listed = self._owner[lead.listing]
        model = self._models[listed if listed in self._originals.former else lead.family]
        if self._edition.source != PUBLISHED.id:
            model = self._models[listed]
        now = self._models[self._present.get(lead.family, lead.family)]
        mean = self._mean(lead.listing, first.at)
        row = self._row(lead.listing, first.at)
        total = first.n_tasks or self._edition.n_tasks
        others = [
            other
            for listing in first.listings
            if listing != lead.listing and (other := self._mean(listing, first.at)) is not None
        ]
        cause, reason, commit = self._end(lead, following, model.name)
        follower = self._name(following) if following is not None else None
        return Leader(
            from_day=first.day,
            until_day=lead.last_day or None,
            model=model.name,
            board=self._edition.name,
            unit=self._unit if first.points is not None or self._unit != "points" else "rank",
            by=self._by(lead),
            reason=reason,
            model_now=now.name,
            slug=now.slug,
            series=self._edition.series,
            board_slug=self._edition.slug,
            origin=first.origin,
            mean_task=mean,
            mean_by=None if mean is None or not others else mean - max(others),
            partial=row is not None and row.n_tasks is not None and 2 * row.n_tasks < total,
            cause=cause,
            next_model=follower,
            commit=commit[0] if commit else None,
            commit_url=commit[1] if commit else None,
            note=lead_note(self._notes, model.name, first.at),
        )

    def _name(self, lead: _Lead) -> str:
        return str(self._models[self._owner[lead.listing]].name)

    def _row(self, listing: int, at: str) -> StoredRowInterval | None:
        for row in self._rows[listing]:
            if row.valid_from <= at and (row.valid_to is None or row.valid_to > at):
                return row
        return None

    def _mean(self, listing: int, at: str) -> float | None:
        row = self._row(listing, at)
        return None if row is None else percent(row.mean_task, self._stored_unit)

    def _by(self, lead: _Lead) -> float | None:
        """Lead over the second in the unit of the board."""
        if lead.second is None:
            return None
        state = lead.first
        if state.points is not None:
            points = dict(zip(state.listings, state.points, strict=True))
            return points[lead.listing] - points[lead.second]
        if self._unit == "points":
            return None  # the board ranks by points, but the recorded state has none
        first, second = (self._value(listing, state.at) for listing in (lead.listing, lead.second))
        return None if first is None or second is None else first - second

    def _value(self, listing: int, at: str) -> float | None:
        """Mean by which the board ranks a row, in percent."""
        row = self._row(listing, at)
        if row is None:
            return None
        value = row.mean_task_type if self._unit == "mean_task_type" else row.mean_task
        return percent(value, self._stored_unit)

    def _end(
        self, lead: _Lead, following: _Lead | None, name: str
    ) -> tuple[str | None, str | None, tuple[str, str] | None]:
        """Why a lead ended: cause, sentence, and commit with its address."""
        ended = lead.ended_by
        if ended is None:
            if lead.last_day:
                return "board_ended", "the board ended", None
            return None, None, None
        commit = self._commit(ended)
        if following is None or following.first.at != ended.at:
            return "left", f"{name} left the first place, and no model is ranked", commit
        follower = self._name(following)
        standing = [
            listing
            for listing in ended.listings
            if self._family(self._owner[listing]) == lead.family
        ]
        if not standing:
            return "left", f"{name} left the board; {follower} follows", commit
        before, after = self._row(lead.listing, lead.first.at), self._row(standing[0], ended.at)
        if before and after and (after.n_tasks or 0) < (before.n_tasks or 0):
            return (
                "lost_scores",
                f"{name} lost results of {(before.n_tasks or 0) - (after.n_tasks or 0)} tasks;"
                f" {follower} leads",
                commit,
            )
        return "overtaken", f"{follower} overtook {name}", commit

    def _family(self, model: int) -> int:
        if self._edition.source == PUBLISHED.id:
            return self._originals.of.get(model, model)
        return self._present.get(model, model)

    def _commit(self, state: Ranked) -> tuple[str, str] | None:
        found: Any = state_queries.commit_at(
            self._reader.connection, state.at, computed=state.origin == "recomputed"
        )
        return (found.commit, found.url) if found is not None else None


def leader(
    state: Ranked, owner: Mapping[int, int], originals: Originals
) -> tuple[tuple[int, int] | None, int | None]:
    """Find the leading family with its row, and the best row of any other family.

    Args:
        state: A ranking.
        owner: Model ids by listing.
        originals: Which models count as one family.
    """
    first: tuple[int, int] | None = None
    families = [originals.of.get(owner[row], owner[row]) for row in state.listings]
    copied = [
        family != owner[row] and owner[row] not in originals.former
        for row, family in zip(state.listings, families, strict=True)
    ]
    ranked = {family for family, copy in zip(families, copied, strict=True) if not copy}
    for listing, family, copy in zip(state.listings, families, copied, strict=True):
        if copy and family in ranked:
            continue  # its original is ranked as well and counts instead
        if first is None:
            first = (family, listing)
        elif family != first[0]:
            return first, listing
    return first, None


def lead_note(notes: Iterable[Row[Any]], model: str, at: str) -> Bilingual | None:
    """The note on a leader at a moment."""
    for note in notes:
        if note.model == model and (note.valid_to is None or at < note.valid_to):
            return Bilingual(note.text_en, note.text_zh)
    return None
