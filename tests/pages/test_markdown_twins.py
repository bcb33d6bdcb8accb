"""Markdown twins of boards and the lists for language models say what the pages say."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.support.fake_catalog import FakeCatalog


@pytest.mark.parametrize("root", ["", "zh/"])
def test_a_twin_has_the_rows_of_its_board(fake: FakeCatalog, built: Path, root: str) -> None:
    board = fake.board("MTEB(eng, v2)")
    text = (built / f"{root}boards/mteb-eng-v2/index.md").read_text("utf-8")
    assert f"\n- as_of: 2026-08-20\n- origin: {board.origin}\n" in text
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| ")][2:]
    ranked = [row for row in board.rows if row.rank is not None][:100]
    assert [int(row[0].removeprefix("| ")) for row in rows] == [row.rank for row in ranked]
    assert all(len(row) == 6 for row in rows)


@pytest.mark.parametrize("root", ["", "zh/"])
def test_each_language_has_its_lists(fake: FakeCatalog, built: Path, root: str) -> None:
    assert (built / f"{root}llms.txt").read_text("utf-8").startswith("# ")
    full = (built / f"{root}llms-full.txt").read_text("utf-8")
    current = [edition for edition in fake.editions() if edition.current]
    assert full.count("\n## ") == len(current)


PLACES = [
    ".", "boards", "boards/*", "boards/*/as-of/*", "changes", "changes/*", "chinese-models",
    "compare/*", "frontier", "glossary", "methods", "methods/datasets", "methods/papers", "models",
    "sources", "tasks", "training", "methods/datasets/*",
    "methods/papers/*", "methods/techniques/*", "models/*", "state-of-the-art", "tasks/*",
]  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_every_page_of_a_kind_has_a_twin(built: Path, place: str) -> None:
    for root in (built, built / "zh"):
        pages = {path.parent for path in root.glob(f"{place}/index.html")}
        assert pages
        assert pages == {path.parent for path in root.glob(f"{place}/index.md")}
        for page in pages:
            text = (page / "index.html").read_text("utf-8")
            assert '<link rel="alternate " type="text/markdown" href="index.md">' in text


@pytest.mark.parametrize("root", ["", "zh/"])
def test_links_of_twins_and_of_llms_lead_to_twins(built: Path, root: str) -> None:
    twins = [*(built / root).glob("**/index.md"), built / root / "llms.txt"]
    links = [
        (twin, link)
        for twin in twins
        for link in re.findall(r"\]\(([^)\s]+/index\.md)\)", twin.read_text("utf-8"))
        if "://" not in link
    ]
    assert len(links) > 50
    assert [
        (str(twin), link)
        for twin, link in links
        if not ((twin.parent if twin.suffix == ".md" else built) / unquote(link)).is_file()
    ] == []


def test_the_twin_of_a_task_has_its_leaders_and_scores(fake: FakeCatalog, built: Path) -> None:
    task = next(iter(fake.all_tasks()))
    lines = (built / f"tasks/{task.info.slug}/index.md").read_text("utf-8").splitlines()
    assert "- revision: 0123456789abcdef" in lines
    assert sum(line.startswith("- led: ") for line in lines) == len(task.leads)
    scores = [line.split(" | ")[-2] for line in lines if line.startswith("| ")][2:]
    assert scores == [f"{row.score:.2f}" for row in task.rows[:100]]


@pytest.mark.parametrize("root", ["", "zh/"])
def test_the_twin_of_a_model_has_its_ranks_and_method(
    fake: FakeCatalog, built: Path, root: str
) -> None:
    model = next(iter(fake.all_models()))
    lines = (built / f"{root}models/{model.slug}/index.md").read_text("utf-8").splitlines()
    assert lines[0].startswith("# ")
    kinds = {line.partition(":")[0] for line in lines if line.startswith("- ")}
    assert {"- organisation", "- pooling", "- board MTEB(eng, v2)"} <= kinds
    assert model.name.partition("/")[0] in lines[0]
