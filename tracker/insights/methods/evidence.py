"""Curated facts and candidates of a model's method, side by side, with the value that holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import Row

from tracker.answers.models import EvidenceLine
from tracker.catalog import queries
from tracker.catalog.knowledge import queries as knowledge_queries
from tracker.evidence.precedence import Decision, disagreements
from tracker.insights.models.names import find_model
from tracker.insights.reader import Reader

_CONFIDENCE = {"high": 0, "medium": 1, "low": 2}
_KINDS = {"curated": 0, "config": 1, "card": 2, "paper": 3, "registry": 4}


def read_evidence(reader: Reader, name: str) -> tuple[EvidenceLine, ...]:
    """Read all statements about a model's method, the best-supported one of a property first.

    Curated statements come before extracted ones. Where statements disagree about a property that
    a model has once, each of them carries the decision.

    Raises:
        NotFoundError: There is no such model; the nearest names are suggested.
    """
    model = find_model(reader, name)
    lines = [
        *(_curated_line(row) for row in queries.facts(reader.connection, model.id)),
        *(_read_line(row) for row in knowledge_queries.candidates(reader.connection, model.id)),
    ]
    decided = {decision.name: decision for decision in disagreements(lines)}
    ordered = sorted(
        lines,
        key=lambda line: (
            line.property,
            line.kind != "curated",
            _CONFIDENCE[line.confidence],
            _KINDS[line.kind],
            line.value,
            line.source,
        ),
    )
    return tuple(_with_decision(line, decided.get(line.property)) for line in ordered)


def _with_decision(line: EvidenceLine, decision: Decision[EvidenceLine] | None) -> EvidenceLine:
    if decision is None:
        return line
    conflict = decision.is_disputed and line.confidence != "low"
    return replace(line, conflict=conflict, decision=str(decision))


def read_contradictions(reader: Reader) -> Iterator[tuple[str, str]]:
    """Yield models about which statements of more than low confidence disagree, with decisions."""
    lines: dict[int, list[EvidenceLine]] = defaultdict(list)
    for row in queries.facts(reader.connection):
        lines[row.model_id].append(_curated_line(row))
    for row in knowledge_queries.candidates(reader.connection):
        lines[row.model_id].append(_read_line(row))
    for model in queries.models(reader.connection):
        for decision in disagreements(lines[model.id]):
            if decision.is_disputed:
                yield model.name, str(decision)


def _curated_line(row: Row[Any]) -> EvidenceLine:
    return EvidenceLine(
        property=row.property,
        value=row.value,
        kind="curated" if "://" in row.source else "registry",  # a declaration names the export
        confidence=row.confidence,
        state=row.state,
        quote=row.note,
        section=row.locator,
        source=row.source,
        date=row.date,
        rule=None,
        extractor=None,
        conflict=False,
        decision=None,
    )


def _read_line(row: Row[Any]) -> EvidenceLine:
    return EvidenceLine(
        property=row.property,
        value=row.value,
        kind=row.kind,
        confidence=row.confidence,
        state=None,
        quote=row.quote,
        section=row.section,
        source=row.url,
        date=row.fetched_at[:10],
        rule=row.rule,
        extractor=row.extractor,
        conflict=False,
        decision=None,
    )
