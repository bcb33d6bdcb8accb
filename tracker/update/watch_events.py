"""Events that rules wait for, computed from the whole line of time.

The same catalog gives the same events with the same ids, so that an event is told once and a rule
can be tried on the past.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise

from tracker.answers.history import Replay
from tracker.api import Catalog
from tracker.common.times import now_text
from tracker.errors import TrackerError, one_line
from tracker.update.watch_rules import Rule, at_rule

DEEP = 10_000
"""Rows of a board that are compared for a model that was passed: all of them."""
SHOWN = 5
"""Models that one line names."""


@dataclass(frozen=True)
class WatchEvent:
    """Something that a rule waits for."""

    id: str
    day: str
    """Day on which it happened, ``YYYY-MM-DD``, or its month where only that is known; empty
    where nothing is. Of a broken receipt the day of the question."""
    text: str
    """One line."""


def events(catalog: Catalog, rule: Rule, since: str, until: str) -> list[WatchEvent]:
    """Return the events of a rule, oldest first.

    Args:
        catalog: The open catalog.
        rule: The rule.
        since: First day, ``YYYY-MM-DD``.
        until: Last day.

    Raises:
        UsageError: The rule names a board, model or technique that the catalog does not have.
    """
    try:
        found = list(_FINDERS[rule.when](catalog, rule))
    except TrackerError as error:
        raise at_rule(rule, error) from None
    within = (e for e in found if since <= f"{e.day}-31"[:10] and e.day <= until)
    return sorted(within, key=lambda e: (e.day, e.text))


def _leaders(catalog: Catalog, rule: Rule) -> Iterator[WatchEvent]:
    leads = catalog.leader_list(rule.board)
    for before, lead in pairwise(leads):
        if lead.model_now == before.model_now:
            continue  # another edition, or the same model after a gap
        text = f"{lead.model} leads {lead.board}; before it {before.model}"
        if before.reason:
            text += f" ({before.reason})"
        yield _event(rule, lead.from_day, text, lead.board_slug, lead.from_day, lead.model_now)


def _entered(catalog: Catalog, rule: Rule) -> Iterator[WatchEvent]:
    replay = catalog.replay(rule.board, top=rule.top)
    wanted = (
        set(catalog.models(organisation=rule.organisation)["model"]) if rule.organisation else None
    )
    for day, before, now in _pairs(replay):
        for model in now.keys() - before.keys():
            if wanted is None or model in wanted:
                text = f"{model} is {now[model]} of {replay.edition.name}, in the top {rule.top}"
                yield _event(rule, day, text, replay.edition.slug, day, model)


def _passed(catalog: Catalog, rule: Rule) -> Iterator[WatchEvent]:
    model = catalog.model(rule.model).name
    replay = catalog.replay(rule.board, top=DEEP)
    for day, before, now in _pairs(replay):
        if model not in before or model not in now or now[model] <= before[model]:
            continue
        ahead = [
            name
            for name, rank in sorted(now.items(), key=lambda item: item[1])
            if rank < now[model] and before.get(name, DEEP) > before[model]
        ]
        if not ahead:
            continue
        names = ", ".join(ahead[:SHOWN]) + (
            f" and {len(ahead) - SHOWN} more" * (len(ahead) > SHOWN)
        )
        text = f"{names} passed {model} on {replay.edition.name}: {before[model]} → {now[model]}"
        yield _event(rule, day, text, replay.edition.slug, day, model)


def _pairs(replay: Replay) -> Iterator[tuple[str, dict[str, int], dict[str, int]]]:
    """Yield each day with the ranks by present name before and on it."""
    before: dict[str, int] | None = None
    for day in replay.days:
        now: dict[str, int] = {}
        for row in day.rows:
            now.setdefault(row.model_now, row.rank)
        if before is not None:
            yield day.day, before, now
        before = now


def _papers(catalog: Catalog, rule: Rule) -> Iterator[WatchEvent]:
    technique = catalog.technique(rule.technique)
    users = {use.model for use in technique.uses}
    for paper in catalog.paper_list():
        models = [link.model for link in paper.models if link.model in users]
        if not models and technique.term.slug not in paper.terms:
            continue
        text = (
            f"“{paper.title or paper.arxiv_id}” (arXiv:{paper.arxiv_id}): {technique.term.label.en}"
        )
        if models:
            text += f", used by {', '.join(models[:SHOWN])}"
        yield _event(rule, paper.published or "", text, technique.term.slug, paper.arxiv_id)


def _receipts(catalog: Catalog, rule: Rule) -> Iterator[WatchEvent]:
    wanted = catalog.model(rule.model).name if rule.model else None
    for finding in catalog.broken_receipts():
        if wanted is None or finding.place.startswith(f"{wanted}: "):
            text = f"{finding.place}: {finding.message}"
            yield _event(rule, now_text()[:10], text, text)


def _event(rule: Rule, day: str, text: str, *subject: str) -> WatchEvent:
    digest = sha256("\0".join((rule.when, *subject)).encode()).hexdigest()[:16]
    return WatchEvent(digest, day, one_line(text))


_FINDERS: dict[str, Callable[[Catalog, Rule], Iterator[WatchEvent]]] = {
    "leader-changed": _leaders,
    "entered-top": _entered,
    "paper-matched": _papers,
    "passed": _passed,
    "receipt-broken": _receipts,
}
