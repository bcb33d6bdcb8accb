"""Rendering in processes of its own, one a language, while the catalog is read.

A process gets its work as pickles on its standard input and answers at the end with one pickle:
what went wrong, or nothing. Few pages are rendered here at the end, since a process has to start.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Self

from tracker.errors import TrackerError
from tracker.pages.contexts import AnyPage
from tracker.pages.kept import KeptPages
from tracker.pages.render import Renderer

FEW = 150
"""So many pages, both languages counted, take about as long as the start of the processes."""


_Page = tuple[str, AnyPage, str | None]
"""Digest, context, and the feed that it announces."""
_Task = tuple[Sequence[str], _Page]
"""A page with the languages in which it is missing."""


class Rendering:
    """Renders pages in all languages into a folder of kept pages."""

    def __init__(self, languages: Sequence[str], kept: KeptPages) -> None:
        self._kept = kept
        self._languages = languages
        self._waiting: list[_Task] = []
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self.rendered = 0
        """How many pages the last build did not have."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End what still runs."""
        for process in self._processes.values():
            if process.poll() is None:
                process.kill()
            process.communicate()

    def render(self, digest: str, context: AnyPage, feed: str | None) -> None:
        """A page in every language in which it is not kept."""
        missing = [its for its in self._languages if not self._kept.has(digest, its)]
        self.rendered += len(missing)
        if missing:
            self._waiting.append((missing, (digest, context, feed)))
        if self.rendered > FEW:
            for languages, page in self._waiting:
                self._send(languages, page)
            self._waiting.clear()

    def _send(self, languages: Sequence[str], page: _Page) -> None:
        task = pickle.dumps(page, pickle.HIGHEST_PROTOCOL)
        for language in languages:
            process = self._processes.get(language) or self._start(language)
            assert process.stdin is not None
            try:
                process.stdin.write(task)
            except BrokenPipeError:
                raise _ended_early(language, process) from None

    def wait(self) -> None:
        """Until every page is rendered.

        Raises:
            TrackerError: A process ended early.
            Exception: What a process met.
        """
        renderers = {language: Renderer(language) for language in self._languages if self._waiting}
        for languages, (digest, context, feed) in self._waiting:
            for language in languages:
                self._kept.keep(digest, language, renderers[language].render(context, feed))
        for language, process in self._processes.items():
            answer, _ = process.communicate()
            if process.returncode or not answer:
                raise _ended_early(language, process)
            # The answer comes from this program's own process.
            failure = pickle.loads(answer)  # noqa: S301
            if failure is not None:
                raise failure

    def _start(self, language: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", __name__, language, str(self._kept.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._processes[language] = process
        return process


def _ended_early(language: str, process: subprocess.Popen[bytes]) -> TrackerError:
    return TrackerError(
        f"site: rendering in {language} ended early (status {process.poll()})",
        remedy="build again; is there enough memory?",
    )


def work(language: str, folder: Path) -> None:
    """Render what comes on the standard input until it ends."""
    kept, renderer = KeptPages(folder), Renderer(language)
    failure: Exception | None = None
    # All that was sent is read even after a failure: the sender shall not meet a closed pipe.
    for digest, context, feed in _received():
        try:
            if failure is None:
                kept.keep(digest, language, renderer.render(context, feed))
        except Exception as error:
            failure = error
    sys.stdout.buffer.write(pickle.dumps(failure))


def _received() -> Iterator[_Page]:
    while True:
        try:
            yield pickle.load(sys.stdin.buffer)  # noqa: S301
        except EOFError:
            return


if __name__ == "__main__":
    work(sys.argv[1], Path(sys.argv[2]))
