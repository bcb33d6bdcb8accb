"""Rules for notices, from one TOML file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from tracker.common.text import did_you_mean
from tracker.errors import TrackerError, UsageError, one_line

KINDS: dict[str, tuple[str, ...]] = {
    "leader-changed": ("board",),
    "entered-top": ("board",),
    "paper-matched": ("technique",),
    "passed": ("model", "board"),
    "receipt-broken": (),
}
"""What a rule can wait for, each with the fields that it needs."""
_OPTIONAL = {"entered-top": ("organisation", "top"), "receipt-broken": ("model",)}
_FIELDS = {"name", "when", "send"}
TOP = 10


@dataclass(frozen=True)
class Rule:
    """One rule."""

    name: str
    when: str
    """A key of ``KINDS``."""
    board: str = ""
    model: str = ""
    organisation: str = ""
    technique: str = ""
    top: int = TOP
    send: tuple[str, ...] = ()
    """Names of targets; all of the file where it names none."""

    @property
    def id(self) -> str:
        """Digest of what it waits for: another name or target makes no other rule."""
        parts = (self.when, self.board, self.model, self.organisation, self.technique, self.top)
        return sha256("\0".join(map(str, parts)).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Rules:
    """The rules of a file, and the addresses of its targets by name."""

    rules: tuple[Rule, ...] = ()
    targets: dict[str, str] = field(default_factory=dict, repr=False)


def read_rules(path: Path) -> Rules:
    """Read a file of rules.

    Raises:
        UsageError: It cannot be read, or a rule is wrong; the message names the rule.
    """
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        remedy = "see the how-to: be told of changes"
        raise UsageError(f"{path}: {error.strerror or error}", remedy=remedy) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: {one_line(error)}") from None
    try:
        _refuse_unknown(content, {"rule", "send"}, "the file")
        targets = content.get("send", {})
        if not isinstance(targets, dict) or not all(isinstance(v, str) for v in targets.values()):
            raise UsageError("[send] holds names, each with an address in quotes")
        entries = content.get("rule", [])
        if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
            raise UsageError("rules are written as [[rule]]")
        rules = tuple(_rule(e, number, targets) for number, e in enumerate(entries, 1))
    except UsageError as error:
        raise UsageError(f"{path}: {error.message}", remedy=error.remedy) from None
    return Rules(rules, targets)


def _rule(entry: dict[str, Any], number: int, targets: dict[str, str]) -> Rule:
    when = entry.get("when", "")
    place = f"rule {number}" + (f" ({entry['name']})" if "name" in entry else "")
    if when not in KINDS:
        raise UsageError(f"{place}: unknown when {when!r}", remedy=did_you_mean(str(when), KINDS))
    needed = KINDS[when]
    allowed = {*_FIELDS, *needed, *_OPTIONAL.get(when, ())}
    _refuse_unknown(entry, allowed, place)
    for name, value in entry.items():
        is_right = (
            type(value) is int and value > 0
            if name == "top"
            else isinstance(value, list) and all(isinstance(one, str) for one in value)
            if name == "send"
            else isinstance(value, str) and value.strip() != ""
        )
        if not is_right:
            raise UsageError(f"{place}: {name} is {value!r}")
    for name in needed:
        if name not in entry:
            raise UsageError(f"{place}: {when} needs {name}")
    for name in entry.get("send", []):
        if name not in targets:
            remedy = did_you_mean(name, targets) or "write its address under [send]"
            raise UsageError(f"{place}: unknown target {name!r}", remedy=remedy)
    fields = {**entry, "send": tuple(entry.get("send", targets)), "name": entry.get("name", place)}
    return Rule(**fields)


def _refuse_unknown(entry: dict[str, Any], allowed: set[str], place: str) -> None:
    for name in entry:
        if name not in allowed:
            remedy = did_you_mean(name, allowed)
            raise UsageError(f"{place}: unknown field {name!r}", remedy=remedy)


def at_rule(rule: Rule, error: TrackerError) -> UsageError:
    """Return an error of a rule's question with the name of the rule."""
    return UsageError(f"rule {rule.name!r}: {error.message}", remedy=error.remedy)
