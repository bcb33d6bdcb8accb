"""Frames to stdout, in the four formats of every reading command."""

from __future__ import annotations

import shutil
import sys
import unicodedata
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from tracker.errors import UsageError

if TYPE_CHECKING:
    import polars as pl


class Format(StrEnum):
    """How a result is printed."""

    table = "table"
    json = "json"
    csv = "csv"
    markdown = "markdown"


def show(frame: pl.DataFrame, format_: Format, *, columns: Sequence[str] | None = None) -> None:
    """Print a frame.

    Args:
        frame: What to print.
        format_: How. JSON and CSV have all columns.
        columns: Which columns a table or Markdown shows; all of them by default.
    """
    # Polars is imported by whoever made the frame; the help text does without it.
    from tracker.exports.frames import frame_csv, frame_json

    if format_ is Format.json:
        sys.stdout.buffer.write(frame_json(frame))
    elif format_ is Format.csv:
        sys.stdout.buffer.write(frame_csv(frame))
    else:
        chosen = frame.select(columns) if columns else frame
        cells = [[_cell(v, n) for n, v in row.items()] for row in chosen.to_dicts()]
        right = [dtype.is_numeric() for dtype in chosen.dtypes]
        if format_ is Format.markdown:
            sys.stdout.write(_markdown(chosen.columns, cells, right))
        else:
            sys.stdout.write(_table(chosen.columns, cells, right))
    sys.stdout.flush()


def _cell(value: Any, name: str) -> str:
    """A value as people read it, safe for a terminal: control and direction marks are dropped."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, int) and name in ("parameters", "active_parameters"):
        return f"{value / 1e9:.2f}B" if value >= 1e9 else f"{value / 1e6:.0f}M"
    if isinstance(value, dict):
        return " ".join(f"{k} {v:.2f}" for k, v in value.items() if v is not None)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "".join(c for c in str(value) if unicodedata.category(c)[0] != "C")


def _width(text: str) -> int:
    """Columns that a text takes in a terminal: East Asian wide characters take two."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def _clip(text: str, width: int) -> str:
    if len(text) <= 3 * width and _width(text) <= width:
        return text
    kept = ""
    for character in text:
        if _width(kept + character) > width - 1:
            break
        kept += character
    return kept + "…"


LONGEST_CELL = 1000
"""Columns of a terminal that a cell of a table takes at most, whatever the data hold."""


def _table(columns: list[str], cells: list[list[str]], right: list[bool]) -> str:
    widths = [
        min(LONGEST_CELL, max(_width(name), *(_width(row[i]) for row in cells), 1))
        if cells
        else _width(name)
        for i, name in enumerate(columns)
    ]
    # Only a terminal has an edge; a pipe gets whole values, up to the limit.
    room = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
    while room and sum(widths) + 2 * (len(widths) - 1) > room and max(widths) > 12:
        widths[widths.index(max(widths))] -= 1

    def line(row: Sequence[str]) -> str:
        parts = []
        for text, width, to_right in zip(row, widths, right, strict=True):
            shown = _clip(text, width)
            padding = " " * (width - _width(shown))
            parts.append(padding + shown if to_right else shown + padding)
        return "  ".join(parts).rstrip() + "\n"

    rule = "  ".join("─" * width for width in widths) + "\n"
    return line(columns) + rule + "".join(map(line, cells))


def _markdown(columns: list[str], cells: list[list[str]], right: list[bool]) -> str:
    def escape(text: str) -> str:
        for character in "\\|`*_[]<>":
            text = text.replace(character, "\\" + character)
        return text

    head = "| " + " | ".join(map(escape, columns)) + " |\n"
    rule = "| " + " | ".join("---:" if r else "---" for r in right) + " |\n"
    return head + rule + "".join("| " + " | ".join(map(escape, row)) + " |\n" for row in cells)


def check_language(language: str) -> None:
    """Refuse a language that the tracker does not speak."""
    if language not in ("en", "zh"):
        raise UsageError(f"no language {language!r}", remedy="write en or zh")


def say(text: str) -> None:
    """Talk: one line on stderr."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
