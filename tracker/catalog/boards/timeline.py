"""Intervals of the values of one stream, from its states at single moments.

The intervals depend only on the (moment, set of values) pairs, not on the order in which they are
assigned or on repetitions.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterable
from typing import Generic, NamedTuple, TypeVar

Value = TypeVar("Value", bound=Hashable)


class Span(NamedTuple):
    """An interval: the first moment with a value, and the first without it (``None``: open)."""

    start: str
    end: str | None


class Timeline(Generic[Value]):
    """The intervals of all values of one stream.

    Args:
        moments: All moments with a known state.
        intervals: Value, start and end (``None``: open) of the known intervals.
    """

    def __init__(
        self, moments: Iterable[str] = (), intervals: Iterable[tuple[Value, str, str | None]] = ()
    ) -> None:
        self._moments = sorted(moments)
        self._spans: dict[Value, list[Span]] = {}
        for value, start, end in intervals:
            self._spans.setdefault(value, []).append(Span(start, end))
        for spans in self._spans.values():
            spans.sort()
        self._open = {value for value, spans in self._spans.items() if spans[-1].end is None}
        self.changed: set[Value] = set()
        """Values whose intervals differ from the initial ones."""

    def spans(self, value: Value) -> list[Span]:
        """Return the intervals of a value, oldest first."""
        return self._spans.get(value, [])

    def assign(self, at: str, values: set[Value]) -> None:
        """Set the state at a moment to exactly these values."""
        if not self._moments or at > self._moments[-1]:
            self._append(at, values)
        else:
            self._insert(at, values)

    def forget(self, at: str) -> None:
        """Drop a known moment: the state of the moment before it, if any, holds on."""
        index = bisect_left(self._moments, at)
        before = self._holding(self._moments[index - 1]) if index else set()
        self._insert(at, before)
        self._moments.pop(index)

    def _append(self, at: str, values: set[Value]) -> None:
        self._moments.append(at)
        if values == self._open:
            return
        gone = self._open - values
        new = values - self._open
        for value in gone:
            spans = self._spans[value]
            spans[-1] = Span(spans[-1].start, at)
        for value in new:
            self._spans.setdefault(value, []).append(Span(at, None))
        self.changed |= gone
        self.changed |= new
        self._open = set(values)

    def _insert(self, at: str, values: set[Value]) -> None:
        index = bisect_left(self._moments, at)
        known = self._moments[index] == at
        following = index + 1 if known else index
        after = self._moments[following] if following < len(self._moments) else None
        holding = self._holding(at)
        for value in holding - values:
            self._cut(value, at, after)
        for value in values - holding:
            self._add(value, at, after)
        if not known:
            self._moments.insert(index, at)

    def _holding(self, at: str) -> set[Value]:
        return {
            value
            for value, spans in self._spans.items()
            if any(s.start <= at and (s.end is None or s.end > at) for s in spans)
        }

    def _replace(self, value: Value, spans: list[Span]) -> None:
        self._spans[value] = sorted(spans)
        self.changed.add(value)
        if spans and self._spans[value][-1].end is None:
            self._open.add(value)
        else:
            self._open.discard(value)

    def _cut(self, value: Value, at: str, after: str | None) -> None:
        kept = []
        for span in self._spans[value]:
            if not (span.start <= at and (span.end is None or span.end > at)):
                kept.append(span)
                continue
            if span.start < at:
                kept.append(Span(span.start, at))
            if after is not None and (span.end is None or span.end > after):
                kept.append(Span(after, span.end))
        self._replace(value, kept)

    def _add(self, value: Value, at: str, after: str | None) -> None:
        start, end = at, after
        kept = []
        for span in self._spans.get(value, []):
            if span.end == at:
                start = span.start
            elif after is not None and span.start == after:
                end = span.end
            else:
                kept.append(span)
        self._replace(value, [*kept, Span(start, end)])
