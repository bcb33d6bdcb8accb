"""Boards that the tracker computes itself from raw scores, at any moment since July 2024."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import orjson
import polars as pl
from sqlalchemy import Connection

from tracker.answers import EditionInfo, HistoryPoint, Leaderboard, LeaderboardRow
from tracker.catalog.result_queries import defined_editions, first_result_at, result_stream
from tracker.errors import NoDataError
from tracker.insights.metadata import Metadata, read_board_metadata
from tracker.insights.naming import read_names
from tracker.insights.provenance import read_provenance
from tracker.catalog.raw_scores import RawBoard, RawScores
from tracker.insights.units import FRACTION, percent
from tracker.ranking.recompute import Recomputed
from tracker.ranking.standing import rank_by as rank_frame
from tracker.records import end_of_day
from tracker.text import model_slug

_PRIMARY = ("mean_task", "mean_subset", "mean_task_type")


def recomputable(connection: Connection, at: str) -> set[int]:
    """Ids of the editions that can be computed at a moment."""
    first = first_result_at(connection)
    return defined_editions(connection) if first is not None and first <= at else set()


def read_recomputed(
    connection: Connection,
    raw: RawScores,
    edition: EditionInfo,
    edition_id: int,
    at: str,
    *,
    rank_by: str,
    complete_only: bool,
    top: int | None,
) -> Leaderboard:
    """A board at a moment from raw scores; the arguments are those of ``Catalog.board``.

    Raises:
        NoDataError: No registry defines the board, or no model has a score on it then.
    """
    board, found = _computed(raw, edition, edition_id, at)
    lines = found.lines
    if rank_by == "borda":
        lines = rank_frame(lines, "points")
    elif rank_by != "published":
        lines = rank_frame(lines, rank_by)
    if complete_only:
        lines = lines.filter(pl.col("n_tasks") == pl.col("n_tasks_total"))
    provenance = read_provenance(connection, result_stream(connection), at)
    rows = _rows(connection, board, found, lines.head(top) if top else lines, edition, at)
    return Leaderboard(
        edition=edition,
        as_of=at,
        origin="recomputed",
        rank_by=rank_by,
        published_at=provenance.published_at,
        provenance=provenance,
        rows=tuple(rows),
        n_collapsed=0,
        note=None,
        registry=f"mteb {board.registry.mteb_version}",
    )


def _computed(
    raw: RawScores, edition: EditionInfo, edition_id: int, at: str
) -> tuple[RawBoard, Recomputed]:
    board = raw.board(edition_id)
    if board is None:
        raise NoDataError(
            f"{edition.name}: no registry says how it is computed",
            remedy="run: tracker fetch benchmark-registry, then tracker load",
        )
    found = board.at(at)
    if found.lines.is_empty():
        first = board.files["valid_from"].sort().to_list()[:1]
        raise NoDataError(
            f"{edition.name}: no model has a score on it at {at[:10]}",
            remedy="run: tracker fetch result-files, then tracker load"
            if not first
            else f"ask for {first[0][:10]} or later",
        )
    return board, found


def _rows(
    connection: Connection,
    board: RawBoard,
    found: Recomputed,
    lines: pl.DataFrame,
    edition: EditionInfo,
    at: str,
) -> list[LeaderboardRow]:
    shown = board.definition.aggregations
    known = {row.name: row for row in read_names(connection).values()}
    ids = {known[name].id: name for name in lines["model"] if name in known}
    metadata = read_board_metadata(connection, "", at, ids)
    since = _since(board.files_at(at))
    public_private = "public_private" in shown
    rows = []
    for line in lines.iter_rows(named=True):
        name = line["model"]
        row = known.get(name)
        told = metadata.get(row.id) if row else None
        told = told or _registered(board.models.properties[name])
        rows.append(
            LeaderboardRow(
                rank=line["rank"],
                model=name,
                label=_label(name, line["experiment"]),
                slug=row.slug if row else model_slug(name),
                organisation=name.partition("/")[0],
                mean_task=percent(line[_primary(board)], FRACTION),
                mean_task_type=percent(line["mean_task_type"], FRACTION)
                if "mean_task_type" in shown
                else None,
                task_types={
                    kind: percent(value, FRACTION)
                    for kind, value in zip(found.task_types, line["task_types"], strict=True)
                    if value is not None
                }
                if "task_types" in shown
                else {},
                n_tasks=line["n_tasks"],
                n_tasks_total=line["n_tasks_total"],
                zero_shot_pct=line["zero_shot_pct"],
                parameters=told.parameters,
                active_parameters=told.active_parameters,
                embedding_dimensions=told.embedding_dimensions,
                max_tokens=told.max_tokens,
                licence=told.licence,
                open_weights=told.open_weights,
                release_date=told.release_date,
                since=since[name],
                copies=(),
                mean_public=percent(line["mean_public"], FRACTION) if public_private else None,
                mean_private=percent(line["mean_private"], FRACTION) if public_private else None,
            )
        )
    return rows


def _label(model: str, experiment: str) -> str:
    """A line's label: an experiment with a model shows what it varies."""
    return f"{model} {experiment}" if experiment else model


