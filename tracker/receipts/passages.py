"""Split the bytes of a source into passages: pieces in which terms can stand together."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from io import BytesIO
from itertools import pairwise

from tracker.sources._html import tame

WHOLE_LINES = 60
"""A configuration or script of so many lines is one passage."""
TABLE_ENTRIES = 4
"""Code with so many entries of several lines each is a table; each entry is a passage."""
LONGEST = 6000
"""Characters; in a longer passage terms only stand in the same file, not together."""

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*")
_FENCE = re.compile(r"\s*(```|~~~)")
_TABLE_RULE = re.compile(r"\s*\|?[\s:|-]*-[\s:|-]*\|?\s*")
_TOP_KEY = re.compile(r"[^\s#-][^:]*:(\s|$)")
_UNDERLINE = re.compile(r"([=\-~^\"'*+#])\1{2,}\s*")
_BLOCKS = frozenset({
    "article", "blockquote", "caption", "dd", "div", "dt", "figcaption", "figure", "h1", "h2", "h3",
    "h4", "h5", "h6", "li", "main", "ol", "p", "pre", "section", "table", "title", "tr", "ul",
})  # fmt: skip
_CHROME = frozenset({"script", "style", "nav", "footer", "template", "annotation", "noscript"})
_TITLE = re.compile("h[1-6]")
_NUMBERED = re.compile(r"\s*[1-9A-F](\.[0-9]+)*\.? +[A-Z][^.=]{2,70}")
"""A heading in the plain text of a PDF."""


class UnreadableSourceError(Exception):
    """The bytes of a source cannot be split; the text says why."""


class ReaderMissingError(Exception):
    """The program that reads this kind of source is not installed; says nothing of the source."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a source."""

    text: str
    position: str
    """``L10-L20``, ``p. 3``, or empty where the source has neither lines nor pages."""
    names: tuple[str, ...]
    """Headings above it, outermost first; or symbol, key, caption."""

    @property
    def locator(self) -> str:
        """The name by which a person finds it, or its position."""
        return self.names[-1] if self.names else self.position


def passages(name: str, body: bytes) -> tuple[Passage, ...]:
    """Split a source by what its name says that it is.

    Args:
        name: File name or address; its suffix decides.
        body: The source's bytes.

    Raises:
        ReaderMissingError: It is a PDF, and nothing is installed that reads it.
        UnreadableSourceError: The bytes are empty, binary, or not of their kind.
    """
    if not body.strip():
        raise UnreadableSourceError("the source is empty")
    if body[:5] == b"%PDF-":
        return tuple(_pages(body))
    if b"\0" in body[:4096]:
        raise UnreadableSourceError("the source is binary")
    text = body.decode("utf-8-sig", "replace")
    suffix = name.rpartition("/")[2].partition("?")[0].rpartition(".")[2].casefold()
    if re.match(r"\s*(<!doctype html|<html)", text[:200], re.IGNORECASE):
        return tuple(_html(text))
    split = _SPLITTERS.get(suffix, _markdown)
    return tuple(split(text))


def _at(first: int, last: int) -> str:
    return f"L{first}-L{last}" if last > first else f"L{first}"


