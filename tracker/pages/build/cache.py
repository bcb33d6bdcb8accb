"""Results of earlier builds: rendered pages, charts, preview images, the program of charts.

A result is stored under a digest of everything that it was made from, so nothing has to be asked
what it depends on, and a build that is killed leaves nothing wrong behind. All are in one SQLite
file, because thousands of small files take longer to make than to fill.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from tracker.common.paths import resource
from tracker.errors import TrackerError

_LIBRARIES = ("jinja2", "markupsafe")
_TABLE = "create table if not exists result (key text primary key, content blob not null)"
_SECONDS = 60
"""How long a process waits for another one that writes."""


class BuildCache:
    """The results by key; every process of a build opens the file for itself."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._path = file
        try:
            self._file = _opened(file)
        except sqlite3.DatabaseError:
            # Everything in it can be made again, so a broken file is no reason to stop.
            for name in (file, *file.parent.glob(f"{file.name}-*")):
                with suppress(FileNotFoundError):
                    name.unlink()
            self._file = _opened(file)

    def keys(self) -> set[str]:
        """The keys of all results."""
        return {key for (key,) in self._file.execute("select key from result")}

    def read(self, key: str) -> bytes | None:
        """The result under a key, or ``None``.

        Raises:
            TrackerError: The file is damaged.
        """
        query = "select content from result where key = ?"
        try:
            found = self._file.execute(query, (key,)).fetchone()
        except sqlite3.DatabaseError as error:
            raise TrackerError(
                f"site: cannot read the build cache: {error}", remedy=f"delete {self._path}"
            ) from error
        return found[0] if found else None

    def write(self, key: str, content: bytes) -> None:
        """Store a result.

        Raises:
            TrackerError: The file cannot be written.
        """
        try:
            self._file.execute("insert or replace into result values (?, ?)", (key, content))
        except sqlite3.Error as error:
            raise TrackerError(
                f"site: cannot write the build cache: {error}", remedy="is there room on the disk?"
            ) from error

    def keep_only(self, keys: Iterable[str]) -> None:
        """Remove all results under other keys."""
        self._file.execute("begin")
        others = [(key,) for key in self.keys() - set(keys)]
        self._file.executemany("delete from result where key = ?", others)
        self._file.execute("commit")

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _opened(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, timeout=_SECONDS, isolation_level=None)
    try:
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = normal")
        connection.execute(_TABLE)
    except BaseException:
        connection.close()
        raise
    return connection


def cache_key(kind: str, *parts: bytes) -> str:
    """The key of a result: its kind, such as ``page``, and a digest of what it is made from."""
    digest = sha256()
    for part in parts:
        digest.update(b"%d:" % len(part) + part)
    return f"{kind}-{digest.hexdigest()}"


def page_key(kind: str, context: bytes, surroundings: str) -> str:
    """The key of a page in every language; a page whose key is known is not rendered again.

    ``WorkerPool.write_page`` asks for it. No page knows which snapshots it depends on: each build
    makes all contexts anew, and what changed nothing in a context leaves its key as it was.

    Args:
        kind: Name of the class of its context, which names its template.
        context: The context as JSON.
        surroundings: What else stands on it: digest of the layouts, languages, address, feed.
    """
    return cache_key("page", code_digest(), surroundings.encode(), kind.encode(), context)


@cache
def code_digest() -> bytes:
    """A digest of what renders pages: code, words, templates and libraries."""
    digest = sha256("".join(f"{name} {version(name)}\n" for name in _LIBRARIES).encode())
    for file in code_files():
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.digest()


def code_files() -> list[Path]:
    """The files of code, words and templates."""
    package = Path(__file__).parents[2]
    return [
        *sorted(package.rglob("*.py")),
        *sorted(package.rglob("*.yaml")),
        *sorted(resource("templates").rglob("*.html")),
    ]
