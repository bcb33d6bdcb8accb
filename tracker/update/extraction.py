"""Extract candidates from many texts by several processes, on this machine or on a Ray cluster.

Every engine calls the same pure function and gives its results in the order of the texts, so the
rows are equal for every engine and number of workers. Batches are handed out as they are needed;
texts are sent by their key, and workers read the bytes themselves.
"""

from __future__ import annotations

import logging
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Literal

import msgspec

from tracker.catalog.engine import reading
from tracker.catalog.home import ensure_catalog
from tracker.catalog.knowledge.candidates import cue_extractor
from tracker.catalog.knowledge.extraction import (
    Bytes,
    Extraction,
    Text,
    TextFile,
    archived,
    extract,
)
from tracker.curated import read_curated
from tracker.errors import SourceError, TrackerError, UsageError, missing_package
from tracker.evidence import Extractor
from tracker.settings import Settings
from tracker.snapshots.store import Archive
from tracker.sources import arxiv_fulltext, model_cards

Engine = Literal["local", "ray"]
BATCH = 32
"""Texts that a worker is given at once."""
_AHEAD = 4
"""Batches that wait for each worker."""


@dataclass(frozen=True)
class Job:
    """What each worker needs to read texts."""

    read: Bytes
    extractor: Extractor

    def __call__(self, batch: Iterable[Text]) -> list[Extraction]:
        """Extract a batch."""
        return [extract(text, self.read, self.extractor) for text in batch]


def prepare(
    settings: Settings, folder: Path | None, notify: Callable[[str], None]
) -> tuple[list[Text], Job]:
    """Return the texts of a folder, or the archived ones, in order, and the job of the workers.

    Args:
        settings: Where archive, catalog and curated files are.
        folder: Folder of documents, ``ORG/NAME/README.md``; the archive if missing.
        notify: Called with each finding.

    Raises:
        UsageError: There is no such folder.
    """
    extractor = cue_extractor(read_curated(settings.curated))
    if folder is not None:
        texts = list(folder_texts(folder, notify))
        return sorted(texts, key=lambda text: text.order), Job(partial(_body, folder), extractor)
    ensure_catalog(settings, for_writing=False)
    with reading(settings.catalog_url) as connection:
        found = archived(connection, Archive(settings.archive), extractor, lambda e: notify(str(e)))
        texts = sorted(found, key=lambda text: text.order)
    # Workers get an archive that has not been read from: an open decompressor cannot be sent.
    return texts, Job(Archive(settings.archive).read, extractor)


def folder_texts(folder: Path, notify: Callable[[str], None]) -> Iterator[Text]:
    """The cards (``.md``), papers (``.html``) and configuration files of a folder.

    A model's files are in ``ORG/NAME/`` and have the names that they have on the Hub.
    """
    if not folder.is_dir():
        raise UsageError(f"no folder {folder}", remedy="name a folder with ORG/NAME/README.md")
    configs: dict[str, list[TextFile]] = {}
    ignored = 0
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        place = path.relative_to(folder).as_posix()
        model, name = "/".join(place.split("/")[:2]), "/".join(place.split("/")[2:])
        file = TextFile(name, place, place, place)
        if name and path.suffix == ".md":
            yield Text(model, "card", (file,))
        elif name and path.suffix == ".html":
            yield Text(model, "paper", (file,))
        elif model_cards.is_config(name):
            configs.setdefault(model, []).append(file)
        else:
            ignored += 1
    for model, files in configs.items():
        yield Text(model, "config", tuple(files))
    if ignored:
        notify(f"{ignored} files of {folder} are no card, paper or configuration in ORG/NAME/")


def _body(folder: Path, place: str) -> bytes:
    """Read a file of a folder that is not larger than a source may send."""
    path, is_paper = folder / place, place.endswith(".html")
    source = arxiv_fulltext if is_paper else model_cards
    limit = source.LARGEST_DOCUMENT
    try:
        with path.open("rb") as file:
            body = file.read(limit + 1)
    except OSError as error:
        cause = error.strerror or str(error)
        raise SourceError(source.HEADER.id, cause, place=place) from None
    if len(body) > limit:
        raise SourceError(source.HEADER.id, f"larger than {limit:,} bytes", place=place)
    return body


def run(texts: Iterable[Text], job: Job, engine: Engine, workers: int) -> Iterator[Extraction]:
    """Extract all texts; the results have the order of the texts.

    Raises:
        TrackerError: A worker process ended early.
        UsageError: The extra ``ray`` is not installed.
    """
    rest = iter(texts)
    batches = iter(lambda: list(islice(rest, BATCH)), [])
    yield from _ray(batches, job, workers) if engine == "ray" else _local(batches, job, workers)


_job: Job


def _start(job: Job) -> None:
    global _job
    _job = job


def _extract(batch: list[Text]) -> list[Extraction]:
    return _job(batch)


def _local(batches: Iterator[list[Text]], job: Job, workers: int) -> Iterator[Extraction]:
    if workers == 1:
        # A second process would only add a second of imports.
        for batch in batches:
            yield from job(batch)
        return
    # Spawned, because polars and SQLite do not survive a fork.
    pool = ProcessPoolExecutor(workers, get_context("spawn"), _start, (job,))
    waiting = deque(pool.submit(_extract, batch) for batch in islice(batches, _AHEAD * workers))
    try:
        while waiting:
            yield from waiting.popleft().result()
            waiting.extend(pool.submit(_extract, batch) for batch in islice(batches, 1))
    except BrokenProcessPool:
        remedy = "use fewer workers; is there enough memory?"
        raise TrackerError("a worker process ended early", remedy=remedy) from None
    finally:
        pool.shutdown(cancel_futures=True)


class _RayWorker:
    """Actor of Ray Data: extracts batches that are sent as JSON."""

    def __init__(self, job: Job) -> None:
        self._job = job

    def __call__(self, table: Any) -> Any:
        import pyarrow as pa

        batches = [msgspec.json.decode(b, type=list[Text]) for b in table["batch"].to_pylist()]
        results = [msgspec.json.encode(self._job(batch)) for batch in batches]
        return pa.table({"at": table["at"], "results": pa.array(results, pa.binary())})


def _ray(batches: Iterator[list[Text]], job: Job, workers: int) -> Iterator[Extraction]:
    try:
        import ray
        import ray.data
    except ModuleNotFoundError as error:
        raise missing_package(error.name, "ray") from None
    items = [{"at": n, "batch": msgspec.json.encode(batch)} for n, batch in enumerate(batches)]
    if not items:
        return
    # RAY_ADDRESS names a cluster; without it Ray starts one on this machine.
    local = {} if "RAY_ADDRESS" in os.environ else {"num_cpus": workers + 1}
    ray.init(log_to_driver=False, logging_level=logging.ERROR, **local)
    try:
        ray.data.DataContext.get_current().enable_progress_bars = False
        found = ray.data.from_items(items, override_num_blocks=min(len(items), 10_000)).map_batches(
            _RayWorker,
            fn_constructor_args=(job,),
            batch_size=1,
            batch_format="pyarrow",
            compute=ray.data.ActorPoolStrategy(size=workers),
        )
        early: dict[int, bytes] = {}
        due = 0
        for row in found.iter_rows():
            early[row["at"]] = row["results"]
            while due in early:
                yield from msgspec.json.decode(early.pop(due), type=list[Extraction])
                due += 1
    finally:
        ray.shutdown()
