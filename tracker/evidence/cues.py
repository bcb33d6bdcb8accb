"""Search a text for the cues of the vocabulary: phrases of terms, and patterns."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tracker.curated import TermEntry

PROPERTIES = {
    "pooling": "pooling",
    "attention": "attention",
    "objective": "objective",
    "negatives": "negatives",
    "stage": "stages",
    "data": "training_data",
    "instructions": "instructions",
}
"""Property by vocabulary group; terms of all other groups are techniques."""

_WORDS = re.compile(r"[A-Za-z0-9]+|[\u3400-\u9fff]+")
_TOO_GENERAL = frozenset({"margin", "rotary", "query", "passage", "document", "hamming"})
_BEFORE = re.compile(r"\w-$")
_CODE = re.compile(r"[_\[\]=<>|{}:/]|\w\.\w|[a-z][A-Z]\w*\(|\.\.\.")

_SAID = r"(?:state|embedding|representation|vector|output)s?"
_KIND = r"pooling(?: method| strategy| type| mode)?\s*[:：]\s*"
# Phrasings that no list of phrases covers, as patterns over lower-case text.
_SAYINGS: tuple[tuple[str, str, str], ...] = (
    ("pooling", "mean", r"(?:mean|average|avg)[- ]?pool(?:ing|ed|s)?\b"),
    ("pooling", "mean", r"averag(?:e|es|ing) (?:of )?(?:all )?(?:the )?(?:last|final|token)\b"),
    ("pooling", "mean", rf"{_KIND}(?:mean|average)\b"),
    ("pooling", "cls", r"\[?cls\]?[- ]?(?:token )?(?:pool(?:ing|ed)|as the (?:text )?emb)"),
    ("pooling", "cls", rf"{_SAID} of (?:the )?\[?cls\]?"),
    ("pooling", "cls", rf"{_KIND}cls\b"),
    ("pooling", "last-token", r"last[- ]token[- ]?(?:pool(?:ing|ed)?|emb|repr|hidden)"),
    ("pooling", "last-token", rf"{_SAID} (?:of|for|at) the (?:last|final) token"),
    ("pooling", "last-token", rf"{_KIND}last"),
    (
        "pooling",
        "eos",
        rf"{_SAID} (?:of|for|at|corresponding to) (?:the )?(?:last |final )?\[?<?/?\|?eos\b",
    ),
    ("pooling", "weighted-mean", r"(?:position[- ])?weighted[- ]mean[- ]?(?:pool(?:ing|ed)|of)"),
    ("pooling", "latent-attention", r"latent[- ]attention"),
    ("attention", "bidirectional", r"bi-?directional (?:self-)?attention"),
    (
        "attention",
        "causal-to-bidirectional",
        r"(?:remov|discard|disabl|replac|eliminat|drop)\w* (?:of )?(?:the )?"
        r"(?:causal|unidirectional) (?:self-)?(?:attention )?(?:mask|attention)",
    ),
    (
        "attention",
        "causal-to-bidirectional",
        r"(?:enabl|convert|switch)\w* (?:\w+ ){0,3}bi-?directional (?:self-)?attention",
    ),
    ("negatives", "hard-negatives", r"hard[- ]negatives?"),
    ("negatives", "in-batch", r"in-?batch[- ]negatives?"),
    ("inference", "matryoshka", r"matryoshka"),
    (
        "data",
        "llm-synthetic",
        r"synthetic (?:training |retrieval |query |text )?(?:data|pairs|triplets|queries)",
    ),
    ("stage", "model-merging", r"(?:model|checkpoint|weight)[- ](?:merging|soup|averaging)"),
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A cue found in a text."""

    start: int
    end: int
    group: str
    slug: str
    rule: str
    """``cue`` for a phrase of the vocabulary, ``saying`` for a pattern."""


@dataclass(slots=True)
class _Node:
    """One word on the way to a phrase's end."""

    next: dict[str, _Node] = field(default_factory=dict)
    ends: list[tuple[str, str, str]] = field(default_factory=list)
    """(group, slug, phrase as it is written)."""


