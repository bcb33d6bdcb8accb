"""Which value holds where texts disagree, and the sentence that says why."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tracker.evidence.precedence import decisions, disagreements, same_value


@dataclass(frozen=True)
class Line:
    property: str
    value: str
    kind: str
    confidence: str = "high"
    rule: str | None = None
    section: str | None = None
    source: str = "https://x.example/card"


CONFIG = Line("pooling", "mean", "config", section="1_Pooling/config.json: pooling_mode")
CARD = Line("pooling", "cls", "card", section="Usage")


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (
            [CARD, CONFIG],
            "pooling: mean (config, 1_Pooling/config.json: pooling_mode) holds, not cls (card,"
            " Usage): configuration files count more than the card",
        ),
        (
            [CONFIG, Line("pooling", "cls", "curated", "medium")],
            "pooling: cls (curated) holds, not mean (config, 1_Pooling/config.json: pooling_mode):"
            " what people checked counts more than what was read",
        ),
        (
            [
                Line("licence", "mit", "card", rule="label", section="Model"),
                Line("licence", "apache-2.0", "card", rule="front-matter-license"),
            ],
            "licence: apache-2.0 (front matter) holds, not mit (card, Model): the front matter"
            " counts more than the card",
        ),
        (
            [
                Line("max_tokens", "512", "config", "medium"),
                Line("max_tokens", "8192", "card"),
            ],
            "max_tokens: 8192 (card) holds, not 512 (config): high confidence counts more than"
            " medium",
        ),
        (
            [
                Line("base_model", "lab/a", "paper", "medium", source="https://x.example/1"),
                Line("base_model", "lab/b", "paper", "medium", source="https://x.example/2"),
            ],
            "base_model: lab/a (paper) holds, not lab/b (paper): both count the same, so the first"
            " one holds until a person decides",
        ),
    ],
)
def test_one_sentence_says_which_value_holds_and_why(lines: list[Line], sentence: str) -> None:
    (decision,) = disagreements(lines)
    assert str(decision) == sentence
    assert decision.is_disputed


def test_several_values_of_one_statement_hold_together() -> None:
    merged = [
        Line("base_model", f"lab/{name}", "card", rule="front-matter-base_model") for name in "ab"
    ]
    routes = [
        Line("pooling", value, "config", rule=f"config-route {route}", source=f"https://{route}")
        for route, value in (("query", "mean"), ("document", "cls"))
    ]
    found = {d.name: [w.value for w in d.winners] for d in decisions([*merged, *routes])}
    assert found == {"base_model": ["lab/a", "lab/b"], "pooling": ["mean", "cls"]}
    assert disagreements([*merged, *routes]) == []


def test_a_low_confidence_value_is_named_but_disputes_nothing() -> None:
    (decision,) = disagreements([CONFIG, Line("pooling", "cls", "card", "low")])
    assert not decision.is_disputed
    assert [line.value for line in decision.others] == ["cls"]


def test_properties_with_many_values_and_missing_values_are_not_decided() -> None:
    lines = [
        Line("training_data", "A", "card"),
        Line("training_data", "B", "config"),
        Line("pooling", "not-documented", "curated"),
    ]
    assert decisions(lines) == []


@pytest.mark.parametrize(
    ("name", "one", "other", "same"),
    [
        ("pooling", "eos", "last-token", True),
        ("pooling", "mean", "cls", False),
        ("base_model", "hfl/chinese-macbert-large", "chinese-macbert-large", True),
        ("base_model", "google/gemma-3", "google/gemma-3-300m", True),
        ("base_model", "lab/a", "lab/b", False),
        ("licence", "Apache License 2.0", "apache-2.0", True),
        ("licence", "mit", "apache-2.0", False),
        ("max_tokens", "512", "514", False),
    ],
)
def test_values_are_the_same_in_other_words(name: str, one: str, other: str, same: bool) -> None:
    assert same_value(name, one, other) is same
    assert same_value(name, other, one) is same
