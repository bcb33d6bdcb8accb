"""The page of guarantees: each promise names a test that exists, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "site" / "docs" / "method"
ROW = re.compile(r"^\| (.+) \| `(tests/[\w/]+\.py)`<br>`(test_\w+)` \|$", re.MULTILINE)


def promises(name: str) -> list[tuple[str, str, str]]:
    return ROW.findall((PAGE / name).read_text("utf-8"))


@pytest.mark.parametrize("name", ["guarantees.md", "guarantees.zh.md"])
def test_every_promise_names_a_test_that_exists(name: str) -> None:
    rows = promises(name)
    lines = [x for x in (PAGE / name).read_text("utf-8").splitlines() if x.startswith("| ")]
    assert len(rows) == len(lines) - 2
    for _, path, test in rows:
        assert f"def {test}(" in (ROOT / path).read_text("utf-8"), f"{path}::{test}"


def test_both_languages_promise_the_same() -> None:
    english, chinese = (promises(name) for name in ("guarantees.md", "guarantees.zh.md"))
    assert [row[1:] for row in english] == [row[1:] for row in chinese]


def test_the_threat_model_names_only_places_that_exist() -> None:
    text = (ROOT / "SECURITY.md").read_text("utf-8")
    named = re.findall(r"`((?:tracker/|\.github/|db/)[\w./-]+|Containerfile|compose\.yaml)`", text)
    assert len(named) > 10
    assert [path for path in named if not (ROOT / path).exists()] == []
