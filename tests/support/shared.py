"""Catalogs and sites that all processes of a test run share, made by the first one that asks."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from tests.support.catalogs import Loaded
from tracker.curated import Curated, read_curated

LoadOnce = Callable[[str, Callable[[Loaded, Path], object]], Loaded]
"""The fixture ``loaded_once``: a catalog's name and what fills it."""
READERS = (
    "tracker.exports.curating",
    "tracker.update.extraction",
    "tracker.update.receipts",
    "tracker.update.run",
    "tracker.update.wanted",
    "tracker.curated",  # the last one: importing the others must not find the replacement
)
"""Modules with ``read_curated``."""
_read: dict[object, Curated] = {}


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


def is_made_once(file: Path) -> bool:
    """Whether a file is in a folder that ``made_once`` has filled."""
    return any(
        folder.name.startswith("shared-") and folder.with_suffix(".made").exists()
        for folder in file.parents
    )


def curated_once(folder: Path) -> Curated:
    """Read a curated folder; it or a copy of it that did not change is not read again."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    states = [(path.relative_to(folder), path.stat()) for path in files]
    key = tuple((path, state.st_mtime_ns, state.st_size) for path, state in states)
    if key not in _read:
        _read[key] = read_curated(folder)
    return _read[key]
