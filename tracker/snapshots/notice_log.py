"""Log of notices beside the archive: which events a rule has seen, and which were delivered.

The file ``notices.jsonl`` has one JSON object a line and only grows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from tracker.errors import ArchiveError
from tracker.io.files import append_line


@dataclass
class RuleState:
    """What is recorded of one rule."""

    since: str
    """Moment at which the rule was first seen."""
    known: set[str] = field(default_factory=set)
    """Ids of the events that were there then."""
    delivered: set[tuple[str, str]] = field(default_factory=set)
    """Pairs of event and target."""


class NoticeLog:
    """The file ``notices.jsonl`` of an archive."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "notices.jsonl"

    def read(self) -> dict[str, RuleState]:
        """Return the states by rule; lines that cannot be read are skipped.

        Raises:
            ArchiveError: The file cannot be read.
        """
        states: dict[str, RuleState] = {}
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return states
        except OSError as error:
            raise ArchiveError(f"{self._path}: {error.strerror or error}") from None
        for line in content.splitlines():
            try:
                fields = orjson.loads(line)
            except orjson.JSONDecodeError:
                continue  # torn when the power failed
            match fields:
                case {"rule": str(rule), "since": str(since), "known": list(known)}:
                    states[rule] = RuleState(since, set(known))
                case {"rule": str(rule), "events": list(ids), "target": str(target)}:
                    if rule in states:
                        states[rule].delivered |= {(event, target) for event in ids}
        return states

    def begin(self, rule: str, since: str, known: Iterable[str]) -> None:
        """Record a new rule with the events that are no news for it."""
        self._append({"rule": rule, "since": since, "known": sorted(known)})

    def delivered(self, rule: str, target: str, at: str, events: Iterable[str]) -> None:
        """Record events that a target has accepted."""
        self._append({"rule": rule, "target": target, "at": at, "events": sorted(events)})

    def _append(self, fields: dict[str, object]) -> None:
        try:
            append_line(self._path, orjson.dumps(fields))
        except OSError as error:
            raise ArchiveError(f"{self._path}: {error.strerror or error}") from None
