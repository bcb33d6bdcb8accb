"""Labels, tables and sentences of cards: dimensions, length, licence, base and training data."""

from __future__ import annotations

import pytest

from tracker.evidence.cue_extractor import CueExtractor
from tracker.evidence.markdown import card_document
from tracker.evidence.stated import count

NAMES = ("MS MARCO", "HotpotQA", "T2Ranking")
EXTRACTOR = CueExtractor((), datasets={name: name for name in NAMES} | {"MSMARCO": "MS MARCO"})


def sure(name: str, markdown: str) -> list[str]:
    document = card_document("lab/nova-embed", "https://x.example", markdown)
    found = EXTRACTOR.extract(document)
    return [c.value for c in found if c.property == name and c.confidence != "low"]


@pytest.mark.parametrize(
    ("markdown", "value"),
    [
        ("- **Output Dimensionality:** 384 dimensions", "384"),
        ("- 向量维度：1,024", "1024"),
        ("| Model | Dim |\n|---|---|\n| nova-embed | 768 |\n| other-embed-large | 1024 |", "768"),
        ("| Property | Value |\n|---|---|\n| Embedding dimension | 512 |", "512"),
        ("It maps sentences to a 384 dimensional dense vector space.", "384"),
        ("以 hfl/chinese-macbert-large 为基座，输出向量维度为 1792。", "1792"),
        ("- Embedding dimension: up to 4096, from 32", "4096"),
        ("Unlike bge-large-en-v1.5, the vectors have 1024 dimensions.", None),
        ("- Input size: 512x512 pixels", None),
        ("- Dimensions: 256 or 512", None),
    ],
)
def test_dimensions_are_those_of_the_model(markdown: str, value: str | None) -> None:
    assert sure("embedding_dimensions", markdown) == ([value] if value else [])


@pytest.mark.parametrize(
    ("markdown", "value"),
    [
        ("- Maximum Sequence Length: 256 tokens", "256"),
        ("- **Max Input Tokens:** 32k", "32768"),
        ("It reads up to 8,192 tokens.", "8192"),
        ("最大支持 512 个 token。", "512"),
        ("It can generate up to 8K tokens.", None),
        ("Our training data is capped at a maximum length of 8k.", None),
        ("The bge-m3 models can process up to 8192 tokens.", None),
        ("- Maximum Sequence Length: inf tokens", None),
    ],
)
def test_the_context_length_is_that_of_the_model(markdown: str, value: str | None) -> None:
    assert sure("max_tokens", markdown) == ([value] if value else [])


@pytest.mark.parametrize(
    ("text", "number"),
    [("8192", 8192), ("8,192", 8192), ("8K", 8192), ("128k", 131072), ("10k", 10_000),
     ("65k", None), ("x", None)],
)  # fmt: skip
def test_lengths_are_numbers_however_they_are_written(text: str, number: int | None) -> None:
    assert count(text) == number


@pytest.mark.parametrize(
    ("markdown", "value"),
    [
        ("The model is released under the MIT license.", "mit"),
        ("- License: Apache License 2.0", "apache-2.0"),
        ("本模型采用 Apache-2.0 协议开源。", "apache-2.0"),
        ("The code is released under the MIT license.", None),
        ("Code is released under MIT, model weights are released under CC-BY-NC 4.0.", None),
    ],
)
def test_a_licence_is_that_of_the_model(markdown: str, value: str | None) -> None:
    assert sure("licence", markdown) == ([value] if value else [])


@pytest.mark.parametrize(
    ("markdown", "values"),
    [
        ("It is based on the Llama-2 model.", ["Llama-2"]),
        ("基于Qwen2-7B微调。", ["Qwen2-7B"]),
        ("It is based on Facebook's RoBERTa.", []),
        ("It is based on the BERT architecture.", []),
        ("The training software is built on top of HuggingFace Transformers.", []),
        ("The labels are based on Reddit data.", []),
    ],
)
def test_a_base_is_a_model(markdown: str, values: list[str]) -> None:
    assert sure("base_model", markdown) == values


@pytest.mark.parametrize(
    ("markdown", "values"),
    [
        ("We trained on MSMARCO and org/own-set.", ["MS MARCO", "org/own-set"]),
        ("在T2Ranking上训练。", ["T2Ranking"]),
        ("训练数据包括 SimCLUE、LCQMC。", ["LCQMC", "SimCLUE"]),
        ("## Training data\n- CoNLL-2003\n- Deduplication", ["CoNLL-2003"]),
        (
            "- **Training Dataset:**\n    - [org/pairs](https://huggingface.co/datasets/org/pairs)",
            ["org/pairs"],
        ),
        (
            "## Training data\n| Dataset | Pairs |\n|---|---|\n| OwnSetQA | 1k |\n\n"
            "## Evaluation\n| Dataset | nDCG@10 |\n|---|---|\n| HotpotQA | 70 |",
            ["OwnSetQA"],
        ),
        ("It was trained on 8xA100 GPUs.", []),
        ("It was trained on the LUMI supercomputer.", []),
        ("It was fine-tuned on lab/base-7b.", []),
        ("The reward model was trained on HotpotQA.", []),
        ("We evaluate on HotpotQA.", []),
    ],
)
def test_training_data_is_what_the_model_is_trained_on(markdown: str, values: list[str]) -> None:
    assert sure("training_data", markdown) == values
