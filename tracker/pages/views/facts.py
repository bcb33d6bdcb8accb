"""Facts as lines to read: those that differ only in their value share a line and its receipts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from tracker.answers.common import Bilingual
from tracker.answers.models import Evidence, Fact, Model
from tracker.common.vocabulary import NOT_DOCUMENTED
from tracker.pages.contexts import FactGroup, FactLine
from tracker.pages.language.filters import count, parameters

FACT_ORDER = (
    "innovation", "pooling", "attention", "base_model", "objective", "negatives", "stages",
    "training_data", "instructions",
)  # fmt: skip
"""Properties in the order in which a reader asks for them; others follow by name."""


def metadata_value(model: Model, name: str) -> object:
    """The value that the first source gives for a property."""
    return next((its.value for its in model.metadata if its.property == name), None)


def fact_lines(facts: Iterable[Fact]) -> tuple[FactLine, ...]:
    """Facts in their order, plain ones with the same sources and qualifier joined."""
    lines: dict[object, list[Fact]] = {}
    for place, fact in enumerate(facts):
        alone = fact.statement or fact.conflict or fact.value == NOT_DOCUMENTED
        sources = frozenset((its.source, its.confidence, its.date) for its in fact.evidence)
        lines.setdefault(place if alone else (fact.qualifier, sources), []).append(fact)
    return tuple(_line(its) for its in lines.values())


def _line(facts: list[Fact]) -> FactLine:
    receipts: dict[str, Evidence] = {}
    for fact in facts:
        for its in fact.evidence:
            receipts.setdefault(its.source, its)
    first = facts[0]
    return FactLine(
        values=() if first.value == NOT_DOCUMENTED else tuple(_value(fact) for fact in facts),
        qualifier=first.qualifier,
        statement=first.statement,
        conflict=first.conflict,
        receipts=tuple(receipts.values()),
    )


def _value(fact: Fact) -> Bilingual:
    if not fact.value.isdecimal():
        return fact.label
    number = int(fact.value)
    text = parameters(number) if fact.property == "parameters" else count(number)
    return Bilingual(text, text)


def fact_groups(facts: Iterable[Fact]) -> tuple[FactGroup, ...]:
    """Facts by property, in the order of a reader's questions."""
    by_property: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        by_property[fact.property].append(fact)
    order = {name: place for place, name in enumerate(FACT_ORDER)}
    names = sorted(by_property, key=lambda name: (order.get(name, len(order)), name))
    return tuple(FactGroup(name, fact_lines(by_property[name])) for name in names)
