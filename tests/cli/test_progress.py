"""How far long work has come is shown on a terminal, and nowhere else."""

from __future__ import annotations

import io
import sys

import pytest

from tracker.cli.progress import shown_progress


class Terminal(io.StringIO):
    """What claims to be a terminal."""

    def isatty(self) -> bool:
        return True


def say_something() -> None:
    with shown_progress() as progress:
        progress("reading files", 1, 4)
        progress("reading files", 4, 4)
        progress("fetching", 0, 0)


def test_a_terminal_shows_what_is_done_and_how_much_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    say_something()
    assert "reading files" in terminal.getvalue()
    assert "fetching" in terminal.getvalue()


def test_where_there_is_no_terminal_there_is_silence(capsys: pytest.CaptureFixture[str]) -> None:
    say_something()
    assert capsys.readouterr() == ("", "")
