"""Fetch sources into the archive, load the archive into the catalog, and verify both.

A failing source does not stop the others: what was archived stays, and the run reports one line
per failure.
"""

from __future__ import annotations

from collections.abc import Iterable

from tracker.catalog.engine import explained, open_engine, sqlite_path
from tracker.catalog.home import ensure_catalog
from tracker.catalog.load import load
from tracker.catalog.loader import LoadReport
from tracker.catalog.sqlite_file import written
from tracker.common.paths import resource
from tracker.common.progress import Progress, silent
from tracker.common.times import now_text
from tracker.curated import read_curated
from tracker.errors import TrackerError, UsageError
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
        heartbeat.success(source, now_text())
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
    engine = open_engine(settings.catalog_url, read_only=False)
    try:
        with explained(settings.catalog_url), written(sqlite_path(settings.catalog_url)):
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
