"""Places of files in a site."""

from __future__ import annotations

import re
from pathlib import Path

from tracker.errors import TrackerError

_SEGMENT = re.compile(r"[\w-][\w.-]*")
_MOST_BYTES = 250


def safe_path(path: str) -> str:
    """A place in the site, checked: every part a harmless file name, nothing above the root."""
    parts = [part for part in path.split("/") if part]
    for part in parts:
        if not _SEGMENT.fullmatch(part) or len(part.encode("utf-8")) > _MOST_BYTES:
            raise TrackerError(f"site: {part!r} cannot be part of an address")
    return "/".join(parts)


def write_file(target: Path, content: bytes) -> None:
    """A file with all the folders above it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
