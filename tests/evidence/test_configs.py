"""Candidates from configuration files and front matter."""

from __future__ import annotations

from typing import Any

import pytest

from tracker.evidence.card_metadata import front_candidates
from tracker.evidence.configs import config_candidates


def stated(name: str, value: Any) -> list[tuple[str, str, str, str]]:
    return [
        (one.property, one.value, one.confidence, one.quote)
        for _, one in config_candidates("lab/one", {name: ("https://x.example", value)})
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (
            {"pooling_mode_mean_tokens": True, "pooling_mode_cls_token": False},
            [("pooling", "mean", "high", "pooling_mode_mean_tokens: true")],
        ),
        (
            {"pooling_mode": "lasttoken"},
            [("pooling", "last-token", "high", 'pooling_mode: "lasttoken"')],
        ),
        (
            {"pooling_mode_mean_tokens": True, "pooling_mode_cls_token": True},
            [
                ("pooling", "cls", "high", "pooling_mode_cls_token: true"),
                ("pooling", "mean", "high", "pooling_mode_mean_tokens: true"),
            ],
        ),
        (
            {"pooling_mode_mean_tokens": 1, "pooling_mode": ["cls"]},
            [("pooling", "cls", "high", 'pooling_mode: ["cls"]')],
        ),
        ({"pooling_mode_mean_tokens": 1, "pooling_mode": "noise"}, []),
        (
            {"word_embedding_dimension": 1024},
            [("embedding_dimensions", "1024", "medium", "word_embedding_dimension: 1024")],
        ),
        ({"word_embedding_dimension": True}, []),
        ([], []),
    ],
)  # fmt: skip
def test_pooling_is_what_the_pooling_file_enables(value: Any, expected: Any) -> None:
    assert stated("1_Pooling/config.json", value) == expected


def test_own_pooling_outranks_the_pooling_file() -> None:
    files = {
        "1_Pooling/config.json": ("https://x.example", {"pooling_mode_mean_tokens": True}),
        "config.json": ("https://x.example", {"latent_attention_config": {"model_type": "x"}}),
    }
    assert [(one.value, one.confidence) for _, one in config_candidates("lab/one", files)] == [
        ("mean", "low"),
        ("latent-attention", "high"),
    ]


def test_modules_state_normalisation_and_projection() -> None:
    modules = [
        {"type": "sentence_transformers.models.Transformer"},
        {"type": "sentence_transformers.models.Dense"},
        {"type": "sentence_transformers.models.Normalize"},
        "noise",
    ]
    assert [one[:3] for one in stated("modules.json", modules)] == [
        ("technique", "dimension-projection", "high"),
        ("normalisation", "unit-length", "high"),
    ]


def test_prompts_and_lengths_are_read() -> None:
    prompts = {"prompts": {"query": "Instruct: x\nQuery: ", "document": "", "odd": 1}}
    assert stated("config_sentence_transformers.json", prompts) == [
        ("prompt", "query: Instruct: x\nQuery:", "high", 'prompts.query: "Instruct: x\\nQuery: "')
    ]
    assert stated("sentence_bert_config.json", {"max_seq_length": 512}) == [
        ("max_tokens", "512", "high", "max_seq_length: 512")
    ]
    assert stated("config.json", {"max_position_embeddings": 10**30, "is_causal": False}) == [
        ("attention", "bidirectional", "medium", "is_causal: false")
    ]
    assert stated("config.json", {"_name_or_path": "/tmp/x"}) == []


def test_front_matter_declares_licence_base_data_and_losses() -> None:
    front = {
        "license": ("mit",),
        "base_model": ("lab/base",),
        "datasets": ("a/b", "a/b"),
        "tags": ("loss:MultipleNegativesRankingLoss", "loss:MatryoshkaLoss", "loss:Unknown", "en"),
    }
    found = [
        (one.property, one.value, one.confidence, one.quote, one.section)
        for one in front_candidates("lab/one", "https://x.example", front)
    ]
    assert found == [
        ("licence", "mit", "high", "license: mit", "license"),
        ("base_model", "lab/base", "high", "base_model: lab/base", "base_model"),
        ("training_data", "a/b", "medium", "datasets: a/b", "datasets"),
        (
            "objective",
            "in-batch-softmax",
            "high",
            "tags: loss:MultipleNegativesRankingLoss",
            "tags",
        ),
        ("technique", "matryoshka", "high", "tags: loss:MatryoshkaLoss", "tags"),
    ]


def test_a_model_is_not_its_own_base() -> None:
    front = {"base_model": ("Lab/One", "lab/base")}
    found = front_candidates("lab/one", "https://x.example", front)
    assert [one.value for one in found] == ["lab/base"]
