"""The schema: migrations match the tables, and a newer catalog is refused."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlmodel import SQLModel

from tracker.catalog.engine import migrate, newest_revision, open_engine, revision
from tracker.catalog.ids import table_of
from tracker.catalog.tables import TABLES
from tracker.common.paths import resource
from tracker.errors import CatalogError

Run = Callable[..., Any]


@pytest.mark.on_a_file
def test_migrations_give_the_schema_of_the_tables(blank: Path) -> None:
    engine = open_engine(f"sqlite:///{blank}", read_only=True)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []
        assert revision(connection) == newest_revision()
        # What a comparison does not look at: checks, and foreign keys that wait for the commit.
        for model in TABLES:
            table = table_of(model)
            made = inspect(connection)
            checks = {str(c.sqltext) for c in table.constraints if hasattr(c, "sqltext")}
            assert {c["sqltext"] for c in made.get_check_constraints(table.name)} == checks
            deferred = {tuple(c.column_keys) for c in table.foreign_key_constraints if c.deferrable}
            assert {
                tuple(f["constrained_columns"])
                for f in made.get_foreign_keys(table.name)
                if f["options"].get("deferrable")
            } == deferred
    engine.dispose()


def test_tables_are_listed_after_those_they_refer_to() -> None:
    names = [table_of(model).name for model in TABLES]
    assert sorted(names) == sorted(SQLModel.metadata.tables)
    for number, model in enumerate(TABLES):
        for key in table_of(model).foreign_keys:
            assert key.column.table.name in names[:number]


def test_every_table_and_column_is_described() -> None:
    for model in TABLES:
        assert model.__doc__
        assert not model.__doc__.startswith(model.__name__ + "(")
        for column in table_of(model).columns:
            assert column.comment, f"{model.__name__}.{column.name}"
            assert column.comment.endswith((".", ")", "…")), f"{model.__name__}.{column.name}"


def test_revisions_are_numbered_in_order() -> None:
    names = sorted(p.stem for p in (resource("db/migrations") / "versions").glob("[0-9]*.py"))
    assert names[0] == "0001_initial"
    assert [name[:4] for name in names] == [f"{n:04d}" for n in range(1, len(names) + 1)]


@pytest.mark.on_a_file
def test_migrating_twice_changes_nothing(blank: Path, tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    shutil.copyfile(blank, path)
    engine = open_engine(f"sqlite:///{path}", read_only=False)
    migrate(engine)
    engine.dispose()
    assert path.read_bytes() == blank.read_bytes()


def newer(path: Path) -> None:
    engine = open_engine(f"sqlite:///{path}", read_only=False)
    with engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999_later'"))
    engine.dispose()


@pytest.mark.on_a_file
def test_a_catalog_of_a_newer_tracker_is_refused(cli: Run, story: Path) -> None:
    path = story / "db" / "catalog.db"
    newer(path)
    before = path.read_bytes()
    for verb in (["boards"], ["load"], ["doctor"]):
        answer = cli(*verb)
        assert (answer.code, answer.out) == (1, "")
        assert answer.err.count("\n") == 1
        assert "schema 9999_later" in answer.err
        assert "update the tracker" in answer.err
    assert path.read_bytes() == before
    engine = open_engine(f"sqlite:///{path}", read_only=False)
    with pytest.raises(CatalogError, match="newer than this tracker knows"):
        migrate(engine)
    engine.dispose()


@pytest.mark.on_a_file
def test_an_empty_file_becomes_a_catalog_when_loaded(
    cli: Run, home: Path, few_facts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_CURATED", str(few_facts))
    (home / "db").mkdir(parents=True)
    (home / "db" / "catalog.db").touch()
    answer = cli("boards")
    assert (answer.code, answer.out) == (1, "")
    assert "has no schema" in answer.err
    assert cli("load").code == 0
    assert cli("boards").code == 0


@pytest.mark.on_a_file
def test_foreign_keys_are_on_and_readers_cannot_write(blank: Path) -> None:
    for read_only in (False, True):
        engine = open_engine(f"sqlite:///{blank}", read_only=read_only)
        with engine.connect() as connection:
            raw = connection.connection.cursor()
            if not read_only:
                assert raw.execute("pragma foreign_keys").fetchone() == (1,)
            else:
                with pytest.raises(Exception, match="not authorized"):
                    raw.execute("delete from model")
        engine.dispose()
