"""Moments since which rows of a board are listed, or have their rank."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from tracker.answers.boards import EditionInfo
from tracker.insights.boards.rankings import Ranked, read_lines, read_rankings
from tracker.insights.models.names import read_names, read_originals, read_present
from tracker.insights.reader import Reader
from tracker.ranking.copies import collapse
from tracker.sources.published_boards import HEADER as PUBLISHED


class RowMoments:
    """Moments at which models of an edition came, left and moved, between two moments."""

    def __init__(self, reader: Reader, edition: EditionInfo, since: str, until: str) -> None:
        """Choose the edition and the time.

        Args:
            reader: The open catalog.
            edition: The board; copies are collapsed on the archived ones.
            since: The earlier moment.
            until: The later moment.
        """
        self._reader = reader
        self._edition = edition
        self._edition_id = reader.editions.ids[edition.slug]
        self._since = since
        self._until = until
        self._rows = read_lines(reader, self._edition_id)
        names = read_names(reader)
        present = read_present(reader)
        self._owner = {row.listing_id: row.model_id for row in self._rows}
        self._model = {
            model: str(names[present.get(model, model)].name) for model in set(self._owner.values())
        }

    @cached_property
    def listed(self) -> Mapping[str, str]:
        """Moment since which a model is listed, or no longer listed, by present public id."""
        spans: dict[str, list[tuple[str, str]]] = {}
        for row in self._rows:
            if row.valid_from <= self._until:
                span = (row.valid_from, row.valid_to or "9")
                spans.setdefault(self._model[row.model_id], []).append(span)
        return {model: self._began(sorted(own)) for model, own in spans.items()}

    def _began(self, spans: list[tuple[str, str]]) -> str:
        """Begin of the time span, listed or not, that contains the later moment."""
        begins, ends = spans[0]
        for since, until in spans[1:]:
            if since > ends:
                begins = since
            ends = max(ends, until)
        return begins if ends > self._until else ends

    @cached_property
    def ranked(self) -> Mapping[str, str]:
        """Moment since which a model has its rank, or has none, by present public id."""
        found: dict[str, str] = {}
        before: dict[str, int] = {}
        for state in self._states():
            now = self._ranks(state)
            for model in before.keys() | now.keys():
                if before.get(model) != now.get(model):
                    found[model] = state.at
            before = now
        return found

    def _states(self) -> Iterator[Ranked]:
        """Rankings from the earlier to the later moment."""
        for state in read_rankings(self._reader, self._edition_id):
            if state.at <= self._until and (state.until or "9") > self._since:
                yield state

    def _ranks(self, state: Ranked) -> dict[str, int]:
        """Best rank of each model in a ranking."""
        rows = state.rows(self._owner)
        if self._edition.source == PUBLISHED.id:
            shown = collapse(rows, *read_originals(self._reader))
            rows = [kept.row._replace(rank=kept.rank) for kept in shown]
        found: dict[str, int] = {}
        for row in rows:
            if row.rank is not None:
                found.setdefault(self._model[row.model], row.rank)
        return found
