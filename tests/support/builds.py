"""Site builds in one process, with MkDocs' results for the same hand-written pages.

A build starts worker processes and MkDocs, which takes most of its time. The shared site of
``built`` is made that way; tests of a single step of a build need neither.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.shared import made_once
from tracker.pages.build import theme_pages, worker
from tracker.pages.build.mkdocs import OUTPUT, run_mkdocs
from tracker.pages.build.site import CACHE

BASE_URL = "https://tracker.example/deep"
"""Address of the shared sites that have one; with the same one, MkDocs makes the same pages."""


class OneProcess:
    """An executor that calls every function at once, in this process."""

    def __init__(self, *options: Any) -> None:
        worker._worker = worker._Worker(*options[-1])

    def submit(self, function: Callable[..., Any], *arguments: object) -> Future[Any]:
        """Call a function."""
        future: Future[Any] = Future()
        try:
            future.set_result(function(*arguments))
        except Exception as error:
            future.set_exception(error)
        return future

    def shutdown(self, **_: object) -> None:
        """Close the cache."""
        worker._worker.cache.close()


def cached_as(built: Path, root: Path) -> Path:
    """Make a folder ``work`` with the results of an earlier build."""
    work = root / "work"
    work.mkdir(exist_ok=True)
    shutil.copyfile(built.parent / "work" / CACHE, work / CACHE)
    return work


def build_quickly(patch: pytest.MonkeyPatch, factory: pytest.TempPathFactory) -> None:
    """Make builds start no process, but MkDocs for pages that it has not seen in this run."""
    patch.setattr("tracker.pages.build.pool.ProcessPoolExecutor", OneProcess)
    keep_mkdocs(patch, factory)


def keep_mkdocs(patch: pytest.MonkeyPatch, factory: pytest.TempPathFactory) -> None:
    """Make builds run MkDocs only for pages that it has not seen in this run."""

    def known(folder: Path, config: Mapping[str, Any]) -> Path:
        digest = sha256(yaml.safe_dump(dict(config)).replace(str(folder), "").encode())
        for file in sorted((folder / "docs").rglob("*")):
            if file.is_file():
                digest.update(str(file.relative_to(folder)).encode() + file.read_bytes())

        def make(place: Path) -> None:
            shutil.copytree(run_mkdocs(folder, config), place / OUTPUT)

        kept = made_once(factory, f"mkdocs-{digest.hexdigest()[:16]}", make)
        if not (folder / OUTPUT).exists():
            shutil.copytree(kept / OUTPUT, folder / OUTPUT)
        return folder / OUTPUT

    patch.setattr(theme_pages, "run_mkdocs", known)
