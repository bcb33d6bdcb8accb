"""Kinds and bounds of the values in the leaderboard's answers.

A value of a wrong kind, or beyond any bound that it could have, is left out and reported; the rest
of the answer counts. Where most values of a field are wrong its meaning has changed, and the whole
answer is rejected.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from typing import Any, NamedTuple

import orjson

from tracker.errors import SourceError, cut, one_line
from tracker.sources import PUBLISHER_MUST_FIX
from tracker.sources.records import LONGEST_NAME, are_names

ID = "leaderboard-api"
Report = Callable[[SourceError], None]
"""Receives what was left out of a document that was read."""

DEEPEST = 20
"""Lists and objects inside of each other; a value that is nested deeper rejects the answer."""
_LONGEST_TEXT = 100_000
_MOST_TEXTS = 10_000
_DAY = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?")


def ignore(_: SourceError) -> None:
    """Drop a report."""


def load_json(body: bytes, place: str) -> Any:
    """Parse JSON.

    Raises:
        SourceError: The bytes are not JSON.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise SourceError(ID, f"not JSON: {error}", place=place) from None


class Kind(NamedTuple):
    """What a field may hold."""

    expected: str
    holds: Callable[[Any], bool]


def whole(low: int, high: int) -> Kind:
    """A whole number within bounds."""
    return Kind(
        f"a whole number from {low:,} to {high:,}", lambda v: type(v) is int and low <= v <= high
    )


def number(low: float, high: float) -> Kind:
    """A number within bounds."""
    return Kind(
        f"a number from {low:,} to {high:,}", lambda v: type(v) in (int, float) and low <= v <= high
    )


def _is_text(value: object) -> bool:
    return type(value) is str and len(value) <= _LONGEST_TEXT


def _are_names(value: object) -> bool:
    return (
        type(value) is list
        and len(value) <= _MOST_TEXTS
        and set(map(type, value)) <= {str}
        and are_names(value)
    )


TEXT = Kind(f"a text of at most {_LONGEST_TEXT:,} characters", _is_text)
NAME = Kind(
    f"a text of at most {LONGEST_NAME} characters without NUL",
    lambda v: type(v) is str and are_names([v]),
)
NAMES = Kind(f"a list of texts of at most {LONGEST_NAME} characters without NUL", _are_names)
NAME_OR_NAMES = Kind(NAMES.expected, lambda v: NAME.holds(v) or _are_names(v))
FLAG = Kind("true or false", lambda v: type(v) is bool)
TEXT_OR_FLAG = Kind("a text, true or false", lambda v: _is_text(v) or type(v) is bool)
DAY = Kind("a day", lambda v: type(v) is str and _DAY.fullmatch(v) is not None)
ZERO_SHOT = Kind(
    "-1 or a whole percentage from 0 to 100", lambda v: type(v) is int and -1 <= v <= 100
)


class FieldChecks:
    """Checks the fields of the entries of one answer, and keeps count of what was left out."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._seen: dict[str, int] = defaultdict(int)
        self._wrong: dict[str, list[str]] = defaultdict(list)

    def value(
        self, owner: str, field: str, value: Any, kind: Kind, *, required: bool = False
    ) -> Any:
        """Return a value, or ``None`` where it is not what its field may hold.

        Args:
            owner: The entry, for the report.
            field: Name of the field.
            value: What the answer has there.
            kind: What it may be.
            required: Report ``None`` as well.

        Raises:
            SourceError: The value is nested deeper than anything could mean.
        """
        if value is None and not required:
            return None
        self._seen[field] += 1
        if kind.holds(value):
            return value
        if _is_deep(value):
            cause = f"{field!r} of {cut(owner, 80)} has more than {DEEPEST} levels"
            raise SourceError(ID, cause, place=self._place, remedy=PUBLISHER_MUST_FIX)
        cause = f"{field!r} of {cut(owner, 100)} is {shown(value)}, not {kind.expected}"
        self._wrong[field].append(cause)
        return None

    def finish(self, report: Report) -> None:
        """Report what was left out: one line a field.

        Raises:
            SourceError: Most values of a field are wrong.
        """
        for field, causes in self._wrong.items():
            others = f" (and {len(causes) - 1} more)" if len(causes) > 1 else ""
            if len(causes) > 1 and 2 * len(causes) > self._seen[field]:
                cause = f"most values of {field!r} are wrong: {causes[0]}{others}"
                raise SourceError(ID, cause, place=self._place, remedy=PUBLISHER_MUST_FIX)
            cause = f"{causes[0]}; left out{others}"
            report(SourceError(ID, cause, place=self._place, remedy=PUBLISHER_MUST_FIX))


def shown(value: object) -> str:
    """Return a value for a message: one short line."""
    return cut(one_line(repr(value)), 40)


def _is_deep(value: object) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        level = [
            inner
            for outer in level
            if isinstance(outer, list | dict)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
    return bool(level)
