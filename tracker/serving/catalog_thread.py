"""A thread that owns an open catalog and answers the questions of a server, one after another.

A connection to SQLite belongs to one thread, and one that stays open keeps a load from ending. So
the catalog is closed after some idle seconds, and opened again when it was loaded.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from tracker.api import Catalog, open_catalog
from tracker.api.catalog import catalog_state

Answer = TypeVar("Answer")


class CatalogThread:
    """Answers questions about a catalog from any number of threads."""

    def __init__(self, target: str | None = None, *, idle_seconds: float = 10.0) -> None:
        """Start the thread; the catalog is opened at the first question.

        Args:
            target: SQLAlchemy URL or path of the catalog; the home's own by default.
            idle_seconds: After so many seconds without a question the catalog is closed.
        """
        self._target = target
        self._idle_seconds = idle_seconds
        self._jobs: SimpleQueue[tuple[Callable[[Catalog], Any], Future[Any]] | None] = SimpleQueue()
        self._thread = Thread(target=self._run, name="catalog", daemon=True)
        self._thread.start()

    def ask(self, question: Callable[[Catalog], Answer]) -> Answer:
        """Return the answer to a question.

        Raises:
            Exception: What the question raises, or ``CatalogError`` from opening the catalog.
        """
        answer: Future[Answer] = Future()
        self._jobs.put((question, answer))
        return answer.result()

    def close(self) -> None:
        """Close the catalog and end the thread, after the questions that are waiting."""
        self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        catalog: Catalog | None = None
        state: object = None
        try:
            while True:
                try:
                    job = self._jobs.get(timeout=self._idle_seconds if catalog else None)
                except Empty:
                    _close(catalog)
                    catalog = None
                    continue
                if job is None:
                    return
                question, answer = job
                try:
                    if catalog is not None and state != catalog_state(self._target):
                        _close(catalog)
                        catalog = None
                    if catalog is None:
                        catalog = open_catalog(self._target)
                        state = catalog_state(self._target)
                    answer.set_result(question(catalog))
                except BaseException as error:  # the one who asked has to see it, not this thread
                    answer.set_exception(error)
        finally:
            _close(catalog)


def _close(catalog: Catalog | None) -> None:
    if catalog is not None:
        catalog.close()
