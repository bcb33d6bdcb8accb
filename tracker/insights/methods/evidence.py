"""What people wrote of a model's method and what was read in its texts, side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import polars as pl
from sqlalchemy import Connection, Row

from tracker.answers.boards import EvidenceLine
from tracker.catalog import queries
from tracker.catalog.knowledge import queries as knowledge_queries
from tracker.common.vocabulary import NOT_DOCUMENTED
from tracker.evidence import REFINES, SINGLE
from tracker.insights.frames import frame_of
from tracker.insights.history.histories import find_model

_SURE = {"high": 0, "medium": 1, "low": 2}
_KINDS = {"curated": 0, "config": 1, "card": 2, "paper": 3}


def read_evidence(connection: Connection, name: str) -> tuple[EvidenceLine, ...]:
    """Everything that is said of a model's method, the best-supported line of a property first.

    Curated lines come before read ones, whatever those say; where sure lines of a property that a
    model has once contradict each other, all of them are marked.

    Raises:
        NotFoundError: There is no such model; the nearest names are suggested.
    """
    model = find_model(connection, name)
    lines = [
        *(_curated_line(row) for row in queries.facts(connection, model.id)),
        *(_read_line(row) for row in knowledge_queries.candidates(connection, model.id)),
    ]
    contradicted = _contradicted(lines)
    ordered = sorted(
        lines,
        key=lambda line: (
            line.property,
            line.kind != "curated",
            _SURE[line.confidence],
            _KINDS[line.kind],
            line.value,
            line.source,
        ),
    )
    return tuple(
        replace(line, conflict=line.property in contradicted and line.confidence != "low")
        for line in ordered
    )


def evidence_frame(lines: tuple[EvidenceLine, ...]) -> pl.DataFrame:
    """The same as a frame."""
    return frame_of(lines, EvidenceLine)


def read_contradictions(connection: Connection) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Models with a property of which sure lines name different values, and those values."""
    lines: dict[int, list[EvidenceLine]] = defaultdict(list)
    for row in queries.facts(connection):
        lines[row.model_id].append(_curated_line(row))
    for row in knowledge_queries.candidates(connection):
        lines[row.model_id].append(_read_line(row))
    for model in queries.models(connection):
        said = lines[model.id]
        for property_ in sorted(_contradicted(said)):
            found = (f"{line.value} ({line.kind})" for line in said if line.property == property_)
            yield model.name, property_, tuple(sorted(set(found)))


def _curated_line(row: Row[Any]) -> EvidenceLine:
    return EvidenceLine(
        property=row.property,
        value=row.value,
        kind="curated",
        confidence=row.confidence,
        state=row.state,
        quote=row.note,
        section=row.locator,
        source=row.source,
        date=row.date,
        rule=None,
        extractor=None,
        conflict=False,
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
    )


def _contradicted(lines: Iterable[EvidenceLine]) -> set[str]:
    """Properties that a model has once and for which sure lines name different values."""
    values: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        if line.property in SINGLE and line.confidence != "low" and line.value != NOT_DOCUMENTED:
            # The last token is the one that ends the text, so the two say the same, and so on.
            values[line.property].add(REFINES.get(line.value, line.value).casefold())
    return {property_ for property_, said in values.items() if len(said) > 1}
