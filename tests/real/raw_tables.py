"""Tables of the published boards, read with git and ``json`` and nothing of the tracker."""

from __future__ import annotations

import json
import re
import subprocess
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson


@dataclass(frozen=True)
class Raw:
    """A version of a table as git has it."""

    path: str
    at: str
    blob: str


@dataclass(frozen=True)
class Line:
    """Parse a raw row: label, link, published rank, average and scores; blank is ``None``."""

    label: str
    link: str
    rank: int
    average: float | None
    scores: tuple[tuple[str, float | None], ...]


def git(*arguments: str, cwd: Path, stdin: bytes | None = None) -> bytes:
    return subprocess.run(
        ["git", *arguments], cwd=cwd, input=stdin, capture_output=True, check=True
    ).stdout


def read_versions(clone: Path) -> dict[str, list[Raw]]:
    """All versions of all tables by path, oldest first."""
    log = git(
        "log", "--first-parent", "-m", "--raw", "--no-abbrev", "--no-renames", "--reverse",
        "--format=@%ct", "HEAD", "--", "boards_data", cwd=clone,
    ).decode()  # fmt: skip
    found: dict[str, dict[str, Raw]] = defaultdict(dict)
    at = ""
    for line in log.splitlines():
        if line.startswith("@"):
            at = datetime.fromtimestamp(int(line[1:]), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        elif line.endswith("/default.jsonl"):
            _, _, _, blob, rest = line.split(" ", 4)
            path = rest.split("\t")[1]
            found[path][at] = Raw(path, at, blob)
    return {path: list(versions.values()) for path, versions in found.items()}


def content(clone: Path, blobs: list[str]) -> Iterator[tuple[str, bytes]]:
    """Content of blobs, a few hundred of them at a time."""
    unique = list(dict.fromkeys(blobs))
    for start in range(0, len(unique), 200):
        part = unique[start : start + 200]
        out = git("cat-file", "--batch", cwd=clone, stdin="\n".join(part).encode() + b"\n")
        place = 0
        for blob in part:
            end = out.index(b"\n", place)
            size = int(out[place:end].split()[2])
            yield blob, out[end + 1 : end + 1 + size]
            place = end + size + 2


ANCHOR = re.compile(r'href="([^"]*)"[^>]*>(.*)</a>', re.DOTALL)
HEAD = {
    "index", "level_0", "Rank", "Model", "Model Size (Million Parameters)",
    "Memory Usage (GB, fp32)", "Embedding Dimensions", "Max Tokens",
}  # fmt: skip


def lines_of(body: bytes) -> list[Line]:
    """The lines of a table, read with the standard library."""
    found = []
    for line in body.decode().splitlines():
        fields = json.loads(line)
        link, label = ANCHOR.search(fields["Model"]).groups()  # type: ignore[union-attr]
        values = {k: (None if v == "" else v) for k, v in fields.items() if k not in HEAD}
        average = [k for k in values if re.fullmatch(r"Average( \(\d+ datasets\))?", k)]
        mean = values.pop(average[0]) if average else next(iter(values.values()))
        found.append(Line(label, link, fields["Rank"], mean, tuple(values.items())))
    return found


def days(raw: dict[str, list[Raw]]) -> list[str]:
    """All UTC days with a version of any table."""
    return sorted({version.at[:10] for versions in raw.values() for version in versions})


def last_at(versions: list[Raw], day: str) -> Raw | None:
    """The version that stood at the end of a UTC day."""
    index = bisect_right([v.at for v in versions], f"{day}T23:59:59Z")
    return versions[index - 1] if index else None


def row_of(text: bytes, known: dict[bytes, Any]) -> Any:
    """Label, link, average and sorted scores of a line; what follows the rank is seen once."""
    tail = text[text.index(b'"Model":') :]
    if tail not in known:
        fields = orjson.loads(b"{" + tail)
        link, label = ANCHOR.search(fields["Model"]).groups()  # type: ignore[union-attr]
        values = {k: (None if v == "" else float(v)) for k, v in fields.items() if k not in HEAD}
        mean = values.pop("Average") if "Average" in values else next(iter(values.values()))
        known[tail] = (label, link, mean, sorted(values.values(), key=repr))
    return known[tail]
