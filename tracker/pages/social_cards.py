"""Open Graph preview images: a board's name and its top models.

Both languages share one image without Chinese text, because not every machine that builds the
site has Chinese fonts.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from importlib.metadata import version

import vl_convert

from tracker.answers.boards import Leaderboard
from tracker.insights.references.boards import state_day
from tracker.pages.language.filters import plain, score

_WIDTH, _HEIGHT, _LEFT = 1200, 630, 80
_SHOWN = 5
_INK, _QUIET, _PAPER, _MARK = "#23211d", "#5d5a53", "#fbfaf7", "#0072b2"


def board_card(state: Leaderboard) -> str:
    """Return the image of a board as SVG: its top models and its day."""
    ranked = [row for row in state.rows if row.rank is not None][:_SHOWN]
    lines = [
        (f"{row.rank}", _short(row.label, 38), score(row.mean_task) if row.mean_task else "")
        for row in ranked
    ]
    return _card(plain(state.edition.name), f"As of {state_day(state)}", lines)


def home_card() -> str:
    """Return the image, as SVG, of every page that has none of its own."""
    lines = [
        ("1", "Which text-embedding models lead?", ""),
        ("2", "Since when, and why?", ""),
        ("3", "How do we know?", ""),
    ]
    return _card("Embedding Tracker", "", lines)


def _short(text: str, most: int) -> str:
    line = plain(text)
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _card(title: str, note: str, lines: Iterable[tuple[str, str, str]]) -> str:
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}"'
        ' font-family="sans-serif">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="{_PAPER}"/>',
        f'<rect width="16" height="{_HEIGHT}" fill="{_MARK}"/>',
        _text(_LEFT, 130, 58, _INK, _short(title, 32), "bold"),
        _text(_LEFT, 185, 28, _QUIET, note),
    ]
    for number, (rank, name, value) in enumerate(lines):
        y = 270 + number * 62
        parts += [
            _text(_LEFT, y, 36, _MARK, rank, "bold"),
            _text(_LEFT + 60, y, 36, _INK, name),
            _text(_WIDTH - 230, y, 36, _INK, value),
        ]
    parts += [_text(_LEFT, _HEIGHT - 30, 24, _QUIET, "Embedding Tracker"), "</svg>"]
    return "".join(parts)


def _text(x: int, y: int, size: int, colour: str, words: str, weight: str = "normal") -> str:
    place = f'x="{x}" y="{y}" font-size="{size}" font-weight="{weight}" fill="{colour}"'
    return f"<text {place}>{escape(words)}</text>"


def png(svg: str) -> bytes:
    """Render a card as PNG."""
    return vl_convert.svg_to_png(svg)


def drawn_by() -> bytes:
    """Return the version of the library that renders cards."""
    return f"vl-convert {version('vl-convert-python')}".encode()
