"""The read-only catalog: what pages, the command line, exports and notebooks open."""

from __future__ import annotations

from contextlib import AbstractContextManager
from hashlib import sha256
from math import inf
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from tracker.api.boards import BoardQuestions
from tracker.api.checking import CheckingQuestions
from tracker.api.deprecated import FormerNames
from tracker.api.history import HistoryQuestions
from tracker.api.methods import MethodQuestions
from tracker.api.models import ModelQuestions
from tracker.api.tasks import TaskQuestions
from tracker.catalog.dialects import dialect_of
from tracker.catalog.engine import (
    catalog_url,
    explained,
    newest_revision,
    open_engine,
    raise_if_damaged,
    revision,
    shown,
    sqlite_path,
    state,
)
from tracker.catalog.home import ensure_catalog
from tracker.common.checks import check_type
from tracker.common.deferred_imports import deferred_imports
from tracker.common.times import When, now_text
from tracker.errors import CatalogError, TrackerError
from tracker.insights.reader import Folders, Reader
from tracker.settings import Settings, load_settings
from tracker.sources import ON_REQUEST, SOURCES, header
from tracker.sources.result_files import HEADER as RESULTS

if TYPE_CHECKING:
    from sqlalchemy import Connection

with deferred_imports(globals()):
    import polars as pl

    from tracker.answers.boards import EditionInfo
    from tracker.answers.frames import frame_of
    from tracker.answers.health import Finding, Gap, SourceStatus, SuspectScore, UpdateRun
    from tracker.answers.references import Reference
    from tracker.catalog import source_queries
    from tracker.catalog.read_only_sql import ask
    from tracker.insights.health.gaps import read_gaps, update_runs
    from tracker.insights.health.receipt_findings import wrong_receipts
    from tracker.insights.health.status import read_findings, read_status
    from tracker.insights.health.suspects import read_suspects
    from tracker.insights.references.boards import board_reference
    from tracker.insights.references.reading import written
    from tracker.io.locks import is_held
    from tracker.snapshots.heartbeat import Heartbeat
    from tracker.snapshots.run_log import RunLog
    from tracker.snapshots.store import Archive


