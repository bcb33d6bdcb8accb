"""Tell of events: each once to each target, again until it is accepted, never in the way of a run.

A rule that is new, or was changed, begins with what is known then: only what becomes known later is
told, if it happened at most ``LATE`` days before. So neither a new rule nor a corrected history
sends a flood.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.api import Catalog, open_catalog
from tracker.common.times import now_text
from tracker.errors import TrackerError, one_line
from tracker.io.notices import SECONDS, deliver, open_target
from tracker.settings import Settings
from tracker.snapshots.notice_log import NoticeLog, RuleState
from tracker.sources.runs import Notify
from tracker.update.watch_events import WatchEvent, events
from tracker.update.watch_rules import Rule, Rules, read_rules

LATE = 35
"""Days for which an event is told, or told again, after it happened."""
LINES = 20
"""Events that one message lists."""
_EVER = "0000-00-00"


@dataclass(frozen=True)
class Fired:
    """An event with its rule."""

    rule: Rule
    event: WatchEvent


def fired(catalog: Catalog, rules: Rules, since: str, until: str) -> Iterator[Fired]:
    """Yield what the rules would have told between two days, by rule and day.

    Raises:
        UsageError: A rule names something that the catalog does not have.
    """
    for rule in rules.rules:
        for event in events(catalog, rule, since, until):
            yield Fired(rule, event)


def tell(settings: Settings, notify: Notify, *, seconds: float = SECONDS) -> bool:
    """Tell what is new since the last run; return whether every target accepted all of it.

    Args:
        settings: Of this run.
        notify: Called with each line for the user.
        seconds: Time limit of one message to one target.
    """
    path = settings.watch_file
    if not path.exists():
        return True
    good = True
    try:
        rules = read_rules(path)
        log = NoticeLog(settings.archive)
        states = log.read()
        with open_catalog() as catalog:
            for rule in rules.rules:
                try:
                    good &= _tell_one(catalog, rule, rules, log, states, notify, seconds)
                except TrackerError as error:
                    notify(f"error: {path}: {error}")
                    good = False
    except TrackerError as error:
        notify(f"error: {error}")
        good = False
    return good


def _tell_one(
    catalog: Catalog,
    rule: Rule,
    rules: Rules,
    log: NoticeLog,
    states: dict[str, RuleState],
    notify: Notify,
    seconds: float,
) -> bool:
    today = now_text()[:10]
    state = states.get(rule.id)
    if state is None:
        known = [event.id for event in events(catalog, rule, _EVER, "9")]
        log.begin(rule.id, now_text(), known)
        states[rule.id] = RuleState(now_text(), set(known))
        notify(f"watching: {rule.name} ({len(known)} events are known already)")
        return True
    earliest = (date.fromisoformat(today) - timedelta(days=LATE)).isoformat()
    news = [e for e in events(catalog, rule, earliest, "9") if e.id not in state.known]
    good = True
    for name in rule.send:
        due = [event for event in news if (event.id, name) not in state.delivered]
        if not due:
            continue
        if _send(rules.targets[name], rule, due, seconds):
            log.delivered(rule.id, name, now_text(), [event.id for event in due])
            state.delivered |= {(event.id, name) for event in due}
            notify(f"told {name} of {len(due)} events: {rule.name}")
        else:
            notify(f"error: {name} did not accept a notice of {rule.name}; it is sent again later")
            good = False
    return good


def _send(address: str, rule: Rule, due: list[WatchEvent], seconds: float) -> bool:
    lines = [f"{event.day}  {event.text}" for event in due[:LINES]]
    if len(due) > LINES:
        lines.append(f"and {len(due) - LINES} more")
    title = one_line(f"Embedding Tracker: {rule.name}")
    return deliver(open_target(address), title, "\n".join(lines), seconds=seconds)
