"""Compute private boards from their archived documents, and load them like published ones."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import orjson
import polars as pl
from sqlalchemy import Connection

from tracker.catalog.documents import one_document
from tracker.catalog.loader import Loader, States, Stored
from tracker.catalog.queries import all_rows
from tracker.catalog.results.raw_tables import LAYOUTS
from tracker.catalog.snapshot_runs import Run, seen_once
from tracker.common.text import bare_name
from tracker.ranking.recompute import recompute
from tracker.ranking.task_scores import select_scores
from tracker.snapshots.store import Archive
from tracker.sources import private_boards
from tracker.sources.private_boards import PREFIX, PrivateBoard, PublicNames
from tracker.sources.records import BoardRow, BoardState, Edition, Listing, Standing

_ID = private_boards.HEADER.id
_FILES = {
    "file_id": pl.Int64,
    "model": pl.String,
    "revision": pl.String,
    "experiment": pl.String,
    "task": pl.String,
    "mteb_version": pl.String,
    "content_id": pl.Int64,
}
_CONTENTS: dict[str, Any] = {
    "content_id": pl.Int64,
    "task": pl.String,
    "layout_id": pl.Int64,
    "scores": pl.List(pl.Float64),
}
_REMOVED = BoardState(Edition(_ID, "", "fraction", 0, (), ()), (), Standing((), None), ())


def load_private_boards(loader: Loader, stored: Stored) -> None:
    """Load the new states of private boards; a removed board leaves the catalog."""
    archive = stored.archive
    seen = sorted(archive.observations(_ID), key=lambda o: (o.stream, o.seen_at))
    for name, observations in groupby(seen, key=lambda o: o.stream):
        runs = [seen_once(o.seen_at, o.origin.url, None, o.origin.sha256) for o in observations]
        newest = None
        with one_document(_ID, name, loader.finding):
            newest = archive.read(runs[-1].digest)
        if newest == private_boards.REMOVED:
            loader.names.forget_board(_ID, name, PREFIX + name)
        else:
            states = _states(loader, archive, name)
            loader.stream(loader.names.stream(_ID, name), runs, states)


def _states(loader: Loader, archive: Archive, name: str) -> States:
    def states(runs: list[Run]) -> Iterator[tuple[Run, BoardState]]:
        for run in runs:
            state, board = None, None
            with one_document(_ID, name, loader.finding):
                board = private_boards.parse(archive.read(run.digest), name)
                state = _REMOVED if board is None else board_state(board)
            if state is not None:
                if board is not None:
                    loader.names.title(board.edition.name, *board.title)
                yield run, state

    return states


def board_state(board: PrivateBoard) -> BoardState:
    """Compute rows and ranks of a board as for a public one."""
    files, contents = [], []
    layouts: list[tuple[int, str, str]] = []
    for number, result in enumerate(board.results):
        found = result.scores
        key = (result.model, result.revision, "", found.task, found.mteb_version)
        files.append((number, *key, number))
        contents.append((number, found.task, number, list(found.scores)))
        layouts.extend((number, *cell) for cell in found.cells)
    selected = select_scores(
        pl.DataFrame(contents, schema=_CONTENTS, orient="row"),
        pl.DataFrame(layouts, schema=LAYOUTS, orient="row"),
        board.definition,
    )
    frame = pl.DataFrame(files, schema=_FILES, orient="row")
    computed = recompute(frame, selected, board.definition, board.revisions, {})
    rows, ranked = [], []
    for row in computed.rows.iter_rows(named=True):
        scores = dict(zip(computed.tasks, row["task_scores"], strict=True))
        types = zip(computed.task_types, row["task_types"], strict=True)
        listing = Listing(row["model"], row["model"], "")
        means = {kind: mean for kind, mean in types if mean is not None}
        rows.append(
            BoardRow(
                listing=listing,
                mean_task=row["mean_task"],
                mean_task_type=row["mean_task_type"],
                mean_public=None,
                mean_private=None,
                task_types=orjson.dumps(means, option=orjson.OPT_SORT_KEYS).decode(),
                task_scores=orjson.dumps([scores.get(t) for t in board.edition.tasks]).decode(),
                n_tasks=row["n_tasks"],
                zero_shot_pct=None,
                trained_on=None,
            )
        )
        if row["rank"] is not None:
            ranked.append((row["rank"], row["points"], listing))
    ranks = tuple(rank for rank, *_ in ranked)
    standing = Standing(
        tuple(listing for *_, listing in ranked),
        None if ranks == tuple(range(1, len(ranks) + 1)) else ranks,
        tuple(points for _, points, _ in ranked),
    )
    return BoardState(board.edition, tuple(rows), standing, board.own)


def public_names(connection: Connection) -> PublicNames:
    """Return the names of public tasks, models and boards."""
    tasks = all_rows(
        connection,
        "select name from registry_task union select name from task"
        " union select name from result_task",
    )
    models = all_rows(
        connection,
        "select name from registry_model union select name from model where id not in"
        " (select l.model_id from listing l join model_record r on r.listing_id = l.id"
        "   join stream s on s.id = r.stream_id where s.source = :own)",
        own=_ID,
    )
    boards = all_rows(
        connection,
        "select e.tasks, e.name, e.slug, s.slug, s.title_en, s.title_zh from edition e"
        " join series s on s.id = e.series_id where e.source <> :own",
        own=_ID,
    )
    return PublicNames(
        frozenset(row[0] for row in tasks).union(*(orjson.loads(row[0]) for row in boards)),
        frozenset(row[0] for row in models),
        frozenset(bare_name(name) for row in boards for name in row[1:]),
    )
