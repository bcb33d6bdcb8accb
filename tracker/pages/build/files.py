"""Places of files in a site and in its build."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tracker.errors import TrackerError
from tracker.pages.build.stamps import Stamps

_SEGMENT = re.compile(r"[\w-][\w.-]*")
_MOST_BYTES = 250


@dataclass(frozen=True)
class Site:
    """A site that is being built."""

    run: Path
    """The folder of this build; nothing else writes there."""
    languages: tuple[str, ...]
    base_url: str | None
    """Address of the site, if it is known."""
    stamps: Stamps

    @property
    def folder(self) -> Path:
        """Where the finished site comes together."""
        return self.run / "whole"

    def root(self, language: str) -> Path:
        """The folder with the pages of a language."""
        return self.folder / ("" if language == "en" else language)

    def layouts(self, language: str) -> Path:
        """The folder with the layouts of a language."""
        return self.run / "layouts" / language


def safe_path(path: str) -> str:
    """Check a place in the site: harmless names only, and nothing above the root.

    Raises:
        TrackerError: A part of it cannot be the name of a file.
    """
    parts = [part for part in path.split("/") if part]
    for part in parts:
        if not _SEGMENT.fullmatch(part) or len(part.encode("utf-8")) > _MOST_BYTES:
            raise TrackerError(f"site: {part!r} cannot be part of an address")
    return "/".join(parts)


def write_file(target: Path, content: bytes) -> None:
    """Write a file and the folders above it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
