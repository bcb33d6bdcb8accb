"""A catalog on PostgreSQL gives the answers of one in an SQLite file, and loses nothing."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, inspect, select, text
from sqlalchemy.engine import make_url
from sqlmodel import SQLModel

from tests.support.answers import SEARCHES, every_answer
from tests.support.campaigns import examples
from tests.support.catalogs import Loaded, dump
from tests.support.clock import Clock
from tests.support.leaderboard_payloads import board, row
from tests.support.postgres import OnServer, Server
from tracker.api import Catalog
from tracker.catalog.dialects.postgres import check_references
from tracker.catalog.engine import migrate, newest_revision, open_engine, revision
from tracker.catalog.ids import insert_rows, table_of
from tracker.catalog.integrity import catalog_damage
from tracker.catalog.tables import TABLES, ModelTable
from tracker.errors import CatalogError, UsageError
from tracker.settings import Settings

Run = Callable[..., Any]
BOARDS = ("published/en", "MTEB(eng, v2)", "mteb-english")


@pytest.fixture(scope="module")
def copied(server: Server, told: Loaded) -> Loaded:
    """The story, loaded into a database of the server."""
    catalog = told.at(server.new())
    engine = open_engine(catalog.url, read_only=False)
    migrate(engine)
    engine.dispose()
    catalog.load()
    return catalog


@pytest.fixture
def one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stops the clock: an answer says when it was asked for."""
    Clock(monkeypatch, "2026-11-30T12:00:00Z")


@pytest.mark.usefixtures("one_moment")
def test_every_answer_is_that_of_sqlite(told: Loaded, copied: Loaded) -> None:
    with told.open() as file, copied.open() as other:
        models = file.model_names()[:4]
        on_file = every_answer(file, BOARDS, models)
        on_server = every_answer(other, BOARDS, models)
        for (question, one), (_, two) in zip(on_file, on_server, strict=True):
            assert one == two, question
    assert dump(told.url) == dump(copied.url)


@pytest.mark.usefixtures("one_moment")
@pytest.mark.parametrize(
    "planner",
    [
        "-c enable_indexscan=off -c enable_indexonlyscan=off -c enable_bitmapscan=off",
        "-c enable_hashjoin=off -c enable_nestloop=off -c enable_hashagg=off",
        "-c enable_seqscan=off -c enable_sort=off -c enable_material=off",
    ],
    ids=["only scans", "only merges", "only indexes"],
)
def test_no_answer_depends_on_the_order_of_rows_or_the_plan(
    told: Loaded, copied: Loaded, server: Server, planner: str
) -> None:
    address = server.new(template=copied.url)
    engine = open_engine(address, read_only=False)
    with engine.begin() as connection:
        connection.execute(text("select setseed(0.18)"))
        for model in TABLES:
            # A row that is written again is moved to the end of its table.
            name = f'"{table_of(model).name}"'
            connection.execute(text(f"update {name} set id = id where random() < 0.5"))
    engine.dispose()
    shuffled = make_url(address).update_query_dict({"options": planner}, append=True)
    with told.open() as file, Catalog(shuffled.render_as_string(False), Settings()) as other:
        models = file.model_names()[:4]
        on_file = every_answer(file, BOARDS, models)
        on_server = every_answer(other, BOARDS, models)
        for (question, one), (_, two) in zip(on_file, on_server, strict=True):
            assert one == two, question


# Search


def test_a_copy_answers_and_is_searched_as_the_original(
    bundled: Path, server: Server, tmp_path_factory: pytest.TempPathFactory
) -> None:
    original = f"sqlite:///{bundled}"
    url = OnServer(server, tmp_path_factory).shared(original)
    with Catalog(original, Settings()) as file, Catalog(url, Settings()) as other:
        for words in SEARCHES:
            assert other.search_list(words, limit=50) == file.search_list(words, limit=50), words
        assert other.digest == file.digest
        assert other.leader_list("mteb-english") == file.leader_list("mteb-english")


