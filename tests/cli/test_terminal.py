"""Tables and cards fit the page, long ones go through a pager, and spreadsheets run no formula."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import polars as pl
import pytest

from tests.support.story import HOSTILE
from tracker import __version__
from tracker.cli import application
from tracker.cli.pager import page
from tracker.cli.text_tables import card, text_width, wrap, wrapped_table
from tracker.exports.frames import flat, frame_csv, frame_json

Run = Callable[..., Any]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("one two three", ["one two", "three"]),
        ("中文没有空格", ["中文没有", "空格"]),
        ("abcdefghijk", ["abcdefgh", "ijk"]),
        ("a abcdefghijk", ["a abcdef", "ghijk"]),
    ],
)
def test_text_is_wrapped_by_the_columns_it_takes(text: str, lines: list[str]) -> None:
    assert wrap(text, 8) == lines


def test_cards_and_wrapped_tables_fit_the_page_and_lose_nothing() -> None:
    long = "https://example.org/" + "a" * 300 + " 很长的一句话" * 40
    shown = card([("name", []), ("facts", [("pooling", long, long), ("x" * 80, "short", "")])])
    assert max(map(text_width, shown.splitlines())) <= 100
    assert shown.replace("\n", "").replace(" ", "").count("a" * 300) == 2
    rows = wrapped_table(["a", "b"], [[long, "1"], ["x", long]], [False, True])
    assert max(map(text_width, rows.splitlines())) <= 100


def test_the_version_needs_no_command(cli: Run) -> None:
    answer = cli("--version")
    assert (answer.code, answer.out, answer.err) == (0, f"{__version__}\n", "")


@pytest.mark.parametrize("name", ["leaderboard", "why", "curate", "site"])
def test_a_command_made_alone_is_that_of_the_whole_command_line(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = []
    for app in (application([name]), application()):
        with pytest.raises(SystemExit) as ended:
            app([name, "--help"], prog_name="tracker")
        assert ended.value.code == 0
        shown.append(capsys.readouterr())
    alone, whole = shown
    assert alone == whole
    assert f"Usage: tracker {name}" in alone.out


def test_an_unknown_command_is_compared_with_all(cli: Run) -> None:
    answer = cli("leaderbord")
    assert (answer.code, answer.out) == (2, "")
    assert "leaderboard" in answer.err


def test_objects_are_columns_of_csv() -> None:
    frame = pl.DataFrame(
        {
            "rank": [1, 2],
            "types": [{"STS": 1.5, "rank": None}, {"STS": None, "rank": 2.0}],
            "copies": [["a", "b"], []],
        },
        schema_overrides={"copies": pl.List(pl.String)},
    )
    assert flat(frame).columns == ["rank", "STS", "types.rank", "copies"]
    assert list(csv.reader(io.StringIO(frame_csv(frame).decode()))) == [
        ["rank", "STS", "types.rank", "copies"],
        ["1", "1.5", "", "a; b"],
        ["2", "", "2.0", ""],
    ]


def test_a_spreadsheet_gets_a_mark_and_no_formula() -> None:
    frame = pl.DataFrame({"=1": ["=HYPERLINK(x)", "+1", "-1", "@a", "\tb", "a=b"], "n": [-1] * 6})
    text = frame_csv(frame, excel=True).decode()
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [row[0] for row in rows] == [
        "'=1", "'=HYPERLINK(x)", "'+1", "'-1", "'@a", "'\tb", "a=b"
    ]  # fmt: skip
    assert {row[1] for row in rows[1:]} == {"-1"}
    assert b"'=" not in frame_csv(frame) + frame_json(frame)


@pytest.mark.usefixtures("story")
def test_every_reading_command_takes_columns_and_excel(cli: Run) -> None:
    board = ("leaderboard", "MTEB(hostile, v1)")
    chosen = cli(*board, "--columns", "model, rank", "-f", "csv", "--excel")
    rows = list(csv.reader(io.StringIO(chosen.out.removeprefix("\ufeff"))))
    assert rows[0] == ["model", "rank"]
    assert {row[0].removeprefix("'") for row in rows[1:]} == set(HOSTILE)
    wrong = cli(*board, "--columns", "modl")
    assert wrong.code == 2
    assert "did you mean 'model'" in wrong.err
    assert cli(*board, "-f", "csv").out.startswith("rank,")


@pytest.mark.usefixtures("story")
def test_exported_tables_are_safe_for_spreadsheets_on_request(cli: Run, tmp_path: Path) -> None:
    assert cli("export", "csv", str(tmp_path / "x"), "--excel").code == 0
    assert (tmp_path / "x" / "model.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert cli("export", "parquet", str(tmp_path / "y"), "--excel").code == 2


@pytest.mark.parametrize(
    ("terminal", "paged", "pager", "lines", "goes_through"),
    [
        (True, True, "more", 500, True),
        (True, True, "more", 2, False),
        (True, True, "cat", 500, False),
        (True, True, "", 500, False),
        (True, False, "more", 500, False),
        (False, True, "more", 500, False),
    ],
)
def test_only_long_output_of_a_terminal_goes_through_the_pager(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    terminal: bool,
    paged: bool,
    pager: str,
    lines: int,
    goes_through: bool,
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(click, "echo_via_pager", shown.append)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    monkeypatch.setenv("PAGER", pager)
    page("line\n" * lines, paged=paged)
    assert (bool(shown), bool(capsys.readouterr().out)) == (goes_through, not goes_through)
