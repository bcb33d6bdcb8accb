"""``tracker load --rebuild``: the same rows from the archive, or a report of what it has lost."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import tracker
from tests.support.catalogs import dump

Run = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("own_data_only")


@pytest.fixture
def catalog(cli: Run, story: Path) -> Path:
    """The catalog of a home that was loaded with this home's own curated files only."""
    path = story / "db" / "catalog.db"
    path.unlink()
    cli("load")
    return path


def rows(catalog: Path) -> dict[str, Any]:
    return dump(f"sqlite:///{catalog}")


def test_a_rebuilt_catalog_has_the_same_rows(cli: Run, catalog: Path) -> None:
    before = rows(catalog)
    answer = cli("load", "--rebuild")
    assert (answer.code, answer.err.splitlines()[-1]) == (0, "every row is the same")
    assert rows(catalog) == before
    catalog.unlink()
    assert cli("load", "--rebuild").code == 0
    assert rows(catalog) == before
    assert cli("verify").code == 0
    assert [path.name for path in catalog.parent.glob("*.new*")] == []


def test_overwritten_pages_are_found_and_rebuilt_from_the_archive(cli: Run, catalog: Path) -> None:
    before, whole = rows(catalog), catalog.read_bytes()
    for seed in range(3):
        drawn = random.Random(seed)
        damaged = bytearray(whole)
        for _ in range(3):
            at = drawn.randrange(len(whole) // 4096) * 4096
            damaged[at : at + 4096] = drawn.randbytes(4096)
        catalog.write_bytes(damaged)
        assert cli("verify").code == 1
        assert "run: tracker load --rebuild" in cli("load").err
        answer = cli("load", "--rebuild")
        assert answer.code == 0, answer.err
        kept = catalog.with_name("catalog.db.damaged")
        assert f"note: the damaged catalog is kept as {kept}\n" in answer.err
        assert kept.read_bytes() == damaged
        assert rows(catalog) == before
        assert cli("verify").code == 0


def test_a_changed_row_is_told_and_made_right(cli: Run, catalog: Path) -> None:
    before = rows(catalog)
    with tracker.open() as reader, closing(sqlite3.connect(catalog)) as connection:
        asked = reader.leaderboard("en")
        connection.execute("update board_row set mean_task = 99 where mean_task = 60")
        connection.commit()
        catalog.with_name("catalog.db.sha256").unlink()
        answer = cli("load", "--rebuild")
        assert answer.code == 0
        assert "note: table board_row: 1 rows gone or changed, 1 rows new\n" in answer.err
        assert answer.err.splitlines()[-1] == "the catalog was made anew"
        # A reader of before keeps its state, whose values it has not read yet.
        assert reader.leaderboard("en").equals(asked)
    assert rows(catalog) == before


def test_what_the_archive_has_lost_is_named_and_stays(cli: Run, catalog: Path) -> None:
    before = rows(catalog)
    objects = catalog.parent / "snapshots" / "objects"
    for path in objects.rglob("*.zst"):
        body = bytearray(path.read_bytes())
        body[len(body) // 2] ^= 0xFF
        path.write_bytes(body)
    assert "error: leaderboard-api: models: " in cli("verify").err
    answer = cli("load", "--rebuild")
    assert answer.code == 1
    assert "error: the archive has lost snapshot: leaderboard-api models 2026-08-20" in answer.err
    assert "the old catalog stays; restore the archive from a backup" in answer.err
    assert rows(catalog) == before


def test_lost_git_objects_are_found_and_cost_no_row(cli: Run, catalog: Path) -> None:
    before = rows(catalog)
    objects = catalog.parent / "clones" / "published-boards" / "objects"
    for path in [p for p in objects.rglob("*") if p.is_file()]:
        path.unlink()
    answer = cli("verify")
    assert (answer.code, "published-boards" in answer.err) == (1, True)
    answer = cli("load", "--rebuild")
    assert (answer.code, "the archive has lost snapshot: published-boards" in answer.err) == (
        1,
        True,
    )
    assert rows(catalog) == before


def test_a_rebuild_names_no_sources(cli: Run) -> None:
    assert cli("load", "published-boards", "--rebuild").code == 2
