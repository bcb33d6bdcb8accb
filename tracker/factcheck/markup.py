"""Convert Markdown, HTML or plain text to plain sentences that know where they came from.

Every step is linear in the length of the text: what is never closed is looked for once, and no
pattern can run past a bounded number of characters.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

LONGEST_SENTENCE = 1000
"""Characters; a longer one is cut at a blank."""

SHORTEST_SENTENCE = 6
"""Characters below which nothing can be stated."""

_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.{0,20000}?)^---[ \t]*\r?$", re.S | re.M)
_HTML = re.compile(
    r"<(?:!doctype html|html|head|body|div|p|article|section|h[1-6])\b[^<>]{0,500}>", re.I
)
_TOKEN = re.compile(
    r"(?P<comment><!--)"
    r"|(?P<raw><(?P<element>script|style|pre|code|textarea|svg|math|template)\b[^<>]{0,2000}>)"
    r"|(?P<fence>^[ ]{0,3}(?P<mark>```|~~~)[^\n]{0,200}$)"
    r"|(?P<tag></?(?P<name>[a-zA-Z][\w:-]{0,40})(?:[\s/][^<>]{0,2000})?>)"
    r"|(?P<entity>&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z]\w{1,30});)"
    r"|(?P<target>\]\([^()\n]{0,2000}(?:\([^()\n]{0,200}\)[^()\n]{0,200})?\))"
    r"|(?P<query>\?[\w.-]{1,40}=[^\s`\"'<>()|]{0,1000})"
    r"|(?P<footnote>\[(?:\^[\w.-]{1,40}|\d{1,3})\](?![\w(]))"
    r"|(?P<escape>\\(?=[\\`*_{}\[\]()#+.!|~>-]))"
    r"|(?P<emphasis>\*{1,3}|`{1,2}|__|~~|!?\[|\])"
    r"|(?P<block>\n(?=[ \t]{0,8}(?:\n|\r|#{1,6} |[-*+] |\d{1,3}[.)] |>|\||:?-{3}|={3}"
    r"|[\w.-]{1,40}:(?:[ \t\r\n]|$))))"
    r"|(?P<cell>[ \t]*\|[ \t]*)"
    r"|(?P<space>[^\S\n ][^\S\n]*| {2,}[^\S\n]*|\n)",
    re.M,
)
_UNSEEN = frozenset({"target", "query", "escape", "emphasis", "footnote"})
"""Markup that shows nothing, and what an address asks for, which states nothing."""
_LINE_MARK = re.compile(r"[ \t]*(?:#{1,6} |[-*+] |>[ \t]?|\d{1,3}[.)] |:?-{3,}:?|={3,})+")
_INLINE = frozenset(
    {
        "a", "abbr", "b", "bdi", "bdo", "cite", "del", "dfn", "em", "font", "i", "ins", "kbd",
        "mark", "q", "s", "small", "span", "strong", "sub", "sup", "u", "var", "wbr",
    }
)  # fmt: skip
_FOLDED = {
    ord(wide): plain
    for wide, plain in zip("“”„‘’－–—−‐‑％（）：＃．，；", '"""\'\'------%():#.,;', strict=True)
}
_SENTENCE_END = re.compile(
    r"(?<=[.!?])(?<!\b[A-Z]\.)(?<!\bNo\.)(?<!\bno\.)(?<!\bvs\.)(?<!\bal\.)(?<!e\.g\.)(?<!i\.e\.)(?<!\bFig\.)"
    r"(?<!\bca\.)(?<!rox\.)(?<!\bSec\.)(?<!\bcf\.)(?<!\bEq\.)"
    r"[\"')\]]{0,3} |(?<=[。！？])[。！？]*[」』\")]{0,2}|\n+"
)
_IDEOGRAPH = re.compile(r"[\u3400-\u9fff]")
_SEAM = re.compile(r"(?<=[\u3400-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[\u3400-\u9fff])")
"""Between a Chinese character and a Latin letter or digit, where many writers put no blank."""


