"""Configuration files read together: chains of modules, routes, dimensions and lengths."""

from __future__ import annotations

from typing import Any

import pytest

from tracker.evidence.configs import config_candidates

ST = "sentence_transformers.models"
TRANSFORMER = {"path": "", "type": f"{ST}.Transformer"}
POOLING = {"path": "1_Pooling", "type": f"{ST}.Pooling"}
MEAN_768 = {"word_embedding_dimension": 768, "pooling_mode_mean_tokens": True}


def sure(name: str, **files: Any) -> list[str]:
    """Values of a property of more than low confidence; ``__`` stands for ``/`` in file names."""
    parsed = {
        file.replace("__", "/") + ".json": (f"https://x.example/{file}", value)
        for file, value in files.items()
    }
    found = [c for _, c in config_candidates("lab/one", parsed) if c.confidence != "low"]
    return list(dict.fromkeys(c.value for c in found if c.property == name))


def dense(width: int) -> dict[str, Any]:
    return {"in_features": 1, "out_features": width}


def chain(*kinds: str) -> list[dict[str, str]]:
    return [
        TRANSFORMER,
        POOLING,
        *({"path": f"{n}_{kind}", "type": f"{ST}.{kind}"} for n, kind in enumerate(kinds, 2)),
    ]


DIMENSIONS: list[tuple[dict[str, Any], list[str]]] = [
    ({"modules": chain(), "1_Pooling__config": MEAN_768}, ["768"]),
    (
        {
            "modules": chain("Dense"),
            "1_Pooling__config": {**MEAN_768, "word_embedding_dimension": 1536},
            "2_Dense__config": dense(1024),
        },
        ["1024"],
    ),
    (
        {
            "modules": chain("Dense", "Dense", "Normalize"),
            "1_Pooling__config": MEAN_768,
            "2_Dense__config": dense(2048),
            "3_Dense__config": dense(256),
        },
        ["256"],
    ),
    # An unknown module behind the pooling may change the width.
    ({"modules": chain("Odd"), "1_Pooling__config": MEAN_768}, []),
    (
        {"modules": chain(), "1_Pooling__config": {**MEAN_768, "pooling_mode_cls_token": True}},
        ["1536"],
    ),
    (
        {
            "modules": chain(),
            "1_Pooling__config": MEAN_768,
            "config_sentence_transformers": {"truncate_dim": 256},
        },
        ["256"],
    ),
    ({"config": {"model_type": "bert", "hidden_size": 384}}, ["384"]),
    ({"config": {"model_type": "qwen2_vl", "text_config": {"hidden_size": 3584}}}, ["3584"]),
    ({"modules": chain(), "1_Pooling__config": {"word_embedding_dimension": "768"}}, []),
]


@pytest.mark.parametrize(("files", "expected"), DIMENSIONS)
def test_dimensions_are_those_behind_the_last_module(
    files: dict[str, Any], expected: list[str]
) -> None:
    assert sure("embedding_dimensions", **files) == expected


XLM = {"model_type": "xlm-roberta", "max_position_embeddings": 514, "pad_token_id": 1}
LENGTHS: list[tuple[dict[str, Any], list[str]]] = [
    ({"config": XLM}, ["512"]),
    ({"config": {**XLM, "pad_token_id": None}}, ["512"]),
    ({"config": {"model_type": "roberta", "max_position_embeddings": 514}}, ["512"]),
    ({"config": {"model_type": "mpnet", "max_position_embeddings": 514}}, ["512"]),
    ({"config": {"model_type": "bert", "max_position_embeddings": 512}}, ["512"]),
    ({"config": XLM, "sentence_bert_config": {"max_seq_length": 256}}, ["256"]),
    # More than the positions that the encoder has cannot be read.
    ({"config": XLM, "sentence_bert_config": {"max_seq_length": 8192}}, ["512"]),
    (
        {
            "config": {"model_type": "qwen3", "max_position_embeddings": 40960},
            "sentence_bert_config": {"max_seq_length": 32768},
        },
        ["32768"],
    ),
    ({"config": {"model_type": "gpt2", "n_positions": 1024}}, ["1024"]),
    ({"config": {"text_config": {"max_position_embeddings": 32768}}}, ["32768"]),
    ({"config": {"model_type": "t5"}}, []),
    ({"modules": [{"path": "", "type": f"{ST}.StaticEmbedding"}]}, []),
    ({"config": {"model_type": "bert", "max_position_embeddings": True}}, []),
    ({"config": {"model_type": "bert", "max_position_embeddings": 10**18}}, []),
]


