"""Log of notices beside the archive: which events a rule has seen, and which were delivered.

The file ``notices.jsonl`` has one JSON object a line and only grows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tracker.snapshots.json_lines import append_object, read_objects


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
        for fields in read_objects(self._path):
            match fields:
                case {"rule": str(rule), "since": str(since), "known": list(known)}:
                    states[rule] = RuleState(since, set(known))
                case {"rule": str(rule), "events": list(ids), "target": str(target)}:
                    if rule in states:
                        states[rule].delivered |= {(event, target) for event in ids}
        return states

    def begin(self, rule: str, since: str, known: Iterable[str]) -> None:
        """Record a new rule with the events that are no news for it."""
        append_object(self._path, {"rule": rule, "since": since, "known": sorted(known)})

    def delivered(self, rule: str, target: str, at: str, events: Iterable[str]) -> None:
        """Record events that a target has accepted."""
        append_object(
            self._path, {"rule": rule, "target": target, "at": at, "events": sorted(events)}
        )
