"""Result files to rows: which content each path had from when to when, and what it says.

A blob is read once, whatever the number of paths and commits that have it. What is new at the
end of the history is added; where something arrives in between, the intervals are made anew from
what git tells, without reading any blob again.
"""

from __future__ import annotations

from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

import orjson
from sqlalchemy import Connection, and_, bindparam, delete, or_, select, update

from tracker.catalog.ids import Ids, Names, insert_rows, table_of
from tracker.catalog.results import tables
from tracker.catalog.results.identity import settle_identities
from tracker.catalog.results.registry import main_metrics
from tracker.catalog.snapshot_runs import Run, Snapshots, seen_once
from tracker.common.progress import Progress, silent
from tracker.errors import SourceError, one_line
from tracker.sources import result_files
from tracker.sources.result_files import Kind, MainMetrics, Moment, ReadBlobs

_T = TypeVar("_T")
_TOLD_EVERY = 500
_AT_ONCE = 20_000
"""Rows that are written together: enough for speed, few enough for memory."""


def load_results(
    connection: Connection,
    names: Names,
    snapshots: Snapshots,
    clone: Path,
    progress: Progress = silent,
) -> int:
    """Bring the catalog up to a clone of the results repository.

    Args:
        connection: The load's transaction.
        names: Gives the stream its id.
        snapshots: The snapshot table of this load.
        clone: The clone; nothing happens where there is none.
        progress: Told how far the reading is.

    Returns:
        How many contents were read.

    Raises:
        SourceError: The clone lacks history.
    """
    if not (clone / "HEAD").is_file():
        return 0
    stream_id = names.stream(result_files.HEADER.id, result_files.STREAM)
    names.flush()
    # Commits that the starter lists come without their files.
    known = [run for run in snapshots.of(stream_id) if not run.bundled]
    since, until = _stretch(result_files.all_moments(clone), known)
    moments = result_files.moments(clone, since, until) if until else []
    read = 0
    is_made_anew = False
    with result_files.blob_reader(clone) as blobs:
        contents = _Contents(connection, blobs, main_metrics(connection))
        if {(m.at, m.commit) for m in moments} != {(r.published_at, r.commit) for r in known}:
            after = _last_if_only_news(moments, known)
            files = _Files(connection, stream_id)
            is_made_anew = after is None
            if is_made_anew:
                files.forget()
            # Before the intervals that refer to them: what refers to nothing is searched for.
            snapshots.save(stream_id, [_run(moment) for moment in moments])
            snapshots.flush()
            for change in result_files.changes(clone, since, until, after=after):
                files.apply(change, contents)
            read += contents.read(progress)
            files.flush(contents.tasks())
            settle_identities(connection)
        if again := contents.read_again():
            settle_identities(connection)
        if known and (again or is_made_anew):
            _forget_unused(connection)
    return read + again


def _run(moment: Moment) -> Run:
    url = f"{result_files.HEADER.home}/commit/{moment.commit}"
    if moment.message is None:  # a folder was seen, not a commit of the repository
        url = result_files.HEADER.home
    seen = seen_once(moment.at, url, moment.commit, moment.commit)
    return seen._replace(message=moment.message)


def _stretch(asked: list[Moment], known: list[Run]) -> tuple[str | None, str | None]:
    """From the first to the last of what was asked for and what is stored: nothing is lost."""
    times = [moment.at for moment in asked] + [run.published_at for run in known]
    return min(times, default=None), max(times, default=None)


def _forget_unused(connection: Connection) -> None:
    """Drop what no interval refers to any more, so that the order of loads leaves no trace."""
    content, version = table_of(tables.ResultContent), table_of(tables.ResultVersion)
    for target, user in (
        (tables.ResultContent, version.c.content_id),
        (tables.ResultFile, version.c.file_id),
        (tables.ResultFolder, table_of(tables.ResultFile).c.folder_id),
        (tables.ResultLayout, content.c.layout_id),
        (tables.ResultTask, content.c.task_id),
    ):
        table = table_of(target)
        used = select(user).where(user.is_not(None))
        connection.execute(delete(table).where(table.c.id.not_in(used)))


