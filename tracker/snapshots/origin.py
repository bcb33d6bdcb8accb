"""The origin record of archived bytes: who, where, when, under what licence, which checksum."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

import orjson

Verdict = Literal["accepted", "rejected"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one archived document comes from. One line of a source's origin log."""

    source: str
    stream: str
    url: str
    published_at: str
    """When the source showed this state, as far as is known: the moment of reading otherwise."""
    fetched_at: str
    etag: str | None
    last_modified: str | None
    sha256: str
    size: int
    licence: str
    verdict: Verdict = "accepted"
    reason: str | None = None
    """Why it was rejected."""
    server: str | None = None
    """Who answered instead of the publisher's own server."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """The same bytes were seen again: kept so that the archive knows until when they stood."""

    stream: str
    sha256: str
    seen_at: str
    server: str | None = None


def to_line(record: Origin | Sighting) -> bytes:
    """One line of the log; its kind follows from its keys."""
    return orjson.dumps(asdict(record)) + b"\n"


def from_line(line: bytes) -> Origin | Sighting:
    """Read one line of the log back.

    Raises:
        ValueError: The line is not a whole record.
    """
    fields = orjson.loads(line)
    try:
        return Sighting(**fields) if "seen_at" in fields else Origin(**fields)
    except TypeError as error:
        raise ValueError(str(error)) from None
