"""A PostgreSQL server for tests, where Debian's programs are installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

_OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "jit": "off",
    "max_connections": "60",
}
"""Reached by a socket in its own folder only; nothing of it has to outlive a crash."""
_SUPERUSER, _USER = "postgres", "tracker"


@dataclass(frozen=True)
class Server:
    """A running server."""

    folder: Path
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def url(self, database: str, user: str = _USER) -> str:
        """Return the address of a database."""
        return f"postgresql+psycopg://{user}@/{database}?host={self.folder}"

    def run(self, *statements: str, database: str = "postgres") -> None:
        """Run statements as the superuser, each on its own."""
        engine = create_engine(self.url(database, _SUPERUSER), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
        engine.dispose()

    def new(self, template: str | None = None) -> str:
        """Make a database, empty or as a copy, and return its address."""
        name = f"catalog_{next(self._numbers)}"
        self.run(
            f"create database {name} owner {_USER} template {template or 'template0'}"
            + ("" if template else " encoding 'UTF8' locale 'C'")
        )
        return self.url(name)


def _programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    return found[-1].parent if found else None


@contextmanager
def running() -> Iterator[Server]:
    """Start a server of its own, and stop it in the end; skip where none is installed."""
    programs = _programs()
    if programs is None:
        pytest.skip("no PostgreSQL server is installed")
    folder = Path(tempfile.mkdtemp(prefix="tracker-postgres-"))
    # The server refuses to run as the superuser; Debian's package has a user for it.
    user = _SUPERUSER if os.getuid() == 0 else None

    def call(program: str, *arguments: str) -> None:
        command = [str(programs / program), "--pgdata", str(folder / "data"), *arguments]
        subprocess.run(command, check=True, capture_output=True, user=user, cwd="/", env={})

    if user:
        shutil.chown(folder, user)
    try:
        call("initdb", "--no-sync", "--auth=trust", f"--username={_SUPERUSER}", "--locale=C.UTF-8")
        options = _OPTIONS | {"unix_socket_directories": str(folder)}
        said = " ".join(f"-c {name}='{value}'" for name, value in options.items())
        call(
            "pg_ctl", "--wait", "--silent", f"--log={folder / 'log'}", f"--options={said}", "start"
        )
        try:
            server = Server(folder)
            server.run(f"create role {_USER} login")
            yield server
        finally:
            call("pg_ctl", "--mode=immediate", "--silent", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
