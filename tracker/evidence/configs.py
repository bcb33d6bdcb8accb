"""Candidates from the configuration files of a model, which are read together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from tracker.evidence.lengths import context_statements
from tracker.evidence.model_config import model_statements, own_pooling
from tracker.evidence.module_chain import Chain, Files, Module, chains
from tracker.evidence.records import MOST_WORDS, Candidate, Statement, is_count
from tracker.evidence.stated import hub_id

EXTRACTOR, VERSION = "config", "3"

POOLING_KEYS = {
    "pooling_mode_cls_token": "cls",
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_max_tokens": "max",
    "pooling_mode_mean_sqrt_len_tokens": "mean-sqrt-len",
    "pooling_mode_weightedmean_tokens": "weighted-mean",
    "pooling_mode_lasttoken": "last-token",
}
"""Switches of the pooling module, with the slug of what they switch on."""
_POOLING_MODES = {
    "cls": "cls",
    "mean": "mean",
    "max": "max",
    "mean_sqrt_len_tokens": "mean-sqrt-len",
    "weightedmean": "weighted-mean",
    "lasttoken": "last-token",
}
"""Values of ``pooling_mode`` in the newer layout, which names one mode or lists several."""
_SETTINGS = "config_sentence_transformers.json"
_ADAPTER = "adapter_config.json"
_WIDTHS = ("word_embedding_dimension", "embedding_dimension")
_STATIC = "StaticEmbedding"
_KEEPS_WIDTH = frozenset({"Normalize", "Dropout", "LayerNorm", "WordWeights", "Transformer"})
"""Modules behind the pooling that leave the number of dimensions as it is."""


@dataclass(frozen=True, slots=True)
class _Width:
    """A number of dimensions, where it is set, and by which rule."""

    file: str
    key: str
    value: int
    rule: str


def config_candidates(model: str, files: Files) -> Iterator[tuple[str, Candidate]]:
    """Candidates from the configuration files of a model, as (file, candidate), by file.

    Args:
        model: Public id.
        files: Address and parsed JSON by file name, for example ``1_Pooling/config.json``.
    """
    found = list(dict.fromkeys(_statements(files)))
    for statement in sorted(found, key=lambda statement: statement.file):
        source, value = files[statement.file]
        yield (
            statement.file,
            Candidate(
                model=model,
                property=statement.property,
                value=statement.value,
                quote=_quote(statement.key, value),
                start=0,
                section=f"{statement.file}: {statement.key}",
                rule=statement.rule,
                confidence=statement.confidence,
                kind="config",
                source=source,
                extractor=EXTRACTOR,
                version=VERSION,
            ),
        )


def _statements(files: Files) -> Iterator[Statement]:
    routes = chains(files)
    pools_itself = own_pooling(_object(files, "config.json"))
    is_multi_vector = _is_multi_vector(files, routes)
    for chain in routes:
        if not is_multi_vector:
            yield from _poolings(files, chain, pools_itself=pools_itself)
        yield from _widths(files, chain)
        yield from _module_features(chain)
    yield from _late_interaction(files, routes)
    yield from context_statements(files, routes)
    is_pooled = any(module.kind.endswith("Pooling") for c in routes for module in c.modules)
    yield from model_statements(_object(files, "config.json"), has_width=is_pooled)
    yield from _settings(_object(files, _SETTINGS))
    base = _object(files, _ADAPTER).get("base_model_name_or_path")
    if isinstance(base, str) and (name := hub_id(base)):
        key = "base_model_name_or_path"
        yield Statement(_ADAPTER, key, "base_model", name, "high", "config-adapter")


def _object(files: Files, name: str) -> dict[str, Any]:
    value = files[name][1] if name in files else None
    return value if isinstance(value, dict) else {}


def modes(value: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Modes of a pooling module in the order in which they are joined: key and slug."""
    found = [(key, slug) for key, slug in POOLING_KEYS.items() if value.get(key) is True]
    stated = value.get("pooling_mode", value.get("pooling_strategy"))
    names = stated if isinstance(stated, list) else [stated]
    key = "pooling_mode" if "pooling_mode" in value else "pooling_strategy"
    if not found:
        found = [
            (key, _POOLING_MODES[name])
            for name in names
            if isinstance(name, str) and name in _POOLING_MODES
        ]
    if value.get("include_prompt") is False:
        found = [(k, "instruction-masked-mean" if s == "mean" else s) for k, s in found]
    return found


def _poolings(files: Files, chain: Chain, *, pools_itself: bool) -> Iterator[Statement]:
    rule = f"config-route {chain.route}" if chain.route else "config-pooling"
    for module in chain.modules:
        if module.kind == _STATIC:
            # A table of word vectors takes the mean itself; there is no pooling layer.
            yield Statement(module.listed_in, module.key, "pooling", "mean", "high", rule)
        if not module.kind.endswith("Pooling"):
            continue
        file = f"{module.folder}config.json"
        found = modes(_object(files, file))
        for key, slug in found:
            if pools_itself:
                yield Statement(file, key, "pooling", slug, "low", "config-not-run")
            elif len(found) > 1:
                yield Statement(file, key, "pooling", slug, "high", f"{rule}, joined")
            else:
                yield Statement(file, key, "pooling", slug, "high", rule)


