"""Source of the leaderboard as published from 2024-07-07 to 2025-02-04, from its git history.

The repository holds one JSON Lines file per table; its main branch is the history of what readers
saw. It has not changed since 2025-02-04.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tracker.git import clone as git
from tracker.git import history
from tracker.git import reading as git_reading
from tracker.sources._published_tables import ID, TableReader, edition_name
from tracker.sources.records import SourceHeader

__all__ = [
    "ARCHIVED_SINCE",
    "ENDED",
    "FOLDER",
    "HEADER",
    "REMOVED",
    "ReadVersions",
    "TableReader",
    "Version",
    "check",
    "edition_name",
    "known_versions",
    "refresh",
    "update",
    "version_reader",
    "versions",
]

if TYPE_CHECKING:
    from tracker.sources.runs import FetchReport, Run

HEADER = SourceHeader(
    id=ID,
    title="MTEB leaderboard as published 2024-07 to 2025-02",
    licence="none stated: facts and links only",
    home="https://github.com/embeddings-benchmark/leaderboard",
    politeness="one git fetch a run",
    refresh_hours=24 * 365,
    keeps_history=True,
    ended=True,
)
FOLDER = "boards_data"
REMOVED = "0" * 40
"""Blob id of a table that a commit removed, as git writes it."""
ARCHIVED_SINCE = "2025-02-04T10:24:11Z"
"""Time of commit ae7c5d4e, which added the notice that the board is archived."""

ENDED = "2025-02-05T00:00:00Z"
"""From this moment on, newer editions represent the series of the archived boards."""

_PATH = re.compile(r"boards_data/([^/]+)/(?:data_overall|data_tasks/([^/]+))/default\.jsonl")
# A restricted mirror of the repository rewrites its commits and names the original in its message.
_ORIGINAL_COMMIT = re.compile(r"source commit ([0-9a-f]{40})\b")


class Version(NamedTuple):
    """One version of one table."""

    path: str
    board: str
    task_type: str | None
    commit: str
    """Commit of the published repository."""
    blob: str
    published_at: str


def update(
    location: str, clone: Path, *, since: str | None = None, until: str | None = None
) -> str:
    """Bring the clone up to date with a repository and return the head that was read.

    Args:
        location: URL or path of the repository.
        clone: Folder of the clone.
        since: First moment to load.
        until: Last moment to load.
    """
    head = git.update_clone(HEADER.id, location, clone, FOLDER, home=HEADER.home)
    git.set_window(clone, since, until)
    return head


def refresh(run: Run) -> FetchReport:
    """Update the clone, and count the new versions of tables."""
    from tracker.sources.runs import FetchReport

    run.require_no_moment(HEADER)
    location = run.options.location or run.settings.published_boards_url
    run.forbid_outside(HEADER, location)
    clone = run.settings.clones / HEADER.id
    before = {v.blob for v in known_versions(clone)}
    run.notify(f"{HEADER.id}: updating the clone from {location}")
    update(location, clone, since=run.options.since, until=run.options.until)
    found = versions(clone)
    new = sum(v.blob not in before for v in found)
    return FetchReport(HEADER.id, new=new, unchanged=len(found) - new)


def check(clone: Path) -> None:
    """Verify every object of the clone.

    Raises:
        SourceError: An object is damaged or missing.
    """
    git_reading.check_objects(HEADER.id, clone)


def known_versions(clone: Path) -> list[Version]:
    """Return the versions in the clone; an empty list if there is no clone."""
    return versions(clone) if (clone / "HEAD").is_file() else []


def versions(clone: Path) -> list[Version]:
    """Return all versions of all tables within the window of the last fetch, oldest first."""
    since, until = git.window(clone)
    found = []
    for file in history.file_versions(HEADER.id, clone, FOLDER, home=HEADER.home):
        match = _PATH.fullmatch(file.path)
        if not match:
            continue
        if (since and file.committed_at < since) or (until and file.committed_at > until):
            continue
        original = _ORIGINAL_COMMIT.match(file.message)
        found.append(
            Version(
                file.path,
                match[1],
                match[2],
                original[1] if original else file.commit,
                file.blob or REMOVED,
                file.committed_at,
            )
        )
    return found


ReadVersions = Callable[[list[Version]], Iterator[tuple[Version, bytes | None]]]
"""Yields versions with their raw bytes; ``None`` if the clone lacks the object."""


@contextmanager
def version_reader(clone: Path) -> Iterator[ReadVersions]:
    """Open a reader for the versions of many tables, with one git process."""
    with git_reading.BlobReader(HEADER.id, clone) as blobs:

        def read(wanted: list[Version]) -> Iterator[tuple[Version, bytes | None]]:
            bodies = blobs.read([v.blob for v in wanted if v.blob != REMOVED])
            for version in wanted:
                yield version, b"" if version.blob == REMOVED else next(bodies)[1]

        yield read
