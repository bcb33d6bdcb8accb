"""Propose papers for models by the model's name in a title or abstract.

Papers name a family (``NV-Embed: …``), registries a member of it (``NV-Embed-v2``), so the search
is for the name without version and size. Names that are ordinary words are not searched for.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

STRONG, MEDIUM, WEAK = "strong", "medium", "weak"
HEADS_TITLE = "the title begins with its name"
IN_TITLE = "the title contains its name"
IN_ABSTRACT = "the abstract contains its name"

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
    """Title and abstract of a paper."""

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


class _Target(NamedTuple):
    model: str
    words: tuple[str, ...]
    """Lower case."""
    spelling: str | None
    """Required spelling of a one-word name, which could otherwise be an ordinary word."""
    version: str | None


def proposals(papers: Iterable[Written], models: Iterable[str]) -> Iterator[Proposal]:
    """Propose models for papers, in the order of the papers; a model once a paper.

    Args:
        papers: With title and abstract.
        models: Public ids, ``org/name``.
    """
    targets = [found for model in sorted(set(models)) if (found := _target(model)) is not None]
    owners: dict[tuple[str, ...], set[str]] = defaultdict(set)
    by_first: dict[str, list[_Target]] = defaultdict(list)
    for target in targets:
        owners[target.words].add(target.model.partition("/")[0].casefold())
        by_first[target.words[0]].append(target)
    for paper in papers:
        seen: set[str] = set()
        for reason, text in ((IN_TITLE, paper.title), (IN_ABSTRACT, paper.abstract)):
            for target, heads, version in _named(text, by_first):
                if target.model in seen:
                    continue
                seen.add(target.model)
                if version and target.version and version != target.version:
                    continue
                is_plain = len(owners[target.words]) == 1 and (version or "1") == (
                    target.version or "1"
                )
                if reason == IN_TITLE and heads:
                    strength = MEDIUM if is_plain else WEAK
                    yield Proposal(paper.arxiv_id, target.model, HEADS_TITLE, strength)
                else:
                    yield Proposal(paper.arxiv_id, target.model, reason, WEAK)


def _target(model: str) -> _Target | None:
    """The words to search for; ``None`` where the name is too ordinary."""
    spelled = _WORD.findall(model.partition("/")[2])
    version = None
    while spelled and _MARK.fullmatch(spelled[-1]):
        version = _version(spelled.pop()) or version
    words = tuple(word.casefold() for word in spelled)
    if len("".join(words)) < _SHORTEST or not set(words) - _ORDINARY:
        return None
    if len(words) > 1:
        return _Target(model, words, None, version)
    is_coined = re.search(r"[0-9]|[^A-Z][A-Z]|[A-Z]{2}", spelled[0]) is not None
    return _Target(model, words, spelled[0], version) if is_coined else None


def _named(
    text: str, by_first: dict[str, list[_Target]]
) -> Iterator[tuple[_Target, bool, str | None]]:
    """Models that a text names, whether at its beginning, and the version that it adds."""
    spelled = _WORD.findall(text)
    words = [word.casefold() for word in spelled]
    for place, word in enumerate(words):
        for target in by_first.get(word, ()):
            end = place + len(target.words)
            if tuple(words[place:end]) != target.words:
                continue
            if target.spelling is not None and spelled[place] != target.spelling:
                continue
            yield target, place == 0, _version(words[end]) if end < len(words) else None


def _version(word: str) -> str | None:
    """The number of a version; a first target without a number is version 1."""
    found = _VERSION.fullmatch(word.casefold())
    return found[1] if found else None
