"""Origin records of archived bytes: source, address, times, licence, checksum."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

import orjson

Verdict = Literal["accepted", "rejected"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one archived document comes from: one line of a source's origin log."""

    source: str
    stream: str
    url: str
    published_at: str
    """When the source published this state, if known; otherwise when it was fetched."""
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
    final_url: str | None = None
    """The address that answered, where a redirect led to another one."""

    @property
    def is_new_state(self) -> bool:
        """Always: an origin is written for new bytes only."""
        return True


@dataclass(frozen=True, slots=True)
class Sighting:
    """The same bytes were seen again; this extends the time for which they are known to hold."""

    stream: str
    sha256: str
    seen_at: str
    server: str | None = None

    @property
    def is_new_state(self) -> bool:
        """Never: the bytes were archived before."""
        return False


def to_line(record: Origin | Sighting) -> bytes:
    """Serialise a record as one line of the log; its keys tell its kind."""
    return orjson.dumps(asdict(record)) + b"\n"


def from_line(line: bytes) -> Origin | Sighting:
    """Parse one line of the log.

    Raises:
        ValueError: The line is not a complete record.
    """
    fields = orjson.loads(line)
    try:
        return Sighting(**fields) if "seen_at" in fields else Origin(**fields)
    except TypeError as error:
        raise ValueError(str(error)) from None
