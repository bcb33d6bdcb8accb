"""Fetch sources into the archive, load the archive into the catalog, and verify both.

A failing source does not stop the others: what was archived stays, and the run reports one line
per failure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tracker.catalog.comparing import Difference
from tracker.catalog.engine import catalog_url, explained, open_engine, sqlite_path
from tracker.catalog.home import ensure_catalog
from tracker.catalog.integrity import catalog_damage
from tracker.catalog.load import load
from tracker.catalog.loader import LoadReport
from tracker.catalog.rebuild import compare, replace_file, replace_rows
from tracker.catalog.sqlite_file import forget_checksum, written
from tracker.catalog.starter import create
from tracker.common.paths import resource
from tracker.common.progress import Progress, silent
from tracker.common.times import now_text
from tracker.curated import Curated, read_curated
from tracker.errors import TrackerError, UsageError
from tracker.io.files import remove_leftovers, temporary
from tracker.settings import Settings
from tracker.snapshots.heartbeat import Heartbeat
from tracker.snapshots.store import Archive
from tracker.sources import SOURCES, find_source, header
from tracker.sources.runs import FetchOptions, FetchReport, Notify, Run
from tracker.update.wanted import CatalogWanted

__all__ = ["FetchOptions", "FetchReport", "fetch", "load_catalog", "open_run"]


def fetch(
    source: str, settings: Settings, options: FetchOptions, notify: Notify = lambda _: None
) -> FetchReport:
    """Fetch one source into the archive.

    Raises:
        SourceError: Nothing could be fetched; the heartbeat records it, too.
    """
    found = find_source(source)
    heartbeat = Heartbeat(settings.archive)
    try:
        report = found.refresh(open_run(settings, options, notify))
    except UsageError:
        raise  # not a failure of the source
    except TrackerError as error:
        if not settings.offline:  # offline mode is not a source failure
            heartbeat.failure(source, now_text(), str(error))
        raise
    if report.failures or report.rejected:
        first = str(report.failures[0]) if report.failures else report.rejected[0]
        heartbeat.failure(source, now_text(), first)
    else:
        heartbeat.success(source, now_text(), report.unknown)
    return report


def open_run(
    settings: Settings,
    options: FetchOptions = FetchOptions(),  # noqa: B008 (immutable)
    notify: Notify = lambda _: None,
) -> Run:
    """Return what a source needs to be fetched: settings, options, archive and catalog."""
    archive = Archive(settings.archive)
    return Run(settings, options, archive, CatalogWanted(settings, archive), notify)


def load_catalog(
    settings: Settings,
    sources: Iterable[str] = (),
    notify: Notify = lambda _: None,
    progress: Progress = silent,
) -> LoadReport:
    """Load archive, clones and curated files into the catalog.

    Args:
        settings: Settings of this run.
        sources: Ids of the sources to load; all by default.
        notify: Called with the name of each step.
        progress: Progress callback.
    """
    chosen = list(sources) or list(SOURCES)
    for source in chosen:
        header(source)
    curated = read_curated(settings.curated)
    ensure_catalog(settings, for_writing=True)
    return _load_into(settings.catalog_url, settings, curated, chosen, notify, progress)


def _load_into(
    url: str,
    settings: Settings,
    curated: Curated,
    chosen: list[str],
    notify: Notify,
    progress: Progress,
) -> LoadReport:
    engine = open_engine(url, read_only=False)
    try:
        with explained(url), written(sqlite_path(url)):
            return load(
                engine,
                archive=Archive(settings.archive),
                clones=settings.clones,
                curated=curated,
                sources=chosen,
                shipped=resource("db/starter") if settings.starter else None,
                notify=notify,
                progress=progress,
            )
    finally:
        engine.dispose()


@dataclass(frozen=True)
class Rebuilt:
    """Result of making the catalog anew."""

    load: LoadReport
    differences: tuple[Difference, ...] = ()
    """Tables whose rows differ from those of the old catalog; empty if it was damaged."""
    lost: tuple[str, ...] = ()
    """Documents of the old catalog that the archive does not have; then the old one stays."""
    damaged: Path | None = None
    """Where the old catalog is kept, if it was damaged."""


def rebuild_catalog(
    settings: Settings, notify: Notify = lambda _: None, progress: Progress = silent
) -> Rebuilt:
    """Make the catalog anew from archive, clones and curated files, and compare it row for row.

    Raises:
        UsageError: The catalog is not a file.
        TrackerError: It cannot be written; the old one is unchanged.
    """
    url = settings.catalog_url
    path = sqlite_path(url)
    if path is None:
        raise UsageError(
            "only a catalog in a file can be rebuilt",
            remedy="drop the tables on the server and run: tracker load",
        )
    curated = read_curated(settings.curated)
    remove_leftovers(path.parent, path.name)
    damage = catalog_damage(url)
    if path.exists() and not damage:
        ensure_catalog(settings, for_writing=True)  # the same schema, so that rows can be compared
    with temporary(path) as new:
        starter = resource("db/starter") if settings.starter else None
        create(catalog_url(new), starter=starter, curated=curated)
        try:
            report = _load_into(
                catalog_url(new), settings, curated, list(SOURCES), notify, progress
            )
            if not path.exists() or damage:
                kept = replace_file(path, new)
                return Rebuilt(report, damaged=kept if damage else None)
            notify("comparing the rows of the old and the new catalog")
            found, lost = compare(path, new)
            if found and not lost:
                replace_rows(path, new)
            return Rebuilt(report, tuple(found), tuple(lost))
        finally:
            forget_checksum(new)
