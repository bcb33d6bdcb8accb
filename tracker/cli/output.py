"""Frames to stdout, in the four formats of every reading command."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from tracker.answers.layouts import Listing
from tracker.cli.pager import page
from tracker.cli.text_tables import card, markdown, table, wrapped_table
from tracker.common.text import did_you_mean
from tracker.common.times import utc_text
from tracker.errors import UsageError

if TYPE_CHECKING:
    import polars as pl


class Format(StrEnum):
    """How a result is printed."""

    table = "table"
    json = "json"
    csv = "csv"
    markdown = "markdown"


@dataclass
class OutputOptions:
    """What the options that all reading commands share ask for."""

    columns: tuple[str, ...] = ()
    """Columns to print instead of the usual ones."""
    excel: bool = False
    """Whether CSV is for a spreadsheet."""
    pager: bool = True


OPTIONS = OutputOptions()
"""Those of the command that runs."""


def show(
    answer: Listing | pl.DataFrame,
    format_: Format,
    *,
    columns: Sequence[str] | None = None,
    wrapped: bool = False,
) -> None:
    """Print a listing or frame.

    Args:
        answer: What to print. A listing becomes a frame for CSV and ``--columns`` alone, since
            polars takes an eighth of the time of most commands to import.
        format_: How. JSON and CSV have all columns.
        columns: Which columns a table or Markdown shows; all of them by default.
        wrapped: Whether long cells of a table go on in further lines, so that it fits the page.

    Raises:
        UsageError: ``--columns`` names a column that is not there.
    """
    from tracker.exports.frames import columns_json, frame_csv, plain_columns

    if isinstance(answer, Listing) and (OPTIONS.columns or format_ is Format.csv):
        answer = answer.frame()
    if isinstance(answer, Listing):
        values = answer.columns
        numbers = {name for name, kind in answer.types.items() if kind.is_number}
    else:
        if OPTIONS.columns:
            answer = _chosen(answer, OPTIONS.columns)
            columns = OPTIONS.columns
        if format_ is Format.csv:
            sys.stdout.buffer.write(frame_csv(answer, excel=OPTIONS.excel))
            sys.stdout.flush()
            return
        values = plain_columns(answer)
        numbers = {name for name, kind in answer.schema.items() if kind.is_numeric()}
    if format_ is Format.json:
        sys.stdout.buffer.write(columns_json(values))
    else:
        shown = columns or list(values)
        cells = [[cell_text(v, name) for v in values[name]] for name in shown]
        rows = list(map(list, zip(*cells, strict=True)))
        right = [name in numbers for name in shown]
        if format_ is Format.markdown:
            sys.stdout.write(markdown(shown, rows, right))
        else:
            layout = wrapped_table if wrapped else table
            page(layout(shown, rows, right), paged=OPTIONS.pager)
    sys.stdout.flush()


def _chosen(frame: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Columns of a frame by name, also fields of objects.

    Raises:
        UsageError: There is no such column.
    """
    from tracker.exports.frames import flat

    flattened = flat(frame)
    known = list(dict.fromkeys([*frame.columns, *flattened.columns]))
    for name in columns:
        if name not in known:
            raise UsageError(f"no column {name!r}", remedy=did_you_mean(name, known))
    return frame.hstack([c for c in flattened if c.name not in frame.columns]).select(columns)


def show_card(sections: Sequence[tuple[str, Sequence[tuple[str, str, str]]]]) -> None:
    """Print a card: sections with a heading, and rows of label, text and remark."""
    safe = [(head, [(_safe(a), _safe(b), _safe(c)) for a, b, c in rows]) for head, rows in sections]
    page(card(safe), paged=OPTIONS.pager)
    sys.stdout.flush()


def cell_text(value: Any, name: str) -> str:
    """Return a value as people read it, safe for a terminal."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, int) and name in ("parameters", "active_parameters"):
        return f"{value / 1e9:.2f}B" if value >= 1e9 else f"{value / 1e6:.0f}M"
    if isinstance(value, dict):
        return _safe(" ".join(f"{k} {v:.2f}" for k, v in value.items() if v is not None))
    if isinstance(value, list):
        return _safe(", ".join(map(str, value)))
    if isinstance(value, datetime):
        return utc_text(value)
    return _safe(str(value))


def _safe(text: str) -> str:
    """Drop control and direction marks."""
    return "".join(c for c in text if unicodedata.category(c)[0] != "C")


def check_language(language: str) -> None:
    """Refuse a language that the tracker does not speak."""
    if language not in ("en", "zh"):
        raise UsageError(f"no language {language!r}", remedy="write en or zh")


def say(text: str) -> None:
    """Talk: one line on stderr, without the control characters that names may have."""
    sys.stderr.write(_safe(text) + "\n")
    sys.stderr.flush()
