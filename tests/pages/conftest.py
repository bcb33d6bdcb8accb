"""Builds that tests of single steps can afford."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.builds import build_quickly
from tracker.pages.build.site import CACHE


@pytest.fixture
def quick_builds(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Builds start no process, but MkDocs for pages that it has not seen in this run."""
    build_quickly(monkeypatch, tmp_path_factory)


@pytest.fixture
def warm(built: Path, tmp_path: Path, quick_builds: None) -> Path:
    """The folder ``work`` of a build after one of the fake catalog: quick builds find all pages."""
    work = tmp_path / "work"
    work.mkdir(exist_ok=True)
    shutil.copyfile(built.parent / "work" / CACHE, work / CACHE)
    return work
