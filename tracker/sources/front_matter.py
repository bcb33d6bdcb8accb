"""Lenient reader of a model card's YAML front matter.

People write front matter by hand. A tab, an unquoted colon or a byte of another encoding costs
the value that contains it and becomes a finding; every other value is read. Only plain strings are
taken from the YAML, so no tag can construct anything.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from tracker.errors import SourceError, one_line
from tracker.sources import PUBLISHER_MUST_FIX

KEYS = frozenset(
    {
        "license", "license_name", "license_link", "base_model", "datasets", "language", "tags",
        "library_name",
    }
)  # fmt: skip
"""Keys whose values are kept."""
LARGEST = 1_000_000
"""Characters; the results of a whole benchmark may be part of the front matter."""
DEEPEST = 40
MOST_ALIASES = 200

_FENCED = re.compile(r"\A(?:[ \t]*\r*\n)*---[ \t]*\r*\n(.*?)^---[ \t]*\r*$", re.S | re.M)
_OPENED = re.compile(r"\A(?:[ \t]*\r*\n)*---[ \t]*\r*\n")
_KEY_LINE = re.compile(r"""^(["']?)([A-Za-z_][\w-]*)\1[ \t]*:(?=[ \t\r]|$)""", re.M)
_ITEM = re.compile(r"^[ \t]*-[ \t]+(.*)$")
_COMMENT = re.compile(r"(?:^|[ \t])#.*$")
_QUOTED = re.compile(r"""(["'])(.*)\1""")
_INDICATORS = tuple("[]{}|>&*!%@`,?:\"'")
"""Characters that begin something other than a plain YAML string."""
_REPLACED = "\N{REPLACEMENT CHARACTER}"
_MOST_REPLACED = 16
"""A text with more undecodable bytes is not UTF-8 with a slip but another encoding."""
_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """Values by key, what could not be read, and the text that follows."""

    values: dict[str, tuple[str, ...]]
    findings: tuple[SourceError, ...]
    body: str


class _TooLargeError(Exception):
    """The YAML is nested or repeated beyond reason."""


def decode(source: str, place: str, content: bytes) -> tuple[str, tuple[SourceError, ...]]:
    """Decode a text, replacing bytes that are not UTF-8.

    Args:
        source: Id of the source, for the finding.
        place: Document, for the finding.
        content: Bytes of the document.

    Returns:
        The text, and a finding where bytes had to be replaced or another encoding was used.

    Raises:
        SourceError: The bytes are not text.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            text = content.decode("utf-16")
        except UnicodeDecodeError:
            pass
        else:
            cause = "not UTF-8 text: read as UTF-16"
            return text, (SourceError(source, cause, place=place, remedy=PUBLISHER_MUST_FIX),)
    if b"\0" in content:
        raise SourceError(source, "binary, not text", place=place, remedy=PUBLISHER_MUST_FIX)
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
    text = content.decode("utf-8-sig", errors="replace")
    cause = f"not UTF-8 text: {text.count(_REPLACED)} bytes were replaced, the rest is read"
    if text.count(_REPLACED) > _MOST_REPLACED:
        try:
            text = content.decode("gb18030")
            cause = "not UTF-8 text: read as GB18030"
        except UnicodeDecodeError:
            pass
    return text, (SourceError(source, cause, place=f"{place}:{line}", remedy=PUBLISHER_MUST_FIX),)


def read_front_matter(source: str, place: str, text: str) -> FrontMatter:
    """Separate a card's front matter from its text, and read the keys that matter.

    Args:
        source: Id of the source, for findings.
        place: Document, for findings.
        text: The whole card.

    Raises:
        SourceError: The front matter has no end within :data:`LARGEST` characters.
    """
    match = _FENCED.match(text[: LARGEST + 16])
    if match is None:
        if len(text) > LARGEST and _OPENED.match(text):
            cause = f"the front matter is larger than {LARGEST:,} bytes"
            raise SourceError(source, cause, place=place, remedy=PUBLISHER_MUST_FIX)
        return FrontMatter({}, (), text)
    lines_before = text[: match.start(1)].count("\n")
    reader = _Reader(source, place, lines_before)
    values = reader.read(match[1])
    if values is None:  # prose between two rules
        return FrontMatter({}, (), text)
    kept = {key: found for key, items in values.items() if (found := _clean(items))}
    return FrontMatter(kept, tuple(reader.findings), text[match.end() :])


def _clean(items: list[str]) -> tuple[str, ...]:
    return tuple(item for item in items if item.strip() and _REPLACED not in item)


class _Reader:
    """Reads one front matter and collects findings."""

    def __init__(self, source: str, place: str, lines_before: int) -> None:
        self._source, self._place, self._lines_before = source, place, lines_before
        self.findings: list[SourceError] = []

    def read(self, text: str) -> dict[str, list[str]] | None:
        """Values by key; ``None`` where the text is not a mapping."""
        try:
            return _values(text)
        except _TooLargeError:
            limits = f"more than {DEEPEST} levels or {MOST_ALIASES} aliases"
            self._find(f"the front matter has {limits}", None)
            return {}
        except yaml.YAMLError as error:
            blocks = list(_blocks(text))
            if not blocks:
                return None
            mark = getattr(error, "problem_mark", None)
            broken = mark.line if mark else None
            self._find(_cause(error), broken)
        found: dict[str, list[str]] = {}
        for key, first_line, block in blocks:
            if key in KEYS:
                within = broken is not None and 0 <= broken - first_line <= block.count("\n")
                found[key] = self._block(key, first_line, block, known=within)
        return found

    def _block(self, key: str, first_line: int, block: str, *, known: bool) -> list[str]:
        """Values of one key; what is not YAML is read line by line.

        Args:
            key: The key.
            first_line: Line of the front matter on which it begins, from 0.
            block: The key with everything up to the next key.
            known: Whether the broken place is reported already.
        """
        try:
            return (_values(block) or {}).get(key, [])
        except _TooLargeError:
            self._find(f"{key}: nested too deep", first_line)
            return []
        except yaml.YAMLError as error:
            if not known:
                mark = getattr(error, "problem_mark", None)
                self._find(_cause(error), first_line + (mark.line if mark else 0))
        return list(_lines(block))

    def _find(self, cause: str, line: int | None) -> None:
        at = "" if line is None else f":{self._lines_before + line + 1}"
        self.findings.append(
            SourceError(self._source, cause, place=self._place + at, remedy=PUBLISHER_MUST_FIX)
        )


def _cause(error: yaml.YAMLError) -> str:
    return f"the front matter is not YAML here: {one_line(getattr(error, 'problem', error))}"


def _blocks(text: str) -> Iterator[tuple[str, int, str]]:
    """Top-level keys: name, first line from 0, and text up to the next key."""
    starts = list(_KEY_LINE.finditer(text))
    ends = [match.start() for match in starts] + [len(text)]
    line, at = 0, 0
    for match, end in zip(starts, ends[1:], strict=True):
        line += text.count("\n", at, match.start())
        at = match.start()
        yield match[2], line, text[match.start() : end]


def _lines(block: str) -> Iterator[str]:
    """Plain strings of a block that is not YAML: the value after the colon, or list items."""
    first, _, rest = block.partition("\n")
    value = first.partition(":")[2]
    if value.strip():
        yield from _plain(value)
        return
    for line in rest.splitlines():
        if item := _ITEM.match(line.expandtabs()):
            yield from _plain(item[1])


def _plain(value: str) -> Iterator[str]:
    value = _COMMENT.sub("", value).strip()
    if quoted := _QUOTED.fullmatch(value):
        value = quoted[2]
    if value and not value.startswith(_INDICATORS) and ": " not in value:
        yield value


def _values(text: str) -> dict[str, list[str]] | None:
    """Strings of the top-level keys that matter, items of a list one by one.

    The YAML is read as a stream of events: nothing is constructed, so aliases cannot multiply and
    the results of a benchmark below ``model-index`` cost one pass.

    Returns:
        ``None`` where the text is not a mapping.

    Raises:
        YAMLError: The text is not YAML.
        _TooLargeError: It is nested too deep, or has too many aliases.
    """
    found: dict[str, list[str]] = {}
    depth = aliases = 0
    key, is_key, is_list, is_mapping = "", True, False, True
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.ScalarEvent):
            if depth == 0:
                is_mapping = not event.value
            elif depth == 1 and is_key:
                key = event.value
            elif key in KEYS and (depth == 1 or (depth == 2 and is_list)):
                found.setdefault(key, []).append(event.value)
        elif isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth == 1:
                is_mapping = isinstance(event, yaml.MappingStartEvent)
                continue
            is_list = isinstance(event, yaml.SequenceStartEvent) if depth == 2 else is_list
            if depth > DEEPEST:
                raise _TooLargeError
            continue
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.AliasEvent):
            aliases += 1
            if aliases > MOST_ALIASES:
                raise _TooLargeError
        else:
            continue
        if depth == 1:
            is_key = not is_key
    return found if is_mapping else None
