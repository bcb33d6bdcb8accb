"""Split a model card's Markdown into passages: paragraphs, list items, tables, code blocks."""

from __future__ import annotations

import re

from tracker.evidence.records import Document, Passage, Role
from tracker.evidence.section_roles import role_of_section

_HEADING = re.compile(r"(#{1,6})[ \t]+(.*)")
_FENCE = re.compile(r"[ \t]*(```+|~~~+)")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|[0-9]{1,3}[.)])[ \t]+")
_PLAN = re.compile(r"\[ ?\][ \t]")
"""An unticked box: a plan."""
_TAG = re.compile(r"<[^<>]{1,400}>")
_LINK = re.compile(r"!?\[([^\[\]]{0,300})\]\([^()\s]{0,500}\)")
_TABLE_ROW = re.compile(r"[ \t]*\|.*\|[ \t]*$")
_COMMENT = (re.compile("<!--"), re.compile("-->"))
_HTML_TABLE = (re.compile(r"<table\b", re.IGNORECASE), re.compile("</table>", re.IGNORECASE))
LONGEST_CARD = 500_000
"""Characters of a card that are read, several times what the longest real ones have."""
LONGEST_PASSAGE = 20_000
"""Characters; a line that goes on for longer is cut, and a paragraph is read in parts."""


def card_document(model: str, source: str, markdown: str) -> Document:
    """Convert a card to a document; its text has no link targets, HTML or comments.

    Args:
        model: Public id of the model whose card it is.
        source: Address of the card.
        markdown: The card without its front matter.
    """
    reader = _Reader()
    shown = _without(_HTML_TABLE, _without(_COMMENT, markdown[:LONGEST_CARD]))
    for line in shown.splitlines():
        reader.line(line)
    reader.flush()
    return Document(model, "card", source, "".join(reader.parts), tuple(reader.passages))


class _Reader:
    """Collects lines into passages of a growing text."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.passages: list[Passage] = []
        self._length = 0
        self._open: list[str] = []
        self._held = 0
        self._role: Role | None = None
        self._headings: list[tuple[int, str]] = []
        self._fence = ""

    def line(self, line: str) -> None:
        """Add the next line of the card."""
        line = line[:LONGEST_PASSAGE]
        self._held += len(line)
        if self._held > LONGEST_PASSAGE and self._open:
            role = self._role
            self.flush()
            self._role, self._held = role, len(line)
        fence = _FENCE.match(line)
        if self._fence:
            if fence and fence[1].startswith(self._fence):
                self._fence = ""
                self.flush()
            else:
                self._open.append(line.rstrip())
        elif fence:
            self._begin("code")
            self._fence = fence[1]
        elif heading := _HEADING.match(line):
            self._heading(len(heading[1]), _plain(heading[2].rstrip(" \t#")))
        elif not line.strip():
            self.flush()
        elif _TABLE_ROW.match(line):
            if self._role != "table":
                self._begin("table")
            self._open.append(_plain(line))
        elif item := _ITEM.match(line):
            self._begin("usage" if _PLAN.match(line, item.end()) else "list")
            self._open.append(_plain(line[item.end() :]))
        else:
            if self._role in (None, "table"):
                self._begin("method")
            self._open.append(_plain(line))

    def _begin(self, role: Role) -> None:
        self.flush()
        self._role = role

    def _heading(self, level: int, title: str) -> None:
        self.flush()
        self._headings = [(n, t) for n, t in self._headings if n < level] + [(level, title)]

    def flush(self) -> None:
        """Close the passage that is open."""
        role, self._role = self._role, None
        separator = "\n" if role == "code" else " "
        text = separator.join(part for part in self._open if part)
        self._open.clear()
        self._held = 0
        if not text or role is None:
            return
        title = " / ".join(t for _, t in self._headings)
        of_section = role_of_section([t for _, t in self._headings])
        if role in ("method", "list") and of_section != "method":
            role = of_section
        self.passages.append(Passage(self._length, self._length + len(text), title, role))
        self.parts += (text, "\n\n")
        self._length += len(text) + 2


def _without(marks: tuple[re.Pattern[str], re.Pattern[str]], text: str) -> str:
    """Remove everything between two marks.

    One expression for both would take quadratic time on a text with many opening marks.
    """
    begins, ends = marks
    kept, at = [], 0
    while (begin := begins.search(text, at)) and (end := ends.search(text, begin.end())):
        kept.append(text[at : begin.start()])
        at = end.end()
    return "".join((*kept, text[at:]))


def _plain(line: str) -> str:
    """The words of a line, without Markdown and HTML."""
    text = _LINK.sub(r"\1", _LINK.sub(r"\1", line))  # an image may be inside a link
    text = _TAG.sub(" ", text)
    return " ".join(text.replace("**", "").replace("__", "").replace("`", "").split())