class Catalog(
    FormerNames,
    BoardQuestions,
    HistoryQuestions,
    ModelQuestions,
    MethodQuestions,
    TaskQuestions,
    CheckingQuestions,
    AbstractContextManager["Catalog"],
):
    """An open catalog. Every method is a read; dates mean their end in UTC."""

    def __init__(self, url: str, settings: Settings) -> None:
        self._url = url
        self._settings = settings
        self._engine = open_engine(url, read_only=True)
        self._connection: Connection | None = None
        try:
            connection = self._opened()
        except BaseException:
            self.close()
            raise
        folders = Folders(
            settings.clones / RESULTS.id,
            settings.scans,
            settings.curated,
            settings.archive,
        )
        super().__init__(Reader(connection, folders=folders))

    def _opened(self) -> Connection:
        """Connect, and check that this tracker can read the catalog."""
        url = self._url
        with explained(url):
            self._connection = self._engine.connect()
            dialect_of(self._connection).hold_state(self._connection)
            found = revision(self._connection)
        if found != newest_revision():
            have = f"has schema {found}" if found else "has no schema"
            newer = found is not None and found > newest_revision()
            raise CatalogError(
                f"catalog {shown(url)}: {have}, this tracker reads {newest_revision()}",
                remedy="update the tracker" if newer else "run: tracker load",
            )
        return self._connection

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
        self._engine.dispose()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
        if isinstance(error, Exception) and not isinstance(error, TrackerError):
            raise_if_damaged(self._url, error)

    @property
    def data_until(self) -> str | None:
        """The newest moment for which any source has data; a registry only defines what data is."""
        counts = source_queries.source_counts(self._reader.connection)
        known = (newest for source, (_, newest, _) in counts.items() if source not in ON_REQUEST)
        return max(known, default=None)

    @property
    def digest(self) -> str:
        """Twelve hexadecimal digits over all snapshots: which state of the data this is."""
        rows = source_queries.content(self._reader.connection)
        content = "\n".join("\t".join(row) for row in rows)
        return sha256(content.encode()).hexdigest()[:12]

    def board_reference(self, board: str | EditionInfo, as_of: When = None) -> Reference:
        """The reference of a board as it stood on a day; its note has the digest of the data.

        Args:
            board: Name of an edition or a series, or an edition.
            as_of: The day; now by default.

        Raises:
            NotFoundError: There is no such board; the nearest names are suggested.
            NoDataError: Nothing is known for that date.
        """
        return board_reference(self.board(board, as_of), self.digest)

    def cite(self, board: str | EditionInfo, as_of: When = None, *, form: str = "bibtex") -> str:
        """The same as text for a reference manager.

        Args:
            board: Name of an edition or a series, or an edition.
            as_of: The day; now by default.
            form: ``bibtex``, ``csl-json`` or ``ris``.

        Raises:
            UsageError: There is no such format.
            NotFoundError: There is no such board; the nearest names are suggested.
            NoDataError: Nothing is known for that date.
        """
        return written([self.board_reference(board, as_of)], form)

    def status(self) -> tuple[SourceStatus, ...]:
        """How every source is doing."""
        archive = Archive(self._settings.archive)
        return tuple(
            read_status(
                self._reader,
                [header(source) for source in SOURCES],
                Heartbeat(self._settings.archive).read(),
                {source: len(archive.rejected(source)) for source in SOURCES},
                RunLog(self._settings.archive).read(),
            )
        )

    def run_list(self) -> tuple[UpdateRun, ...]:
        """Recorded runs of ``update`` and ``fetch``, the newest first."""
        runs = RunLog(self._settings.archive).read()
        return tuple(update_runs(runs, is_running=is_held(self._settings.home)))

    def runs(self) -> pl.DataFrame:
        """The same as a frame, one row a run."""
        return frame_of("runs", self.run_list())

    def gap_list(self) -> tuple[Gap, ...]:
        """Days on which a source was not fetched, by source and day."""
        headers = [header(source) for source in SOURCES]
        return tuple(read_gaps(headers, RunLog(self._settings.archive).read(), now_text()))

    def gaps(self) -> pl.DataFrame:
        """The same as a frame, one row a gap."""
        return frame_of("gaps", self.gap_list())

    def doctor(self) -> tuple[Finding, ...]:
        """What in the data a person should look at."""
        return tuple(read_findings(self._reader))

    def broken_receipts(self) -> tuple[Finding, ...]:
        """Receipts whose source no longer shows what a fact cites it for."""
        found = wrong_receipts(self._reader)
        return tuple(finding for finding in found if finding.severity == "warning")

    def lint_list(
        self,
        *,
        task: str | None = None,
        model: str | None = None,
        rule: str | None = None,
        as_of: When = None,
    ) -> tuple[SuspectScore, ...]:
        """Scores that one should look at before relying on them, by task and file.

        Args:
            task: Only this task.
            model: Only this model, under any of its names.
            rule: Only findings of these rules, separated by commas.
            as_of: The files of this day; now by default.

        Raises:
            NotFoundError: There is no such task or model.
            UsageError: There is no such rule.
            NoDataError: The catalog has no result files.
            SourceError: The clone of the results repository cannot be read.
        """
        at = self._reader.moment("", as_of)
        tasks = None if task is None else (task,)
        return read_suspects(self._reader, at, tasks=tasks, model=model, rule=rule)

    def lint(
        self,
        *,
        task: str | None = None,
        model: str | None = None,
        rule: str | None = None,
        as_of: When = None,
    ) -> pl.DataFrame:
        """The same as a frame, one row a finding."""
        found = self.lint_list(task=task, model=model, rule=rule, as_of=as_of)
        return frame_of("lint", found)

    def sql(
        self, query: str, *, first: int | None = None, seconds: float | None = None
    ) -> pl.DataFrame:
        """The answer to one SQL query; the connection rejects every write.

        Args:
            query: One SQL statement.
            first: Read only so many rows; all by default.
            seconds: A shorter time limit than ``TRACKER_SQL_SECONDS``.

        Raises:
            UsageError: The database rejects the query, or it takes longer than
                ``TRACKER_SQL_SECONDS``, returns more than a million rows or 500 MB.
        """
        check_type("query", query, str)
        limit = min(seconds or inf, self._settings.sql_seconds)
        names, rows = ask(self._engine, query, seconds=limit, first=first)
        return pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)


def open_catalog(target: str | Path | None = None) -> Catalog:
    """Open a catalog for reading.

    Args:
        target: SQLAlchemy URL or path of an SQLite file; the home's own catalog by default, which
            is seeded from the bundled starter where it does not exist yet.

    Raises:
        CatalogError: It does not exist or cannot be read.
    """
    settings = load_settings()
    if target is None:
        ensure_catalog(settings, for_writing=False)
    url = settings.catalog_url if target is None else catalog_url(target)
    path = sqlite_path(url)
    if path is not None and not path.is_file():
        raise CatalogError(f"no catalog at {path}", remedy="run: tracker load")
    return Catalog(url, settings)


def catalog_state(target: str | Path | None = None) -> tuple[object, ...]:
    """Return what changes when a catalog is loaded.

    Args:
        target: As for ``open_catalog``.
    """
    return state(load_settings().catalog_url if target is None else catalog_url(target))
