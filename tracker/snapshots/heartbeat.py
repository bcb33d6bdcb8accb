"""Heartbeat file beside the archive: last success and last failure of each source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from tracker.common.text import enumerated
from tracker.errors import ArchiveError
from tracker.io.files import write_atomically


@dataclass(frozen=True, slots=True)
class LastRun:
    """The last success and the last failure of one source."""

    success: str | None = None
    failure: str | None = None
    message: str | None = None
    """Message of the last failure."""
    unknown: str | None = None
    """Fields of the last answers that the recorded shape of the source lacks."""


class Heartbeat:
    """The file ``heartbeat.json`` with the last runs of all sources."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "heartbeat.json"

    def read(self) -> dict[str, LastRun]:
        """Return the last runs by source.

        Raises:
            ArchiveError: The file is damaged.
        """
        try:
            stored = orjson.loads(self._path.read_bytes())
            return {source: LastRun(**fields) for source, fields in stored.items()}
        except FileNotFoundError:
            return {}
        except (orjson.JSONDecodeError, TypeError, AttributeError) as error:
            raise ArchiveError(
                f"{self._path}: {error}", remedy="delete it; the next run writes it again"
            ) from None

    def success(self, source: str, at: str, unknown: Iterable[str] = ()) -> None:
        """Record that a source was fetched, and which fields of its answers are not known."""
        last = self.read().get(source, LastRun())
        named = enumerated(list(unknown)) or None
        self._write(source, LastRun(at, last.failure, last.message, named))

    def failure(self, source: str, at: str, message: str) -> None:
        """Record that a source failed, and why."""
        last = self.read().get(source, LastRun())
        self._write(source, LastRun(last.success, at, message, last.unknown))

    def _write(self, source: str, run: LastRun) -> None:
        runs = {**self.read(), source: run}
        content = orjson.dumps({s: asdict(r) for s, r in runs.items()}, option=orjson.OPT_INDENT_2)
        try:
            write_atomically(self._path, content)
        except OSError as error:
            raise ArchiveError(f"{self._path}: {error.strerror or error}") from None
