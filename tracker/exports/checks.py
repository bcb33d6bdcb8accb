"""Checked texts for machines and authors: JSON, SARIF, corrections and footnotes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from urllib.parse import quote

import orjson

from tracker.answers.checking import KINDS, CheckedStatement, CheckedText, Correction
from tracker.exports.frames import json_rows

KEYS = (
    "start", "end", "statement", "kind", "model", "board", "claimed", "actual", "verdict", "days",
    "link", "reason",
)  # fmt: skip
"""Keys of a statement in JSON."""
_LEVELS = {
    "true": "none",
    "near": "warning",
    "true_on_other_days": "warning",
    "false": "error",
    "unknown_model": "error",
    "not_checkable": "note",
}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_HOME = "https://github.com/embedding-tracker/embedding-tracker"


class Lines:
    """Line and column of each position of a text, both counted from 1."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0, *(at + 1 for at, letter in enumerate(text) if letter == "\n")]

    def place(self, at: int) -> tuple[int, int]:
        """Line and column of a position."""
        line = bisect_right(self._starts, at)
        return line, at - self._starts[line - 1] + 1

    def line(self, number: int) -> tuple[int, str]:
        """Position and text of a line, without its end."""
        start = self._starts[number - 1]
        end = self._starts[number] - 1 if number < len(self._starts) else len(self.text)
        return start, self.text[start:end]


def check_json(checked: CheckedText) -> bytes:
    """Statements as a JSON array of objects with ``KEYS``; positions are in characters."""
    return json_rows({key: getattr(one, key) for key in KEYS} for one in checked)


def check_sarif(checked: CheckedText, name: str, version: str) -> bytes:
    """Statements as SARIF 2.1.0, so that code hosts show them at their lines.

    Args:
        checked: The text with its verdicts.
        name: Path or address of the text.
        version: Version of the tracker.
    """
    lines = Lines(checked.text)
    driver = {
        "name": "tracker check",
        "version": version,
        "informationUri": _HOME,
        "rules": [{"id": kind, "shortDescription": {"text": kind}} for kind in KINDS],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, name, lines) for one in checked],
    }
    found = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return orjson.dumps(found, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _result(one: CheckedStatement, name: str, lines: Lines) -> dict[str, object]:
    first, last = lines.place(one.start), lines.place(one.end)
    region = {
        "startLine": first[0],
        "startColumn": first[1],
        "endLine": last[0],
        "endColumn": last[1],
        "charOffset": one.start,
        "charLength": one.end - one.start,
    }
    place = {"physicalLocation": {"artifactLocation": {"uri": _uri(name)}, "region": region}}
    properties = {"verdict": one.verdict, "model": one.model, "board": one.board, "link": one.link}
    return {
        "ruleId": one.kind,
        "kind": "pass" if one.verdict == "true" else "fail",
        "level": _LEVELS[one.verdict],
        "message": {"text": f"{one.verdict}: {one.reason}"},
        "locations": [place],
        "properties": properties,
    }


def _uri(name: str) -> str:
    """A path as a URI reference; an address stays."""
    return name if name.startswith(("http://", "https://")) else quote(name, safe="/")


def _corrections(checked: CheckedText) -> list[Correction]:
    """Corrections in their order; of overlapping ones the first."""
    found: list[Correction] = []
    proposed = [one.correction for one in checked if one.correction is not None]
    for correction in sorted(proposed, key=lambda c: (c.start, c.end)):
        if not found or correction.start >= found[-1].end:
            found.append(correction)
    return found


def check_patch(checked: CheckedText, name: str) -> str:
    """Corrections as a unified diff without context; empty where nothing is to be corrected."""
    lines = Lines(checked.text)
    by_line: dict[int, list[Correction]] = {}
    for correction in _corrections(checked):
        number = lines.place(correction.start)[0]
        if lines.place(correction.end)[0] == number:
            by_line.setdefault(number, []).append(correction)
    if not by_line:
        return ""
    return "".join((f"--- {name}\n+++ {name}\n", *_hunks(by_line, lines)))


def _hunks(by_line: dict[int, list[Correction]], lines: Lines) -> Iterator[str]:
    for number, corrections in sorted(by_line.items()):
        start, old = lines.line(number)
        new, at = "", 0
        for correction in corrections:
            new += old[at : correction.start - start] + correction.text
            at = correction.end - start
        is_last = start + len(old) == len(lines.text)
        end = "\n\\ No newline at end of file\n" if is_last else "\n"
        yield f"@@ -{number} +{number} @@\n-{old}{end}+{new}{old[at:]}{end}"


def cited_text(checked: CheckedText) -> str:
    """The text with a footnote behind every statement that has a receipt."""
    parts: list[str] = []
    notes: list[str] = []
    at = 0
    for one in sorted(checked, key=lambda statement: statement.end):
        if one.link is None or one.verdict not in ("true", "near", "true_on_other_days"):
            continue
        notes.append(f"[^tracker-{len(notes) + 1}]: {one.reason}: <{one.link}>\n")
        parts += [checked.text[at : one.end], f"[^tracker-{len(notes)}]"]
        at = one.end
    rest = checked.text[at:]
    if not notes:
        return checked.text
    gap = "\n" if rest.endswith("\n") else "\n\n"
    return "".join((*parts, rest, gap, *notes))
