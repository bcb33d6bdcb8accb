"""Which model was trained further: statements that name a base model, and others."""

from __future__ import annotations

import pytest

from tests.support.cue_reading import read


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("Our model is fine-tuned from Mistral-7B-v0.1.", "Mistral-7B-v0.1"),
        ("Nova-Embed is built on top of Qwen/Qwen2-7B.", "Qwen/Qwen2-7B"),
        ("We use the model initialized from XLM-RoBERTa.", "XLM-RoBERTa"),
    ],
)
def test_base_models_are_found(text: str, base: str) -> None:
    assert [(c.value, c.confidence) for c in read(text) if c.property == "base_model"] == [
        (base, "medium")
    ]


@pytest.mark.parametrize(
    "text", ["Gte is fine-tuned from a model.", "The results are based on MTEB.", "Based on The X."]
)
def test_other_names_are_not_base_models(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("Base decoder LLM: Nova-7B-v0.1", "Nova-7B-v0.1"),
        ("We chose Stella as our base model.", "Stella"),
        (
            "This model is initialized from xlm-roberta-large and trained further.",
            "xlm-roberta-large",
        ),
        ("The encoder is built on Qwen2-1.5B LLM model with care.", "Qwen2-1.5B"),
        ("We use the pretrained lab/small-bert model and fine-tuned it.", "lab/small-bert"),
    ],
)
def test_further_phrasings_name_the_base_model(text: str, base: str) -> None:
    assert [c.value for c in read(text) if c.property == "base_model"] == [base]


@pytest.mark.parametrize(
    "text",
    [
        "The LoRA weights are initialized with SimCSE weights.",
        "The projection head is initialized from Nova-7B.",
        "Our code is based on Stella-7B.",
        "Our approach is based on Stella-7B.",
        "It takes PhoABC, a pre-trained language model based on the Stella-7B design.",
        "The model is initialized from scratch.",
        "It is based on large-scale pairs.",
    ],
)
def test_parts_programs_and_phrases_are_not_base_models(text: str) -> None:
    assert [c for c in read(text) if c.property == "base_model"] == []


def test_two_different_bases_are_low_confidence() -> None:
    def told(text: str) -> list[tuple[str, str]]:
        return [(c.value, c.confidence) for c in read(text) if c.property == "base_model"]

    assert told(
        "Our model is built on lab/Nova-8B-v1. Our encoder is fine-tuned from Nova-8B."
    ) == [
        ("lab/Nova-8B-v1", "medium"),
        ("Nova-8B", "medium"),
    ]
    assert {level for _, level in told("Our model is built on Abc-8B. It is built on Xyz-2B.")} == {
        "low"
    }
