"""Markdown twins of boards and the lists for language models say what the pages say."""

from __future__ import annotations

from pathlib import Path

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


def test_every_board_page_has_a_twin(built: Path) -> None:
    for root in ("boards", "zh/boards"):
        pages = {path.parent for path in (built / root).glob("*/index.html")}
        assert pages == {path.parent for path in (built / root).glob("*/index.md")}
