"""Rendering in processes of its own, while the catalog is read.

A process gets its share of the pages as pickles on its standard input, and in the end the order to
put the site of one language together. It answers questions only, each with one pickle: what went
wrong since the last one, or how many data files it wrote.
"""

from __future__ import annotations

import gc
import pickle
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Self

from tracker.errors import TrackerError
from tracker.pages.contexts import AnyPage
from tracker.pages.kept import KeptPages, share_of
from tracker.pages.page_files import Site, page_files
from tracker.pages.putting import SitePages, put_together
from tracker.pages.render import Renderer

_PIPE_BYTES = 1 << 20
"""So much can wait for a process, before the reading of the catalog has to wait for it."""

_Page = tuple[str, AnyPage, str | None]
"""Digest, context, and the feed that it announces."""
_Message = _Page | SitePages | None
"""A page to render, a site to put together, or nothing but the question how it went."""


class Rendering:
    """Renders pages into a folder of kept pages, and makes the site of them.

    There are as many processes as languages: each renders a share of the pages in all languages,
    and puts one language together when all are rendered.
    """

    def __init__(self, site: Site, folder: Path) -> None:
        self._site = site
        self._folder = folder
        self._kept: set[str] = set()
        self._processes: list[subprocess.Popen[bytes]] = []
        self.rendered = 0
        """How many pages the last build did not have."""

    def __enter__(self) -> Self:
        try:
            self._begin()
        except BaseException as error:
            self.__exit__(type(error))
            raise
        return self

    def _begin(self) -> None:
        for share in range(len(self._site.languages)):
            kept = KeptPages(self._folder, share)
            self._kept |= kept.digests()
            kept.close()
            self._processes.append(_start(share, self._folder))
        self._send(self._processes, self._site)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """End the processes, those of a failed build at once."""
        for process in self._processes:
            if kind is not None:
                process.kill()
            _close(process)
            process.wait()

    def render(self, digest: str, context: AnyPage, feed: str | None) -> None:
        """A page in every language, unless it is kept."""
        if digest not in self._kept:
            self.rendered += len(self._site.languages)
            share = share_of(digest, len(self._processes))
            self._send([self._processes[share]], (digest, context, feed))

    def wait(self) -> None:
        """Until every page is rendered.

        Raises:
            TrackerError: A process ended early.
            Exception: What a process met.
        """
        self._ask(None)

    def put_together(self, pages: SitePages) -> int:
        """The site of every language from its shells and pages; MkDocs is done with the shells.

        Returns:
            How many data files belong to the pages.

        Raises:
            TrackerError: A process ended early.
            Exception: What a process met.
        """
        count = self._ask(pages)
        for process in self._processes:
            _close(process)
        return count

    def _ask(self, message: _Message) -> int:
        self._send(self._processes, message)
        count = 0
        for process in self._processes:
            assert process.stdout is not None
            try:
                # The answer comes from this program's own process.
                answer = pickle.load(process.stdout)  # noqa: S301
            except EOFError:
                raise _ended_early(process) from None
            if isinstance(answer, Exception):
                raise answer
            count += answer
        return count

    def _send(self, processes: Iterable[subprocess.Popen[bytes]], message: _Message | Site) -> None:
        task = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
        for process in processes:
            assert process.stdin is not None
            try:
                process.stdin.write(task)
                process.stdin.flush()
            except BrokenPipeError:
                raise _ended_early(process) from None


def _start(share: int, folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", __name__, str(share), str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        pipesize=_PIPE_BYTES,
    )


def _close(process: subprocess.Popen[bytes]) -> None:
    """Let a process end, as it does when nothing can come any more."""
    for pipe in (process.stdin, process.stdout):
        assert pipe is not None
        with suppress(BrokenPipeError):
            pipe.close()


def _ended_early(process: subprocess.Popen[bytes]) -> TrackerError:
    return TrackerError(
        f"site: a process that renders ended early (status {process.wait()})",
        remedy="build again; is there enough memory?",
    )


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
        self._renderer = Renderer(site.languages)

    def do(self, message: _Message) -> int:
        """What a message asks for; the number of data files that were written."""
        if message is None:
            self._own.write()
            return 0
        if isinstance(message, SitePages):
            self._own.forget_others(message.keys.values())
            return put_together(message, self._language, self._shares)
        digest, context, feed = message
        rendered = self._renderer.render(context, feed)
        for language, page in zip(self._site.languages, rendered, strict=True):
            self._own.keep(digest, language, page, page_files(context, language, self._site))
        return 0

    def clear(self) -> None:
        """Let go of all files."""
        for kept in self._shares:
            kept.close()


def _received() -> Iterator[_Message]:
    while True:
        try:
            yield pickle.load(sys.stdin.buffer)  # noqa: S301
        except EOFError:
            return


if __name__ == "__main__":
    # Pages hold no circles, and looking for some takes a third of the time.
    gc.disable()
    work(int(sys.argv[1]), Path(sys.argv[2]))
