"""Which papers seem to present a model, by its name in their title or abstract.

Papers spell a family (``NV-Embed: …``), registries a member of it (``NV-Embed-v2``), so a model is
looked for by its name without the marks of version and size at its end. Names that are ordinary
words prove nothing and are not looked for.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

STRONG, MEDIUM, WEAK = "strong", "medium", "weak"
HEADS_TITLE = "its name heads the title"
IN_TITLE = "its name stands in the title"
IN_ABSTRACT = "its name stands in the abstract"

_WORD = re.compile(r"[^\W_]+(?:\.[0-9]+[^\W_]*)*")
_VERSION = re.compile(r"v?([0-9]{1,2}(?:\.[0-9]+)*)")
_MARK = re.compile(
    r"v?[0-9]+(?:\.[0-9]+)*|[0-9]+(?:\.[0-9]+)?[bmd]|base|large|small|medium|mini|tiny|nano|xs|xl|xxl|"
    r"[sml]|instruct|it|chat|hf|zh|en|multilingual|cased|uncased|supervised|unsupervised|"
    r"unsup|sup|preview|experimental|exp|beta|latest|light|lite|pt|mrl",
    re.IGNORECASE,
)
_ORDINARY = {
    "a", "all", "and", "art", "base", "bert", "bi", "chinese", "code", "contrastive", "cross",
    "de", "dense", "distil", "doc", "document", "domain", "embed", "embedder", "embedding",
    "embeddings", "encoder", "english", "fast", "fine", "for", "general", "german", "gpt",
    "language", "learning", "llama", "llm", "lm", "long", "medical", "mistral", "model",
    "models", "multi", "multilingual", "nli", "paraphrase", "passage", "qa", "query", "qwen",
    "rag", "representation", "rerank", "reranker", "retrieval", "retriever", "roberta",
    "scientific", "search", "semantic", "sentence", "sentences", "similarity", "simple",
    "sts", "t5", "task", "text", "texts", "token", "transformer", "transformers", "tuned",
    "unified", "universal", "vector", "vectors", "with", "word", "words", "xlm",
}  # fmt: skip
_SHORTEST = 5


class Written(NamedTuple):
    """What is read of a paper."""

    arxiv_id: str
    title: str
    abstract: str


class Proposal(NamedTuple):
    """A model that a paper may present."""

    arxiv_id: str
    model: str
    reason: str
    strength: str
    """``medium`` or ``weak``; weak ones wait for a person."""


class _Sought(NamedTuple):
    model: str
    words: tuple[str, ...]
    """Lower case."""
    spelling: str | None
    """Of a name of one word: it has to be written like this, or it may be any word."""
    version: str | None


def proposals(papers: Iterable[Written], models: Iterable[str]) -> Iterator[Proposal]:
    """Propose models for papers, in the order of the papers; a model once a paper.

    Args:
        papers: With title and abstract.
        models: Public ids, ``org/name``.
    """
    sought = [found for model in sorted(set(models)) if (found := _sought(model)) is not None]
    owners: dict[tuple[str, ...], set[str]] = defaultdict(set)
    by_first: dict[str, list[_Sought]] = defaultdict(list)
    for one in sought:
        owners[one.words].add(one.model.partition("/")[0].casefold())
        by_first[one.words[0]].append(one)
    for paper in papers:
        seen: set[str] = set()
        for reason, text in ((IN_TITLE, paper.title), (IN_ABSTRACT, paper.abstract)):
            for one, heads, version in _named(text, by_first):
                if one.model in seen:
                    continue
                seen.add(one.model)
                if version and one.version and version != one.version:
                    continue
                is_plain = len(owners[one.words]) == 1 and (version or "1") == (one.version or "1")
                if reason == IN_TITLE and heads:
                    strength = MEDIUM if is_plain else WEAK
                    yield Proposal(paper.arxiv_id, one.model, HEADS_TITLE, strength)
                else:
                    yield Proposal(paper.arxiv_id, one.model, reason, WEAK)


def _sought(model: str) -> _Sought | None:
    """By which words a model is looked for; ``None`` where its name could mean anything."""
    spelled = _WORD.findall(model.partition("/")[2])
    version = None
    while spelled and _MARK.fullmatch(spelled[-1]):
        version = _version(spelled.pop()) or version
    words = tuple(word.casefold() for word in spelled)
    if len("".join(words)) < _SHORTEST or not set(words) - _ORDINARY:
        return None
    if len(words) > 1:
        return _Sought(model, words, None, version)
    is_coined = re.search(r"[0-9]|[^A-Z][A-Z]|[A-Z]{2}", spelled[0]) is not None
    return _Sought(model, words, spelled[0], version) if is_coined else None


def _named(
    text: str, by_first: dict[str, list[_Sought]]
) -> Iterator[tuple[_Sought, bool, str | None]]:
    """Models that a text names, whether at its beginning, and the version that it adds."""
    spelled = _WORD.findall(text)
    words = [word.casefold() for word in spelled]
    for place, word in enumerate(words):
        for one in by_first.get(word, ()):
            end = place + len(one.words)
            if tuple(words[place:end]) != one.words:
                continue
            if one.spelling is not None and spelled[place] != one.spelling:
                continue
            yield one, place == 0, _version(words[end]) if end < len(words) else None


def _version(word: str) -> str | None:
    """The number of a version; a first one without a number is version 1."""
    found = _VERSION.fullmatch(word.casefold())
    return found[1] if found else None
