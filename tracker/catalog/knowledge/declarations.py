"""What the registry declares of a model's method where no person has written of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection

from tracker.catalog.ids import Names
from tracker.catalog.knowledge.queries import registry_properties
from tracker.curated import Curated

DECLARED = {"base_model": "adapted_from", "training_data": "training_datasets"}
"""Properties of the method and their keys in the registry. Size, licence, dates and dimensions
are metadata, which is shown with the registry as its source anyway."""


class Declaration(NamedTuple):
    """One fact that a model's entry in the registry states."""

    model: str
    property: str
    value: str
    receipt: dict[str, Any]
    """Values of the evidence table."""


def declarations(connection: Connection, names: Names, curated: Curated) -> Iterator[Declaration]:
    """Yield facts from the newest registry about known models that no curated fact is about."""
    registry, told = registry_properties(connection)
    written: dict[str, set[str]] = defaultdict(set)
    for model in curated.models:
        written[model.name].update(fact.property for fact in model.facts)
    for model_name in sorted(told.keys() & names.models.keys()):
        for property_, key in DECLARED.items():
            if property_ not in written[model_name]:
                for value in _values(told[model_name].get(key)):
                    yield Declaration(model_name, property_, value, _receipt(registry, key))


def _values(declared: object) -> Iterator[str]:
    if isinstance(declared, str) and declared:
        yield declared
    elif isinstance(declared, list):
        yield from (str(value) for value in declared)


def _receipt(registry: str, key: str) -> dict[str, Any]:
    """Return the evidence for a declaration, which is read from the export itself."""
    empty = ("of_model", "date", "note", "read_on", "position", "found_at", "reason", "copied_at")
    return dict.fromkeys(empty) | {
        "kind": "registry",
        "source": registry,
        "locator": key,
        "shows": "[]",
        "confidence": "medium",
        "state": "verified",
    }
