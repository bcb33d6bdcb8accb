"""Fixtures of a small, correct folder of curated files, and of edits to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.curated_folder import Edit, write_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small, correct folder of curated files."""
    return write_folder(tmp_path)


@pytest.fixture
def edit(folder: Path) -> Edit:
    """Replace one piece of one file of the small folder, or add a file."""

    def edited(name: str, old: str, new: str) -> Path:
        path = folder / name
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        assert not old or text.count(old) == 1
        path.parent.mkdir(exist_ok=True)
        path.write_text(text.replace(old, new) if old else text + new, encoding="utf-8")
        return path

    return edited
