"""Recognise models in a text: under all their names, spelled loosely, and by family."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from tracker.catalog import queries
from tracker.common.text import bare_name
from tracker.insights.models.names import read_names, read_originals, read_present
from tracker.insights.reader import Reader, memoised

MOST_WORDS = 5
"""Words of a name that is written with blanks."""
LONGEST_NAME = 100
"""Characters."""
MOST_RELATIVES = 12
"""A family with more models than this says too little."""

_WORD = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._+/-]*[A-Za-z0-9])?", re.ASCII)
_NAME_LIKE = re.compile(
    r"(?<![\u3400-\u9fff])[\u3400-\u9fff]{2,6}-[A-Za-z0-9]+(?:[-_./][A-Za-z0-9]+)*"
    r"|(?<![A-Za-z0-9])[A-Za-z0-9]+(?:[-_./][A-Za-z0-9]+)+",
    re.ASCII,
)
_PART_OF_NAME = re.compile(
    r"v?\d+(?:\.\d+)*[a-z]?|\d+(?:\.\d+)?[bmk]|l\d+|instruct|base|large|small|mini|en|zh|exp"
    r"|preview|oss|r|it",
    re.IGNORECASE,
)
"""Parts at the end of a name that tell the members of a family apart."""
_GENERIC = frozenset(
    {
        "text", "embedding", "embeddings", "embed", "sentence", "model", "models",
        "multilingual", "english", "chinese", "code", "base", "large", "small", "mini",
        "retrieval", "dense", "vector", "instruct", "general", "qwen", "bert", "llama",
        "mistral", "gemma",
    }
)  # fmt: skip
_DIGIT = re.compile(r"\d")
_JOINED = re.compile(r"[_-]")
_INNER_CAPITAL = re.compile(r"[a-z][A-Z]|[A-Z][a-z]+[A-Z]|[A-Z]{2}[a-z]|^[a-z]+[A-Z]")


@dataclass(frozen=True, slots=True)
class ModelMention:
    """A model that a text names."""

    start: int
    end: int
    name: str
    """As it is written."""
    models: tuple[int, ...]
    """Ids of the models that it may mean; empty for a name that no model has."""
    is_family: bool = False


@dataclass(frozen=True, slots=True)
class ModelIndex:
    """Ids of models by everything that they are called."""

    by_id: dict[str, tuple[int, ...]]
    """By public id in lower case."""
    by_name: dict[str, tuple[int, ...]]
    """By name without organisation, case, blanks and punctuation."""
    by_family: dict[str, tuple[int, ...]]
    exact: frozenset[str]
    """Names of one word without digits or hyphens, which only count as they are written."""
    beginnings: frozenset[str]
    """First three characters of all keys."""

    def mentions(self, text: str, start: int, end: int) -> Iterator[ModelMention]:
        """Models that a part of a text names, the longest name first at each place."""
        words = [(m.start(), m.end()) for m in _WORD.finditer(text, start, end)]
        at = 0
        while at < len(words):
            first = text[words[at][0] : words[at][0] + 3]
            key = first.casefold() if first.isalnum() else self._beginning(text, words, at)
            is_likely = key in self.beginnings or "/" in text[slice(*words[at])]
            found = self._longest(text, words, at) if is_likely else None
            if found is None:
                at += 1
            else:
                mention, n_words = found
                yield mention
                at += n_words

    def _beginning(self, text: str, words: list[tuple[int, int]], at: int) -> str:
        """First three characters of a name as keys have them: "e5 mistral" begins with e5m."""
        key = bare_name(text[slice(*words[at])])
        if len(key) < 3 and at + 1 < len(words):
            key += bare_name(text[slice(*words[at + 1])])
        return key[:3]

    def _longest(
        self, text: str, words: list[tuple[int, int]], at: int
    ) -> tuple[ModelMention, int] | None:
        begins = words[at][0]
        longest = 1
        while (
            "/" not in text[begins : words[at][1]]
            and longest < MOST_WORDS
            and at + longest < len(words)
            and words[at + longest][0] == words[at + longest - 1][1] + 1
            and text[words[at + longest - 1][1]] == " "
        ):
            longest += 1
        for n_words in range(longest, 0, -1):
            ends = words[at + n_words - 1][1]
            if ends - begins > LONGEST_NAME:
                continue
            written = text[begins:ends]
            if found := self._named(written, n_words):
                models, is_family = found
                return ModelMention(begins, ends, written, models, is_family), n_words
        return None

    def _named(self, written: str, n_words: int) -> tuple[tuple[int, ...], bool] | None:
        if n_words == 1 and "/" in written:
            found = self.by_id.get(written.casefold())
            return (found, False) if found else None
        if not _DIGIT.search(written) and (n_words > 1 or not _JOINED.search(written)):
            # Words without digits are a name only where they are written as one.
            is_titled = all(word[:1].isupper() for word in written.split())
            if written not in self.exact and not (
                is_titled and bare_name(written) in self.by_family
            ):
                return None
            if n_words == 1 and written not in self.exact and not _INNER_CAPITAL.search(written):
                return None
        key = bare_name(written)
        if found := self.by_name.get(key):
            return found, False
        found = self.by_family.get(key)
        return (found, len(found) > 1) if found else None


def unknown_names(text: str, start: int, end: int) -> Iterator[ModelMention]:
    """Words of a part of a text that look like the name of a model."""
    for match in _NAME_LIKE.finditer(text, start, end):
        if match.end() - match.start() <= 2 * LONGEST_NAME and _looks_like_a_name(match[0]):
            yield ModelMention(match.start(), match.end(), match[0], ())


@lru_cache(maxsize=4096)
def _looks_like_a_name(word: str) -> bool:
    """Whether a word could be the name of a model that the catalog does not have."""
    if len(word) < 5 or _NO_NAME.search(word):
        return False
    parts = re.split(r"[-_./]", word)
    has_capital = any(character.isupper() for character in word)
    is_number = not any(re.search(r"[A-Za-z]{2}", part) for part in parts)
    has_digit = re.search(r"\d", word) is not None
    is_titled = all(part[:1].isupper() or not part[:1].islower() for part in parts)
    is_embedder = has_digit and _EMBEDDER.search(word) is not None
    return not is_number and ((has_capital and (is_titled or has_digit)) or is_embedder)


_EMBEDDER = re.compile(r"embed|bge|gte|stella|minilm|(?<![a-z])e5", re.IGNORECASE)
_NO_NAME = re.compile(
    r"^BY-|\.co/|arxiv|https?|www\.|\.(?:com|org|net|ai|io|cn|html?)(?:/|$)|apache|cc-by|mit-|github"
    r"|state-of|top-\d|nDCG|zero-shot|few-shot|fine-tun|last-token|in-batch|multi-|long-context"
    r"|real-world|open-source|pre-train|large-scale|MTEB|bench|general-purpose|^[A-Z]\.|e\.g|i\.e"
    r"|[a-z]-based|^non-|^self-|^re-|^co-|leader",
    re.IGNORECASE,
)


@memoised
def read_model_index(reader: Reader) -> ModelIndex:
    """Read all names of models, those of copies standing for their original."""
    originals, present = read_originals(reader).of, read_present(reader)
    by_id: dict[str, set[int]] = defaultdict(set)
    by_name: dict[str, set[int]] = defaultdict(set)
    by_family: dict[str, set[int]] = defaultdict(set)
    exact: set[str] = set()
    for model, row in read_names(reader).items():
        by_id[row.name.casefold()].add(present.get(model, model))
        tail = row.name.rpartition("/")[2]
        meant = originals.get(model, model)
        by_name[bare_name(tail)].add(meant)
        if _INNER_CAPITAL.search(tail):
            exact.add(tail)
        if model == meant:
            for family in _families(tail):
                by_family[family].add(meant)
    registered = queries.live_records(reader.connection).keys()
    names = {
        # Of several models of one name the one of the registry is meant.
        key: _sorted(ids & registered or ids)
        for key, ids in by_name.items()
        if len(key) >= 4
    }
    families = {
        key: _sorted(ids)
        for key, ids in by_family.items()
        if key not in names and len(ids) <= MOST_RELATIVES
    }
    return ModelIndex(
        {key: _sorted(ids) for key, ids in by_id.items()},
        names,
        families,
        frozenset(exact),
        frozenset(key[:3] for key in (*names, *families)),
    )


def _families(tail: str) -> Iterator[str]:
    """Shorter forms of a name, without the parts that tell members of its family apart."""
    parts = re.split(r"[-_]", tail)
    while len(parts) > 1 and _PART_OF_NAME.fullmatch(parts[-1]):
        parts.pop()
        key = bare_name("".join(parts))
        is_generic = all(part.casefold() in _GENERIC for part in parts)
        is_telling = len(parts) > 1 or re.search(r"\d", key) or "embed" in key
        if len(key) >= 6 and not is_generic and is_telling:
            yield key


def _sorted(ids: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(ids))
