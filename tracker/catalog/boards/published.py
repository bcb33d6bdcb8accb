"""Load the archived boards from the clone of their repository."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from tracker.catalog.documents import one_document
from tracker.catalog.loader import Loader, States, Stored
from tracker.catalog.snapshot_runs import Run, seen_once
from tracker.errors import SourceError
from tracker.sources import published_boards
from tracker.sources.records import BoardState


def load_published_boards(loader: Loader, stored: Stored) -> None:
    """Load the new versions of the archived boards.

    Args:
        loader: The load.
        stored: Has the clone; nothing happens if there is none.
    """
    clone = stored.clone
    if not (clone / "HEAD").is_file():
        return
    source = published_boards.HEADER.id
    versions = published_boards.versions(clone)
    # From curated files, not from what was fetched so far, which depends on the order.
    with_overall = {b.folder for b in loader.curated.boards if b.main_table is None}
    by_path = sorted(versions, key=lambda v: v.path)
    n_tables = len({v.path for v in versions})
    with published_boards.version_reader(clone) as read_versions:
        for count, (path, group) in enumerate(groupby(by_path, key=lambda v: v.path)):
            stored.progress("reading published tables", count, n_tables)
            of_table = {v.published_at: v for v in group}
            first = next(iter(of_table.values()))
            # All tables of a board have the same model metadata; one of them is read.
            describes = first.task_type is None or first.board not in with_overall
            reader = published_boards.TableReader(first.board, first.task_type, describes=describes)
            seen = [
                seen_once(
                    v.published_at,
                    f"{published_boards.HEADER.home}/commit/{v.commit}",
                    v.commit,
                    v.blob,
                )
                for v in of_table.values()
            ]
            loader.stream(
                loader.names.stream(source, path),
                seen,
                _published_states(loader, read_versions, reader, of_table),
            )


def _read_version(
    reader: published_boards.TableReader,
    version: published_boards.Version,
    body: bytes | None,
    place: str,
) -> BoardState:
    if body is None:
        raise SourceError(
            published_boards.HEADER.id,
            "the clone lacks this object",
            place=place,
            remedy="fetch from a complete clone",
        )
    if version.blob == published_boards.REMOVED:
        return reader.removed()
    return reader.read(body, place)


def _published_states(
    loader: Loader,
    read_versions: published_boards.ReadVersions,
    reader: published_boards.TableReader,
    of_table: dict[str, published_boards.Version],
) -> States:
    def states(runs: list[Run]) -> Iterator[tuple[Run, BoardState]]:
        # An earlier fetch may have covered more of the history.
        first = next(iter(of_table.values()))
        wanted = [
            of_table.get(run.published_at)
            or first._replace(
                commit=run.commit or "", blob=run.digest, published_at=run.published_at
            )
            for run in runs
        ]
        for run, (version, body) in zip(runs, read_versions(wanted), strict=True):
            place = f"{version.commit[:12]}:{version.path}"
            state = None
            with one_document(published_boards.HEADER.id, place, loader.finding):
                state = _read_version(reader, version, body, place)
            if state is not None:
                yield run, state

    return states