@settings(max_examples=examples(20))
@given(st.text(alphabet="ab onetw難负例 -_'\\:*&|!()\0é", max_size=20))
def test_any_words_find_the_same(told: Loaded, copied: Loaded, words: str) -> None:
    with told.open() as file, copied.open() as other:
        assert other.search_list(words) == file.search_list(words)


# What the server has to be


def test_a_database_that_orders_texts_by_a_language_is_refused(server: Server) -> None:
    options = "encoding 'UTF8' locale 'C.UTF-8' locale_provider icu icu_locale 'en-US'"
    server.run(f"create database english owner tracker template template0 {options}")
    with pytest.raises(CatalogError) as refused:
        migrate(open_engine(server.url("english"), read_only=False))
    assert "order texts by code points" in str(refused.value)
    assert "createdb" in str(refused.value)


@pytest.mark.parametrize("address", ["mysql://host/x", "postgresql+psycopg2://host/x"])
def test_other_databases_are_refused_in_one_line(address: str) -> None:
    with pytest.raises(CatalogError) as refused:
        open_engine(address, read_only=True)
    assert str(refused.value).count("\n") == 0
    assert "postgresql+psycopg://" in str(refused.value)


def test_a_server_that_does_not_answer_is_one_line(
    cli: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    address = f"postgresql+psycopg://me:secret@/x?host={tmp_path}"
    monkeypatch.setenv("TRACKER_DATABASE_URL", address)
    for verb in (["boards"], ["load"]):
        answer = cli(*verb)
        assert (answer.code, answer.out, answer.err.count("\n")) == (1, "", 1), answer.err
        assert answer.err.startswith("error: catalog postgresql+psycopg://me:***@/x")
        assert "secret" not in answer.err


# The schema

# Of the documented limits of the three databases: constraints that wait for the commit, collations
# of columns and sequences are refused or different in CockroachDB; inheritance, exclusions,
# triggers, rules, unlogged tables and statements outside a transaction in one of them or more.
_REFUSED = re.compile(
    r"deferr|initially|collate|serial|sequence|nextval|inherits|partition|exclude|trigger"
    r"|create rule|unlogged|tablespace|extension|create domain|concurrently|\block\b|vacuum|cluster"
    r"|generated|text search|as identity|without oids|create type|create function|materialized",
    re.IGNORECASE,
)
_KNOWN = re.compile(
    r"create table( if not exists)? |create (unique )?index( if not exists)? "
    r"|comment on (table|column) |"
    r"alter table \S+ (add column|alter column \S+ (set|drop) default)|drop (table|index) ",
    re.IGNORECASE,
)


def test_the_schema_is_plain_and_that_of_the_tables(server: Server, told: Loaded) -> None:
    catalog = told.at(server.new())
    engine = open_engine(catalog.url, read_only=False)
    said: list[str] = []

    @event.listens_for(engine, "before_cursor_execute")
    def _note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(" ".join(statement.split()))

    migrate(engine)
    catalog.load(through=engine)
    changing = [one for one in said if re.match("(create|alter|drop|comment)", one, re.IGNORECASE)]
    assert len(changing) > len(TABLES)
    assert [one for one in changing if not _KNOWN.match(one)] == []
    without_comments = [re.sub(r"(?s) '.*'$", "", one) for one in changing]
    assert [one for one in without_comments if _REFUSED.search(one)] == []
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": lambda *types: None if str(types[3]) != "BIGINT" else False,
                "include_name": lambda name, *_: name != "search_index",
                "include_object": lambda item, *_: not getattr(item, "deferrable", None),
            },
        )
        found = compare_metadata(context, SQLModel.metadata)
        # The remarks of old migrations were never mended, because SQLite does not keep them.
        assert [one for one in found if one[0][0] != "modify_comment"] == []
        assert revision(connection) == newest_revision()
        for model in TABLES:
            keys = inspect(connection).get_foreign_keys(table_of(model).name)
            waiting = [k for k in table_of(model).foreign_key_constraints if k.deferrable]
            assert len(keys) == len(table_of(model).foreign_key_constraints) - len(waiting)
    engine.dispose()


