"""Leads from moment to moment, for the deprecated ``Catalog.leads``; goes with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from tracker.answers.boards import EditionInfo
from tracker.answers.common import Bilingual
from tracker.answers.history import LeadSpan
from tracker.catalog import queries
from tracker.catalog.boards.state_queries import StoredRowInterval
from tracker.catalog.models.originals import Originals
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
    models = read_names(reader)
    for edition in editions:
        if not edition.first_at:
            continue
        rankings = read_rankings(reader, reader.editions.ids[edition.slug])
        means: dict[int, list[StoredRowInterval]] = defaultdict(list)
        owner: dict[int, int] = {}
        for row in read_lines(reader, reader.editions.ids[edition.slug]):
            means[row.listing_id].append(row)
            owner[row.listing_id] = row.model_id
        collapse = edition.source == PUBLISHED.id
        notes = [n for n in queries.board_notes(reader.connection, edition.name) if n.model]
        unit = reader.editions.units[edition.slug]
        span: LeadSpan | None = None
        leading = listed = None
        for state in rankings:
            first, second = leader(state, owner, originals if collapse else printed)
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
                leading = family
                # Under the name that it had then; a copy counts as its original.
                listed = owner[listing]
                lead_model = models[listed if listed in originals.former else family]
                lead = mean_at(means[listing], state.at)
                other = second and mean_at(means[second], state.at)
                span = LeadSpan(
                    edition=edition.name,
                    model=lead_model.name,
                    slug=lead_model.slug,
                    mean_task=percent(lead, unit),
                    from_at=state.at,
                    to_at=None,
                    margin=None if lead is None or other is None else percent(lead - other, unit),
                    note=lead_note(notes, lead_model.name, state.at),
                )
            elif owner[listing] != listed:
                # It leads on under another name, of which there may be something to know too.
                listed = owner[listing]
                note = lead_note(notes, models[listed].name, state.at)
                span = replace(span, note=_joined(span.note, note))
            if state.until is not None and state is rankings[-1]:
                span = replace(span, to_at=state.until)
        if span is not None:
            yield span


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
