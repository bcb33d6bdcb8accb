"""A PostgreSQL server for tests, where Debian's programs are installed, and catalogs on it.

All processes of a run share one server, and the copies of catalogs that no test changes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import LiteralString, cast

import psycopg
import pytest
from sqlalchemy.engine import make_url

from tests.support.compiled_once import close_connections
from tests.support.shared import made_once
from tracker.catalog.copying import copy_catalog

_OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "checkpoint_timeout": "1h",
    "autovacuum": "off",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "track_counts": "off",
    "update_process_title": "off",
    "max_connections": "200",
}
"""Reached by a socket in its own folder only; nothing of it has to outlive a crash."""
_SUPERUSER, _USER = "postgres", "tracker"
_MADE = "postgres"
_SHARED = "shared"

_END_TRANSACTIONS: LiteralString = """
    select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'
"""
_SCHEMA: LiteralString = """
    select md5(string_agg(concat_ws(' ', owner.relname, part.attname, part.attnotnull,
                                    format_type(part.atttypid, part.atttypmod)),
                          ',' order by owner.relname, part.attnum))
      from pg_class owner join pg_attribute part on part.attrelid = owner.oid
     where owner.relnamespace = 'public'::regnamespace
"""
_EMPTY: LiteralString = """
    do $$ declare name text; begin
        set local session_replication_role = replica;
        for name in select tablename from pg_tables
                     where schemaname = 'public' and tablename <> 'alembic_version' loop
            execute format('delete from %I', name);
        end loop;
    end $$
"""


@dataclass(frozen=True)
class Server:
    """A running server."""

    folder: Path
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def url(self, database: str, user: str = _USER) -> str:
        """Return the address of a database."""
        return f"postgresql+psycopg://{user}@/{database}?host={self.folder}"

    def run(self, *statements: str, database: str = "postgres") -> list[object]:
        """Run statements as the superuser, each on its own, and return the first value of each."""
        with psycopg.connect(
            host=str(self.folder), user=_SUPERUSER, dbname=database, autocommit=True
        ) as connection:
            results = [connection.execute(cast("LiteralString", one)) for one in statements]
            rows = [result.fetchone() if result.description else None for result in results]
        return [row and row[0] for row in rows]

    def new(self, template: str | None = None, kind: str = "own") -> str:
        """Make a database, empty or as a copy of the one with an address; return its address."""
        name = f"{kind}_{os.getpid()}_{next(self._numbers)}"
        source = "template0 encoding 'UTF8' locale 'C'"
        if template:
            close_connections(template)
            source = f"{database_of(template)} strategy file_copy"
        self.run(f"create database {name} owner {_USER} template {source}")
        return self.url(name)


class OnServer:
    """Copies catalogs in files to a server. All addresses are those of SQLAlchemy."""

    def __init__(self, server: Server, factory: pytest.TempPathFactory) -> None:
        self._server = server
        self._factory = factory
        self._schema: object = None
        self._free: list[str] = []
        """Databases that :meth:`take` has made and no test uses now."""

    def shared(self, url: str) -> str:
        """Return the address of a copy for all tests, which none of them changes."""
        return self._once(_SHARED, url, lambda: self.own(url, _SHARED))

    def own(self, url: str, kind: str = "own") -> str:
        """Return the address of a copy for one test."""

        def make() -> str:
            copy_catalog(url, made := self._server.new())
            return made

        return self._server.new(self._once("template", url, make), kind)

    def take(self, blank: str) -> str:
        """Return the address of a catalog without rows, for one test.

        It may be one that was given back: to copy a database, the server copies some hundred files.
        """
        while self._free:
            url = self._free.pop()
            _, _, schema = self._server.run(
                _END_TRANSACTIONS, _EMPTY, _SCHEMA, database=database_of(url)
            )
            if schema == self._schema:
                return url
        url = self.own(blank)
        self._schema = self._schema or self._server.run(_SCHEMA, database=database_of(url))[0]
        return url

    def give_back(self, urls: Iterable[str]) -> None:
        """Let later tests of this process use what :meth:`take` returned."""
        self._free.extend(urls)

    def _once(self, kind: str, url: str, make: Callable[[], str]) -> str:
        """Make a database once in this run for all processes, and return its address."""
        name = f"{_MADE}-{kind}-{sha256(url.encode()).hexdigest()[:16]}"
        folder = made_once(self._factory, name, lambda place: _write(place / "url", make()))
        return (folder / "url").read_text()


def is_shared(url: str) -> bool:
    """Whether an address is one of :meth:`OnServer.shared`."""
    return database_of(url).startswith(f"{_SHARED}_")


def database_of(url: str) -> str:
    """Return the name of the database of an address."""
    return str(make_url(url).database)


def _write(file: Path, content: str) -> None:
    file.write_text(content)


def running(factory: pytest.TempPathFactory) -> Server:
    """Return the server of this run, which the first test that asks starts.

    Skips the test where none is installed. :func:`stop` has to be called after the run.
    """
    if not _programs():
        pytest.skip("no PostgreSQL server is installed")
    made = made_once(factory, _MADE, _start)
    return Server(Path((made / "place").read_text()))


def stop(base: Path) -> None:
    """Stop the server of the run with this base folder, if there is one."""
    place = base / f"shared-{_MADE}" / "place"
    if place.exists():
        folder = Path(place.read_text())
        _call(folder, "pg_ctl", "--mode=immediate", "--silent", "stop")
        shutil.rmtree(folder)


def _programs() -> list[Path]:
    """Folders with the programs of installed servers, the newest last."""
    found = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return sorted((path.parent for path in found), key=lambda folder: int(folder.parts[-2]))


def _call(folder: Path, program: str, *arguments: str) -> None:
    # The server refuses to run as the superuser; Debian's package has a user for it.
    user = _SUPERUSER if os.getuid() == 0 else None
    command = [str(_programs()[-1] / program), "--pgdata", str(folder / "data"), *arguments]
    subprocess.run(command, check=True, capture_output=True, user=user, cwd="/", env={})


def _start(made: Path) -> None:
    folder = Path(tempfile.mkdtemp(prefix="tracker-postgres-"))
    if os.getuid() == 0:
        shutil.chown(folder, _SUPERUSER)
    options = _OPTIONS | {"unix_socket_directories": str(folder)}
    given = " ".join(f"-c {name}='{value}'" for name, value in options.items())
    log = str(folder / "log")
    try:
        _call(folder, "initdb", "--no-sync", "--auth=trust", "-U", _SUPERUSER, "--locale=C.UTF-8")
        _call(folder, "pg_ctl", "--wait", "--silent", "-l", log, f"--options={given}", "start")
    except BaseException:
        shutil.rmtree(folder)
        raise
    (made / "place").write_text(str(folder))
    Server(folder).run(f"create role {_USER} login")