def _last_if_only_news(moments: list[Moment], known: list[Run]) -> Moment | None:
    """The last known moment where all that is new comes after it; ``None``: make all anew."""
    if not known or [(m.at, m.commit) for m in moments[: len(known)]] != [
        (run.published_at, run.commit) for run in known
    ]:
        return None
    last, news = moments[len(known) - 1], moments[len(known) :]
    if last.message is None or any(moment.message is None for moment in news):
        return None  # a folder is compared with the whole state before it
    return last


class _Contents:
    """What blobs say; new ones are noted first and read together, in the order of history."""

    def __init__(self, connection: Connection, blobs: ReadBlobs, main_metrics: MainMetrics) -> None:
        self._connection = connection
        self._blobs = blobs
        self._main_metrics = main_metrics
        self._ids = Ids(connection, tables.ResultContent)
        self._table = table_of(tables.ResultContent)
        t = self._table
        # Bytes instead of hexadecimal digits: there are hundreds of thousands of them.
        self._known: dict[Kind, dict[bytes, int]] = {"scores": {}, "metadata": {}, "other": {}}
        self._next = 1
        for id_, blob, kind in connection.execute(select(t.c.id, t.c.blob, t.c.kind)):
            self._known[kind][bytes.fromhex(blob)] = id_
            self._next = max(self._next, id_ + 1)
        self._unread: list[tuple[int, Kind, bytes]] = []
        self._layouts = _Known(connection, tables.ResultLayout, "digest")
        self._tasks = _Known(connection, tables.ResultTask, "name")
        self._layout_ids: dict[tuple[tuple[str, str], ...], int] = {}
        self._task_of: dict[int, int] = {}

    def id(self, blob: str, kind: Kind) -> int:
        """Id of a blob's content; a new one is noted to be read."""
        known, key = self._known[kind], bytes.fromhex(blob)
        found = known.get(key)
        if found is None:
            found = known[key] = self._next
            self._next += 1
            self._unread.append((found, kind, key))
        return found

    def tasks(self) -> dict[int, int]:
        """Task of every content that has one."""
        t = self._table
        rows = _rows(self._connection, select(t.c.id, t.c.task_id))
        return {id_: task for id_, task in rows if task is not None}

    def read(self, progress: Progress) -> int:
        """Read and write what was noted; returns how many there were."""
        unread, self._unread = self._unread, []
        rows: list[tuple[Any, ...]] = []
        # What is no result file is not asked for: some such files are large.
        others = [(id_, key.hex(), kind, None) for id_, kind, key in unread if kind == "other"]
        wanted = _alternating([one for one in unread if one[1] != "other"])
        bodies = self._blobs([key.hex() for _, _, key in wanted])
        read = (
            (id_, blob, kind, body)
            for (id_, kind, _), (blob, body) in zip(wanted, bodies, strict=True)
        )
        for count, (id_, blob, kind, body) in enumerate(chain(others, read)):
            if count % _TOLD_EVERY == 0:
                progress("reading result files", count, len(unread))
            rows.append((id_, blob, kind, *self._told(kind, body, blob)))
            if len(rows) >= _AT_ONCE:
                self._write(rows)
                rows = []
        self._write(rows)
        return len(unread)

    def _write(self, rows: list[tuple[Any, ...]]) -> None:
        self._layouts.flush()
        self._tasks.flush()
        insert_rows(self._connection, tables.ResultContent, rows)

    def read_again(self) -> int:
        """Read once more what was unavailable, or told before the registry knew its task."""
        t = self._table
        task = table_of(tables.ResultTask)
        is_canonical = {
            id_: known[0] == name
            for id_, name in _rows(self._connection, select(task.c.id, task.c.name))
            if (known := self._main_metrics.get(name.lower()))
        }
        misnamed = [id_ for id_, is_named_so in is_canonical.items() if not is_named_so]
        waiting = _rows(
            self._connection,
            select(t.c.id, t.c.blob, t.c.kind, t.c.outcome).where(
                or_(
                    t.c.outcome == "unavailable",
                    and_(t.c.outcome == "untold", t.c.task_id.in_(is_canonical)),
                    and_(t.c.format == "1.0", t.c.task_id.in_(misnamed)),
                )
            ),
        )
        bodies = self._blobs([row[1] for row in waiting])
        changed = []
        for id_, blob, kind, outcome in waiting:
            told = self._told(kind, next(bodies)[1], blob)
            if told[0] not in ("unavailable", outcome) or told[0] == "read":
                changed.append((id_, told))
        self._layouts.flush()
        self._tasks.flush()
        for id_, told in changed:
            values = dict(zip(self._ids.columns[2:], told, strict=True))
            self._connection.execute(update(t).where(t.c.id == id_).values(**values))
            version = table_of(tables.ResultVersion)
            self._connection.execute(
                update(version).where(version.c.content_id == id_).values(task_id=values["task_id"])
            )
        return len(changed)

    def _told(self, kind: Kind, body: bytes | None, place: str) -> tuple[Any, ...]:
        """All columns of a content from ``outcome`` on."""
        nothing = (None,) * 7
        if kind == "other":
            return ("unread", None, *nothing, None)
        if body is None:
            return ("unavailable", "the clone lacks this object", *nothing, None)
        try:
            if kind == "metadata":
                properties = orjson.dumps(
                    result_files.parse_metadata(body, place)._asdict(),
                    option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS,
                ).decode()
                return ("read", None, *nothing, properties)
            found = result_files.parse_scores(body, place, self._main_metrics)
        except result_files.UnknownMetricError as error:
            task = self._tasks.id(error.task, name=error.task)
            return ("untold", error.cause, "1.0", task, *nothing[2:], None)
        except SourceError as error:
            return ("unreadable", error.cause, *nothing, None)
        except Exception as error:  # a mistake of the parser may cost one file, never a load
            return (
                "unreadable",
                f"{type(error).__name__}: {one_line(error)[:200]}",
                *nothing,
                None,
            )
        layout = self._layout_ids.get(found.cells)
        if layout is None:
            cells = orjson.dumps(found.cells).decode()
            digest = sha256(cells.encode()).hexdigest()
            layout = self._layouts.id(digest, digest=digest, cells=cells)
            self._layout_ids[found.cells] = layout
        return (
            "read",
            None,
            found.format,
            self._tasks.id(found.task, name=found.task),
            found.mteb_version,
            found.dataset_revision,
            found.evaluation_time,
            layout,
            orjson.dumps(found.scores).decode(),
            None,
        )


