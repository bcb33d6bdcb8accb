"""Find the pooling in a card's code examples and printed modules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from tracker.evidence.configs import POOLING_KEYS
from tracker.evidence.records import REFINES, Document, Passage

_SET = r"\bpool(?:ing|er)?(?:_method|_mode|_strategy|_type)?['\"]?\s*[=:]\s*['\"]"
_FIRST = r"(?:output\w*|state\w*|tokens\))(?:\[0\])?\[:, ?0(?:, ?:)?\]"
_PATTERNS = tuple(
    (slug, re.compile(pattern, re.IGNORECASE))
    for slug, pattern in (
        ("last-token", rf"\blast_?token_?pool\w*\s*\(|{_SET}last"),
        ("mean", rf"\b(?:average|mean|avg)_?pool\w*\s*\(|{_SET}(?:mean|avg)"),
        ("cls", rf"\bcls_?pool\w*\s*\(|{_FIRST}|{_SET}cls"),
    )
)
_REMARK = re.compile(r"^[ \t]*(?:#|//).*$", re.MULTILINE)
_WORD_BEFORE = re.compile(r"\w$")
_MODE = re.compile(r"\b(pooling_mode_\w+)['\"]?\s*[:=]\s*(?:True|true)\b")
Shown = tuple[Passage, str, tuple[int, int]]
"""A passage of code, the pooling in it, and the span that shows it in the document's text."""


def shown_pooling(document: Document, pieces: Sequence[tuple[str, str]]) -> Shown | None:
    """What all examples agree on; ``None`` where there is none or they differ.

    Args:
        document: A card.
        pieces: Pieces of program text that show a pooling, with its slug.
    """
    passages = [passage for passage in document.passages if passage.role == "code"]
    found = [shown for passage in passages for shown in _shown(document.text, passage, pieces)]
    if len({REFINES.get(slug, slug) for _, slug, _ in found}) != 1:
        return None
    return found[0]


def _shown(text: str, passage: Passage, pieces: Iterable[tuple[str, str]]) -> Iterator[Shown]:
    # Lines that are commented out are for other models.
    code = _REMARK.sub(lambda m: " " * len(m[0]), text[passage.start : passage.end])
    for slug, pattern in _PATTERNS:
        if match := pattern.search(code):
            yield passage, slug, _moved(match.span(), passage.start)
    for match in _MODE.finditer(code):
        if slug := POOLING_KEYS.get(match[1], ""):
            yield passage, slug, _moved(match.span(), passage.start)
    for piece, slug in pieces:
        at = code.find(piece)
        # As part of a longer name, such as a configuration key, it means something else.
        if at >= 0 and not (piece[0].isalnum() and _WORD_BEFORE.search(code, max(0, at - 1), at)):
            yield passage, slug, _moved((at, at + len(piece)), passage.start)


def _moved(span: tuple[int, int], by: int) -> tuple[int, int]:
    return span[0] + by, span[1] + by
