"""Catalogs and sites that all processes of a test run share, made by the first one that asks."""

from __future__ import annotations

import functools
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from tracker.curated import Curated, read_curated

READERS = (
    "tracker.exports.curating",
    "tracker.update.receipts",
    "tracker.update.run",
    "tracker.update.wanted",
    "tracker.curated",  # the last one: importing the others must not find the replacement
)
"""Modules with ``read_curated``."""
_read = functools.lru_cache(maxsize=8)(lambda folder, _: read_curated(folder))


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder that ``make`` has filled once in this test run; tests only read it."""
    root = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    folder = root / f"shared-{name}"
    made = folder.with_suffix(".made")
    with FileLock(folder.with_suffix(".lock")):
        if not made.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            made.touch()
    return folder


def curated_once(folder: Path) -> Curated:
    """Read a curated folder; hundreds of files that did not change are not read again."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    state = tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in files)
    return _read(folder, hash(state))
