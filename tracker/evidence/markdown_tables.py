"""Rows and cells of Markdown tables in a document's text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_RULE = re.compile(r"\|(?:\s*:?-{2,}:?\s*\|)+")
_CELL = re.compile(r"[^|]*\|")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with its place in the document's text."""

    start: int
    end: int
    text: str


def rows(text: str, start: int, end: int) -> Iterator[list[Cell]]:
    """Rows of the table ``text[start:end]``, the head first; rows of another width are left out.

    The text has the lines of a table joined by blanks; the rule below the head has as many cells
    as each row.
    """
    rule = _RULE.search(text, start, end)
    if rule is None:
        return
    width = rule[0].count("|") - 1
    yield from _rows(text, start, rule.start(), width)
    yield from _rows(text, rule.end(), end, width)


def _rows(text: str, start: int, end: int, width: int) -> Iterator[list[Cell]]:
    cells = [_cell(text, match) for match in _CELL.finditer(text, start, end)]
    # Each row begins with the empty piece before its first bar.
    for first in range(0, len(cells), width + 1):
        row = cells[first + 1 : first + 1 + width]
        if len(row) < width or cells[first].text:
            return
        yield row


def _cell(text: str, match: re.Match[str]) -> Cell:
    start, end = match.start(), match.end() - 1
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    return Cell(start + left, start + left + len(piece.strip()), piece.strip())
