"""Which papers seem to present a model: coined names at the head of a title, and no other words."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.evidence.paper_names import (
    HEADS_TITLE,
    IN_ABSTRACT,
    IN_TITLE,
    Proposal,
    Written,
    proposals,
)

MODELS = (
    "lab/Boreal-Embed-v2",
    "lab/Boreal-Embed-v3-small",
    "lab/text-embedding-large",
    "lab/e5-base",
    "lab/Quilltext",
    "lab/QuillLM-7B",
    "lab/multilingual-kestrel-base",
    "one/Tern-Embedding-0.6B",
    "two/tern-embedding",
)


def found(title: str, abstract: str = "") -> list[tuple[str, ...]]:
    told = proposals([Written("2605.00001", title, abstract)], MODELS)
    return [(its.model, its.reason, its.strength) for its in told]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Boreal-Embed v2: Colder Vectors", [("lab/Boreal-Embed-v2", HEADS_TITLE, "medium")]),
        (
            "BOREAL EMBED-V3 Technical Report",
            [("lab/Boreal-Embed-v3-small", HEADS_TITLE, "medium")],
        ),
        (
            "Boreal-Embed: Cold Vectors",  # the first version, of which no model is known
            [
                ("lab/Boreal-Embed-v2", HEADS_TITLE, "weak"),
                ("lab/Boreal-Embed-v3-small", HEADS_TITLE, "weak"),
            ],
        ),
        ("Boreal-Embed-v4: Frozen Vectors", []),
        ("Beyond Boreal-Embed-v2", [("lab/Boreal-Embed-v2", IN_TITLE, "weak")]),
        ("QuillLM: One Model", [("lab/QuillLM-7B", HEADS_TITLE, "medium")]),
        ("Quilllm of birds", []),
        ("Quilltext for all", []),  # spelled like any word
        ("Text Embedding Large and Small", []),
        ("E5 and other roads", []),
        ("Multilingual Kestrel", [("lab/multilingual-kestrel-base", HEADS_TITLE, "medium")]),
        (
            "Tern-Embedding: Wings",  # a name that two organisations use proves nothing
            [
                ("one/Tern-Embedding-0.6B", HEADS_TITLE, "weak"),
                ("two/tern-embedding", HEADS_TITLE, "weak"),
            ],
        ),
        ("", []),
    ],
)
def test_a_title_names_a_model(title: str, expected: list[tuple[str, ...]]) -> None:
    assert found(title) == expected


def test_an_abstract_proves_little() -> None:
    assert found("On birds", "We compare with QuillLM and 论文 Boreal-Embed-v2.") == [
        ("lab/QuillLM-7B", IN_ABSTRACT, "weak"),
        ("lab/Boreal-Embed-v2", IN_ABSTRACT, "weak"),
    ]


def test_a_model_is_proposed_once_a_paper() -> None:
    assert found("QuillLM: a model", "QuillLM is QuillLM.") == [
        ("lab/QuillLM-7B", HEADS_TITLE, "medium")
    ]


WORDS = st.lists(
    st.sampled_from(["Boreal", "Embed", "v2", "v3", "QuillLM", "Kestrel", "Multilingual", "of"]),
    max_size=8,
).map(" ".join)


@given(st.lists(st.tuples(WORDS, WORDS), max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_models_and_papers_changes_nothing(
    texts: list[tuple[str, str]], chance: random.Random
) -> None:
    papers = [Written(f"2605.{n:05}", *told) for n, told in enumerate(texts)]
    models = list(MODELS)
    expected: list[Proposal] = sorted(proposals(papers, models))
    chance.shuffle(papers)
    chance.shuffle(models)
    assert sorted(proposals(papers, models)) == expected
