"""Builds that tests of single steps can afford."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.builds import build_quickly, cached_as


@pytest.fixture
def quick_builds(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Builds start no process, but MkDocs for pages that it has not seen in this run."""
    build_quickly(monkeypatch, tmp_path_factory)


@pytest.fixture
def warm(built: Path, tmp_path: Path, quick_builds: None) -> Path:
    """The folder ``work`` of a build after one of the fake catalog: quick builds find all pages."""
    return cached_as(built, tmp_path)
