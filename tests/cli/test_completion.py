"""Answers to bash, zsh and fish when they complete a command line."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
Asked = Callable[[str], str]

pytestmark = pytest.mark.usefixtures("story")


@pytest.fixture
def ask(cli: Run, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Answer of the command to the variables of a shell."""

    def ask(shell: str, **variables: str) -> str:
        monkeypatch.setenv("_TRACKER_COMPLETE", f"complete_{shell}")
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        answer = cli()
        assert (answer.code, answer.err) == (0, "")
        out: str = answer.out
        return out.rstrip("\n")

    return ask


@pytest.fixture
def bash(ask: Callable[..., str]) -> Asked:
    """What bash gets for a line up to the cursor."""
    return lambda line: ask("bash", COMP_WORDS=line, COMP_CWORD=str(line.count(" ")))


@pytest.fixture
def zsh(ask: Callable[..., str]) -> Asked:
    """What zsh gets for a line up to the cursor, and evaluates."""
    return lambda line: ask("zsh", _TYPER_COMPLETE_ARGS=line)


@pytest.fixture
def fish(ask: Callable[..., str]) -> Asked:
    """What fish gets for a line up to the cursor."""
    action = {"_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    return lambda line: ask("fish", _TYPER_COMPLETE_ARGS=line, **action)


def zsh_spec(*offered: str) -> str:
    return "_arguments '*: :((" + "\n".join(offered) + "))'"


COMMANDS = {
    "leaderboard": "A board on a date: tracker leaderboard...",
    "leaders": "Leads of a board: days, model, margin and...",
}
OPTIONS = {
    "--complete-only": "Only models with a score for every task.",
    "--commercial": "A licence that allows commercial use.",
}
FORMATS = dict.fromkeys(["table", "json", "csv", "markdown"])
GROUP = {
    "install": "Update this home every day, by a systemd...",
    "show": "Show the schedule of this home; exit...",
    "remove": "Remove the schedule of this home.",
    "run": "Stay in the foreground and update every...",
}


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("tracker lead", COMMANDS),
        ("tracker schedule ", GROUP),
        ("tracker leaderboard c-mteb --com", OPTIONS),
        ("tracker leaderboard c-mteb --format ", FORMATS),
        ("tracker leaderboard mteb-en", dict.fromkeys(["mteb-english", "mteb-eng-v2"])),
        ("tracker history c-mteb yard/", dict.fromkeys(["yard/new", "yard/three"])),
        ("tracker model on", {"one": None}),  # of lab/one
        ("tracker compare lab/one 中", {"中文/模型": None}),
    ],
)
def test_every_shell_gets_commands_options_boards_and_models(
    bash: Asked, zsh: Asked, fish: Asked, line: str, offered: dict[str, str | None]
) -> None:
    assert bash(line) == "\n".join(offered)
    assert fish(line) == "\n".join(f"{n}\t{h}" if h else n for n, h in offered.items())
    shown = {n: h and h.replace(":", r"\\:") for n, h in offered.items()}
    assert zsh(line) == zsh_spec(*(f'"{n}":"{h}"' if h else f'"{n}"' for n, h in shown.items()))


def test_a_shell_is_told_that_nothing_fits(
    bash: Asked, zsh: Asked, cli: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert bash("tracker leaderboard none-") == ""
    assert zsh("tracker leaderboard none-") == "_files"
    monkeypatch.setenv("_TRACKER_COMPLETE", "complete_fish")
    monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "is-args")
    codes = {}
    for word in ("none-", "mteb-en"):
        monkeypatch.setenv("_TYPER_COMPLETE_ARGS", f"tracker leaderboard {word}")
        codes[word] = cli().code
    assert codes == {"none-": 1, "mteb-en": 0}


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("MTEB", r"MTEB\(eng,\ v2\)" + "\n" + r"MTEB\(hostile,\ v1\)"),
        ('"MTEB(e', "MTEB(eng, v2)"),
        ("'MTEB(e", "MTEB(eng, v2)"),
        (r"MTEB\(e", ""),
    ],
)
def test_bash_gets_names_that_it_can_insert(bash: Asked, typed: str, offered: str) -> None:
    assert bash(f"tracker leaderboard {typed}") == offered


def test_zsh_and_fish_get_names_that_they_quote_themselves(zsh: Asked, fish: Asked) -> None:
    assert zsh("tracker leaderboard MTEB(e") == zsh_spec('"MTEB(eng, v2)"')
    assert fish("tracker leaderboard MTEB(e") == "MTEB(eng, v2)"


def test_no_shell_gets_a_name_that_could_be_a_command(bash: Asked, zsh: Asked, fish: Asked) -> None:
    every = ["lab/../../etc/passwd", "lab/half", "lab/none", "lab/one", "lab/" + "x" * 300]
    assert bash("tracker model lab/").split("\n") == every
    assert fish("tracker model lab/").split("\n") == every
    assert zsh("tracker model lab/") == zsh_spec(*(f'"{name}"' for name in every))


def test_the_script_for_bash_offers_what_the_command_answers(
    cli: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "tracker"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m tracker "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("_TRACKER_COMPLETE", "source_bash")
    script = cli().out + (
        "\nCOMP_WORDS=(tracker leaderboard MTEB); COMP_CWORD=2\n"
        "_tracker_completion tracker; printf '%s|' \"${COMPREPLY[@]}\"\n"
    )
    monkeypatch.delenv("_TRACKER_COMPLETE")
    done = subprocess.run(
        ["bash", "-c", script],
        env=os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout == r"MTEB\(eng,\ v2\)|MTEB\(hostile,\ v1\)|"
