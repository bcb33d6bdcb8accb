"""Rules of typed answers: frames derived from them, short reprs, names importable from tracker."""

from __future__ import annotations

import inspect
from dataclasses import is_dataclass
from importlib import import_module
from pkgutil import iter_modules

import polars as pl
import pytest

import tracker
from tests.support.fake_catalog import FakeCatalog
from tracker import answers, errors
from tracker.answers.frames import TABLES, frame_of
from tracker.answers.meanings import meaning

FAKE = FakeCatalog()


def test_an_empty_frame_has_the_types_of_a_full_one() -> None:
    edition = FAKE.editions()[0]
    full = frame_of("leaders", FAKE.leader_list(edition))
    assert full.height == 2
    assert frame_of("leaders", ()).schema == full.schema


def test_a_path_through_a_tuple_gives_a_list() -> None:
    (change, *_) = FAKE.change_list()
    frame = frame_of("changes", [change])
    assert frame.schema["commit"] == pl.List(pl.String)
    assert frame["commit"].to_list() == [[commit.commit for commit in change.commits]]


def test_each_part_of_an_answer_is_a_row() -> None:
    board = FAKE.board("mteb-english")
    frame = board.to_polars()
    assert frame["model"].to_list() == [row.model for row in board.rows]
    assert frame["edition"].unique().to_list() == [board.edition.name]
    assert frame.schema["task_types"] == pl.Struct(
        {name: pl.Float64 for name, _ in board.edition.task_types}
    )


def test_a_missing_part_of_a_path_is_a_missing_value() -> None:
    hit = tracker.Hit("model", "lab/one", tracker.Bilingual("One", "一"), None)
    (row,) = frame_of("search", [hit]).to_dicts()
    assert row == {
        "kind": "model",
        "key": "lab/one",
        "title": "One",
        "title_zh": "一",
        "about": None,
        "about_zh": None,
    }


@pytest.mark.parametrize("name", TABLES)
def test_every_column_of_a_frame_is_documented(name: str) -> None:
    missing = [column for column in TABLES[name].columns if not meaning(TABLES[name], column)]
    assert missing == []


def test_reprs_are_short() -> None:
    board = FAKE.board("mteb-english")
    model = next(iter(FAKE.all_models()))
    for answer in (board, board.edition, board.rows[0], model, FAKE.coverage_report()):
        assert len(repr(answer)) < 1500
        assert repr(answer).startswith(type(answer).__name__ + "(")


def test_notebooks_show_names_as_text() -> None:
    model = next(iter(FAKE.all_models()))
    html = model._repr_html_()
    assert "<script" not in html
    assert html.startswith("<table><caption>Model</caption>")
    board = FAKE.board("mteb-english")
    assert "<table" in board._repr_html_()


def test_answers_and_errors_are_importable_from_tracker() -> None:
    names = [
        its.name for its in iter_modules(answers.__path__) if its.name not in ("frames", "layouts")
    ]
    modules = [import_module(f"{answers.__name__}.{name}") for name in names]
    found = {
        name
        for module in modules
        for name, kind in vars(module).items()
        if inspect.isclass(kind) and is_dataclass(kind) and kind.__module__ == module.__name__
    }
    found |= {name for name, kind in vars(errors).items() if inspect.isclass(kind)}
    assert found <= set(tracker.__all__)
    for name in tracker.__all__:
        assert getattr(tracker, name) is not None
