"""Track which content each path of the results repository has in which interval."""

from __future__ import annotations

from itertools import chain
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from tracker.catalog.ids import Ids, KeyedIds, table_of
from tracker.catalog.results import tables
from tracker.catalog.results.contents import ROWS_PER_INSERT, ContentReader
from tracker.sources import result_files
from tracker.sources.records import LONGEST_NAME


class FileVersions:
    """Paths of result files, and the intervals of their contents."""

    def __init__(self, connection: Connection, stream_id: int) -> None:
        self._connection = connection
        self._stream_id = stream_id
        self._folders = KeyedIds(connection, tables.ResultFolderTable, "path")
        self._file_ids = Ids(connection, tables.ResultFileTable)
        self._versions = Ids(connection, tables.ResultVersionTable)
        self._files: dict[int, dict[str, int]] = {}
        self._open: dict[int, tuple[int, int, str]] = {}
        """By file: content, id of the stored interval (0 if it is not stored), and its start."""
        self._done: list[tuple[int, int, str, str | None]] = []
        self._ended: list[dict[str, Any]] = []
        self._is_fresh = False
        self._last_stored_folder = max(self._folders.known.values(), default=0)

    def drop(self) -> None:
        """Delete all stored intervals of the stream, before they are written again."""
        table = table_of(tables.ResultVersionTable)
        self._connection.execute(delete(table).where(table.c.stream_id == self._stream_id))
        self._is_fresh = True

    def _names(self, folder_id: int) -> dict[str, int]:
        """Return the file ids of a folder by name, and read their open intervals."""
        found = self._files.get(folder_id)
        if found is None and folder_id > self._last_stored_folder:
            found = self._files[folder_id] = {}
        elif found is None:
            file, version = table_of(tables.ResultFileTable), table_of(tables.ResultVersionTable)
            query = select(file.c.name, file.c.id).where(file.c.folder_id == folder_id)
            found = self._files[folder_id] = dict(map(tuple, self._connection.execute(query)))
            if not self._is_fresh:
                open_now = select(
                    version.c.file_id, version.c.content_id, version.c.id, version.c.valid_from
                ).where(version.c.file_id.in_(found.values()), version.c.valid_to.is_(None))
                for file_id, *rest in map(tuple, self._connection.execute(open_now)):
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

    def apply(self, change: result_files.Change, contents: ContentReader) -> None:
        """Close and open the intervals that one moment changes."""
        at = change.moment.at
        for path, blob in change.files.items():
            if len(path) > LONGEST_NAME:
                continue  # PostgreSQL cannot keep it in an index
            if blob is None and not self._has(path):
                continue  # it was added and removed between two moments
            file_id = self._id(path)
            content = contents.id(blob, result_files.kind_of(path)) if blob else None
            current = self._open.get(file_id)
            if current is not None:
                if current[0] == content:
                    continue
                self._end(file_id, current, at)
                del self._open[file_id]
            if content is not None:
                self._open[file_id] = (content, 0, at)

    def _end(self, file_id: int, current: tuple[int, int, str], at: str) -> None:
        content, stored, since = current
        if stored:
            self._ended.append({"b_id": stored, "b_to": at})
        else:
            self._done.append((file_id, content, since, at))

    def flush(self, tasks: dict[int, int]) -> None:
        """Write all new and changed rows.

        Args:
            tasks: Task id by content id.
        """
        self._folders.flush()
        self._file_ids.flush()
        table = table_of(tables.ResultVersionTable)
        if self._ended:
            self._connection.execute(
                update(table)
                .where(table.c.id == bindparam("b_id"))
                .values(valid_to=bindparam("b_to")),
                self._ended,
            )
        unfinished = (
            (file_id, content, since, None)
            for file_id, (content, stored, since) in self._open.items()
            if not stored
        )
        for count, (file_id, content, since, until) in enumerate(chain(self._done, unfinished), 1):
            self._versions.add_values(
                (file_id, content, tasks.get(content), self._stream_id, since, until)
            )
            if count % ROWS_PER_INSERT == 0:
                self._versions.flush()
        self._versions.flush()