def _python(text: str) -> Iterator[Passage]:
    """Top-level statements, and the methods of classes."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        yield from _blocks(text.splitlines())
        return
    lines = text.splitlines()
    yield from _statements(tree.body, lines, ())
    # Comments and strings between statements belong to no statement.
    yield from _blocks(lines)


def _statements(
    body: Iterable[ast.stmt], lines: list[str], above: tuple[str, ...]
) -> Iterator[Passage]:
    for node in body:
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
        last = node.end_lineno or first
        names = (*above, name) if (name := _name_of(node)) else above
        entries = _entries(node)
        if len(entries) >= TABLE_ENTRIES:
            # Values of different entries do not stand together.
            for start, end in entries:
                yield Passage("\n".join(lines[start - 1 : end]), _at(start, end), names)
            continue
        text = "\n".join(lines[first - 1 : last])
        yield Passage(text, _at(first, last), names)
        if isinstance(node, ast.ClassDef):
            yield from _statements(node.body, lines, names)
        elif len(text) > LONGEST:
            yield from _blocks(lines[first - 1 : last], names, first - 1)


def _entries(node: ast.stmt) -> list[tuple[int, int]]:
    """First and last lines of the longest table's entries in an assignment."""
    found: list[tuple[int, int]] = []
    if not isinstance(node, ast.Assign | ast.AnnAssign):
        return found
    for part in ast.walk(node):
        if isinstance(part, ast.List | ast.Tuple | ast.Set):
            pairs = [(entry, entry) for entry in part.elts]
        elif isinstance(part, ast.Dict):
            keys = [key or value for key, value in zip(part.keys, part.values, strict=True)]
            pairs = list(zip(keys, part.values, strict=True))
        else:
            continue
        spans = [(begin.lineno, end.end_lineno or end.lineno) for begin, end in pairs]
        several = [span for span in spans if span[1] > span[0]]
        if len(several) > len(found):
            found = several
    return found


def _name_of(node: ast.stmt) -> str:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return node.name
    if isinstance(node, ast.Assign):
        return ast.unparse(node.targets[0])
    if isinstance(node, ast.AnnAssign):
        return ast.unparse(node.target)
    return ""


def _blocks(lines: list[str], names: tuple[str, ...] = (), offset: int = 0) -> Iterator[Passage]:
    """Runs of lines between blank ones."""
    start: int | None = None
    for number, line in enumerate([*lines, ""], 1):
        if line.strip():
            start = number if start is None else start
        elif start is not None:
            block = "\n".join(lines[start - 1 : number - 1])
            yield Passage(block, _at(offset + start, offset + number - 1), names)
            start = None


def _markdown(text: str) -> Iterator[Passage]:
    """Paragraphs, fenced code and table rows with their head, under their headings."""
    lines = text.splitlines()
    headings: list[tuple[int, str]] = []
    number = 0
    while number < len(lines):
        line = lines[number]
        level, title = _heading(lines, number)
        if level:
            headings = [(n, known) for n, known in headings if n < level] + [(level, title)]
            yield Passage(title, _at(number + 1, number + 1), _titles(headings))
        end = _end_of_block(lines, number)
        if not level and line.strip():
            yield from _block(lines, number, end, _titles(headings))
        number = end


def _titles(headings: list[tuple[int, str]]) -> tuple[str, ...]:
    return tuple(title for _, title in headings)


def _heading(lines: list[str], number: int) -> tuple[int, str]:
    """Level and text of a heading, marked by # or by the line below it; 0 where there is none."""
    if match := _HEADING.fullmatch(lines[number].strip()):
        return len(match[1]), match[2]
    below = lines[number + 1] if number + 1 < len(lines) else ""
    line = lines[number]
    if line.strip() and "|" not in line and _UNDERLINE.fullmatch(below) and line[0].isalnum():
        return (1 if below[0] == "=" else 2), line.strip()
    return 0, ""


def _end_of_block(lines: list[str], start: int) -> int:
    """Number of the line after the block that begins at a line."""
    if fence := _FENCE.match(lines[start]):
        for number in range(start + 1, len(lines)):
            if lines[number].strip().startswith(fence[1]):
                return number + 1
        return len(lines)
    if _heading(lines, start)[0]:
        return start + (1 if lines[start].lstrip().startswith("#") else 2)
    number = start + 1
    while (
        number < len(lines)
        and lines[start].strip()
        and lines[number].strip()
        and not _FENCE.match(lines[number])
        and not _HEADING.fullmatch(lines[number].strip())
    ):
        number += 1
    return number


def _block(lines: list[str], start: int, end: int, names: tuple[str, ...]) -> Iterator[Passage]:
    yield Passage("\n".join(lines[start:end]), _at(start + 1, end), names)
    if end - start > 2 and "|" in lines[start] and _TABLE_RULE.fullmatch(lines[start + 1]):
        for number in range(start + 2, end):
            row = f"{lines[start]}\n{lines[number]}"
            yield Passage(row, _at(number + 1, number + 1), names)