def _is_multi_vector(files: Files, routes: tuple[Chain, ...]) -> bool:
    return any(True for _ in _late_interaction(files, routes))


def _late_interaction(files: Files, routes: tuple[Chain, ...]) -> Iterator[Statement]:
    """Signs that every token keeps its vector: PyLate, MaxSim, a ColBERT architecture."""
    for chain in routes:
        for module in chain.modules:
            if module.type.startswith("pylate.") or module.kind == "LateInteractionPooling":
                yield _multi_vector(module.listed_in, module.key)
                return
    if _object(files, _SETTINGS).get("similarity_fn_name") in ("MaxSim", "max_sim"):
        yield _multi_vector(_SETTINGS, "similarity_fn_name")
        return
    names = _object(files, "config.json").get("architectures")
    for name in names if isinstance(names, list) else ():
        if isinstance(name, str) and name.removeprefix("HF_").startswith("Col"):
            yield _multi_vector("config.json", "architectures")
            return


def _multi_vector(file: str, key: str) -> Statement:
    return Statement(file, key, "pooling", "multi-vector", "high", "config-late-interaction")


def _widths(files: Files, chain: Chain) -> Iterator[Statement]:
    """The dimensions behind the last module, and those of earlier ones at low confidence."""
    found: list[_Width] = []
    is_certain = chain.is_listed
    for module in chain.modules:
        file = f"{module.folder}config.json"
        width = _width(module, file, _object(files, file))
        if width is not None:
            found.append(width)
        elif found and module.kind not in _KEEPS_WIDTH:
            is_certain = False
            found.append(_Width(module.listed_in, module.key, 0, "config-unknown-width"))
    cut = _object(files, _SETTINGS).get("truncate_dim")
    if is_count(cut) and not chain.route:
        found.append(_Width(_SETTINGS, "truncate_dim", cut, "config-truncated"))
    for width in (width for width in found if width.value):
        is_last = width is found[-1]
        sure = "high" if is_certain or width.rule == "config-truncated" else "medium"
        yield Statement(
            width.file,
            width.key,
            "embedding_dimensions",
            str(width.value),
            sure if is_last else "low",  # type: ignore[arg-type]
            width.rule if is_last else "config-inner-width",
        )


def _width(module: Module, file: str, value: dict[str, Any]) -> _Width | None:
    if module.kind.endswith("Pooling"):
        key = next((key for key in _WIDTHS if is_count(value.get(key))), None)
        if key is None:
            return None
        joined = max(1, len(modes(value)))
        rule = "config-joined-width" if joined > 1 else "config-embedding_dimensions"
        return _Width(file, key, value[key] * joined, rule)
    if module.kind == "Dense" and is_count(value.get("out_features")):
        return _Width(file, "out_features", value["out_features"], "config-last-module")
    return None


def _module_features(chain: Chain) -> Iterator[Statement]:
    for module in chain.modules:
        at = (module.listed_in, module.key)
        if module.kind == "Normalize" and module.key:
            yield Statement(*at, "normalisation", "unit-length", "high", "config-normalisation")
        if module.kind == "Dense" and module.key and not module.type.startswith("pylate."):
            yield Statement(*at, "technique", "dimension-projection", "high", "config-technique")
        if module.kind == _STATIC:
            yield Statement(*at, "technique", "static-embedding", "high", "config-technique")
            if not chain.route:
                yield Statement(*at, "attention", "not-applicable", "high", "config-attention")


def _settings(value: dict[str, Any]) -> Iterator[Statement]:
    prompts = value.get("prompts")
    for name, prompt in sorted(prompts.items()) if isinstance(prompts, dict) else ():
        if isinstance(prompt, str) and prompt.strip():
            text = f"{name}: {prompt.strip()[:160]}"
            yield Statement(_SETTINGS, f"prompts.{name}", "prompt", text, "high", "config-prompt")
    for side in ("query", "document"):
        prefix = value.get(f"{side}_prefix")
        if isinstance(prefix, str) and prefix.strip():
            text = f"{side}: {prefix.strip()[:160]}"
            yield Statement(_SETTINGS, f"{side}_prefix", "prompt", text, "high", "config-prompt")


def _quote(key: str, value: Any) -> str:
    """Quote a key with its value."""
    if not key:
        return ""
    held = value
    for part in _path(key, value):
        if isinstance(held, list):
            held = held[int(part)] if part.isdigit() and int(part) < len(held) else None
        else:
            held = held.get(part) if isinstance(held, dict) else None
    text = f"{key}: {orjson.dumps(held).decode()}" if held is not None else key
    return " ".join(text.split()[:MOST_WORDS])


def _path(key: str, value: Any) -> list[str]:
    """Steps to a key; names of prompts and routes may have dots of their own."""
    if isinstance(value, dict) and key in value:
        return [key]
    return key.split(".", 1)