def test_an_interval_without_its_snapshot_is_not_committed(copied: Loaded) -> None:
    engine = open_engine(copied.url, read_only=False)
    with engine.begin() as connection:
        check_references(connection)
        connection.execute(text("update standing set valid_from = '2001' where id = 1"))
        with pytest.raises(CatalogError, match="1 rows of standing refer to nothing"):
            check_references(connection)
        connection.rollback()
    engine.dispose()
    assert catalog_damage(copied.url) == []


def test_what_the_server_cannot_store_is_one_line(server: Server, copied: Loaded) -> None:
    engine = open_engine(copied.url, read_only=False)
    with engine.begin() as connection, pytest.raises(CatalogError) as refused:
        insert_rows(connection, ModelTable, [(9999, "lab/nul\0", "lab--nul")])
    engine.dispose()
    assert str(refused.value) == (
        "table model: PostgreSQL text fields cannot contain NUL (0x00) bytes"
    )


# Reading


def test_a_reader_keeps_its_state_and_cannot_write(server: Server, copied: Loaded) -> None:
    engine = open_engine(copied.url, read_only=True)
    with engine.connect() as one, pytest.raises(Exception, match="read-only transaction"):
        one.execute(text("delete from model"))
    engine.dispose()
    other = copied.at(server.new(template=copied.url))
    with other.open() as reader:
        before = reader.digest
        writer = open_engine(other.url, read_only=False)
        with writer.begin() as connection:
            connection.execute(text("update snapshot set digest = 'another'"))
        writer.dispose()
        assert reader.digest == before
    with other.open() as reader:
        assert reader.digest != before


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("delete from model", "syntax error"),
        ("with gone as (delete from model returning 1) select 1", "must be at the top level"),
        ("select 1) as asked; commit; delete from model; select * from (select 1", "multiple"),
        ("select 1; select 2", "syntax error"),
        ("select set_config('transaction_read_only', 'off', true)", "must be set before any"),
        ("select pg_sleep(600)", "took longer than 0.3 s"),
        ("with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n",
         "took longer than 0.3 s"),
        ("select repeat('x', 20000000)", "a row of 20000028 bytes"),
        ("select 1 as a, 2 as a", "two columns are called 'a'"),
        ("select 1 / 0", "division by zero"),
    ],
)  # fmt: skip
def test_a_query_of_a_user_cannot_do_harm(copied: Loaded, query: str, message: str) -> None:
    seconds = 0.3 if "longer" in message else 60
    with copied.open() as catalog:
        names = catalog.model_names()
        with pytest.raises(UsageError) as refused:
            catalog.sql(query, seconds=seconds)
        assert message in str(refused.value)
        assert catalog.model_names() == names
    with copied.open() as catalog:
        assert catalog.model_names() == names


def test_a_query_gives_the_values_of_sqlite(told: Loaded, copied: Loaded) -> None:
    query = (
        "select count(*) as n, avg(n_tasks) as mean, sum(n_tasks) as total, max(name) as last,"
        " min(task_type) as type from edition -- 100% '%s' :x;"
    )
    with told.open() as file, copied.open() as other:
        assert other.sql(query).rows() == file.sql(query).rows()
        assert other.sql(query).schema == file.sql(query).schema
        assert other.sql("select name from model where false").rows() == []


def test_a_role_that_may_read_files_of_the_server_asks_nothing(
    server: Server, copied: Loaded
) -> None:
    powerful = server.url(str(make_url(copied.url).database), "postgres")
    with Catalog(powerful, Settings()) as catalog:
        assert catalog.model_names()
        with pytest.raises(UsageError, match="no superuser"):
            catalog.sql("select 1")


# Writing


def test_eight_loaders_at_once_lose_and_double_nothing(
    server: Server, told: Loaded, new_catalog: Callable[..., Loaded]
) -> None:
    """Each has a board of its own and one that all have; whoever is first makes the schema."""
    url = server.new()
    whole = new_catalog()
    parts = [new_catalog().at(url) for _ in range(8)]
    for number, part in enumerate(parts):
        for name in (f"MTEB(own {number}, v1)", "MTEB(eng, v2)"):
            for hour, score in enumerate((0.5, 0.75, 0.5, 0.25)):
                body = board(name, [row("lab/one", 1, {"T1": score}), row(f"lab/{name}", 2, {})])
                for catalog in (part, whole):
                    catalog.put(f"scores/{name}", body, f"2026-06-01T{hour:02}:00:00Z")

    def load(catalog: Loaded) -> None:
        engine = open_engine(catalog.url, read_only=False)
        migrate(engine)
        engine.dispose()
        catalog.load("leaderboard-api")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(load, parts))
    whole.load("leaderboard-api")
    assert dump(url) == dump(whole.url)
    assert catalog_damage(url) == []