@pytest.mark.parametrize(("files", "expected"), LENGTHS)
def test_the_context_is_what_can_be_read_whole(files: dict[str, Any], expected: list[str]) -> None:
    assert sure("max_tokens", **files) == expected


ROUTER = {
    "types": {
        "query_0_StaticEmbedding": f"{ST}.StaticEmbedding",
        "document_0_Transformer": f"{ST}.Transformer",
        "document_1_Pooling": f"{ST}.Pooling",
    },
    "structure": {
        "query": ["query_0_StaticEmbedding"],
        "document": ["document_0_Transformer", "document_1_Pooling"],
    },
}


def test_static_word_vectors_are_a_mean_without_attention() -> None:
    modules = [{"path": "", "type": f"{ST}.StaticEmbedding"}]
    assert sure("pooling", modules=modules) == ["mean"]
    assert sure("technique", modules=modules) == ["static-embedding"]
    assert sure("attention", modules=modules) == ["not-applicable"]


@pytest.mark.parametrize("kind", ["Router", "Asym"])
def test_each_route_has_its_pooling(kind: str) -> None:
    files: dict[str, Any] = {
        "modules": [{"path": "", "type": f"{ST}.{kind}"}],
        "router_config": ROUTER,
        "document_1_Pooling__config": {"pooling_mode_cls_token": True},
    }
    assert sorted(sure("pooling", **files)) == ["cls", "mean"]


@pytest.mark.parametrize(
    "files",
    [
        {"modules": [TRANSFORMER, {"path": "1_Dense", "type": "pylate.models.Dense.Dense"}]},
        {"config_sentence_transformers": {"similarity_fn_name": "MaxSim"}},
        {"config": {"architectures": ["HF_ColBERT"], "hidden_size": 768}},
    ],
)
def test_late_interaction_pools_nothing(files: dict[str, Any]) -> None:
    pooled = {"1_Pooling__config": MEAN_768}
    assert sure("pooling", **files, **pooled) == ["multi-vector"]


def test_the_base_of_an_adapter_is_the_model_it_is_loaded_on() -> None:
    adapter = {"base_model_name_or_path": "mistralai/Mistral-7B-v0.1"}
    assert sure("base_model", adapter_config=adapter) == ["mistralai/Mistral-7B-v0.1"]
    assert sure("base_model", adapter_config={"base_model_name_or_path": "/mnt/x/y"}) == []


def test_prompts_and_matryoshka_dimensions_are_read() -> None:
    settings = {"prompts": {"query": "Query: ", "document": ""}, "query_prefix": "[Q] "}
    config = {"matryoshka_dimensions": [768, 256, 64]}
    assert sure("prompt", config_sentence_transformers=settings) == ["query: Query:", "query: [Q]"]
    assert sure("matryoshka_dimensions", config=config) == ["768, 256, 64"]


@pytest.mark.parametrize(
    "odd",
    [[], [[]], [{"type": 1}], [{"path": 1}], {"a": 1}, "x", 1, None, [{"type": "x", "path": 9}]],
)
def test_odd_files_state_nothing_and_break_nothing(odd: Any) -> None:
    files = dict.fromkeys(
        ("modules", "config", "router_config", "adapter_config", "sentence_bert_config",
         "config_sentence_transformers", "1_Pooling__config", "2_Dense__config"),
        odd,
    )  # fmt: skip
    for name in ("pooling", "embedding_dimensions", "max_tokens", "base_model"):
        assert sure(name, **files) == []
