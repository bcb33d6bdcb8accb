"""What front matter declares, and what it leaves open."""

from __future__ import annotations

import pytest

from tracker.evidence.card_metadata import front_candidates, tag_candidates

URL = "https://hub.example/lab/one/blob/main/README.md"


def declared(**front: str | tuple[str, ...]) -> list[tuple[str, str, str]]:
    values = {k: (v,) if isinstance(v, str) else v for k, v in front.items()}
    return [(c.property, c.value, c.confidence) for c in front_candidates("lab/one", URL, values)]


@pytest.mark.parametrize(
    "value", ["null", "~", "", "none", "None", "unknown", "N/A", "无", "-", "[]"]
)
def test_a_placeholder_states_nothing(value: str) -> None:
    assert declared(license=value, base_model=value, datasets=value) == []
    tags = tag_candidates("lab/one", URL, licence=value, base_models=[value], papers=[])
    assert list(tags) == []


def test_a_licence_of_its_own_is_named_and_linked() -> None:
    front = {"license": ("other",), "license_name": ("nv-nc-4.0",), "license_link": ("LICENSE",)}
    (found,) = front_candidates("lab/one", URL, front)
    assert (found.value, found.confidence) == ("nv-nc-4.0", "high")
    assert found.quote == (
        "license_name: nv-nc-4.0, license_link: https://hub.example/lab/one/blob/main/LICENSE"
    )
    assert declared(license="other") == [("licence", "other", "medium")]
    assert declared(license="other", license_name="none") == [("licence", "other", "medium")]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("MIT License", "mit"),
        ("Apache License, Version 2.0", "apache-2.0"),
        ("Apache-2.0", "apache-2.0"),
        ("CC BY-NC 4.0", "cc-by-nc-4.0"),
        ("Gemma Terms of Use", "gemma"),
        ("qwen-research", "qwen-research"),
    ],
)
def test_one_licence_has_one_name(written: str, name: str) -> None:
    assert declared(license=written) == [("licence", name, "high")]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("https://huggingface.co/lab/base", "lab/base"),
        ("https://huggingface.co/lab/base/tree/main", "lab/base"),
        ("bert-base-uncased", "bert-base-uncased"),
    ],
)
def test_a_base_is_an_id_however_it_is_written(written: str, name: str) -> None:
    assert declared(base_model=written) == [("base_model", name, "high")]


@pytest.mark.parametrize(
    "written",
    ["/mnt/data/x", "./output", "checkpoints/step-100", "https://other.example/a/b", "x y"],
)
def test_a_path_of_the_authors_is_no_base(written: str) -> None:
    assert declared(base_model=written) == []


def test_a_merge_has_several_bases() -> None:
    assert declared(base_model=("lab/a", "lab/b", "lab/a")) == [
        ("base_model", "lab/a", "high"),
        ("base_model", "lab/b", "high"),
    ]
