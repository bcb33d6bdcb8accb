"""Statements of a model's ``config.json`` other than its context length."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tracker.evidence.lengths import NESTED
from tracker.evidence.records import Statement, is_count
from tracker.evidence.stated import hub_id

_FILE = "config.json"
_LATENT = "latent_attention_config"
"""Key of models that pool with a layer of their own."""
_HIDDEN = ("projection_dim", "hidden_size", "d_model", "n_embd", "dim", "hidden_dim")
_MATRYOSHKA = ("matryoshka_dimensions", "matryoshka_dims")
_BIDIRECTIONAL = (
    ("is_causal", False),
    ("use_bidirectional_attention", True),
    ("bidirectional", True),
)


def own_pooling(config: Mapping[str, Any]) -> bool:
    """Whether a model pools with a layer of its own, so that a pooling file is not what runs."""
    return isinstance(config.get(_LATENT), dict)


def model_statements(config: Mapping[str, Any], *, has_width: bool) -> Iterator[Statement]:
    """What ``config.json`` states of base, pooling, attention and dimensions.

    Args:
        config: The parsed file.
        has_width: Whether a pooling module is known, which states the dimensions better.
    """
    base = config.get("_name_or_path")
    if isinstance(base, str) and "/" in base and hub_id(base):
        # Some trainers write the name of the last stage, or of a folder, so it is a hint only.
        yield Statement(_FILE, "_name_or_path", "base_model", base, "low", "config-base_model")
    if own_pooling(config):
        yield Statement(_FILE, _LATENT, "pooling", "latent-attention", "high", "config-pooling")
    if config.get("model_type") == "model2vec":
        yield Statement(_FILE, "model_type", "pooling", "mean", "high", "config-pooling")
    for prefix, part in _parts(config):
        for key, switch in _BIDIRECTIONAL:
            if part.get(key) is switch:
                at = f"{prefix}{key}"
                yield Statement(
                    _FILE, at, "attention", "bidirectional", "medium", "config-attention"
                )
    for key in _MATRYOSHKA:
        sizes = config.get(key)
        if isinstance(sizes, list) and sizes and all(map(is_count, sizes)):
            value = ", ".join(map(str, sizes[:20]))
            yield Statement(_FILE, key, "matryoshka_dimensions", value, "high", "config-matryoshka")
    if not has_width:
        yield from _hidden_size(config)


def _hidden_size(config: Mapping[str, Any]) -> Iterator[Statement]:
    """The size of the states, which is that of the vector where nothing behind changes it."""
    names = config.get("architectures")
    name = names[0] if isinstance(names, list) and names and isinstance(names[0], str) else ""
    # Late interaction projects each token to a size that this file does not state.
    level = "low" if name.removeprefix("HF_").startswith("Col") else "medium"
    for prefix, part in _parts(config):
        for key in _HIDDEN:
            if is_count(part.get(key)):
                yield Statement(
                    _FILE,
                    f"{prefix}{key}",
                    "embedding_dimensions",
                    str(part[key]),
                    level,  # type: ignore[arg-type]
                    "config-hidden-size",
                )
                return


def _parts(config: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield "", config
    for key in NESTED:
        if isinstance(part := config.get(key), dict):
            yield f"{key}.", part
