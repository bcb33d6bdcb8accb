"""Receipts of curated facts that a person should look at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row

from tracker.answers.health import Finding
from tracker.catalog import queries
from tracker.insights.reader import Reader

_REMEDIES = {
    "moved": "write the locator that is proposed",
    "not-there": "correct or remove the receipt in db/curated/models",
    "source-changed": "cite a fixed version that shows it, or remove the receipt",
    "unreachable": "run: tracker curate verify, or cite another source",
}


def wrong_receipts(reader: Reader) -> Iterator[Finding]:
    """Yield receipts that failed their check, by source, and the number in each state."""
    wrong: dict[tuple[str, str], list[Row[Any]]] = defaultdict(list)
    counts: dict[str, int] = defaultdict(int)
    names = {row.id: row.name for row in queries.models(reader.connection)}
    for row in queries.facts(reader.connection):
        counts[row.state] += 1
        if row.state in _REMEDIES:
            wrong[row.state, row.source].append(row)
    for (state, source), rows in sorted(wrong.items()):
        first = rows[0]
        more = f" and {len(rows) - 1} more" if len(rows) > 1 else ""
        why = first.reason or (f"found at {first.found_at}" if first.found_at else "")
        yield Finding(
            "receipt",
            "info" if state == "unreachable" else "warning",
            f"{names[first.model_id]}: {first.property} {first.value}{more}",
            f"{state}: {source}{f' ({why})' if why else ''}",
            _REMEDIES[state],
        )
    if counts:
        states = ", ".join(f"{n} {state}" for state, n in sorted(counts.items()))
        yield Finding("receipt", "info", "db/curated/models", f"receipts: {states}", "")
