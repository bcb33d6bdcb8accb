"""Log of runs beside the archive: what each run fetched, loaded and built, and how it ended.

The file ``runs.jsonl`` has one JSON object a line and only grows, by about one kilobyte a run. A
run that was killed has a line for its start and none for its end.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from tracker.common.times import now_text
from tracker.snapshots.json_lines import append_object, read_objects


@dataclass(frozen=True)
class Attempt:
    """One fetch of one source."""

    source: str
    at: str
    """When it ended."""
    new: int
    unchanged: int
    failure: str | None
    """The first error; ``None`` if everything was fetched."""


@dataclass
class RunRecord:
    """One run of ``tracker update`` or ``tracker fetch``."""

    id: str
    command: str
    started: str
    finished: str | None = None
    """``None`` if the run was killed or still runs."""
    outcome: str | None = None
    """``good``, ``degraded`` (a source failed, or a document could not be read) or ``failed``."""
    attempts: list[Attempt] = field(default_factory=list)
    failure: str | None = None
    """Why the catalog or the site could not be written."""


class RunLog:
    """The file ``runs.jsonl`` of an archive."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "runs.jsonl"

    def start(self, command: str) -> OpenRun:
        """Record the start of a run.

        Raises:
            ArchiveError: The file cannot be written.
        """
        run = OpenRun(self, uuid4().hex[:12])
        self.append(run=run.id, event="started", at=now_text(), command=command)
        return run

    def append(self, **fields: Any) -> None:
        """Append one line.

        Raises:
            ArchiveError: The file cannot be written.
        """
        append_object(self._path, fields)

    def read(self) -> list[RunRecord]:
        """Return all runs, the oldest first; lines that cannot be read are skipped."""
        runs: dict[str, RunRecord] = {}
        for line in read_objects(self._path):
            match line:
                case {"event": "started", "run": str(run), "at": str(at), "command": str(command)}:
                    runs[run] = RunRecord(run, command, at)
                case {"event": "source", "run": str(run), "source": str(source), "at": str(at)}:
                    if run in runs:
                        counts = (_count(line, "new"), _count(line, "unchanged"))
                        attempt = Attempt(source, at, *counts, line.get("failure"))
                        runs[run].attempts.append(attempt)
                case {"event": "finished", "run": str(run), "at": str(at)}:
                    if run in runs:
                        runs[run].finished = at
                        runs[run].outcome = line.get("outcome")
                        runs[run].failure = line.get("failure")
        return list(runs.values())


@dataclass(frozen=True)
class OpenRun:
    """A run that has started."""

    log: RunLog
    id: str

    def source(
        self, source: str, *, new: int = 0, unchanged: int = 0, failure: str | None = None
    ) -> None:
        """Record that a source was fetched or failed."""
        self.log.append(
            run=self.id,
            event="source",
            at=now_text(),
            source=source,
            new=new,
            unchanged=unchanged,
            failure=failure,
        )

    def finish(self, outcome: str, failure: str | None = None) -> None:
        """Record the end of the run."""
        self.log.append(
            run=self.id, event="finished", at=now_text(), outcome=outcome, failure=failure
        )


def _count(line: dict[str, Any], name: str) -> int:
    value = line.get(name)
    return value if isinstance(value, int) else 0
