"""Write the record file of cited sources into the curated folder."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tracker.errors import CuratedError
from tracker.receipts.records import FILE, SourceRecord, record_lines


def write_records(folder: Path, records: Iterable[SourceRecord]) -> bool:
    """Write the record file, and return whether it changed.

    Raises:
        CuratedError: The folder cannot be written.
    """
    path, content = folder / FILE, record_lines(records)
    try:
        if path.is_file() and path.read_bytes() == content:
            return False
        path.write_bytes(content)
    except OSError as error:
        raise CuratedError(
            f"{path}: {error.strerror}", remedy="set TRACKER_CURATED to a folder of your own"
        ) from None
    return True
