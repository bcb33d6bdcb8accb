"""Tables and cards as plain text, by the columns that characters take in a terminal."""

from __future__ import annotations

import re
import shutil
import sys
import unicodedata
from collections.abc import Iterator, Sequence

LONGEST_CELL = 1000
"""Columns of a terminal that a cell of a table takes at most, whatever the data hold."""
PIPE_PADDING = 60
"""Columns to which cells are padded at most in a pipe; longer ones are whole and not aligned."""
PIPE_WIDTH = 100
"""Columns of wrapped tables and cards in a pipe or file."""
NARROWEST = 40
"""Columns of wrapped tables and cards at least, however narrow the terminal."""

_PART = re.compile(r"\s+|[^\s\u2e80-\u9fff\uff00-\uffef]+|.", re.DOTALL)


def text_width(text: str) -> int:
    """Columns that a text takes in a terminal: East Asian wide characters take two."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def page_width() -> int:
    """Columns of the terminal, or those of a pipe."""
    if not sys.stdout.isatty():
        return PIPE_WIDTH
    return max(NARROWEST, shutil.get_terminal_size().columns)


def clip(text: str, width: int) -> str:
    """Cut a text to some columns; an ellipsis says so."""
    if len(text) <= 3 * width and text_width(text) <= width:
        return text
    kept = ""
    for character in text:
        if text_width(kept + character) > width - 1:
            break
        kept += character
    return kept + "…"


def wrap(text: str, width: int) -> list[str]:
    """Break a text into lines of at most some columns: at blanks, and between Chinese characters.

    A word that is longer than a line is broken anywhere.
    """
    lines = [""]
    for part in _PART.findall(text):
        if text_width(lines[-1] + part.rstrip()) <= width:
            lines[-1] += part
            continue
        rest = part.lstrip()
        if rest and text_width(rest) > width:
            for character in rest:
                if text_width(lines[-1] + character) > width:
                    lines.append("")
                lines[-1] += character
        elif rest:
            lines.append(rest)
    return [line.rstrip() for line in lines]


def table(columns: Sequence[str], cells: list[list[str]], right: list[bool]) -> str:
    """Lay out a table with a line for each row; in a terminal cells are cut to its width."""
    widths = _natural(columns, cells)
    if sys.stdout.isatty():
        widths = _narrowed(widths, shutil.get_terminal_size().columns)
        cut = widths
    else:
        # Only a terminal has an edge; a pipe gets whole values, up to the limit.
        cut, widths = widths, [min(width, PIPE_PADDING) for width in widths]

    def line(row: Sequence[str]) -> str:
        shown = (clip(text, most) for text, most in zip(row, cut, strict=True))
        return _joined(shown, widths, right)

    rule = "  ".join("─" * width for width in widths) + "\n"
    return line(columns) + rule + "".join(map(line, cells))


def wrapped_table(columns: Sequence[str], cells: list[list[str]], right: list[bool]) -> str:
    """Lay out a table that fits the page: long cells go on in further lines."""
    widths = _narrowed(_natural(columns, cells), page_width())
    rule = "  ".join("─" * width for width in widths) + "\n"
    text = _joined((clip(c, w) for c, w in zip(columns, widths, strict=True)), widths, right) + rule
    for row in cells:
        parts = [wrap(cell, width) for cell, width in zip(row, widths, strict=True)]
        for place in range(max(map(len, parts))):
            line = (lines[place] if place < len(lines) else "" for lines in parts)
            text += _joined(line, widths, right)
    return text


def card(sections: Sequence[tuple[str, Sequence[tuple[str, str, str]]]]) -> str:
    """Lay out a card.

    Args:
        sections: Each with a heading, and rows of a label, its text, and a remark below it.
    """
    width = page_width()
    labels = [text_width(label) for _, rows in sections for label, _, _ in rows]
    indent = min(max(labels, default=0), width // 3) + 4
    return "\n".join(
        f"{heading}\n" + "".join(_card_row(row, indent, width) for row in rows)
        for heading, rows in sections
    )


def _card_row(row: tuple[str, str, str], indent: int, width: int) -> str:
    label, text, remark = row
    lines = wrap(text, width - indent)
    if remark:
        lines += ["  " + line for line in wrap(remark, width - indent - 2)]
    head = "  " + clip(label, indent - 4)
    lines[0] = head + " " * (indent - text_width(head)) + lines[0]
    return lines[0].rstrip() + "\n" + "".join(" " * indent + line + "\n" for line in lines[1:])


def markdown(columns: Sequence[str], cells: list[list[str]], right: list[bool]) -> str:
    """Lay out a Markdown table."""

    def escape(text: str) -> str:
        for character in "\\|`*_[]<>":
            text = text.replace(character, "\\" + character)
        return text

    head = "| " + " | ".join(map(escape, columns)) + " |\n"
    rule = "| " + " | ".join("---:" if r else "---" for r in right) + " |\n"
    return head + rule + "".join("| " + " | ".join(map(escape, row)) + " |\n" for row in cells)


def _natural(columns: Sequence[str], cells: list[list[str]]) -> list[int]:
    return [
        min(LONGEST_CELL, max(text_width(name), *(text_width(row[i]) for row in cells), 1))
        if cells
        else text_width(name)
        for i, name in enumerate(columns)
    ]


def _narrowed(widths: list[int], room: int) -> list[int]:
    """Take columns from the widest ones until all fit, or none is wide any more."""
    widths = list(widths)
    while room and sum(widths) + 2 * (len(widths) - 1) > room and max(widths) > 12:
        widths[widths.index(max(widths))] -= 1
    return widths


def _joined(cells: Iterator[str], widths: list[int], right: list[bool]) -> str:
    parts = []
    for text, width, to_right in zip(cells, widths, right, strict=True):
        padding = " " * (width - text_width(text))
        parts.append(padding + text if to_right else text + padding)
    return "  ".join(parts).rstrip() + "\n"