class Cues:
    """Finds the phrases of a vocabulary and the sayings above in a text."""

    def __init__(self, terms: Iterable[TermEntry]) -> None:
        terms = tuple(terms)
        known = {(term.group, term.slug) for term in terms}
        self._root = _Node()
        self.in_code: tuple[tuple[str, str], ...] = tuple(
            (cue, term.slug)
            for term in terms
            if term.group == "pooling"
            for cue in term.cues
            if _CODE.search(cue) and len(cue) > 5
        )
        """Pieces of program text that show a pooling, with its slug."""
        for term in terms:
            for cue in term.cues:
                self._add(term, cue)
        sayings = [
            (group, slug, words) for group, slug, words in _SAYINGS if (group, slug) in known
        ]
        self._sayings = [(group, slug, re.compile(words)) for group, slug, words in sayings]
        phrases = sorted((t.group, t.slug, *t.cues) for t in terms)
        self.digest = hashlib.sha256(repr((phrases, sayings)).encode()).hexdigest()[:8]
        """Changes with the vocabulary."""

    def _add(self, term: TermEntry, cue: str) -> None:
        words = [word.casefold() for word in _WORDS.findall(cue)]
        plain = " ".join(words)
        if not words or _CODE.search(cue) or plain in _TOO_GENERAL or len(plain) < 3:
            return
        node = self._root
        for word in words:
            node = node.next.setdefault(word, _Node())
        node.ends.append((term.group, term.slug, cue))

    def find(self, text: str, start: int, end: int) -> list[Hit]:
        """All cues of ``text[start:end]`` in order; of those that overlap only the longest."""
        found = list(self._phrases(text, start, end))
        low = text[start:end].lower()
        if len(low) == end - start:  # a few letters change their length with their case
            for group, slug, pattern in self._sayings:
                for match in pattern.finditer(low):
                    span = (start + match.start(), start + match.end())
                    found.append(Hit(*span, group, slug, "saying"))
        found.sort(key=lambda hit: (hit.start - hit.end, hit.start, hit.group, hit.slug))
        kept: list[Hit] = []
        for hit in found:
            if not any(_hides(other, hit) for other in kept):
                kept.append(hit)
        return sorted(kept, key=lambda hit: (hit.start, hit.end, hit.group, hit.slug))

    def _phrases(self, text: str, start: int, end: int) -> Iterator[Hit]:
        words = [(m.start(), m.end(), m[0].casefold()) for m in _WORDS.finditer(text, start, end)]
        first = self._root.next
        for at, (begin, _, word) in enumerate(words):
            node = first.get(word) or first.get(word.removesuffix("s"))
            position = at
            while node is not None:
                stop = words[position][1]
                for group, slug, cue in node.ends:
                    if _as_written(cue, text[begin:stop]) and not _in_name(text, begin, stop):
                        yield Hit(begin, stop, group, slug, "cue")
                position += 1
                if position == len(words) or words[position][0] - stop > 3:
                    break
                word = words[position][2]
                node = node.next.get(word) or node.next.get(word.removesuffix("s"))


def _hides(longer: Hit, hit: Hit) -> bool:
    """Whether a hit is part of a longer one, or a repetition of it."""
    if hit.end <= longer.start or longer.end <= hit.start:
        return False
    same = (longer.group, longer.slug) == (hit.group, hit.slug)
    return same or longer.end - longer.start > hit.end - hit.start


def _as_written(cue: str, found: str) -> bool:
    """Whether the case fits: abbreviations and one-word names need their own upper case."""
    if " " in cue or cue.islower():
        return True
    return sum(map(str.isupper, cue)) == sum(map(str.isupper, found))


def _in_name(text: str, start: int, end: int) -> bool:
    """Whether a word is part of a longer name, such as ABC-SimCSE-large."""
    word = text[start:end]
    if not word.isalnum() or word.islower():
        return False
    return _BEFORE.search(text, max(0, start - 2), start) is not None


def names_pattern(names: Sequence[str]) -> re.Pattern[str] | None:
    """A search for any of some names as whole words; ``None`` for no names."""
    wanted = sorted({name for name in names if len(name) >= 3}, key=lambda n: (-len(n), n))
    if not wanted:
        return None
    choice = "|".join(map(re.escape, wanted))
    # Chinese text has no blanks around a name.
    return re.compile(rf"(?a:(?<![\w/-])(?:{choice})(?![\w-]))")
