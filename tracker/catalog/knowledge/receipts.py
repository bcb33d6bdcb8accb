"""Convert receipts to rows, and list sources whose receipts are not verified."""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import Connection

from tracker import curated as knowledge
from tracker.catalog.queries import all_rows
from tracker.receipts import Verdict
from tracker.receipts.judging import Judge, Judgement
from tracker.sources import cited_sources


def receipt_columns(evidence: knowledge.EvidenceEntry, judge: Judge) -> dict[str, Any]:
    """Return the values of the evidence table for a receipt and its verdict."""
    judged = judge.judge(evidence.receipt)
    return {
        "kind": evidence.kind,
        "of_model": evidence.of,
        "source": evidence.source,
        "locator": evidence.locator,
        "shows": orjson.dumps(evidence.shows).decode(),
        "confidence": evidence.confidence,
        "date": evidence.checked,
        "note": evidence.note,
        "state": str(judged.check.verdict),
        "read_on": judged.day,
        "position": judged.check.position,
        "found_at": judged.check.locator if judged.check.verdict is Verdict.MOVED else None,
        "reason": reason_of(judged),
        "copied_at": judged.copy,
    }


def reason_of(judged: Judgement) -> str | None:
    """Return why a receipt is not verified; ``None`` without a further reason."""
    missing = ", ".join(judged.check.missing)
    return judged.reason or (f"not in the source: {missing}" if missing else None)


def unverified_sources(connection: Connection) -> list[str]:
    """Return addresses of cited files and papers with receipts that are not verified."""
    rows = all_rows(
        connection,
        "select distinct source from evidence where shows <> '[]' and state <> 'verified'",
    )
    return sorted(row.source for row in rows if cited_sources.is_cited_file(row.source))
