"""Leads from moment to moment, for the deprecated ``Catalog.leads``; goes with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Row

from tracker.answers.boards import EditionInfo
from tracker.answers.common import Bilingual
from tracker.answers.history import LeadSpan
from tracker.catalog import queries
from tracker.catalog.boards.state_queries import StoredRowInterval
from tracker.catalog.identity.originals import Originals
from tracker.insights.boards.rankings import read_lines, read_rankings
from tracker.insights.history.leaders import lead_note, leader
from tracker.insights.models.names import read_names, read_originals
from tracker.insights.reader import Reader
from tracker.insights.units import percent
from tracker.sources.published_boards import HEADER as PUBLISHED


def read_lead_spans(reader: Reader, editions: Iterable[EditionInfo]) -> Iterator[LeadSpan]:
    """Who led each edition, oldest first; on published boards copies count as their original."""
    originals = read_originals(reader)
    printed = Originals(
        {model: of for model, of in originals.of.items() if model in originals.former},
        originals.former,
    )
    names = read_names(reader)
    for edition in editions:
        if edition.first_at:
            collapses = edition.source == PUBLISHED.id
            leads = _Leads(reader, edition, names, originals if collapses else printed)
            yield from leads.spans()


class _Leads:
    """The leads of one edition.

    Args:
        reader: The open catalog.
        edition: The edition.
        names: Names of models by id.
        originals: Under which model the leads of a copy count.
    """

    def __init__(
        self,
        reader: Reader,
        edition: EditionInfo,
        names: Mapping[int, Row[Any]],
        originals: Originals,
    ) -> None:
        self._edition = edition
        self._names = names
        self._originals = originals
        self._unit = reader.editions.units[edition.slug]
        edition_id = reader.editions.ids[edition.slug]
        self._rankings = read_rankings(reader, edition_id)
        self._notes = [n for n in queries.board_notes(reader.connection, edition.name) if n.model]
        self._rows: dict[int, list[StoredRowInterval]] = defaultdict(list)
        self._owner: dict[int, int] = {}
        for row in read_lines(reader, edition_id):
            self._rows[row.listing_id].append(row)
            self._owner[row.listing_id] = row.model_id

    def spans(self) -> Iterator[LeadSpan]:
        """Yield the leads, oldest first."""
        span: LeadSpan | None = None
        leading = listed = None
        for state in self._rankings:
            first, second = leader(state, self._owner, self._originals)
            if span is not None and span.to_at is not None:
                yield span
                span = None
            if first is None:
                if span is not None:
                    yield replace(span, to_at=state.at)
                    span = None
                continue
            family, listing = first
            if span is None or family != leading:
                if span is not None:
                    yield replace(span, to_at=state.at)
                leading, listed = family, self._owner[listing]
                span = self._begin(state.at, family, listing, second)
            elif self._owner[listing] != listed:
                # It leads on under another name, of which there may be something to know too.
                listed = self._owner[listing]
                note = lead_note(self._notes, self._names[listed].name, state.at)
                span = replace(span, note=_joined(span.note, note))
            if state.until is not None and state is self._rankings[-1]:
                span = replace(span, to_at=state.until)
        if span is not None:
            yield span

    def _begin(self, at: str, family: int, listing: int, second: int | None) -> LeadSpan:
        """Return the lead that begins at a moment, without an end."""
        # Under the name that it had then; a copy counts as its original.
        listed = self._owner[listing]
        model = self._names[listed if listed in self._originals.former else family]
        lead = mean_at(self._rows[listing], at)
        other = None if second is None else mean_at(self._rows[second], at)
        return LeadSpan(
            edition=self._edition.name,
            model=model.name,
            slug=model.slug,
            mean_task=percent(lead, self._unit),
            from_at=at,
            to_at=None,
            margin=None if lead is None or other is None else percent(lead - other, self._unit),
            note=lead_note(self._notes, model.name, at),
        )


def mean_at(rows: Iterable[StoredRowInterval], at: str) -> float | None:
    """The mean of a row at a moment."""
    for row in rows:
        if row.valid_from <= at and (row.valid_to is None or row.valid_to > at):
            return row.mean_task
    return None


def _joined(one: Bilingual | None, other: Bilingual | None) -> Bilingual | None:
    if one is None or other is None or one == other:
        return one or other
    return Bilingual(f"{one.en} {other.en}", f"{one.zh}{other.zh}")
