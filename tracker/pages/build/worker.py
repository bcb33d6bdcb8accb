"""What a process of a build does: it renders a share of the pages and puts one language together.

Its work comes as pickles on its standard input. It answers questions only, each with one pickle:
what went wrong since the last one, or how many data files it wrote.
"""

from __future__ import annotations

import gc
import os
import pickle
import sys
from collections.abc import Iterator
from pathlib import Path

from tracker.pages.build.assemble import SitePages, put_together
from tracker.pages.build.page_cache import KeptPages
from tracker.pages.build.page_files import Site, page_files
from tracker.pages.build.render import Renderer
from tracker.pages.contexts import AnyPage

Page = tuple[str, AnyPage, str | None]
"""Digest, context, and the feed that it announces."""
Message = Page | SitePages | None
"""A page to render, a site to put together, or nothing but the question how it went."""


def work(share: int, folder: Path) -> None:
    """Do what comes on the standard input until it ends."""
    desk = _Desk(share, folder, pickle.load(sys.stdin.buffer))  # noqa: S301
    failure: Exception | None = None
    # All that was sent is read even after a failure: the sender shall not meet a closed pipe.
    for message in _received():
        n_files = 0
        try:
            if failure is None:
                n_files = desk.do(message)
        except Exception as error:
            failure = error
        if message is None or isinstance(message, SitePages):
            sys.stdout.buffer.write(pickle.dumps(failure or n_files))
            sys.stdout.buffer.flush()
    desk.clear()


class _Desk:
    """The work of one process."""

    def __init__(self, share: int, folder: Path, site: Site) -> None:
        self._site = site
        self._shares = [KeptPages(folder, its) for its in range(len(site.languages))]
        self._own = self._shares[share]
        self._language = site.languages[share]
        self._renderers = [Renderer(language) for language in site.languages]

    def do(self, message: Message) -> int:
        """What a message asks for; the number of data files that were written."""
        if message is None:
            self._own.write()
            return 0
        if isinstance(message, SitePages):
            self._own.forget_others(message.keys.values())
            return put_together(message, self._language, self._shares)
        digest, context, feed = message
        for renderer in self._renderers:
            language = renderer.language
            page = renderer.render(context, feed)
            self._own.keep(digest, language, page, page_files(context, language, self._site))
        return 0

    def clear(self) -> None:
        """Let go of all files."""
        for kept in self._shares:
            kept.close()


def _received() -> Iterator[Message]:
    while True:
        try:
            yield pickle.load(sys.stdin.buffer)  # noqa: S301
        except EOFError:
            return


if __name__ == "__main__":
    # Pages hold no circles, and looking for some takes a third of the time.
    gc.disable()
    work(int(sys.argv[1]), Path(sys.argv[2]))
    # All files are closed; taking a hundred megabytes of objects apart would take a while.
    os._exit(0)
