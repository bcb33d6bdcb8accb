"""Rendering in processes of its own, while the catalog is read."""

from __future__ import annotations

import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Self

from tracker.errors import TrackerError
from tracker.pages.build import worker as desk
from tracker.pages.build.assemble import SitePages
from tracker.pages.build.page_cache import KeptPages, share_of
from tracker.pages.build.page_files import Site
from tracker.pages.build.process_priority import give_way
from tracker.pages.contexts import AnyPage

_PIPE_BYTES = 1 << 20
"""More than the largest page takes, so that most are handed over in one go."""


class Rendering:
    """Renders pages into a folder of kept pages, and makes the site of them.

    There are as many processes as languages: each renders a share of the pages in all languages,
    and puts one language together when all are rendered.
    """

    def __init__(self, site: Site, folder: Path) -> None:
        self._site = site
        self._folder = folder
        self._kept: set[str] = set()
        self._workers: list[_Worker] = []
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
            self._workers.append(_Worker(share, self._folder))
            self._workers[-1].send(self._site)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """End the processes, those of a failed build at once."""
        for worker in self._workers:
            worker.end(at_once=kind is not None)

    def render(self, digest: str, context: AnyPage, feed: str | None) -> None:
        """A page in every language, unless it is kept."""
        if digest not in self._kept:
            self.rendered += len(self._site.languages)
            share = share_of(digest, len(self._workers))
            self._workers[share].send((digest, context, feed))

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

    def _ask(self, message: desk.Message) -> int:
        for worker in self._workers:
            worker.send(message)
        return sum(worker.hear() for worker in self._workers)


class _Worker:
    """One process with what waits for it."""

    def __init__(self, share: int, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", desk.__name__, str(share), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pipesize=_PIPE_BYTES,
        )
        give_way(self._process)
        # A pipe holds little, and who reads the catalog shall not wait for who renders.
        self._writing = ThreadPoolExecutor(1)

    def send(self, message: desk.Message | Site) -> None:
        """Give it something to do."""
        task = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
        self._writing.submit(self._write, task)

    def _write(self, task: bytes) -> None:
        assert self._process.stdin is not None
        # Of a process that has ended, its missing answer will tell.
        with suppress(BrokenPipeError):
            self._process.stdin.write(task)
            self._process.stdin.flush()

    def hear(self) -> int:
        """Its answer, when it comes.

        Raises:
            TrackerError: It ended early.
            Exception: What it met.
        """
        assert self._process.stdout is not None
        try:
            # The answer comes from this program's own process.
            answer = pickle.load(self._process.stdout)  # noqa: S301
        except EOFError:
            raise TrackerError(
                f"site: a process that renders ended early (status {self._process.wait()})",
                remedy="build again; is there enough memory?",
            ) from None
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, int)
        return answer

    def end(self, *, at_once: bool) -> None:
        """Let it end, as it does when nothing can come any more."""
        if at_once:
            self._process.kill()
        self._writing.shutdown(cancel_futures=at_once)
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with suppress(BrokenPipeError):
                pipe.close()
        self._process.wait()