@dataclass(frozen=True, slots=True)
class PlainText:
    """The words of a text with the position of each character in the source."""

    text: str
    """Blanks are single, and stand between Chinese and Latin writing; a line break ends a
    paragraph, list item, heading or table cell."""
    offsets: array[int]
    """Position in the source, one for each character, and the length of the source."""
    front_matter: str
    """YAML at the beginning of a Markdown document."""
    levels: dict[int, int]
    """Kind of each block by its position in ``text``: 1 to 6 for a heading, 0 for a list item; a
    paragraph has none."""
    numbers: dict[int, int]
    """Number of each item of a numbered list by its position in ``text``."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Convert a span of ``text`` to one of the source, without blanks at its ends."""
        while start < end and self.text[start] == " ":
            start += 1
        while start < end and self.text[end - 1] == " ":
            end -= 1
        if end <= start:
            return self.offsets[start], self.offsets[start]
        return self.offsets[start], self.offsets[end - 1] + 1


class _Writer:
    """Collects plain characters with their positions; blanks and breaks are never doubled."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.offsets = array("l")
        self.last = "\n"
        self.levels: dict[int, int] = {}
        self.numbers: dict[int, int] = {}
        self.lists: list[int | None] = []
        """Items so far of the open lists of HTML; ``None`` for a list without numbers."""

    def begin(self, level: int | None, number: int | None = None) -> None:
        """Say what kind of block begins here, and the number of a list item."""
        if level is not None:
            self.levels[len(self.offsets)] = level
        if number is not None:
            self.numbers[len(self.offsets)] = number

    def next_number(self) -> int | None:
        """Number of the item that begins in the innermost open list of HTML."""
        if not self.lists or (so_far := self.lists[-1]) is None:
            return None
        self.lists[-1] = so_far + 1
        return so_far + 1

    def add(self, words: str, at: int) -> None:
        if words and words[0] == " " and self.last in " \n":
            words, at = words[1:], at + 1
        if words:
            self.parts.append(words)
            self.offsets.extend(range(at, at + len(words)))
            self.last = words[-1]

    def single(self, letter: str, at: int) -> None:
        """Add one character; a blank after a blank or a break is left out."""
        if letter in " \n" and self.last in " \n":
            if letter == "\n" and self.last == " ":
                self.parts[-1] = f"{self.parts[-1][:-1]}\n"
                self.last = "\n"
            return
        self.parts.append(letter)
        self.offsets.append(at)
        self.last = letter


def plain_text(source: str) -> PlainText:
    """Convert a document; whether it is HTML, Markdown or plain text is seen from its content."""
    found = _FRONT_MATTER.match(source)
    at = found.end() if found else int(source.startswith("\ufeff"))
    is_html = found is None and _HTML.search(source, 0, 5000) is not None
    writer, unclosed = _Writer(), set[str]()
    if not is_html and (mark := _LINE_MARK.match(source, at)):
        at = mark.end()
        writer.begin(_level(mark[0]), _number(mark[0]))
    while at < len(source):
        token = _TOKEN.search(source, at)
        writer.add(source[at : token.start() if token else len(source)], at)
        if token is None:
            break
        at = _write(token, writer, source, is_html=is_html, unclosed=unclosed)
    writer.offsets.append(len(source))
    text = "".join(writer.parts).translate(_FOLDED)
    assert len(text) == len(writer.offsets) - 1
    front_matter = found[1] if found else ""
    blocks = (writer.levels, writer.numbers)
    return _spaced(PlainText(_narrow(text), writer.offsets, front_matter, *blocks))


def _spaced(plain: PlainText) -> PlainText:
    """Put a blank between Chinese and Latin writing, so that one rule reads both habits."""
    seams = [match.start() for match in _SEAM.finditer(plain.text)]
    if not seams:
        return plain
    parts, offsets, at = [], array("l"), 0
    for seam in seams:
        parts.append(plain.text[at:seam])
        offsets.extend(plain.offsets[at:seam])
        offsets.append(plain.offsets[seam])
        at = seam
    parts.append(plain.text[at:])
    offsets.extend(plain.offsets[at:])
    levels = {place + bisect_left(seams, place): kind for place, kind in plain.levels.items()}
    numbers = {place + bisect_left(seams, place): n for place, n in plain.numbers.items()}
    return PlainText(" ".join(parts), offsets, plain.front_matter, levels, numbers)


def _level(mark: str) -> int | None:
    """Kind of a block by the mark of its line."""
    if "#" in mark:
        return mark.count("#")
    return 0 if re.search(r"[-*+]|\d", mark) else None


def _number(mark: str) -> int | None:
    """Number of a list item by the mark of its line."""
    found = re.fullmatch(r"\s*(\d{1,3})[.)] ", mark)
    return int(found[1]) if found else None


def _narrow(text: str) -> str:
    """Replace full-width letters and digits; the length stays."""
    if text.isascii() or not re.search("[\uff10-\uff5a]", text):
        return text
    return re.sub("[\uff10-\uff5a]", lambda m: unicodedata.normalize("NFKC", m[0]), text)


def _write(
    token: re.Match[str], writer: _Writer, source: str, *, is_html: bool, unclosed: set[str]
) -> int:
    """Write what a piece of markup shows, and return where the text goes on."""
    at, end = token.span()
    kind = token.lastgroup
    if kind in _UNSEEN:
        return end
    if kind == "comment":
        return _behind(source, "-->", end, unclosed) or _literal(writer, token)
    if kind == "raw":
        element = token["element"].lower()
        if element == "code":
            return end
        writer.single("\n", at)
        closed = _behind(source, f"</{element}", end, unclosed)
        return (_behind(source, ">", closed, unclosed) or closed) if closed else end
    if kind == "fence":
        if is_html:
            return end
        writer.single("\n", at)
        closing = source.find("\n" + token["mark"], end)
        return len(source) if closing < 0 else closing + 1 + len(token["mark"])
    if kind == "tag":
        name = token["name"].lower()
        if name not in _INLINE:
            writer.single("\n", at)
            _begin_element(name, writer, closes=token[0][1] == "/")
        return end
    if kind == "entity":
        shown = unescape(token[0])
        if shown == token[0]:
            return _literal(writer, token)
        for letter in shown:
            writer.single(" " if letter.isspace() else letter, at)
        return end
    return _write_blank(token, writer, source, is_html=is_html)


def _begin_element(name: str, writer: _Writer, *, closes: bool) -> None:
    """Note the blocks that an element of HTML begins."""
    if name in ("ol", "ul"):
        if not closes:
            writer.lists.append(0 if name == "ol" else None)
        elif writer.lists:
            writer.lists.pop()
    elif closes:
        return
    elif name == "li":
        writer.begin(0, writer.next_number())
    elif re.fullmatch("h[1-6]", name):
        writer.begin(int(name[1]))


def _write_blank(token: re.Match[str], writer: _Writer, source: str, *, is_html: bool) -> int:
    """Write a break of a block, a border of a table cell, or white space."""
    at, end = token.span()
    if token.lastgroup == "block" and not is_html:
        writer.single("\n", at)
        mark = _LINE_MARK.match(source, end)
        if mark is not None:
            writer.begin(_level(mark[0]), _number(mark[0]))
        return mark.end() if mark else end
    if token.lastgroup == "cell" and not is_html:
        writer.single("\n", at)
        writer.begin(0)
        return end
    if token.lastgroup == "cell":
        return _literal(writer, token)
    writer.single(" ", at)
    return end


def _literal(writer: _Writer, token: re.Match[str]) -> int:
    writer.add(token[0], token.start())
    return token.end()


def _behind(source: str, closing: str, at: int, unclosed: set[str]) -> int | None:
    """Where the text goes on behind a closing mark; ``None`` where the mark never comes."""
    if closing in unclosed:
        return None
    found = source.find(closing, at)
    if found < 0:
        unclosed.add(closing)
        return None
    return found + len(closing)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the sentences of plain text; long ones are cut."""
    at = 0
    for match in _SENTENCE_END.finditer(text):
        yield from _cut(text, at, match.start())
        at = match.end()
    yield from _cut(text, at, len(text))


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > LONGEST_SENTENCE:
        blank = text.rfind(" ", start + LONGEST_SENTENCE // 2, start + LONGEST_SENTENCE)
        cut = blank if blank > 0 else start + LONGEST_SENTENCE
        yield start, cut
        start = cut
    if end - start >= SHORTEST_SENTENCE:
        yield start, end


def is_chinese(text: str) -> bool:
    """Whether a sentence is written in Chinese."""
    return _IDEOGRAPH.search(text) is not None
