"""Lock of a home: one writer at a time."""

from __future__ import annotations

import os
import re
import shlex
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tracker.common.times import now_text
from tracker.errors import LockedError

_NAME = "tracker.lock"


def check_writable(home: Path) -> None:
    """Make a home if it is missing, and check that this process may write to it.

    Raises:
        LockedError: It may not.
    """
    path = home / _NAME
    try:
        home.mkdir(parents=True, exist_ok=True)
        path.open("ab").close()
    except PermissionError:
        user = os.geteuid()
        raise LockedError(
            f"{home}: user {user} may not write here",
            remedy=f"run as the owner of the folder, or: chown -R {user} {shlex.quote(str(home))}",
        ) from None
    except OSError as error:
        raise LockedError(f"{path}: {error.strerror or error}") from None


@contextmanager
def writing(home: Path) -> Iterator[None]:
    """Hold the lock of a home; the operating system releases it when the process dies.

    Raises:
        LockedError: Another run holds it; the message names its process, machine and start.
    """
    from filelock import FileLock, Timeout

    check_writable(home)
    path = home / _NAME
    try:
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
    found = re.match(r"process (\d+) on (\S+) since ", _holder(home / _NAME))
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
