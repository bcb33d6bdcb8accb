"""Rendered pages of the last build, for those whose context did not change.

A page is kept under a digest of all that it was made from: its context, the feed it announces, and
every template, text and line of code. So nothing has to be asked what it depends on, a build that
is killed leaves nothing wrong behind, and the next one takes what fits.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import orjson

from tracker.pages.contexts import AnyPage
from tracker.pages.render import Rendered
from tracker.settings import resource

_OPTIONS = orjson.OPT_NON_STR_KEYS
_LIBRARIES = ("jinja2", "markupsafe", "mkdocs-material")
"""What renders pages and makes their entries in the search index."""


class KeptPages:
    """A folder of rendered pages, one file each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._used: set[str] = set()
        folder.mkdir(parents=True, exist_ok=True)

    def has(self, digest: str, language: str) -> bool:
        """Whether a page that was made from the same is there."""
        self._used.add(f"{digest}.{language}")
        return (self.folder / f"{digest}.{language}").is_file()

    def read(self, digest: str, language: str) -> Rendered:
        """A page that is there."""
        return Rendered(**orjson.loads((self.folder / f"{digest}.{language}").read_bytes()))

    def keep(self, digest: str, language: str, page: Rendered) -> None:
        """Keep a page for the next build too; a half-written one is never found."""
        target = self.folder / f"{digest}.{language}"
        new = target.with_name(f"{target.name}.new")
        new.write_bytes(orjson.dumps(page))
        new.replace(target)

    def forget_others(self) -> None:
        """Remove what this build did not use."""
        for file in self.folder.iterdir():
            if file.name not in self._used:
                file.unlink()


def context_digest(context: AnyPage, feed: str | None) -> str:
    """A digest of what a page is made from, language aside."""
    told = sha256(made_by())
    told.update(f"{type(context).__name__}\n{feed}\n".encode())
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
    package = Path(__file__).parent.parent
    yield from sorted(package.rglob("*.py"))
    yield from sorted(package.rglob("*.yaml"))
    yield from sorted(resource("templates").rglob("*.html"))
