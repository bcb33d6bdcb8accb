"""Documents, candidates and the extractor protocol."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeGuard

Kind = Literal["card", "paper", "config"]
Confidence = Literal["high", "medium", "low"]
Role = Literal[
    "method", "related", "ablation", "results", "contribution", "code", "table", "list", "usage"
]
"""Purpose of a passage. Only ``method``, ``contribution``, ``list`` and ``code`` describe the model
itself; the others are about other models, variants or figures."""

SINGLE = frozenset(
    {"pooling", "attention", "base_model", "embedding_dimensions", "max_tokens", "licence"}
)
"""Properties of which a model has one."""
REFINES = {
    "eos": "last-token",
    "instruction-masked-mean": "mean",
    "causal-to-bidirectional": "bidirectional",
    "infonce": "contrastive",
    "improved-contrastive": "contrastive",
    "in-batch-softmax": "contrastive",
    "mined-static": "hard-negatives",
    "positive-aware": "hard-negatives",
    "dynamic-score": "hard-negatives",
    "index-refresh": "hard-negatives",
    "rank-window": "hard-negatives",
}
"""More specific values, with the general value that each implies."""
MOST_WORDS = 25
"""Longest quote, in words."""
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, list item, table or code block: ``document.text[start:end]``."""

    start: int
    end: int
    section: str
    """Headings above it, joined by `` / ``; empty before the first."""
    role: Role


@dataclass(frozen=True, slots=True)
class Document:
    """One text about one model."""

    model: str
    """Public id ``org/name`` of the model that it is read for."""
    kind: Kind
    source: str
    """Address."""
    text: str
    passages: tuple[Passage, ...]
    """In order and without overlap."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A statement about the model that was found in a text."""

    model: str
    property: str
    """pooling, attention, objective … as in the curated files, or technique, normalisation."""
    value: str
    """Slug of the vocabulary, a number, or a name."""
    quote: str
    """Verbatim, at most :data:`MOST_WORDS` words."""
    start: int
    """Where the quote begins in the document's text, in characters."""
    section: str
    """Headings above the quote, or the key of a configuration file."""
    rule: str
    """Name of the rule that found it."""
    confidence: Confidence
    kind: Kind
    source: str
    extractor: str
    version: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What one key of a configuration file states."""

    file: str
    key: str
    property: str
    value: str
    confidence: Confidence
    rule: str


def is_count(value: Any) -> TypeGuard[int]:
    """Whether a value is a positive whole number, and not a truth value."""
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


class Extractor(Protocol):
    """Reads candidates out of a document."""

    @property
    def name(self) -> str:
        """Short name, such as ``cues``."""

    @property
    def version(self) -> str:
        """Changes whenever the same text could give other candidates."""

    def extract(self, document: Document) -> list[Candidate]:
        """The candidates of a document, in the order of its text; quotes are verbatim."""


def quote_around(text: str, start: int, end: int, first: int, last: int) -> tuple[int, int]:
    """Span of at most :data:`MOST_WORDS` whole words around ``text[first:last]``.

    Args:
        text: The document's text.
        start: Where the sentence begins, which the quote does not leave.
        end: Where it ends.
        first: Where what must be quoted begins.
        last: Where it ends.
    """
    words = [(m.start(), m.end()) for m in _WORD.finditer(text, start, end)]
    inside = [n for n, (a, b) in enumerate(words) if b > first and a < last]
    if not inside:
        return first, last
    low, high = inside[0], min(inside[-1], inside[0] + MOST_WORDS - 1)
    # Words before the cue usually name the subject, so they get the larger share.
    while high - low + 1 < MOST_WORDS and (low > 0 or high < len(words) - 1):
        if low > 0:
            low -= 1
        if high - low + 1 < MOST_WORDS and high < len(words) - 1:
            high += 1
    return words[low][0], words[high][1]
