"""Rendering in processes of its own, one a language, while the catalog is read.

A process gets pages as pickles on its standard input, and in the end the order to put the site of
its language together. It answers questions only, each with one pickle: what went wrong since the
last one, or how many data files it wrote.
"""

from __future__ import annotations

import gc
import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Self

from tracker.errors import TrackerError
from tracker.pages.contexts import AnyPage
from tracker.pages.kept import KeptPages
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
    """Renders pages in all languages into a folder of kept pages, and makes the site of them."""

    def __init__(self, site: Site, folder: Path) -> None:
        self._site = site
        self._languages = site.languages
        self._folder = folder
        self._kept: dict[str, set[str]] = {}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self.rendered = 0
        """How many pages the last build did not have."""

    def __enter__(self) -> Self:
        for language in self._languages:
            kept = KeptPages(self._folder, language)
            self._kept[language] = kept.digests()
            kept.close()
            self._processes[language] = _start(language, self._folder)
        self._send(self._languages, self._site)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """End the processes, those of a failed build at once."""
        for process in self._processes.values():
            if kind is not None:
                process.kill()
            process.communicate()

    def render(self, digest: str, context: AnyPage, feed: str | None) -> None:
        """A page in every language in which it is not kept."""
        missing = [its for its in self._languages if digest not in self._kept[its]]
        self.rendered += len(missing)
        if missing:
            self._send(missing, (digest, context, feed))

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
        return self._ask(pages)

    def _ask(self, message: _Message) -> int:
        self._send(self._languages, message)
        count = 0
        for language in self._languages:
            process = self._processes[language]
            assert process.stdout is not None
            try:
                # The answer comes from this program's own process.
                answer = pickle.load(process.stdout)  # noqa: S301
            except EOFError:
                raise _ended_early(language, process) from None
            if isinstance(answer, Exception):
                raise answer
            count += answer
        return count

    def _send(self, languages: Sequence[str], message: _Message | Site) -> None:
        task = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
        for language in languages:
            process = self._processes[language]
            assert process.stdin is not None
            try:
                process.stdin.write(task)
                process.stdin.flush()
            except BrokenPipeError:
                raise _ended_early(language, process) from None


def _start(language: str, folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", __name__, language, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        pipesize=_PIPE_BYTES,
    )


def _ended_early(language: str, process: subprocess.Popen[bytes]) -> TrackerError:
    return TrackerError(
        f"site: rendering in {language} ended early (status {process.wait()})",
        remedy="build again; is there enough memory?",
    )


def work(language: str, folder: Path) -> None:
    """Do what comes on the standard input until it ends."""
    desk = _Desk(language, folder, pickle.load(sys.stdin.buffer))  # noqa: S301
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
    desk.kept.close()


class _Desk:
    """The work on the pages of one language."""

    def __init__(self, language: str, folder: Path, site: Site) -> None:
        self.language = language
        self.site = site
        self.kept = KeptPages(folder, language)
        self.renderer = Renderer(language)

    def do(self, message: _Message) -> int:
        """What a message asks for; the number of data files that were written."""
        if message is None:
            return 0
        if isinstance(message, SitePages):
            n_files = put_together(message, self.language, self.kept)
            self.kept.forget_others(message.keys.values())
            return n_files
        digest, context, feed = message
        files = page_files(context, self.language, self.site)
        self.kept.keep(digest, self.renderer.render(context, feed), files)
        return 0


def _received() -> Iterator[_Message]:
    while True:
        try:
            yield pickle.load(sys.stdin.buffer)  # noqa: S301
        except EOFError:
            return


if __name__ == "__main__":
    # Pages hold no circles, and looking for some takes a third of the time.
    gc.disable()
    work(sys.argv[1], Path(sys.argv[2]))
