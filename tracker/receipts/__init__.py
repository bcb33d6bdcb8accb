"""Receipts: whether a source shows what it is cited for, at the place that is named."""

from __future__ import annotations

from tracker.receipts.checking import Check, Verdict, check
from tracker.receipts.passages import Passage, UnreadableSourceError, passages

__all__ = ["Check", "Passage", "UnreadableSourceError", "Verdict", "check", "passages"]
