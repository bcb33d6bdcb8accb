"""A dated note says what the boards and the receipts say, and every claim can be followed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tracker.api import Catalog
from tracker.catalog.starter import create
from tracker.curated import read_curated
from tracker.exports.notes import escaped, make_note
from tracker.settings import Settings, resource


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    """The bundled starter, opened."""
    path: Path = tmp_path_factory.mktemp("starter") / "catalog.db"
    create(
        f"sqlite:///{path}",
        starter=resource("db/starter"),
        curated=read_curated(resource("db/curated")),
    )
    with Catalog(f"sqlite:///{path}", Settings(home=path.parent)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("language", "leaders"),
    [
        (
            "zh",
            (
                "第 1 名 nvidia/NV-Embed-v2",
                "第 5 名 Alibaba-NLP/gte-Qwen2-7B-instruct",
                "第 12 名 Linq-AI-Research/Linq-Embed-Mistral",
                "第 1 名 TencentBAC/Conan-embedding-v1",
                "第 2 名 lier007/xiaobu-embedding-v2",
            ),
        ),
        (
            "en",
            (
                "No. 1 nvidia/NV-Embed-v2",
                "No. 5 Alibaba-NLP/gte-Qwen2-7B-instruct",
                "No. 12 Linq-AI-Research/Linq-Embed-Mistral",
                "No. 1 TencentBAC/Conan-embedding-v1",
                "No. 2 lier007/xiaobu-embedding-v2",
            ),
        ),
    ],
)
def test_the_day_of_the_first_notes_has_its_leaders(
    catalog: Catalog, language: str, leaders: tuple[str, ...]
) -> None:
    note = make_note(catalog, "2024-10-22", language)
    for leader in leaders:
        assert f"**{leader}**" in note


@pytest.mark.parametrize("day", ["2024-07-08", "2024-10-22", "2025-06-01", "2026-08-20"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_reference_resolves_and_every_source_is_cited(
    catalog: Catalog, day: str, language: str
) -> None:
    note = make_note(catalog, day, language)
    cited = {int(number) for number in re.findall(r"\[(\d+)\]", note)}
    listed = [int(number) for number in re.findall(r"^(\d+)\. ", note, re.MULTILINE)]
    assert listed == list(range(1, len(listed) + 1))
    assert cited == set(listed)


def test_the_front_matter_is_that_of_a_post(catalog: Catalog) -> None:
    note = make_note(catalog, "2024-10-22", "en")
    assert note.startswith("---\n")
    front = yaml.safe_load(note.split("---\n")[1])
    assert sorted(front) == ["date", "layout", "mathjax", "tags", "title"]
    assert str(front["date"]) == "2024-10-22"


def test_a_former_name_is_told_with_what_is_known_of_the_present_one(catalog: Catalog) -> None:
    rows = {r.model: r for r in catalog.state_of_the_art("mteb-english", "2024-10-22").rows}
    assert rows["dunzhang/stella_en_1.5B_v5"].documented


def test_strange_names_stay_plain_text() -> None:
    assert escaped("a|b *c*\n<d>[e](f)") == r"a\|b \*c\* \<d\>\[e\](f)"
