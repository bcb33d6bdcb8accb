"""Files of task scores beside a board match the catalog's answer."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from lxml import html

from tests.support.fake_catalog import EDITIONS, FakeCatalog
from tracker.pages.contexts import TaskScores
from tracker.pages.language.filters import kilobytes
from tracker.pages.views.task_matrix import task_matrix

NAME = "MTEB(eng, v2)"
STEM = "boards/mteb-eng-v2/mteb-eng-v2.tasks"


def test_the_json_file_matches_the_catalog(built: Path, fake: FakeCatalog) -> None:
    told = json.loads((built / f"{STEM}.json").read_text("utf-8"))
    assert [told[key] for key in ("board", "day", "unit")] == [NAME, "2026-08-20", "percent"]
    columns = told["columns"]
    rows = [dict(zip(columns, row, strict=True)) for row in told["rows"]]
    state = fake.board(NAME)
    assert [(its["rank"], its["model"], its["slug"]) for its in rows] == [
        (row.rank, row.model, row.slug) for row in state.rows
    ]
    found = {
        (row["model"], task): score
        for row in rows
        for task, score in zip(told["tasks"], row["scores"], strict=True)
        if score is not None
    }
    answer = {
        (label, task): round(score, 2) for label, task, score in fake.task_scores(NAME).iter_rows()
    }
    assert found == answer
    assert told["tasks"] == list(state.edition.tasks[1:])


def test_the_csv_file_has_the_same_scores_unrounded(built: Path, fake: FakeCatalog) -> None:
    told = json.loads((built / f"{STEM}.json").read_text("utf-8"))
    with (built / f"{STEM}.csv").open(encoding="utf-8", newline="") as file:
        head, *lines = csv.reader(file)
    assert head == ["rank", "model", "mean_task", *told["tasks"]]
    assert [line[1] for line in lines] == [row[1] for row in told["rows"]]
    found = {
        (line[1], task): float(score)
        for line in lines
        for task, score in zip(told["tasks"], line[3:], strict=True)
        if score
    }
    assert found == {
        (label, task): score for label, task, score in fake.task_scores(NAME).iter_rows()
    }


def test_only_current_editions_with_scores_have_files(built: Path, fake: FakeCatalog) -> None:
    have = {path.parent.name for path in built.rglob("*.tasks.json")}
    expected = {
        its.slug for its in fake.editions() if its.current and not fake.task_scores(its).is_empty()
    }
    assert have == expected
    assert EDITIONS[1].slug not in have
    assert EDITIONS[2].slug not in have
    page = built / "boards" / EDITIONS[2].slug / "index.html"
    assert "matrix" not in page.read_text("utf-8")


@pytest.mark.parametrize(("language", "word"), [("", "Scores by task"), ("zh", "各任务得分")])
def test_without_scripts_the_page_links_to_the_files(built: Path, language: str, word: str) -> None:
    page = built / language / "boards/mteb-eng-v2/index.html"
    document = html.document_fromstring(page.read_text("utf-8"))
    (heading,) = document.xpath("//h2[@id='single-tasks']")
    assert word in heading.text_content()
    line = heading.getnext()
    links = [(its.text, its.get("href")) for its in line.iter("a")]
    assert [text for text, _ in links] == ["JSON", "CSV"]
    for _, address in links:
        assert (page.parent / address).resolve().is_file()
    size = (built / f"{STEM}.json").stat().st_size
    assert kilobytes(size) in line.text_content()
    assert document.xpath("//*[@id='matrix-tools']/@hidden")


def test_the_scores_are_not_in_the_search_index(built: Path) -> None:
    assert "Task17" not in (built / "search/search_index.json").read_text("utf-8")


def test_hidden_rows_are_left_out(fake: FakeCatalog) -> None:
    board = fake.board(NAME)
    scores = pl.DataFrame(
        [("a copy", "Task1", 50.0), (board.rows[0].label, "Task2", 61.239)],
        schema=["label", "task", "score"],
        orient="row",
    )
    row = board.rows[0]
    found = task_matrix(
        replace(board, rows=board.rows[:1]), scores, "boards/x/", {"Task2": "task2"}
    )
    assert found == TaskScores(
        NAME,
        "2026-08-20",
        ("Task2",),
        ((row.rank, row.model, row.slug, row.mean_task, (61.239,)),),
        "boards/x/mteb-eng-v2.tasks.json",
        "boards/x/mteb-eng-v2.tasks.csv",
        ("task2",),
    )
    assert json.loads(found.content)["rows"][0][4] == [61.24]


def test_a_board_without_scores_has_no_files(fake: FakeCatalog) -> None:
    board = fake.board(NAME)
    assert task_matrix(board, fake.task_scores(NAME).clear(), "boards/x/", {}) is None


def test_sizes_of_files_are_short() -> None:
    assert [kilobytes(its) for its in (12, 101_110, 999_600)] == [
        "1\u202fkB", "101\u202fkB", "1.0\u202fMB",
    ]  # fmt: skip
