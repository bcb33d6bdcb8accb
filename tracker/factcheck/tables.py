"""Find statements in tables of Markdown and HTML: a row names a model, a column its values."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from tracker.factcheck.boards import BoardIndex, BoardMention
from tracker.factcheck.claims import Claim, Context
from tracker.factcheck.markup import PlainText
from tracker.factcheck.names import ModelIndex, ModelMention, unknown_names
from tracker.factcheck.number_rules import SCALES
from tracker.factcheck.score_rules import task_types
from tracker.factcheck.vocabulary import LICENCE

MOST_CELLS = 40
"""Cells of a row that are read."""
MOST_ROWS = 5_000
"""Rows of one document that are read; each may state several things, of which 1,000 are judged."""

_DELIMITERS = re.compile(
    r"^[ \t]{0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*){1,100}\|?[ \t]*\r?$", re.M
)
_BORDER = re.compile(r"(?<!\\)\|")
_RANK = re.compile(r"#|rank(?:ing)?|position|place|排名|名次", re.IGNORECASE)
_MEAN = re.compile(
    r"(?:average|avg\.?|mean|overall|score|平均分?|均分|总分|得分)\W*", re.IGNORECASE
)
_NUMBERS = {
    "size": re.compile(r"(?:#? ?(?:model )?(?:param\w*|size)|参数(?:量|规模)?|模型大小)\W*", re.I),
    "dimensions": re.compile(r"(?:(?:embedding )?dim\w*|(?:向量)?维度)\W*", re.I),
    "context": re.compile(
        r"(?:(?:max\w*|context|sequence) ?(?:tokens?|length|window|input)?|最大长度"
        r"|上下文(?:长度)?)\W*",
        re.I,
    ),
}
_LICENCE_HEADER = re.compile(r"licen[cs]e|许可证?|协议", re.IGNORECASE)
_SCORE = re.compile(r"\d{1,2}\.\d{1,4}")
_QUANTITY = re.compile(
    r"(?P<v>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?) ?(?P<u>[BMK])?(?: ?tokens?)?", re.I
)


_ELEMENT = re.compile(r"<(?P<end>/?)(?P<name>table|tr|t[hd])(?:\s[^<>]{0,1000})?>", re.IGNORECASE)


class _Span(NamedTuple):
    """A cell in the plain text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a table."""

    header: tuple[_Span, ...]
    rows: tuple[tuple[_Span, ...], ...]

    @property
    def start(self) -> int:
        """Where its first cell begins in the plain text."""
        return self.header[0].start


def find_tables(source: str, plain: PlainText) -> list[Table]:
    """Find the tables of a document, as positions of its plain text.

    Args:
        source: The document.
        plain: Its plain text.
    """
    found, read, n_rows = [], 0, 0
    for delimiters in _DELIMITERS.finditer(source):
        if delimiters.start() < read:
            continue  # a row of the table before
        begins = source.rfind("\n", 0, max(0, delimiters.start() - 1)) + 1
        header = _cells(source, begins, delimiters.start(), plain)
        rows, at = [], delimiters.end() + 1
        while 0 < at < len(source):
            ends = source.find("\n", at)
            ends = len(source) if ends < 0 else ends
            if not _BORDER.search(source, at, ends):
                break
            if n_rows < MOST_ROWS:
                rows.append(_cells(source, at, ends, plain))
                n_rows += 1
            at = ends + 1
        read = at
        if len(header) > 1 and rows:
            found.append(Table(header, tuple(rows)))
    return [*found, *_html_tables(source, plain)]


def _html_tables(source: str, plain: PlainText) -> Iterator[Table]:
    """Tables of HTML; one inside another ends it."""
    rows: list[list[_Span]] = []
    begins, is_open, n_rows = None, False, 0
    for element in _ELEMENT.finditer(source):
        name, closes = element["name"].lower(), bool(element["end"])
        if begins is not None and rows and len(rows[-1]) < MOST_CELLS:
            rows[-1].append(_shown(plain, begins, element.start()))
        begins = None
        if name == "table":
            if is_open and closes and len(rows) > 1 and len(rows[0]) > 1:
                yield Table(tuple(rows[0]), tuple(tuple(row) for row in rows[1:] if row))
            rows, is_open = [], not closes
        elif is_open and not closes and n_rows < MOST_ROWS:
            if name == "tr":
                rows.append([])
                n_rows += 1
            else:
                begins = element.end()


def _cells(source: str, start: int, end: int, plain: PlainText) -> tuple[_Span, ...]:
    """The cells of one line; one that shows nothing has no length."""
    line = source[start:end].rstrip()
    borders = [start + match.start() for match in _BORDER.finditer(line)]
    edges = [start - 1, *borders, start + len(line)]
    if borders and not source[start : borders[0]].strip():
        edges = edges[1:]
    if len(edges) > 1 and edges[-1] - edges[-2] <= 1:
        edges = edges[:-1]
    spans = []
    for left, right in pairwise(edges[: MOST_CELLS + 1]):
        spans.append(_shown(plain, left + 1, right))
    return tuple(spans)


def _shown(plain: PlainText, start: int, end: int) -> _Span:
    """What a part of the document shows, without blanks at its ends."""
    first, last = bisect_left(plain.offsets, start), bisect_left(plain.offsets, end)
    while first < last and plain.text[first].isspace():
        first += 1
    while last > first and plain.text[last - 1].isspace():
        last -= 1
    return _Span(first, max(first, last))


@dataclass(frozen=True, slots=True)
class _Column:
    """What the cells of a column are."""

    kind: str
    board: BoardMention | None = None
    part: str | None = None
    scale: float = 1


def find_table_claims(
    table: Table,
    text: str,
    context: Context,
    models: ModelIndex,
    boards: BoardIndex,
    tasks: frozenset[str],
) -> Iterator[Claim]:
    """Statements of a table whose rows name one model each.

    Args:
        table: The table.
        text: The plain text.
        context: What was said before it.
        models: Names of models.
        boards: Names of boards.
        tasks: Names of all tasks of the catalog.
    """
    columns = [_column(text, cell, context, boards, tasks) for cell in table.header]
    for row in table.rows:
        found = _model(text, row, models)
        if found is None:
            continue
        place, model = found
        for at, (column, cell) in enumerate(zip(columns, row, strict=False)):
            if column is not None and at != place:
                yield from _claim(text[slice(*cell)], cell, column, model, context)


def _model(
    text: str, row: tuple[_Span, ...], models: ModelIndex
) -> tuple[int, ModelMention] | None:
    """The first cell that is the name of one model, and the model."""
    for place, cell in enumerate(row[:3]):
        known = list(models.mentions(text, *cell))
        named = known or list(unknown_names(text, *cell))
        if len(named) == 1 and named[0].end - named[0].start >= 0.6 * (cell.end - cell.start):
            return place, named[0]
    return None


def _column(
    text: str, cell: _Span, context: Context, boards: BoardIndex, tasks: frozenset[str]
) -> _Column | None:
    """What a header says of its column; ``None`` where that is not clear."""
    title = text[slice(*cell)]
    named = list(boards.mentions(text, *cell))
    board = named[0] if len(named) == 1 else None if named else context.board
    rest = title if not named else title.replace(named[0].name, " ").strip()
    if len(named) > 1:
        return None
    if _RANK.fullmatch(rest.strip(" ()")):
        return _Column("rank", board) if board else None
    for kind, words in _NUMBERS.items():
        if match := words.match(rest):
            unit = re.match(r"\(?([BMK])\b", rest[match.end() :].lstrip(" ("), re.IGNORECASE)
            return _Column(kind, scale=SCALES[unit[1].casefold()] if unit else 1)
    if _LICENCE_HEADER.fullmatch(rest):
        return _Column("licence")
    if board is None:
        return None
    types = task_types(rest)
    if rest in tasks:
        return _Column("score", board, rest)
    if len(types) == 1 and len(rest) <= 40:
        return _Column("score", board, types.pop())
    is_mean = _MEAN.fullmatch(rest) or (named and not re.search(r"\w{4}", rest))
    return _Column("score", board) if is_mean and not types else None


def _claim(
    written: str, cell: _Span, column: _Column, model: ModelMention, context: Context
) -> Iterator[Claim]:
    value: str | float
    digits, scale = len(written.partition(".")[2]), 1.0
    if column.kind == "score" and _SCORE.fullmatch(written):
        value = float(written)
    elif column.kind == "rank" and re.fullmatch(r"#?\d{1,3}", written):
        value, digits = int(written.lstrip("#")), 0
    elif column.kind == "licence" and re.fullmatch(LICENCE, written, re.IGNORECASE):
        value, digits = written, 0
    elif column.kind in _NUMBERS and (match := _QUANTITY.fullmatch(written)):
        unit = SCALES.get((match["u"] or "").casefold(), 1.0)
        scale = unit if match["u"] else column.scale
        if column.kind == "size" and scale < 1e6 and float(match["v"].replace(",", "")) < 1e6:
            return  # millions or billions: not said
        value = float(match["v"].replace(",", "")) * scale
        digits = len(match["v"].partition(".")[2])
    else:
        return
    yield Claim(
        kind=column.kind,
        start=cell.start,
        end=cell.end,
        value=value,
        value_at=cell,
        model=model,
        board=column.board,
        period=context.period,
        part=column.part,
        digits=digits,
        scale=scale,
    )