def test_a_copy_returns_row_for_row(
    copied: Loaded, tmp_path: Path, cli: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_DATABASE_URL", copied.url)
    path = tmp_path / "back" / "catalog.db"
    answer = cli("copy", "--to", str(path))
    assert (answer.code, answer.out) == (0, "")
    assert rows_of(f"sqlite:///{path}") == rows_of(copied.url)
    assert catalog_damage(f"sqlite:///{path}") == []
    again = cli("copy", "--to", str(path))
    assert (again.code, again.err.count("there is one already")) == (1, 1)
    assert rows_of(f"sqlite:///{path}") == rows_of(copied.url)


def rows_of(url: str) -> dict[str, list[Any]]:
    """All rows of all tables, with their ids."""
    engine = open_engine(url, read_only=True)
    with engine.connect() as connection:
        found = {
            (table := table_of(model)).name: list(
                map(tuple, connection.execute(select(table).order_by(table.c.id)))
            )
            for model in TABLES
        }
    engine.dispose()
    return found


def test_a_home_lives_on_the_server(
    server: Server, told: Loaded, cli: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "db").mkdir(parents=True)
    shutil.copytree(told.archive, home / "db" / "snapshots")
    shutil.copytree(told.clones, home / "db" / "clones")
    monkeypatch.setenv("TRACKER_STARTER", "0")
    on_file = _said(cli)
    monkeypatch.setenv("TRACKER_DATABASE_URL", server.new())
    assert not (home / "db" / "catalog.db").unlink()
    assert _said(cli) == on_file
    assert not (home / "db" / "catalog.db").exists()


def _said(cli: Run) -> list[tuple[int, str]]:
    """Load a home and return the output of the main commands."""
    assert cli("load").code == 0
    return [
        (answer.code, answer.out)
        for command in (
            ("leaderboard", "published/en"),
            ("history", "published/en", "mill/two"),
            ("changes", "published/en"),
            ("leaders", "published/en"),
            ("search", "two"),
            ("doctor",),
            ("status", "--format", "json"),
            ("verify",),
            ("sql", "select name from model order by name"),
        )
        for answer in [cli(*command)]
    ]


def test_names_that_no_server_keeps_do_not_stop_a_load(
    server: Server, new_catalog: Callable[..., Loaded]
) -> None:
    """Names with NUL, and those that are too long for an index, are findings of their rows."""
    whole = new_catalog()
    catalog = whole.at(server.new())
    engine = open_engine(catalog.url, read_only=False)
    migrate(engine)
    engine.dispose()
    hostile = ("lab/nul\0", "lab/" + "長" * 5000, "".join(map(chr, range(0x20000, 0x201F4))))
    rows = [row(name, n, {"T1": 0.5}) for n, name in enumerate((*hostile, "a/a", "b/b", "c/c"), 1)]
    body = board("MTEB(eng, v2)", [{**one, "trainedOnTasks": None} for one in rows])
    catalog.put("scores/MTEB(eng, v2)", body, "2026-06-01T00:00:00Z")
    for name in hostile[:2]:
        catalog.put(f"scores/{name}", board(name, rows[3:]), "2026-06-01T00:00:00Z")
    for one in (whole, catalog):
        one.load("leaderboard-api")
    with catalog.open() as opened:
        assert opened.model_names() == ("a/a", "b/b", "c/c", hostile[2])
    stored = dump(catalog.url)
    assert stored == dump(whole.url)
    said = " ".join(map(str, stored["finding"]))
    assert (
        said.count("not a text of at most 500 characters without NUL; left out (and 1 more)") == 1
    )
    assert said.count("the name of a board is too long or has NUL") == 2
