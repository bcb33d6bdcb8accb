"""Lock of a home: one writer at a time."""

from __future__ import annotations

import os
import re
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tracker.common.times import now_text
from tracker.errors import LockedError


@contextmanager
def writing(home: Path) -> Iterator[None]:
    """Hold the lock of a home; the operating system releases it when the process dies.

    Raises:
        LockedError: Another run holds it; the message names its process, machine and start.
    """
    from filelock import FileLock, Timeout

    path = home / "tracker.lock"
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path, timeout=0)
        lock.acquire()
    except Timeout:
        raise LockedError(
            f"{path}: held by {_holder(path)}", remedy="wait until it is done and run it again"
        ) from None
    except OSError as error:
        raise LockedError(f"{path}: {error.strerror or error}") from None
    except RuntimeError:  # how older versions of filelock refuse a network drive
        raise LockedError(
            f"{path}: this file system has no locks",
            remedy="put the home on a local disk; a built site or an export can lie anywhere",
        ) from None
    holder = _holder_file(path)
    try:
        command = " ".join(["tracker", *sys.argv[1:]])
        with suppress(OSError):  # a full disk: the lock itself holds without it
            holder.write_text(
                f"process {os.getpid()} on {socket.gethostname()} since {now_text()}: {command}\n",
                encoding="utf-8",
            )
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def is_held(home: Path) -> bool:
    """Whether the process that took the lock of a home last is one of this machine and lives.

    The lock itself is not tried: a writer that starts in the same moment would be refused.
    """
    found = re.match(r"process (\d+) on (\S+) since ", _holder(home / "tracker.lock"))
    if found is None or found[2] != socket.gethostname() or os.name != "posix":
        return False
    try:
        os.kill(int(found[1]), 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it lives and is someone else's
        return True
    return True


def _holder_file(lock: Path) -> Path:
    # Not in the lock file: on some systems a locked file cannot be read.
    return lock.with_suffix(".holder")


def _holder(lock: Path) -> str:
    try:
        return _holder_file(lock).read_text(encoding="utf-8").strip() or "another run"
    except OSError:
        return "another run"