def _alternating(items: list[_T]) -> list[_T]:
    """The first and the second half in turns: a stretch of history for each process of git."""
    half = (len(items) + 1) // 2
    mixed = items[:]
    mixed[::2], mixed[1::2] = items[:half], items[half:]
    return mixed


class _Known:
    """Ids by one unique column."""

    def __init__(self, connection: Connection, model: Any, column: str) -> None:
        table = table_of(model)
        self._ids = Ids(connection, model)
        self.known: dict[str, int] = {
            key: id_ for id_, key in connection.execute(select(table.c.id, table.c[column])).all()
        }

    def id(self, key: str, **values: Any) -> int:
        """Id of a key; a new one is noted with these values."""
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = self._ids.add(**values)
        return found

    def flush(self) -> None:
        """Write what was noted."""
        self._ids.flush()


class _Files:
    """Paths and the intervals of what stood there."""

    def __init__(self, connection: Connection, stream_id: int) -> None:
        self._connection = connection
        self._stream_id = stream_id
        self._folders = _Known(connection, tables.ResultFolder, "path")
        self._file_ids = Ids(connection, tables.ResultFile)
        self._versions = Ids(connection, tables.ResultVersion)
        self._files: dict[int, dict[str, int]] = {}
        self._open: dict[int, tuple[int, int, str]] = {}
        """By file: content, 0 or the id of a stored interval, and since when."""
        self._done: list[tuple[int, int, str, str | None]] = []
        self._ended: list[dict[str, Any]] = []
        self._is_fresh = False
        self._last_stored_folder = max(self._folders.known.values(), default=0)

    def forget(self) -> None:
        """Drop all intervals, to make them anew."""
        table = table_of(tables.ResultVersion)
        self._connection.execute(delete(table).where(table.c.stream_id == self._stream_id))
        self._is_fresh = True

    def _names(self, folder_id: int) -> dict[str, int]:
        """Files of a folder, with what stands there now."""
        found = self._files.get(folder_id)
        if found is None and folder_id > self._last_stored_folder:
            found = self._files[folder_id] = {}
        elif found is None:
            file, version = table_of(tables.ResultFile), table_of(tables.ResultVersion)
            query = select(file.c.name, file.c.id).where(file.c.folder_id == folder_id)
            found = self._files[folder_id] = dict(_rows(self._connection, query))
            if not self._is_fresh:
                standing = select(
                    version.c.file_id, version.c.content_id, version.c.id, version.c.valid_from
                ).where(version.c.file_id.in_(found.values()), version.c.valid_to.is_(None))
                for file_id, *rest in _rows(self._connection, standing):
                    self._open[file_id] = (rest[0], rest[1], rest[2])
        return found

    def _id(self, path: str) -> int:
        folder, _, name = path.rpartition("/")
        folder_id = self._folders.id(folder, path=folder)
        files = self._names(folder_id)
        found = files.get(name)
        if found is None:
            found = files[name] = self._file_ids.add(folder_id=folder_id, name=name)
        return found

    def _has(self, path: str) -> bool:
        folder, _, name = path.rpartition("/")
        folder_id = self._folders.known.get(folder)
        return folder_id is not None and name in self._names(folder_id)

    def apply(self, change: result_files.Change, contents: _Contents) -> None:
        """Let one moment's changes end and begin intervals."""
        at = change.moment.at
        for path, blob in change.files.items():
            if blob is None and not self._has(path):
                continue  # it came and went between two moments
            file_id = self._id(path)
            content = contents.id(blob, result_files.kind_of(path)) if blob else None
            standing = self._open.get(file_id)
            if standing is not None:
                if standing[0] == content:
                    continue
                self._end(file_id, standing, at)
                del self._open[file_id]
            if content is not None:
                self._open[file_id] = (content, 0, at)

    def _end(self, file_id: int, standing: tuple[int, int, str], at: str) -> None:
        content, stored, since = standing
        if stored:
            self._ended.append({"b_id": stored, "b_to": at})
        else:
            self._done.append((file_id, content, since, at))

    def flush(self, tasks: dict[int, int]) -> None:
        """Write everything."""
        self._folders.flush()
        self._file_ids.flush()
        table = table_of(tables.ResultVersion)
        if self._ended:
            self._connection.execute(
                update(table)
                .where(table.c.id == bindparam("b_id"))
                .values(valid_to=bindparam("b_to")),
                self._ended,
            )
        standing = (
            (file_id, content, since, None)
            for file_id, (content, stored, since) in self._open.items()
            if not stored
        )
        for count, (file_id, content, since, until) in enumerate(chain(self._done, standing), 1):
            self._versions.add_values(
                (file_id, content, tasks.get(content), self._stream_id, since, until)
            )
            if count % _AT_ONCE == 0:
                self._versions.flush()
        self._versions.flush()


def _rows(connection: Connection, query: Any) -> list[Any]:
    """All rows of a query as plain tuples."""
    return [tuple(row) for row in connection.execute(query)]
