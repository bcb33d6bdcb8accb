"""On which databases a test runs, and how its runs are spread on processes.

Tests of catalog, answers and API run on both databases, if they ask for the fixture ``database``
in whatever other fixture. Those of files alone have the mark ``on_a_file``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine

from tracker.catalog.dialects import sqlite

try:
    from xdist.scheduler import LoadFileScheduling
except ImportError:
    LoadFileScheduling = object  # type: ignore[assignment,misc]

_BOTH = ("tests/catalog/", "tests/insights/", "tests/serving/")
"""What answers alike on both databases."""
_connected: list[str] = []
_ON_SERVER = re.compile(r"\[(.*-)?postgres(-.*)?\]$")


def chosen_databases(metafunc: pytest.Metafunc) -> list[str]:
    """Return the databases on which a test is to run; none: it runs once, and on files."""
    chosen = metafunc.config.getoption("--database")
    if (
        chosen == "sqlite"
        or "database" not in metafunc.fixturenames
        or "server" in metafunc.fixturenames  # it compares files with the server itself
        or not _is_of_both(metafunc.definition)
    ):
        return []
    return ["postgres"] if chosen == "postgres" else ["sqlite", "postgres"]


def watch_connections() -> None:
    """Record for :func:`check_databases` that a test connects to a file."""
    connect = sqlite.connect

    def recording(url: str, *, read_only: bool) -> Engine:
        _connected.append(url)
        return connect(url, read_only=read_only)

    sqlite.connect = recording


@contextmanager
def check_databases(item: pytest.Function) -> Iterator[None]:
    """Fail a test that has to run on both databases and chooses a file itself."""
    _connected.clear()
    yield
    chooses = not {"database", "server"} & {*item.fixturenames}
    if _connected and chooses and _is_of_both(item):
        pytest.fail(
            f"the test connects to {_connected[0]} only: take the catalog from a fixture that asks"
            " for the fixture database, or mark the test with on_a_file"
        )


def _is_of_both(item: Any) -> bool:
    return item.nodeid.startswith(_BOTH) and not item.get_closest_marker("on_a_file")


def is_on_server(nodeid: str) -> bool:
    """Whether a run of a test has its catalogs on the server."""
    return bool(_ON_SERVER.search(nodeid))


class ByFile(LoadFileScheduling):
    """Tests of one file and one database run in one process, one after another."""

    def _split_scope(self, nodeid: str) -> Any:
        return super()._split_scope(nodeid) + ("@postgres" if is_on_server(nodeid) else "")
