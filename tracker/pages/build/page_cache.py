"""Rendered pages of the last build with their data files, for those whose context did not change.

A page is kept under a digest of all that it was made from: its context, the feed it announces, the
site's languages and address, and every template, text and line of code. So nothing has to be asked
what it depends on, a build that is killed leaves nothing wrong behind, and the next one takes what
fits.

Pages are rows of SQLite files, as many as there are processes that render, and a page's digest says
in which: thousands of files would take longer to make than to fill.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import orjson

from tracker.common.paths import resource
from tracker.errors import TrackerError
from tracker.pages.build.page_files import Site
from tracker.pages.build.render import Rendered
from tracker.pages.contexts import AnyPage

_OPTIONS = orjson.OPT_NON_STR_KEYS
_LIBRARIES = ("jinja2", "markupsafe")
"""What renders pages."""

_TABLES = """
create table if not exists page (
    digest text not null, language text not null, content blob not null,
    primary key (digest, language)
);
create table if not exists file (
    digest text not null, language text not null, path text not null, content blob not null,
    primary key (digest, language, path)
);
"""

_AT_ONCE = 200
"""So many pages are written together; a build that is killed loses no more."""


def share_of(digest: str, shares: int) -> int:
    """Which of some files has a page."""
    return int(digest[:8], 16) % shares


class KeptPages:
    """A share of the rendered pages; one process writes it, and several may read."""

    def __init__(self, folder: Path, share: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{share}.sqlite"
        try:
            self._open(file)
        except sqlite3.DatabaseError:
            # What is kept can be made again, so a broken file is no reason to stop.
            file.unlink()
            self._open(file)
        self._new: list[tuple[str, str, bytes]] = []
        self._files: list[tuple[str, str, str, bytes]] = []

    def _open(self, file: Path) -> None:
        self._file = sqlite3.connect(file, isolation_level=None)
        # What is kept is long; in larger pieces it is written in half the time.
        self._file.execute("pragma page_size = 32768")
        self._file.execute("pragma auto_vacuum = full")
        self._file.execute("pragma journal_mode = wal")
        self._file.execute("pragma synchronous = normal")
        self._file.executescript(_TABLES)

    def digests(self) -> set[str]:
        """Of all pages that are there."""
        return {digest for (digest,) in self._file.execute("select distinct digest from page")}

    def read(self, digest: str, language: str) -> Rendered:
        """A page that is there."""
        asked = "select content from page where digest = ? and language = ?"
        return Rendered(**orjson.loads(self._file.execute(asked, (digest, language)).fetchone()[0]))

    def files(self, digest: str, language: str) -> Iterator[tuple[str, bytes]]:
        """Places and contents of the data files that belong to a page."""
        asked = "select path, content from file where digest = ? and language = ?"
        yield from self._file.execute(asked, (digest, language))

    def keep(
        self, digest: str, language: str, page: Rendered, files: Iterable[tuple[str, bytes]]
    ) -> None:
        """Keep a page with its data files for the next build too."""
        self._new.append((digest, language, orjson.dumps(page)))
        self._files += [(digest, language, *file) for file in files]
        if len(self._new) >= _AT_ONCE:
            self.write()

    def write(self) -> None:
        """Write what is not yet written, so that others can read it."""
        try:
            self._file.execute("begin")
            self._file.executemany("insert or replace into page values (?, ?, ?)", self._new)
            self._file.executemany("insert or replace into file values (?, ?, ?, ?)", self._files)
            self._file.execute("commit")
        except sqlite3.Error as error:
            raise TrackerError(
                f"site: cannot keep pages: {error}", remedy="is there room on the disk?"
            ) from error
        self._new.clear()
        self._files.clear()

    def forget_others(self, used: Iterable[str]) -> None:
        """Remove all pages but those."""
        others = [(digest,) for digest in self.digests() - set(used)]
        self._file.execute("begin")
        self._file.executemany("delete from page where digest = ?", others)
        self._file.executemany("delete from file where digest = ?", others)
        self._file.execute("commit")

    def close(self) -> None:
        """Let go of the file; what is not yet written is lost."""
        self._file.close()


def keeper(shares: Sequence[KeptPages], digest: str) -> KeptPages:
    """The share that has a page."""
    return shares[share_of(digest, len(shares))]


def context_digest(context: AnyPage, feed: str | None, site: Site) -> str:
    """A digest of what a page and its data files are made from, language aside."""
    told = sha256(made_by())
    whole = f"{type(context).__name__}\n{feed}\n{site.languages}\n{site.base_url}\n"
    told.update(whole.encode())
    told.update(orjson.dumps(context, option=_OPTIONS))
    return told.hexdigest()


@cache
def made_by() -> bytes:
    """A digest of the program: its code and words, its templates, and what runs them."""
    told = sha256("".join(f"{its} {version(its)}\n" for its in _LIBRARIES).encode())
    for file in sources():
        told.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return told.digest()


def sources() -> Iterator[Path]:
    """The files of which the program is made."""
    package = Path(__file__).parents[2]
    yield from sorted(package.rglob("*.py"))
    yield from sorted(package.rglob("*.yaml"))
    yield from sorted(resource("templates").rglob("*.html"))