def _json(text: str) -> Iterator[Passage]:
    """The whole file where it is short; its top-level entries otherwise."""
    try:
        value = json.loads(text)
    except ValueError:
        yield from _json_lines(text)
        return
    lines = text.splitlines()
    if len(lines) <= WHOLE_LINES and len(text) < 20_000:
        names = tuple(value) if isinstance(value, dict) else ()
        yield Passage(text, _at(1, len(lines)), names)
    elif isinstance(value, dict):
        for key, held in value.items():
            entry = json.dumps({key: held}, ensure_ascii=False)
            line = next((n for n, its in enumerate(lines, 1) if f'"{key}"' in its), 1)
            yield Passage(entry, _at(line, line), (key,))


def _json_lines(text: str) -> Iterator[Passage]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield Passage(line, _at(number, number), ())


def _keyed(text: str) -> Iterator[Passage]:
    """A YAML file: whole where it is short, and each top-level key."""
    lines = text.splitlines()
    starts = [n for n, line in enumerate(lines) if _TOP_KEY.match(line)] + [len(lines)]
    for start, end in pairwise(starts):
        key = lines[start].partition(":")[0].strip()
        yield Passage("\n".join(lines[start:end]), _at(start + 1, end), (key,))
    yield from _plain(text)


def _plain(text: str) -> Iterator[Passage]:
    """A script: whole where it is short, and its blocks."""
    lines = text.splitlines()
    yield from _blocks(lines)
    if len(lines) <= WHOLE_LINES:
        yield Passage(text, _at(1, len(lines)), ())


class _Blocks(HTMLParser):
    """Collects the text between block elements; no tree, for papers are long."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Passage] = []
        self._headings: list[tuple[int, str]] = []
        self._words: list[str] = []
        self._skipped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _CHROME:
            self._skipped += 1
        elif tag in _BLOCKS:
            self.flush("")

    def handle_endtag(self, tag: str) -> None:
        if tag in _CHROME:
            self._skipped = max(0, self._skipped - 1)
        elif tag in _BLOCKS:
            self.flush(tag)
        elif tag in ("td", "th", "br"):
            self._words.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self._words.append(data)

    def flush(self, tag: str) -> None:
        """End the passage that was being read; a heading's text names those below it."""
        words = " ".join("".join(self._words).split())
        self._words.clear()
        if not words:
            return
        if _TITLE.fullmatch(tag):
            level = int(tag[1])
            self._headings = [its for its in self._headings if its[0] < level] + [(level, words)]
        self.found.append(Passage(words, "", _titles(self._headings)))


def _html(text: str) -> list[Passage]:
    """Paragraphs, list items, table rows and captions under their headings; no page chrome."""
    parser = _Blocks()
    parser.feed(tame(text))
    parser.close()
    parser.flush("")
    return parser.found


def _pages(body: bytes) -> Iterator[Passage]:
    """The pages of a PDF, each under the numbered headings that it continues or begins.

    Raises:
        ReaderMissingError: The reader for PDF is not installed.
        UnreadableSourceError: The file is damaged.
    """
    try:
        from pypdf import PdfReader
        from pypdf.errors import PyPdfError
    except ImportError:
        raise ReaderMissingError("PDF is read by embedding-tracker[pdf]") from None
    last: tuple[str, ...] = ()
    try:
        for number, page in enumerate(PdfReader(BytesIO(body)).pages, 1):
            text = page.extract_text()
            begun = tuple(line.strip() for line in text.splitlines() if _NUMBERED.fullmatch(line))
            yield Passage(text, f"p. {number}", last + begun)
            last = begun[-1:] or last
    except (PyPdfError, ValueError, KeyError, TypeError, OSError) as error:
        raise UnreadableSourceError(f"damaged PDF: {error}") from None


_SPLITTERS = {
    "py": _python,
    "json": _json,
    "jsonl": _json_lines,
    "yaml": _keyed,
    "yml": _keyed,
    "toml": _plain,
    "sh": _plain,
    "txt": lambda text: _blocks(text.splitlines()),
    "html": _html,
}
"""How a text is split, by the suffix of its name; anything else is Markdown."""
