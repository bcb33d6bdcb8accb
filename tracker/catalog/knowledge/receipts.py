"""Receipts in the catalog: what the sources of facts show, and which of them to read next."""

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
    """What the evidence table holds of a receipt and of how it was judged."""
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
    """Why a receipt does not hold, in words; ``None`` where there is no more to say."""
    missing = ", ".join(judged.check.missing)
    return judged.reason or (f"not in the source: {missing}" if missing else None)


def unverified_sources(connection: Connection) -> list[str]:
    """Addresses of files and papers with a receipt that no reading of the source confirms yet."""
    rows = all_rows(
        connection,
        "select distinct source from evidence where shows <> '[]' and state <> 'verified'",
    )
    return sorted(row.source for row in rows if cited_sources.is_cited_file(row.source))
