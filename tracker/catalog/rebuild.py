"""Put a catalog that was made anew from the archive in the place of the old one.

A sound catalog is replaced only by one that has everything it had from the archive. Readers keep
their state, because the new rows are written into the same file in one transaction. A damaged
catalog is moved aside first and kept.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

from tracker.catalog.comparing import Difference, NamedTable, compared, difference
from tracker.catalog.engine import catalog_url, open_engine
from tracker.catalog.sqlite_file import record_checksum, written
from tracker.errors import CatalogError, one_line
from tracker.io.files import checksum

# What is there because something was fetched, by table: the condition and the names of a row.
_FETCHED: dict[str, tuple[str, object, tuple[str, ...]]] = {
    "snapshot": ("bundled", False, ("stream_id", "published_at", "digest")),
    "result_content": ("outcome", "read", ("blob",)),
    "read_text": ("kind", None, ("source", "document")),
    "web_page": ("url", None, ("url",)),
    "paper": ("arxiv_id", None, ("arxiv_id",)),
}
SHOWN = 5
"""Lost documents of a table that are named."""


def compare(old: Path, new: Path) -> tuple[list[Difference], list[str]]:
    """Compare two catalogs row for row.

    Returns:
        The differences, one a table; and one line for each document of the old catalog that the
        new one lacks, so that its archive must have lost it.
    """
    engines = [open_engine(catalog_url(path), read_only=True) for path in (old, new)]
    found: list[Difference] = []
    lost: list[str] = []
    try:
        with engines[0].connect() as before, engines[1].connect() as after:
            for one, other in compared(before, after):
                if (differs := difference(one, other)) is not None:
                    found.append(differs)
                    lost += _lost(one, other)
    finally:
        for engine in engines:
            engine.dispose()
    return found, lost


def _lost(old: NamedTable, new: NamedTable) -> Iterator[str]:
    if old.name not in _FETCHED:
        return
    before, after = (set(_fetched(table)) for table in (old, new))
    gone = sorted(before - after)
    for names in gone[:SHOWN]:
        yield f"{old.name}: {one_line(' '.join(names))}"
    if len(gone) > SHOWN:
        yield f"{old.name}: and {len(gone) - SHOWN} more"


def _fetched(table: NamedTable) -> Iterator[tuple[str, ...]]:
    column, wanted, names = _FETCHED[table.name]
    (states,) = zip(*table.chosen((column,)), strict=True) if table.rows else ((),)
    for state, values in zip(states, table.chosen(names), strict=True):
        if wanted is None or state == wanted:
            # The name of a row in another table is a tuple itself.
            yield tuple(" ".join(v) if isinstance(v, tuple) else str(v) for v in values)


def replace_rows(path: Path, new: Path) -> None:
    """Write all pages of a new catalog into the file of a sound one, in one transaction.

    Raises:
        CatalogError: It cannot be written; the catalog is unchanged.
    """
    with written(path):
        try:
            with (
                closing(sqlite3.connect(new)) as source,
                closing(sqlite3.connect(path)) as target,
            ):
                source.backup(target)
        except sqlite3.Error as error:
            raise CatalogError(f"catalog {path}: {one_line(error)}") from None


def replace_file(path: Path, new: Path) -> Path:
    """Move a damaged catalog aside, and a new one into its place.

    Returns:
        Where the damaged catalog is kept.
    """
    kept = path.with_name(f"{path.name}.damaged")
    try:
        # The log first: SQLite would take a log that is left behind into the new file.
        for suffix in ("-wal", "-shm", ".sha256", ""):
            part, aside = (p.with_name(p.name + suffix) for p in (path, kept))
            aside.unlink(missing_ok=True)
            with suppress(FileNotFoundError):
                part.replace(aside)
        digest = checksum(new)
        new.replace(path)
    except OSError as error:
        raise CatalogError(f"catalog {path}: {error.strerror or error}") from None
    record_checksum(path, digest)
    return kept
