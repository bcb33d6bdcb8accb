"""The pool of worker processes of a build, with the cache of what earlier builds computed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import Self, TypeVar

from tracker.errors import TrackerError
from tracker.pages.build import worker
from tracker.pages.build.cache import BuildCache
from tracker.pages.build.files import Site
from tracker.pages.build.worker import WrittenPage
from tracker.pages.contexts import AnyPage

WORKERS = 2

T = TypeVar("T")


class WorkerPool:
    """Worker processes that render pages and charts while the main process reads the catalog."""

    def __init__(self, site: Site, cache_file: Path) -> None:
        self._cache = BuildCache(cache_file)
        self._cached = self._cache.keys()
        self._used: set[str] = set()
        # Spawned, because polars and SQLite do not survive a fork.
        self._executor = ProcessPoolExecutor(
            WORKERS, get_context("spawn"), worker.start, (site, cache_file)
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End the processes; what has not begun is dropped."""
        self._executor.shutdown(cancel_futures=True)
        self._cache.close()

    def submit(self, function: Callable[..., T], *arguments: object) -> Future[T]:
        """Call a function in a worker process."""
        try:
            return self._executor.submit(function, *arguments)
        except BrokenProcessPool:
            raise _ended_early() from None

    def cached(self, key: str, function: Callable[..., bytes], *arguments: object) -> Future[bytes]:
        """Call a function in a worker process, unless its result is in the cache."""
        self._used.add(key)
        if key not in self._cached:
            return self.submit(worker.cached, key, function, *arguments)
        result: Future[bytes] = Future()
        result.set_result(self._cache.read(key) or b"")
        return result

    def write_page(self, key: str, context: AnyPage, feed: str | None) -> Future[WrittenPage]:
        """Write a page into the site; see ``worker.write_page``."""
        self._used.add(key)
        is_cached = key in self._cached
        return self.submit(worker.write_page, key, None if is_cached else context, feed)

    def is_cached(self, key: str) -> bool:
        """Whether an earlier build left a result under a key."""
        return key in self._cached

    def forget_unused(self) -> None:
        """Remove from the cache what this build did not use."""
        self._cache.keep_only(self._used)


def result_of(future: Future[T]) -> T:
    """Wait for a result.

    Raises:
        TrackerError: A worker process ended early.
        Exception: What the function raised.
    """
    try:
        return future.result()
    except BrokenProcessPool:
        raise _ended_early() from None


def _ended_early() -> TrackerError:
    return TrackerError(
        "site: a worker process ended early", remedy="build again; is there enough memory?"
    )
