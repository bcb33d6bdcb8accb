"""Sentences with the right verdict for each: those that the rules were written with, and others."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from tracker.api import Catalog
from tracker.common.yaml_loader import SAFE_LOADER

CORPUS: list[dict[str, Any]] = yaml.load(
    (Path(__file__).parent / "corpus.yaml").read_text("utf-8"), Loader=SAFE_LOADER
)


def given(catalog: Catalog, entry: dict[str, Any]) -> list[str]:
    date = entry.get("date")
    return [
        f"{one.kind} {one.verdict}"
        for one in catalog.check(entry["text"], date=None if date is None else str(date))
    ]


@pytest.mark.parametrize("part", ["rules", "held-out"])
def test_verdicts_are_right_and_most_statements_get_one(catalog: Catalog, part: str) -> None:
    entries = [entry for entry in CORPUS if entry["set"] == part]
    wrong, missed, n_given, n_wanted = [], [], 0, 0
    for entry in entries:
        got, want = Counter(given(catalog, entry)), Counter(entry["want"])
        n_given += got.total()
        n_wanted += want.total()
        wrong += [f"{entry['text']}: {one}" for one in (got - want).elements()]
        missed += [f"{entry['text']}: {one}" for one in (want - got).elements()]
    assert len(wrong) <= 0.05 * n_given, wrong
    assert len(missed) <= 0.3 * n_wanted, missed


def test_the_corpus_is_large_and_has_both_languages() -> None:
    chinese = [entry for entry in CORPUS if any("\u4e00" <= c <= "\u9fff" for c in entry["text"])]
    assert len(CORPUS) >= 80
    assert len(chinese) >= 30
    assert sum(entry["set"] == "held-out" for entry in CORPUS) >= 40
