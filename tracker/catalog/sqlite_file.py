"""The file of an SQLite catalog: readers beside a writer, checksum, copies.

A load writes into a log beside the file (SQLite's write-ahead log), so that readers go on reading
the state before it. At its end the log is taken into the file, and the SHA-256 of the file is
written to ``catalog.db.sha256``. Nothing else changes the file, so another checksum means damage.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection
from sqlalchemy.engine import URL

from tracker.errors import CatalogError, one_line
from tracker.io.files import checksum, write_atomically

REBUILD = "run: tracker load --rebuild"
_SETTLE_SECONDS = 1.0
"""How long the end of a load waits for readers of the state before it."""


def file_of(url: URL) -> Path | None:
    """Return the file of an SQLite URL; ``None`` for a database in memory."""
    return None if url.database in (None, "", ":memory:") else Path(str(url.database))


def connect_url(path: Path) -> str | None:
    """Return the URL for a file in a folder that this user cannot write; ``None`` elsewhere.

    SQLite needs to write beside a file that has a log. Where that is impossible, and no log is
    there, nobody else writes either.
    """
    if os.access(path.parent, os.W_OK) or _log(path).exists():
        return None
    return f"sqlite:///file:{quote(quote(str(path.absolute())))}?immutable=1&uri=true"


def _log(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def use_log(connection: sqlite3.Connection) -> None:
    """Switch a file to the write-ahead log, once; it stays so.

    That is not possible while a reader has the file open, nor on a network drive. Then a load and
    its readers have to wait for each other.
    """
    with suppress(sqlite3.OperationalError):
        connection.execute("pragma journal_mode = wal")


def hold_state(connection: Connection) -> None:
    """Let a connection read one state until it is closed, whatever is loaded meanwhile."""
    # Without the log an open transaction would keep a load from ending.
    if connection.exec_driver_sql("pragma journal_mode").scalar_one() == "wal":
        connection.exec_driver_sql("begin")


@contextmanager
def written(path: Path | None) -> Iterator[None]:
    """Check a file before it is written, and record its checksum afterwards.

    Args:
        path: The file; ``None`` for a catalog on a server, of which nothing is recorded.

    Raises:
        CatalogError: The file is damaged.
    """
    if path is None:
        yield
        return
    if damage := checksum_damage(path):
        raise CatalogError(f"catalog {path}: {damage}")
    forget_checksum(path)
    yield
    if _take_log_in(path):
        record_checksum(path, checksum(path))


def _take_log_in(path: Path) -> bool:
    """Take the log into the file; false where a reader still needs the state before."""
    with closing(sqlite3.connect(path, timeout=_SETTLE_SECONDS)) as connection:
        is_busy, _, _ = connection.execute("pragma wal_checkpoint(truncate)").fetchone()
    return not is_busy


def state(path: Path) -> tuple[int, ...]:
    """Return what changes when a file or its log changes."""
    found: list[int] = []
    for file in (path, _log(path)):
        # Opening a catalog makes an empty log, which is no change.
        if file.is_file() and (status := file.stat()).st_size:
            found += [status.st_ino, status.st_size, status.st_mtime_ns]
    return tuple(found)


def _checksum_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")


def record_checksum(path: Path, digest: str) -> None:
    """Write the checksum of a file beside it, in the format of ``sha256sum``."""
    with suppress(OSError):  # a full disk: the catalog is whole without it
        write_atomically(_checksum_file(path), f"{digest}  {path.name}\n".encode())


def forget_checksum(path: Path) -> None:
    """Remove the checksum, because the file is about to change."""
    _checksum_file(path).unlink(missing_ok=True)


def is_as_written(path: Path) -> bool | None:
    """Whether a file has the bytes that the last load wrote.

    ``None`` if nothing is known: after a load that was killed, and as long as there is a log.
    """
    try:
        recorded = _checksum_file(path).read_text("ascii").partition(" ")[0]
    except (OSError, UnicodeDecodeError):
        return None
    log = _log(path)
    if log.exists() and log.stat().st_size:
        return None
    return checksum(path) == recorded


def checksum_damage(path: Path) -> str | None:
    """Return what is wrong with the bytes of a file, and the remedy.

    ``None`` if nothing is wrong, or nothing is known.
    """
    if is_as_written(path) is not False:
        return None
    return (
        f"its bytes have changed since the last load; {REBUILD}, "
        f"or delete {_checksum_file(path).name} if you changed it yourself"
    )


def copy_file(path: Path, target: Path) -> None:
    """Copy an SQLite catalog as it is between two loads, also while one is running.

    Raises:
        CatalogError: It cannot be read, or there is no room for it.
    """
    target.unlink(missing_ok=True)
    try:
        with (
            closing(sqlite3.connect(path)) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
            copy.execute("pragma journal_mode = delete")  # a copy is one file
    except sqlite3.Error as error:
        raise CatalogError(f"{target}: {one_line(error)}") from None
