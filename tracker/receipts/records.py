"""What is kept of a cited source: its digest, when it was read, and which terms stand where.

The record file has one JSON object a line and no text of any source, so that it can be shipped
whatever the licence of the source is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from tracker.errors import CuratedError

FILE = "receipts.jsonl"
"""Name of the record file in the folder of the curated knowledge."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a person claims of a source: terms that stand together at a place."""

    source: str
    locator: str | None
    shows: tuple[str, ...]


class Located(msgspec.Struct, frozen=True, omit_defaults=True):
    """Terms that stand together in one passage."""

    locator: str
    """Heading, symbol, key, lines or page that a receipt names."""
    shows: tuple[str, ...]
    position: str | None = None
    """Lines or page of the passage."""
    gone: str | None = None
    """Day on which a newer state of the source no longer had them."""


class SourceRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """One source as it was read last."""

    source: str
    """Address as it is cited."""
    read: str
    """Day ``YYYY-MM-DD``."""
    digest: str | None = None
    """SHA-256 of the bytes; ``None`` where it could not be fetched."""
    size: int = 0
    """Bytes."""
    failure: str | None = None
    """Why it could not be fetched or read."""
    located: tuple[Located, ...] = ()
    copy: str | None = None
    """Address of the copy that was read instead of the source itself."""


def read_records(folder: Path) -> dict[str, SourceRecord]:
    """The records of a curated folder by source; none where it has no record file.

    Raises:
        CuratedError: A line is no record, or a source has two.
    """
    path = folder / FILE
    if not path.is_file():
        return {}
    decoder = msgspec.json.Decoder(SourceRecord)
    found: dict[str, SourceRecord] = {}
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        try:
            record = decoder.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise CuratedError(
                f"{path}:{number}: not a record: {error}", remedy="run: tracker curate verify"
            ) from None
        if record.source in found:
            raise CuratedError(
                f"{path}:{number}: second record of {record.source}", remedy="keep one of the two"
            )
        found[record.source] = record
    return found


def record_lines(records: Iterable[SourceRecord]) -> bytes:
    """The content of a record file, ordered by source so that it merges well."""
    ordered = sorted(records, key=lambda record: record.source)
    return b"".join(msgspec.json.encode(record) + b"\n" for record in ordered)
