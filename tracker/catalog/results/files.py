"""Load the clone of the results repository: paths, intervals, contents and identities.

New commits at the end of the history are appended. If a commit is new in between, all intervals
are written again from git's history, but no blob is read a second time.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, delete, select

from tracker.catalog.ids import Names, table_of
from tracker.catalog.results import tables
from tracker.catalog.results.contents import ContentReader
from tracker.catalog.results.file_versions import FileVersions
from tracker.catalog.results.identity import rewrite_identities
from tracker.catalog.results.registry import main_metrics
from tracker.catalog.snapshot_runs import Run, Snapshots, seen_once
from tracker.common.progress import Progress, silent
from tracker.sources import result_files
from tracker.sources.result_files import Moment


def load_results(
    connection: Connection,
    names: Names,
    snapshots: Snapshots,
    clone: Path,
    progress: Progress = silent,
) -> int:
    """Bring the catalog up to date with a clone of the results repository.

    Args:
        connection: The transaction of the load.
        names: Gives the stream its id.
        snapshots: The snapshot table of this load.
        clone: The clone; without one nothing happens.
        progress: Progress callback.

    Returns:
        The number of contents that were read.

    Raises:
        SourceError: The clone lacks history.
    """
    if not (clone / "HEAD").is_file():
        return 0
    stream_id = names.stream(result_files.HEADER.id, result_files.STREAM)
    names.flush()
    # Commits of the starter come without their files.
    known = [run for run in snapshots.of(stream_id) if not run.bundled]
    every = result_files.moments(clone)
    fetched = result_files.within(every, *result_files.window(clone))
    since, until = _window(fetched, known)
    moments = result_files.within(every, since, until) if until else []
    is_changed = {(m.at, m.commit) for m in moments} != {(r.published_at, r.commit) for r in known}
    after = _last_known(moments, known)
    read = 0
    with result_files.blob_reader(clone) as blobs:
        contents = ContentReader(connection, blobs, main_metrics(connection))
        if is_changed:
            versions = FileVersions(connection, stream_id)
            if after is None:
                versions.drop()
            # Snapshots are written before the intervals that refer to them.
            snapshots.save(stream_id, [_run(moment) for moment in moments])
            snapshots.flush()
            for change in result_files.changes(clone, since, until, after=after):
                versions.apply(change, contents)
            read += contents.read(progress)
            versions.flush(contents.tasks())
            rewrite_identities(connection)
            # The files tell what the starter has of them, and more.
            for model in (tables.ResultEventTable, tables.ResultSpanTable):
                connection.execute(delete(table_of(model)))
        if again := contents.read_again():
            rewrite_identities(connection)
        if known and (again or (is_changed and after is None)):
            _delete_unused(connection)
    return read + again


def _run(moment: Moment) -> Run:
    url = f"{result_files.HEADER.home}/commit/{moment.commit}"
    if moment.message is None:  # an observed folder, not a commit of the repository
        url = result_files.HEADER.home
    seen = seen_once(moment.at, url, moment.commit, moment.commit)
    return seen._replace(message=moment.message)


def _window(fetched: list[Moment], known: list[Run]) -> tuple[str | None, str | None]:
    """Return the first and last moment of what is fetched or stored, so that nothing is lost."""
    times = [moment.at for moment in fetched] + [run.published_at for run in known]
    return min(times, default=None), max(times, default=None)


def _delete_unused(connection: Connection) -> None:
    """Delete rows that no interval refers to, so that the order of loads leaves no trace."""
    content, version = table_of(tables.ResultContentTable), table_of(tables.ResultVersionTable)
    for target, user in (
        (tables.ResultContentTable, version.c.content_id),
        (tables.ResultFileTable, version.c.file_id),
        (tables.ResultFolderTable, table_of(tables.ResultFileTable).c.folder_id),
        (tables.ResultLayoutTable, content.c.layout_id),
        (tables.ResultTaskTable, content.c.task_id),
    ):
        table = table_of(target)
        used = select(user).where(user.is_not(None))
        connection.execute(delete(table).where(table.c.id.not_in(used)))


def _last_known(moments: list[Moment], known: list[Run]) -> Moment | None:
    """Return the last known moment if all new moments follow it; ``None``: write all again."""
    if not known or [(m.at, m.commit) for m in moments[: len(known)]] != [
        (run.published_at, run.commit) for run in known
    ]:
        return None
    last, new = moments[len(known) - 1], moments[len(known) :]
    if last.message is None or any(moment.message is None for moment in new):
        return None  # an observed folder is compared with the complete state before it
    return last
