"""Decide whether a source shows the terms of a receipt, and where."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from tracker.receipts.passages import LONGEST, Passage

_LINES = re.compile(r"L(\d+)(?:-L?(\d+))?")
_PAGE = re.compile(r"p\. ?\d+")
_MARKUP = re.compile(r"[*`_]{2,}|`|\\(?=[\[\](){}<>*_#.!|$-])")
_SPACE = re.compile(r"\s+")
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
_QUOTES = {ord("\u2019"): "'", ord("\u2018"): "'", ord("\u201c"): '"', ord("\u201d"): '"'}


class Verdict(StrEnum):
    """What became of a receipt."""

    VERIFIED = "verified"
    """All terms stand in one passage at the place that the receipt names."""
    MOVED = "moved"
    """They stand together elsewhere in the source."""
    NOT_THERE = "not-there"
    """No passage has all of them."""
    UNREACHABLE = "unreachable"
    """The source could not be fetched or read."""
    CHANGED = "source-changed"
    """It was verified once; the source is another one now, without the terms."""
    UNCHECKED = "unchecked"
    """Nobody has compared the receipt with its source."""


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome for one receipt against one state of its source."""

    verdict: Verdict
    locator: str | None = None
    """Where the terms are: as the receipt says it, or where they were found instead."""
    position: str | None = None
    """Lines or page of that place."""
    missing: tuple[str, ...] = ()
    """Terms that stand nowhere in the source."""


def check(source: Sequence[Passage], locator: str, shows: Sequence[str]) -> Check:
    """Look for the terms of a receipt.

    Args:
        source: All passages of the source.
        locator: Lines, page, heading, symbol or key; ``Outer > Inner`` names two of them.
        shows: Terms that must stand together in one passage.

    Returns:
        Verified with the position; moved with the place found instead; or what is missing.
    """
    patterns = [_pattern(term) for term in shows]
    # The shortest passage is the most telling: a class contains its methods.
    together = [p for p in source if len(shows) == 1 or len(p.text) <= LONGEST]
    holding = sorted(
        (p for p in together if all(one.search(normal(p.text)) for one in patterns)),
        key=lambda passage: len(passage.text),
    )
    for passage in holding:
        if is_at(passage, locator):
            return Check(Verdict.VERIFIED, locator, passage.position or None)
    if holding:
        found = holding[0]
        return Check(Verdict.MOVED, found.locator or None, found.position or None)
    texts = [normal(passage.text) for passage in source]
    missing = tuple(
        term
        for term, pattern in zip(shows, patterns, strict=True)
        if not any(pattern.search(text) for text in texts)
    )
    return Check(Verdict.NOT_THERE, missing=missing)


@lru_cache(maxsize=100_000)
def normal(text: str) -> str:
    """A text as it is compared: one case, one kind of space, dash and quote, no marks."""
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES | _QUOTES)
    return _SPACE.sub(" ", _MARKUP.sub("", plain)).casefold().strip()


@lru_cache(maxsize=10_000)
def _pattern(term: str) -> re.Pattern[str]:
    """A term as a whole word: 4096 is not in 14096; between Chinese letters it is one."""
    words = normal(term)
    before = "(?<![a-z0-9])" if re.match("[a-z0-9]", words) else ""
    after = "(?![a-z0-9])" if re.search(r"[a-z0-9]\Z", words) else ""
    return re.compile(before + re.escape(words) + after)


def is_at(passage: Passage, locator: str) -> bool:
    """Whether a locator names the place of a passage."""
    if lines := _LINES.fullmatch(locator):
        found = _LINES.fullmatch(passage.position)
        if not found:
            return False
        first, last = int(lines[1]), int(lines[2] or lines[1])
        return int(found[1]) <= last and first <= int(found[2] or found[1])
    if _PAGE.fullmatch(locator):
        return passage.position == locator
    wanted = [_name(part) for part in locator.split(" > ")]
    names = [_name(name) for name in passage.names]
    return all(_is_named(part, names) for part in wanted)


def _is_named(part: str, names: Iterable[str]) -> bool:
    """Whether one of the names is this one, or begins with this section number."""
    numbered = part[:1].isdigit()
    return any(
        name == part or (numbered and re.match(rf"{re.escape(part)}[. ]", name)) for name in names
    )


def _name(text: str) -> str:
    return normal(text).strip("#:. ").removeprefix("\u00a7").strip()
