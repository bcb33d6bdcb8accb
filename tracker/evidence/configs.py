"""Configuration files to candidates: what a model's own files set is no matter of reading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard

import orjson

from tracker.evidence.records import MOST_WORDS, Candidate

EXTRACTOR, VERSION = "config", "2"

POOLING_KEYS = {
    "pooling_mode_cls_token": "cls",
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_max_tokens": "max",
    "pooling_mode_mean_sqrt_len_tokens": "mean-sqrt-len",
    "pooling_mode_weightedmean_tokens": "weighted-mean",
    "pooling_mode_lasttoken": "last-token",
}
"""What switches a pooling on, with its slug."""
_POOLING_WORD = {
    "cls": "cls",
    "mean": "mean",
    "max": "max",
    "mean_sqrt_len_tokens": "mean-sqrt-len",
    "weightedmean": "weighted-mean",
    "lasttoken": "last-token",
}
"""The same in the newer layout, where ``pooling_mode`` names one."""
_MODEL_FILE = "config.json"
_LATENT = "latent_attention_config"
"""Key of the configuration of models that pool with a layer of their own."""
_LENGTHS = ("max_seq_length", "max_position_embeddings")
_LONGEST_TEXT = 10_000_000
"""Tokens; what a tokeniser says who knows no limit is larger."""


def config_candidates(
    model: str, files: Mapping[str, tuple[str, Any]]
) -> Iterator[tuple[str, Candidate]]:
    """What the configuration files of a model set, as (file, candidate) in order of the files.

    Args:
        model: Public id.
        files: Address and parsed JSON by file name, for example ``1_Pooling/config.json``.
    """
    pools_itself = any(_own_pooling(value) for _, value in files.values())
    for name, (source, value) in sorted(files.items()):
        for key, property_, said, confidence in _told(name, value):
            if pools_itself and property_ == "pooling" and name != _MODEL_FILE:
                confidence = "low"  # the file is there for libraries, and is not what runs
            quote = _shown(key, value)
            yield (
                name,
                Candidate(
                    model=model,
                    property=property_,
                    value=said,
                    quote=quote,
                    start=0,
                    section=f"{name}: {key}",
                    rule=f"config-{property_}",
                    confidence=confidence,
                    kind="config",
                    source=source,
                    extractor=EXTRACTOR,
                    version=VERSION,
                ),
            )


def _own_pooling(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get(_LATENT), dict)


_Told = Iterator[tuple[str, str, str, Any]]


def _told(name: str, value: Any) -> _Told:
    if name == "modules.json":
        yield from _modules(value)
    elif not isinstance(value, dict):
        return
    elif name.endswith("Pooling/config.json"):
        yield from _pooling(value)
    elif name == "config_sentence_transformers.json":
        yield from _prompts(value)
    elif name in (_MODEL_FILE, "sentence_bert_config.json"):
        yield from _model(name, value)


def _pooling(value: dict[str, Any]) -> _Told:
    modes = [(key, slug) for key, slug in POOLING_KEYS.items() if value.get(key) is True]
    word = value.get("pooling_mode")
    if not modes and isinstance(word, str) and word in _POOLING_WORD:
        modes = [("pooling_mode", _POOLING_WORD[word])]
    for key, slug in modes:
        # Several modes at once are joined end to end: neither alone is the pooling.
        yield key, "pooling", slug, "high" if len(modes) == 1 else "low"
    dimension = value.get("word_embedding_dimension", value.get("embedding_dimension"))
    if _is_count(dimension):
        key = "word_embedding_dimension"
        key = key if key in value else "embedding_dimension"
        # A layer behind the pooling may change it.
        yield key, "embedding_dimensions", str(dimension), "medium"


def _modules(value: Any) -> _Told:
    for number, module in enumerate(value if isinstance(value, list) else ()):
        kind = module.get("type") if isinstance(module, dict) else None
        if isinstance(kind, str) and kind.rpartition(".")[2] == "Normalize":
            yield f"{number}.type", "normalisation", "unit-length", "high"
        if isinstance(kind, str) and kind.rpartition(".")[2] == "Dense":
            yield f"{number}.type", "technique", "dimension-projection", "high"


def _prompts(value: dict[str, Any]) -> _Told:
    prompts = value.get("prompts")
    if isinstance(prompts, dict):
        for name, prompt in sorted(prompts.items()):
            if isinstance(prompt, str) and prompt.strip():
                yield f"prompts.{name}", "prompt", f"{name}: {prompt.strip()[:160]}", "high"


def _model(name: str, value: dict[str, Any]) -> _Told:
    base = value.get("_name_or_path")
    if isinstance(base, str) and re.fullmatch(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*", base):
        # Some trainers write the name of the last stage, or of a folder, so it is a hint only.
        yield "_name_or_path", "base_model", base, "low"
    for key in _LENGTHS:
        length = value.get(key)
        if _is_count(length) and length < _LONGEST_TEXT:
            told = "high" if name == "sentence_bert_config.json" else "medium"
            yield key, "max_tokens", str(length), told
    if _own_pooling(value):
        yield _LATENT, "pooling", "latent-attention", "high"
    if value.get("is_causal") is False:
        yield "is_causal", "attention", "bidirectional", "medium"


def _is_count(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _shown(key: str, value: Any) -> str:
    """The key with its value, as a quote."""
    held = value
    for part in key.split(".", 1):
        if isinstance(held, list):
            held = held[int(part)]
        else:
            held = held.get(part) if isinstance(held, dict) else None
    text = f"{key}: {orjson.dumps(held).decode()}" if held is not None else key
    return " ".join(text.split()[:MOST_WORDS])
