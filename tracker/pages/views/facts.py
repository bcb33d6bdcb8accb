"""Group facts for display: facts that differ only in their value share receipts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from tracker.answers.common import Bilingual
from tracker.answers.models import Evidence, Fact, Model
from tracker.common.vocabulary import NOT_DOCUMENTED
from tracker.pages.contexts import FactGroup, FactItem
from tracker.pages.language.filters import count, parameters
from tracker.pages.language.values import value_name

FACT_ORDER = (
    "innovation", "pooling", "attention", "base_model", "objective", "negatives", "stages",
    "training_data", "instructions",
)  # fmt: skip
"""Properties in display order; others follow by name."""


def metadata_value(model: Model, name: str) -> object:
    """Return the value of a property from the first source that has it, or ``None``."""
    return next((entry.value for entry in model.metadata if entry.property == name), None)


def fact_items(facts: Iterable[Fact]) -> tuple[FactItem, ...]:
    """Join plain facts that share qualifier and sources; keep the order of facts."""
    groups: dict[object, list[Fact]] = {}
    for number, fact in enumerate(facts):
        alone = fact.statement or fact.conflict or fact.value == NOT_DOCUMENTED
        sources = frozenset((ev.source, ev.confidence, ev.date) for ev in fact.evidence)
        groups.setdefault(number if alone else (fact.qualifier, sources), []).append(fact)
    return tuple(_item(group) for group in groups.values())


def _item(facts: list[Fact]) -> FactItem:
    receipts: dict[str, Evidence] = {}
    for fact in facts:
        for evidence in fact.evidence:
            receipts.setdefault(evidence.source, evidence)
    first = facts[0]
    return FactItem(
        values=() if first.value == NOT_DOCUMENTED else tuple(_value(fact) for fact in facts),
        qualifier=first.qualifier,
        statement=first.statement,
        conflict=first.conflict,
        receipts=tuple(receipts.values()),
    )


def fact_label(fact: Fact) -> Bilingual:
    """Return the value of a fact in both languages; free text is looked up by its English."""
    if fact.label.en != fact.label.zh:
        return fact.label
    return value_name("licence" if fact.property == "licence" else "value", fact.label.en)


def _value(fact: Fact) -> Bilingual:
    if not fact.value.isdecimal():
        return fact_label(fact)
    number = int(fact.value)
    text = parameters(number) if fact.property == "parameters" else count(number)
    return Bilingual(text, text)


def fact_groups(facts: Iterable[Fact]) -> tuple[FactGroup, ...]:
    """Group facts by property, in display order."""
    by_property: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        by_property[fact.property].append(fact)
    order = {name: number for number, name in enumerate(FACT_ORDER)}
    names = sorted(by_property, key=lambda name: (order.get(name, len(order)), name))
    return tuple(FactGroup(name, fact_items(by_property[name])) for name in names)
