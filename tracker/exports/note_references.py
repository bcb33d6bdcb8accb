"""Numbered sources of a note, and its text escaped for Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tracker.errors import one_line

_VERSION = re.compile(r"(?<=\d)v\d+$")


class References:
    """Numbered sources, in the order in which they are first cited."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._titles: dict[str, str] = {}

    def cite(self, urls: Iterable[str]) -> str:
        """Return the numbers of sources in brackets."""
        numbers = [self._numbers.setdefault(url, len(self._numbers) + 1) for url in urls]
        return "".join(f"[{number}]" for number in dict.fromkeys(numbers))

    def title(self, url: str, title: str | None) -> None:
        """Set the title of an address."""
        if title:
            self._titles.setdefault(url, title)

    def lines(self, colon: str) -> list[str]:
        """Return the list of sources."""
        return [
            f"{number}. {escaped(title)}{colon}<{_bare(url)}>"
            if title
            else f"{number}. <{_bare(url)}>"
            for url, number in self._numbers.items()
            # A receipt cites a version of a paper; the title belongs to the paper.
            for title in [self._titles.get(url) or self._titles.get(_VERSION.sub("", url))]
        ]


def _bare(url: str) -> str:
    """An address between angle brackets, which it must not end."""
    return one_line(url).replace("<", "%3C").replace(">", "%3E")


def escaped(text: str) -> str:
    """Escape a text of one line for Markdown, without control characters."""
    folded = one_line(text)
    for mark in "\\`*_[]<>|#":
        folded = folded.replace(mark, f"\\{mark}")
    return folded