def _primary(board: RawBoard) -> str:
    """The mean that stands first on the board."""
    shown = board.definition.aggregations
    return next((name for name in _PRIMARY if name in shown), "mean_task")


def _since(files: pl.DataFrame) -> dict[str, str]:
    """When the last of each model's files became what it is."""
    return dict(files.group_by("model").agg(pl.col("valid_from").max()).iter_rows())


def _registered(properties: str) -> Metadata:
    """What the registry says of a model that no board printed."""
    told: dict[str, Any] = orjson.loads(properties)
    dimensions = told.get("embed_dim")
    tokens = told.get("max_tokens")
    return Metadata(
        parameters=told.get("n_parameters"),
        active_parameters=told.get("n_active_parameters"),
        embedding_dimensions=max(dimensions) if isinstance(dimensions, list) else dimensions,
        max_tokens=int(tokens) if tokens else None,
        licence=told.get("license"),
        open_weights=told.get("open_weights"),
        release_date=told.get("release_date"),
    )


def recomputed_task_scores(
    raw: RawScores, edition: EditionInfo, edition_id: int, at: str
) -> Iterator[tuple[str, dict[str, float]]]:
    """Labels with their scores in percent by task, where whole, on a board at a moment."""
    _, found = _computed(raw, edition, edition_id, at)
    lines = found.lines.select("model", "experiment", "task_scores")
    for model, experiment, scores in lines.iter_rows():
        told = zip(found.tasks, scores, strict=True)
        yield _label(model, experiment), {task: it * 100 for task, it in told if it is not None}


def recomputed_history(
    raw: RawScores,
    edition: EditionInfo,
    edition_id: int,
    model: str,
    *,
    until: str,
    is_ended: bool,
) -> list[HistoryPoint]:
    """A model on a board from its first score until a moment, at which the history may end.

    One point at the end of each month and at each change of the model's own files: between
    these, the arrival of others may have moved it, which the next point shows.
    """
    board = raw.board(edition_id)
    if board is None:
        return []
    own = board.files.filter(pl.col("model") == model)
    moments = sorted({*own["valid_from"], *own["valid_to"].drop_nulls()})
    if not moments:
        return []
    asked = sorted({*moments, *_month_ends(moments[0], until)})
    points: list[HistoryPoint] = []
    for at in asked:
        if at >= until:
            break
        point = _point(board, edition, model, at)
        if points and points[-1].to_at is None:
            if point is not None and point.values == points[-1].values:
                continue
            points[-1] = replace(points[-1], to_at=at)
        if point is not None:
            points.append(point)
    if points and points[-1].to_at is None and is_ended:
        points[-1] = replace(points[-1], to_at=until)
    return points


def _month_ends(first: str, last: str) -> list[str]:
    """The last second of each month from the month of one moment to that of another."""
    start, end = date.fromisoformat(first[:10]), date.fromisoformat(last[:10])
    months = range(start.year * 12 + start.month - 1, end.year * 12 + end.month)
    days = (date(n // 12, n % 12 + 1, monthrange(n // 12, n % 12 + 1)[1]) for n in months)
    return [end_of_day(day) for day in days]


def _point(board: RawBoard, edition: EditionInfo, model: str, at: str) -> HistoryPoint | None:
    lines = board.at(at).lines.filter(pl.col("model") == model)
    if lines.is_empty():
        return None
    line = lines.row(0, named=True)
    has_types = "mean_task_type" in board.definition.aggregations
    return HistoryPoint(
        edition=edition.name,
        from_at=at,
        to_at=None,
        rank=line["rank"],
        mean_task=percent(line[_primary(board)], FRACTION),
        mean_task_type=percent(line["mean_task_type"], FRACTION) if has_types else None,
        n_tasks=line["n_tasks"],
        edition_slug=edition.slug,
        origin="recomputed",
    )
