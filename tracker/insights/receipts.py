"""Receipts as answers, from the columns of their rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from tracker.answers.models import Evidence


def evidence_of(columns: Mapping[str, Any]) -> Evidence:
    """Return a receipt from the columns of the evidence table."""
    return Evidence(
        kind=columns["kind"],
        source=columns["source"],
        locator=columns["locator"],
        confidence=columns["confidence"],
        date=columns["date"],
        note=columns["note"],
        shows=tuple(orjson.loads(columns["shows"])),
        state=columns["state"],
        read_on=columns["read_on"],
        position=columns["position"],
        of_model=columns["of_model"],
        copied_at=columns["copied_at"],
    )
