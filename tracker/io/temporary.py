"""Find temporary files that killed processes left behind."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

_PROCESS = re.compile(r"\.([0-9]{1,10})\.new(?:-(?:journal|wal|shm))?$")


def is_running(process: int) -> bool:
    """Whether a process of this machine runs, whoever owns it."""
    if process <= 0:
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def of_dead_processes(folder: Path, name: str) -> Iterator[Path]:
    """Yield the files ``<name>.<process>.new`` and their journals whose process is dead."""
    for path in folder.glob(f"{_escaped(name)}.*.new*"):
        match = _PROCESS.search(path.name)
        if match and not is_running(int(match[1])):
            yield path


def _escaped(name: str) -> str:
    return re.sub(r"([*?\[])", r"[\1]", name)


def not_open(paths: Iterable[Path]) -> list[Path]:
    """Return those files that no process of this machine has open, as far as that can be told.

    Only Linux tells; elsewhere all of them are returned.
    """
    found = list(paths)
    if not found:
        return []
    opened = set()
    for descriptor in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):
            opened.add(descriptor.readlink())
    return [path for path in found if path.resolve() not in opened]
