"""The man page ``tracker(1)``, written from the commands and settings themselves."""

from __future__ import annotations

from collections.abc import Iterator

from tracker import __version__
from tracker.cli.command_tree import Command, command_tree
from tracker.common.paths import CHECKOUT
from tracker.settings import Settings

PATH = CHECKOUT / "share/man/man1/tracker.1"
"""Where a checkout keeps the page; the wheel installs it below ``share/man/man1``."""

_ABOUT = "which text-embedding model leads, since when, and why"
_EXAMPLES = (
    ("Who leads today", "tracker leaderboard mteb-english"),
    ("Who led on a day of the past", "tracker leaderboard c-mteb --as-of 2024-10-22"),
    ("Rank of a model over time", "tracker history mteb-english bge-m3"),
    ("Fetch, load and build the site every day", "tracker schedule install --at 05:17"),
)


def manual() -> str:
    """Return the page in the macros of man(7)."""
    lines = [
        '.\\" Written by "make docs" from the code; do not edit.',
        f'.TH TRACKER 1 "" "embedding-tracker {__version__}" "User Commands"',
        ".SH NAME",
        f"tracker \\- {_text(_ABOUT)}",
        ".SH SYNOPSIS",
        ".B tracker",
        "COMMAND [ARGUMENT ...] [OPTION ...]",
        ".br",
        ".B tracker",
        "COMMAND \\-\\-help",
        ".SH DESCRIPTION",
        *_paragraphs(
            "The Embedding Tracker keeps the history of text-embedding leaderboards and answers"
            " questions about any day. Its commands read one catalog in the home folder; a starter"
            " with all main boards ships with it. Results go to stdout, messages to stderr."
        ),
        ".SH COMMANDS",
    ]
    for command in command_tree():
        lines += _command(command)
    lines += [
        ".SH EXIT STATUS",
        *_entry("0", "Done."),
        *_entry("1", "The thing asked for is not there, or a source failed."),
        *_entry("2", "Wrong usage."),
        ".SH ENVIRONMENT",
        *_paragraphs(
            "Each variable can also be a key in tracker.toml in the home folder: the part after"
            " TRACKER_, in lower case. The environment wins."
        ),
    ]
    for name, field in Settings.model_fields.items():
        lines += _entry(f"TRACKER_{name.upper()}", field.description or "")
    lines.append(".SH EXAMPLES")
    for about, example in _EXAMPLES:
        lines += [".PP", _text(f"{about}:"), ".PP", ".RS 4", ".nf", _text(example), ".fi", ".RE"]
    return "\n".join(lines) + "\n"


def _command(command: Command) -> Iterator[str]:
    yield f'.SS "{_text(command.usage)}"'
    yield from _paragraphs(command.about)
    for names, about in command.parameters:
        yield from _entry(names.replace("/", ", "), about)


def _entry(name: str, about: str) -> Iterator[str]:
    yield from (".TP", f".B {_text(name)}", _text(about) or "\\&")


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in text.split("\n\n"):
        yield ".PP"
        yield _text(paragraph)


def _text(text: str) -> str:
    """Escape a text to one line of roff: a dot or quote at its beginning would be a request."""
    line = " ".join(text.replace("``", "").split())
    line = line.replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq")
    return f"\\&{line}" if line[:1] in (".", "'") else line
