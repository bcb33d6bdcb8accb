"""Slugs, and suggestions for misspelt names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.common.text import did_you_mean, model_slug, near, slugify


@given(st.text(max_size=300))
def test_a_slug_is_one_safe_path_segment(name: str) -> None:
    slug = slugify(name)
    assert slug == slug.strip("-._")
    assert 0 < len(slug.encode()) <= 120
    assert not set(slug) & set("/\\?#%<>\"'& \u202e\n")


@given(st.text(max_size=300))
def test_a_model_slug_is_one_safe_path_segment(name: str) -> None:
    slug = model_slug(name)
    assert not set(slug) & set("/\\?#%<>\"'& \u202e\n")
    assert not slug.startswith(".")
    assert len(slug.encode()) <= 250


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("nvidia/NV-Embed-v2", "nvidia--nv-embed-v2"),
        ("BAAI/bge-m3", "baai--bge-m3"),
        ("a/b/c", "a--b-c-a46d5a"),
    ],
)
def test_only_an_unusual_id_gets_a_hash(name: str, slug: str) -> None:
    found = model_slug(name)
    assert found.rsplit("-", 1)[0] == slug.rsplit("-", 1)[0]
    assert (found == slug) or name.count("/") > 1


def test_similar_names_ignore_case_and_may_be_parts() -> None:
    boards = ["MTEB(eng, v2)", "MTEB(cmn, v1)"]
    assert near("mteb(eng,v2)", boards)[0] == "MTEB(eng, v2)"
    assert near("cmn", boards) == ["MTEB(cmn, v1)"]


def test_without_a_similar_name_the_list_or_remedy_is_shown() -> None:
    assert did_you_mean("zzz", ["a", "b"]) == "use one of a, b"
    assert did_you_mean("zzz", map(str, range(20))).endswith("11 …")
    assert did_you_mean("zzz", ["a"], "see: tracker boards") == "see: tracker boards"
    assert did_you_mean("zzz", []) == ""
