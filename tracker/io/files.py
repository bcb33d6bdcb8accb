"""Write files atomically, and remove the temporary files of killed processes.

A file is written under a temporary name beside its place, synchronised with the disk and renamed,
so that neither a crash nor a full disk leaves half a file under the final name. The temporary name
is ``<name>.<process>.new``: whose process is dead can be removed.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_TEMPORARY = re.compile(r"\.([0-9]{1,10})\.new(?:-(?:journal|wal|shm))?$")


@contextmanager
def temporary(path: Path) -> Iterator[Path]:
    """Yield a temporary name beside ``path``, and remove what is left under it afterwards.

    The folder is created. Journals that SQLite writes beside a database are removed as well.

    Raises:
        OSError: The folder cannot be created or written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    files = [new, *(new.with_name(f"{new.name}-{kind}") for kind in ("journal", "wal", "shm"))]
    try:
        for file in files:  # of a dead process that had the same number
            file.unlink(missing_ok=True)
        yield new
    finally:
        for file in files:
            with suppress(OSError):
                file.unlink(missing_ok=True)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary name to write to; it replaces ``path`` unless the block raises.

    Raises:
        OSError: The file cannot be written.
    """
    with temporary(path) as new:
        yield new
        _synchronise(new)
        new.replace(path)


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_atomically(path: Path, content: bytes) -> None:
    """Write a whole file; its permissions follow the umask.

    Raises:
        OSError: The file cannot be written; a file of that name is unchanged.
    """
    with replacing(path) as new:
        new.write_bytes(content)


def append_line(path: Path, line: bytes) -> None:
    """Append one line to a file and synchronise it with the disk.

    A last line that lost its end when the power failed gets one, so that it costs itself only.

    Raises:
        OSError: The file cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - 1))
        is_torn = file.read(1) not in (b"", b"\n")
        file.write(b"\n" * is_torn + line + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _synchronise(path: Path) -> None:
    # Without it, some file systems keep the rename and lose the content when the power fails.
    with path.open("rb") as file:
        os.fsync(file.fileno())


def remove_leftovers(folder: Path, pattern: str = "*") -> None:
    """Remove the temporary files of dead processes.

    Args:
        folder: Where the files were to be.
        pattern: Glob pattern of the files' final names; may begin with folders.
    """
    for path in folder.glob(f"{pattern}.*.new*"):
        match = _TEMPORARY.search(path.name)
        if match and not is_running(int(match[1])):
            path.unlink(missing_ok=True)


def is_running(process: int) -> bool:
    """Return whether a process of this machine runs, whoever owns it."""
    if process <= 0:
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def not_open(paths: Iterable[Path]) -> list[Path]:
    """Return those files that no process of this machine has open.

    Only Linux tells which files are open; elsewhere all of them are returned.
    """
    found = list(paths)
    if not found:
        return []
    opened = set()
    for descriptor in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):
            opened.add(descriptor.readlink())
    return [path for path in found if path.resolve() not in opened]
