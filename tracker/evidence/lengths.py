"""Context length of a model from its configuration: where texts are cut, and its positions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tracker.evidence.module_chain import Chain, Files
from tracker.evidence.records import Statement, is_count

NESTED = ("text_config", "llm_config", "language_config", "thinker_config", "encoder", "decoder")
"""Keys below which models of several parts keep the configuration of their text part."""
_POSITIONS = ("max_position_embeddings", "n_positions", "max_seq_length", "seq_length")
_LONGEST_TEXT = 10_000_000
"""Tokens; a tokeniser without a limit states more."""
_RESERVING = frozenset(
    {
        "camembert", "data2vec-text", "ibert", "longformer", "luke", "mluke", "mpnet", "roberta",
        "roberta-prelayernorm", "xlm-roberta", "xlm-roberta-xl", "xmod",
    }
)  # fmt: skip
"""Families that number positions from the padding id onwards, so the first ones are never used."""
_ABSOLUTE = _RESERVING | frozenset(
    {"albert", "bert", "distilbert", "electra", "ernie", "gpt2", "gpt_neo", "nezha", "opt"}
)
"""Families with one learned vector for each position: nothing longer can be read."""
_PADDING_ID = 1
_UNLIMITED = frozenset({"StaticEmbedding", "SparseStaticEmbedding", "BoW"})
_SETTINGS, _LIMIT, _MODEL = (
    "config_sentence_transformers.json",
    "sentence_bert_config.json",
    "config.json",
)


def context_statements(files: Files, routes: tuple[Chain, ...]) -> Iterator[Statement]:
    """The longest text that is read whole, in tokens, with the limits that do not decide."""
    settings = files[_SETTINGS][1] if _SETTINGS in files else None
    length = settings.get("document_length") if isinstance(settings, dict) else None
    if is_count(length):
        # Late interaction cuts documents here, whatever the encoder could read.
        key = "document_length"
        yield Statement(_SETTINGS, key, "max_tokens", str(length), "high", "config-cut")
    found: dict[str, list[Statement]] = {}
    for chain in routes:
        first = chain.modules[0] if chain.modules else None
        if first is not None and first.kind in _UNLIMITED:
            continue
        is_input = first is not None and first.kind.endswith("Transformer")
        folder = first.folder if first is not None and is_input else ""
        found[chain.route] = list(_limits(files, folder))
    if is_count(length):
        for statements in found.values():
            yield from (_weakened(limit, "config-cut-earlier") for limit in statements)
        return
    # Like the library, a router reads as much as its longest route.
    longest = max(
        (int(s.value) for all_ in found.values() for s in all_ if s.confidence != "low"), default=0
    )
    for statements in found.values():
        for limit in statements:
            is_shorter = limit.confidence != "low" and int(limit.value) < longest
            yield _weakened(limit, "config-shorter-route") if is_shorter else limit


def _weakened(statement: Statement, rule: str) -> Statement:
    return Statement(
        statement.file, statement.key, statement.property, statement.value, "low", rule
    )


def _limits(files: Files, folder: str) -> Iterator[Statement]:
    """The limit of the tokeniser, and the positions of the model, of one transformer."""
    limit_file, model_file = f"{folder}{_LIMIT}", f"{folder}{_MODEL}"
    config = files[model_file][1] if model_file in files else None
    limits = files[limit_file][1] if limit_file in files else None
    limit = limits.get("max_seq_length") if isinstance(limits, dict) else None
    known = positions(config) if isinstance(config, dict) else None
    limit = limit if is_count(limit) and limit < _LONGEST_TEXT else None
    if known is not None:
        key, usable, rule, is_absolute = known
        if limit is not None and not (is_absolute and usable < limit):
            if usable != limit:
                yield Statement(
                    model_file, key, "max_tokens", str(usable), "low", "config-cut-earlier"
                )
        else:
            level = "medium" if limit is None else "high"
            yield Statement(model_file, key, "max_tokens", str(usable), level, rule)  # type: ignore[arg-type]
            if limit is not None:
                yield Statement(
                    limit_file, "max_seq_length", "max_tokens", str(limit), "low", "config-beyond"
                )
                return
    if limit is not None:
        yield Statement(
            limit_file, "max_seq_length", "max_tokens", str(limit), "high", "config-max_tokens"
        )


def positions(config: Mapping[str, Any]) -> tuple[str, int, str, bool] | None:
    """Key, usable positions, rule, and whether nothing longer can be read; ``None`` if unknown."""
    parts = [("", config)]
    parts += [(f"{key}.", part) for key in NESTED if isinstance(part := config.get(key), dict)]
    for prefix, part in parts:
        for key in _POSITIONS:
            number = part.get(key)
            if not (is_count(number) and number < _LONGEST_TEXT) or _is_table(part):
                continue
            family = part.get("model_type")
            kind = part.get("position_embedding_type", "absolute")
            is_absolute = family in _ABSOLUTE and kind == "absolute"
            if family in _RESERVING and kind == "absolute":
                padding = part.get("pad_token_id")
                padding = padding if isinstance(padding, int) and padding >= 0 else _PADDING_ID
                usable = max(1, number - padding - 1)
                return f"{prefix}{key}", usable, "config-reserved-positions", is_absolute
            return f"{prefix}{key}", number, "config-max_tokens", is_absolute
    return None


def _is_table(config: Mapping[str, Any]) -> bool:
    """Whether a model is a table of word vectors, which has no positions."""
    return config.get("model_type") == "model2vec"
