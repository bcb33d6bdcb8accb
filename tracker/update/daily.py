"""The scheduled run: fetch every source, load what is new, build the site, and record the run.

A source that fails costs its own news only: the others are fetched, and catalog and site are made
from the last good data. Interrupted at any moment, the next run continues: what was archived stays,
requests are conditional, and a load takes only what is not loaded yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.catalog.loader import LoadReport
from tracker.common.progress import Progress, silent
from tracker.common.times import now_text
from tracker.errors import TrackerError, UsageError, one_line
from tracker.io.locks import writing
from tracker.pages.build.tools import check_site_tools
from tracker.settings import Settings
from tracker.snapshots.heartbeat import Heartbeat
from tracker.snapshots.run_log import OpenRun, RunLog
from tracker.snapshots.store import Archive
from tracker.sources import SOURCES, header
from tracker.sources.runs import FetchOptions, Notify
from tracker.update import run as steps

SHOWN_FINDINGS = 20
"""Lines of a load that are shown; ``tracker doctor`` has all of them."""


@dataclass(frozen=True)
class UpdateReport:
    """How a run ended."""

    failed: tuple[str, ...]
    """Ids of the sources that failed."""
    is_readable: bool
    """Whether everything archived could be loaded."""
    failure: str | None
    """Why the catalog or the site could not be written."""

    @property
    def outcome(self) -> str:
        """``good``, ``degraded`` or ``failed``."""
        if self.failure is not None:
            return "failed"
        return "degraded" if self.failed or not self.is_readable else "good"


def update(
    settings: Settings,
    sources: Sequence[str] = (),
    *,
    offline: bool = False,
    notify: Notify = lambda _: None,
    progress: Progress = silent,
) -> UpdateReport:
    """Fetch, load and build the site.

    Args:
        settings: Of this run.
        sources: Ids of the sources to fetch; by default all but those fetched on request.
        offline: Fetch nothing.
        notify: Called with each line for the user.
        progress: Progress callback.

    Raises:
        UsageError: There is no such source, or the extra ``site`` is not installed.
        LockedError: Another run writes to this home.
        ArchiveError: The record of the run cannot be written.
    """
    check_site_tools()
    chosen = list(sources) or _due(settings)
    for source in chosen:
        header(source)
    with writing(settings.home):
        record = RunLog(settings.archive).start("update")
        try:
            failed: tuple[str, ...] = ()
            if not (offline or settings.offline):
                good = {s: _fetch_any(s, settings, record, notify, progress) for s in chosen}
                failed = tuple(source for source, is_good in good.items() if not is_good)
            is_readable, not_loaded = _load_any(settings, notify, progress)
            not_built = _build_any(settings, notify, progress)
            _tell_any(settings, notify)
        except BaseException as error:
            record.finish("failed", one_line(repr(error)))
            raise
        report = UpdateReport(failed, is_readable, not_loaded or not_built)
        record.finish(report.outcome, report.failure)
    return report


def _due(settings: Settings) -> list[str]:
    """Return the sources that every update fetches: all but those on request that are not used."""
    used = set(Archive(settings.archive).sources())
    return [
        source
        for source, entry in SOURCES.items()
        if not entry.on_request or (entry.once_used and source in used)
    ]


def last_update(settings: Settings) -> str | None:
    """Return the moment at which the last update ended, if any has."""
    runs = RunLog(settings.archive).read()
    return max((r.finished for r in runs if r.command == "update" and r.finished), default=None)


def fetch_recorded(
    source: str,
    settings: Settings,
    options: FetchOptions,
    notify: Notify,
    progress: Progress = silent,
) -> bool:
    """Fetch one source and record the run; return whether all of it was good.

    Raises:
        UsageError: There is no such source, or an option does not fit it.
        ArchiveError: The record of the run cannot be written.
    """
    header(source)
    record = RunLog(settings.archive).start("fetch")
    try:
        is_good = fetch_one(source, settings, options, record, notify, progress)
    except BaseException as error:
        record.finish("failed", one_line(str(error) or repr(error)))
        raise
    record.finish("good" if is_good else "degraded")
    return is_good


def fetch_one(
    source: str,
    settings: Settings,
    options: FetchOptions,
    record: OpenRun,
    notify: Notify,
    progress: Progress,
) -> bool:
    """Fetch one source, and say and record what came; return whether all of it was good."""
    progress(f"fetching {source}", 0, 0)
    try:
        report = steps.fetch(source, settings, options)
    except UsageError:
        raise
    except TrackerError as error:
        notify(f"error: {error}")
        record.source(source, failure=str(error))
        return False
    notify(f"{source}: {report.new} new, {report.unchanged} unchanged")
    for line in report.withheld:
        notify(f"note: {line}")
    wrong = [*report.rejected, *map(str, report.failures)]
    for line in wrong:
        notify(f"error: {line}")
    failure = wrong[0] if wrong else None
    record.source(source, new=report.new, unchanged=report.unchanged, failure=failure)
    return not wrong


def _fetch_any(
    source: str, settings: Settings, record: OpenRun, notify: Notify, progress: Progress
) -> bool:
    """Fetch one source of several; even an error of ours does not stop the others."""
    try:
        return fetch_one(source, settings, FetchOptions(), record, notify, progress)
    except Exception as error:
        failure = f"{source}: {_described(error)}"
        notify(f"error: {failure}")
        record.source(source, failure=failure)
        Heartbeat(settings.archive).failure(source, now_text(), failure)
        return False


def load_reported(
    settings: Settings, sources: Sequence[str], notify: Notify, progress: Progress = silent
) -> bool:
    """Load, and say what was read; return whether everything could be read.

    Raises:
        TrackerError: The catalog cannot be written, or a curated file is wrong.
    """
    return _report_load(steps.load_catalog(settings, sources, notify, progress), notify)


def rebuild_reported(settings: Settings, notify: Notify, progress: Progress = silent) -> bool:
    """Make the catalog anew and say how it differs; return whether nothing is wrong or lost.

    Raises:
        TrackerError: The catalog cannot be written, or a curated file is wrong.
    """
    rebuilt = steps.rebuild_catalog(settings, notify, progress)
    is_readable = _report_load(rebuilt.load, notify)
    for difference in rebuilt.differences:
        notify(f"note: {difference}")
    if rebuilt.damaged is not None:
        notify(f"note: the damaged catalog is kept as {rebuilt.damaged}")
    elif rebuilt.lost:
        for line in rebuilt.lost:
            notify(f"error: the archive has lost {line}")
        notify("error: the old catalog stays; restore the archive from a backup and run it again")
    else:
        notify("the catalog was made anew" if rebuilt.differences else "every row is the same")
    return is_readable and not rebuilt.lost


def _report_load(report: LoadReport, notify: Notify) -> bool:
    files = f" and {report.contents} result files" if report.contents else ""
    notify(f"{report.snapshots} states{files} read, {report.rows} rows new")
    for finding in report.findings[:SHOWN_FINDINGS]:
        notify(f"error: {finding}")
    if len(report.findings) > SHOWN_FINDINGS:
        more = len(report.findings) - SHOWN_FINDINGS
        notify(f"error: and {more} more; see: tracker doctor")
    return not report.findings


def _load_any(settings: Settings, notify: Notify, progress: Progress) -> tuple[bool, str | None]:
    """Whether everything could be read, and why the catalog stays as it was."""
    try:
        return load_reported(settings, (), notify, progress), None
    except TrackerError as error:
        notify(f"error: {error}")
        return False, str(error)


def build_reported(
    settings: Settings, languages: Sequence[str], notify: Notify, progress: Progress = silent
) -> None:
    """Build the site, and say what was written.

    Raises:
        TrackerError: The catalog cannot be read, the site cannot be written, or the extra ``site``
            is not installed.
    """
    check_site_tools()
    from tracker.api import open_catalog
    from tracker.pages.build.site import build_site

    with open_catalog() as catalog:
        progress("building the site", 0, 0)
        report = build_site(
            catalog,
            settings.build / "site",
            work=settings.build / "work",
            languages=tuple(languages),
            base_url=settings.site_url,
        )
    notify(f"{report.pages} pages and {report.data_files} data files in {report.out}")


def _build_any(settings: Settings, notify: Notify, progress: Progress) -> str | None:
    """Why the site stays as it was, if it does."""
    try:
        build_reported(settings, ("en", "zh"), notify, progress)
    except TrackerError as error:
        notify(f"error: {error}")
        return str(error)
    return None


def _tell_any(settings: Settings, notify: Notify) -> None:
    """Send notices; whatever is wrong with them is said and does not change the run."""
    from tracker.update.watching import tell

    try:
        tell(settings, notify)
    except Exception as error:
        notify(f"error: notices: {_described(error)}")


def _described(error: Exception) -> str:
    """One line for an error that no source explains."""
    if isinstance(error, TrackerError):
        return str(error)
    return one_line(f"unexpected {type(error).__name__}: {error}; please report it")
