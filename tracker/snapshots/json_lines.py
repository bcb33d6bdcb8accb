"""Logs beside the archive: files with one JSON object a line that only grow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from tracker.errors import ArchiveError
from tracker.io.files import append_line


def append_object(path: Path, fields: Mapping[str, Any]) -> None:
    """Append one line, and synchronise it with the disk.

    Raises:
        ArchiveError: The file cannot be written.
    """
    try:
        append_line(path, orjson.dumps(fields))
    except OSError as error:
        raise ArchiveError(f"{path}: {error.strerror or error}") from None


def read_objects(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a log; lines torn by a power failure are skipped.

    Raises:
        ArchiveError: The file cannot be read.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return
    except OSError as error:
        raise ArchiveError(f"{path}: {error.strerror or error}") from None
    for line in content.splitlines():
        try:
            fields = orjson.loads(line)
        except orjson.JSONDecodeError:
            continue
        if isinstance(fields, dict):
            yield fields
