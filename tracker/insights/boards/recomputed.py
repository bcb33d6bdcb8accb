"""Boards that are computed for a question, from raw scores, at any moment since July 2024."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import orjson
import polars as pl
from sqlalchemy import Connection

from tracker.answers.boards import EditionInfo, Leaderboard, LeaderboardRow
from tracker.catalog.results.queries import result_stream
from tracker.catalog.results.raw_scores import RawBoard, RawScores
from tracker.common.text import model_slug
from tracker.errors import NoDataError
from tracker.insights.boards.choosing import Chosen, ranking_unit, read_state_known
from tracker.insights.boards.editions import Shelf
from tracker.insights.boards.provenance import read_provenance
from tracker.insights.boards.query import BoardQuery
from tracker.insights.models.metadata import Metadata, read_board_metadata
from tracker.insights.models.names import read_names
from tracker.insights.units import FRACTION, percent
from tracker.ranking.rank_rules import rank_by as rank_frame
from tracker.ranking.recompute import ComputedBoard
from tracker.ranking.zero_shot import UNDECLARED

_PRIMARY = ("mean_task", "mean_subset", "mean_task_type")


def read_recomputed(
    connection: Connection,
    shelf: Shelf,
    raw: RawScores,
    query: BoardQuery,
    chosen: Chosen,
) -> Leaderboard:
    """Compute a board at a moment from raw scores.

    Args:
        connection: The catalog.
        shelf: Its editions.
        raw: Its raw scores.
        query: Which rows are asked for, in which order.
        chosen: The edition and the moment.

    Raises:
        NoDataError: No registry defines the board, or no model has a score on it then.
    """
    edition, at, rank_by = chosen.edition, chosen.at, query.rank_by
    edition_id = shelf.ids[edition.slug]
    board, found = _computed(raw, edition, edition_id, at, query.identity)
    lines = found.rows
    if rank_by == "borda":
        lines = rank_frame(lines, "points")
    elif rank_by != "published":
        lines = rank_frame(lines, rank_by)
    if query.complete_only:
        lines = lines.filter(pl.col("n_tasks") == pl.col("n_tasks_total"))
    if not query.with_partial:
        lines = lines.filter(2 * pl.col("n_tasks") >= pl.col("n_tasks_total"))
    provenance = read_provenance(connection, result_stream(connection), at)
    if query.top:
        lines = lines.head(query.top)
    rows = _rows(connection, board, found, lines, edition, at)
    known = read_state_known(connection, edition_id)
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
        unit=ranking_unit(connection, shelf, edition),
        known_until=known.until if known else at,
        asked_at=chosen.asked_at,
        identity=query.identity,
        computed_now=True,
    )


def _computed(
    raw: RawScores, edition: EditionInfo, edition_id: int, at: str, identity: str = "resolved"
) -> tuple[RawBoard, ComputedBoard]:
    board = raw.board(edition_id, "registry" if identity == "registry" else "resolved")
    if board is None:
        raise NoDataError(
            f"{edition.name}: no registry says how it is computed",
            remedy="run: tracker fetch benchmark-registry, then tracker load",
        )
    found = board.at(at)
    if found.rows.is_empty():
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
    found: ComputedBoard,
    lines: pl.DataFrame,
    edition: EditionInfo,
    at: str,
) -> list[LeaderboardRow]:
    shown = board.definition.aggregations
    known = {row.name: row for row in read_names(connection).values()}
    ids = {known[name].id: name for name in lines["model"] if name in known}
    metadata = read_board_metadata(connection, "", at, ids)
    files = board.files_at(at)
    since, names = _since(files), names_of_the_day(files)
    public_private = "public_private" in shown
    rows = []
    for line in lines.iter_rows(named=True):
        present = line["model"]
        row = known.get(present)
        told = metadata.get(row.id) if row else None
        told = told or registered_metadata(board.models.properties[present])
        name = names[present]
        rows.append(
            LeaderboardRow(
                rank=line["rank"],
                model=name,
                model_now=present,
                label=_label(name, line["experiment"]),
                slug=row.slug if row else model_slug(present),
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
                zero_shot_pct=None
                if line["zero_shot_pct"] == UNDECLARED
                else line["zero_shot_pct"],
                declares_training=line["zero_shot_pct"] != UNDECLARED,
                parameters=told.parameters,
                active_parameters=told.active_parameters,
                embedding_dimensions=told.embedding_dimensions,
                max_tokens=told.max_tokens,
                licence=told.licence,
                open_weights=told.open_weights,
                release_date=told.release_date,
                since=since[present],
                copies=(),
                mean_public=percent(line["mean_public"], FRACTION) if public_private else None,
                mean_private=percent(line["mean_private"], FRACTION) if public_private else None,
                points=None if board.definition.rank_by else line["points"],
            )
        )
    return rows


def names_of_the_day(files: pl.DataFrame) -> dict[str, str]:
    """The public id that the results gave each model then.

    Args:
        files: Those that stood at the moment, with ``model`` and ``name``. Where two names of a
            model are in use at once, the present one is shown.
    """
    names: dict[str, set[str]] = defaultdict(set)
    for model, name in files.select("model", "name").unique().iter_rows():
        names[model].add(name)
    return {model: model if model in given else max(given) for model, given in names.items()}


def _label(model: str, experiment: str) -> str:
    """A row's label: an experiment with a model shows what it varies."""
    return f"{model} {experiment}" if experiment else model


def _primary(board: RawBoard) -> str:
    """The mean that stands first on the board."""
    shown = board.definition.aggregations
    return next((name for name in _PRIMARY if name in shown), "mean_task")


def _since(files: pl.DataFrame) -> dict[str, str]:
    """When the last of each model's files became what it is."""
    return dict(files.group_by("model").agg(pl.col("valid_from").max()).iter_rows())


def registered_metadata(properties: str) -> Metadata:
    """What the registry says of a model that no board published."""
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
    board, found = _computed(raw, edition, edition_id, at)
    names = names_of_the_day(board.files_at(at))
    lines = found.rows.select("model", "experiment", "task_scores")
    for model, experiment, scores in lines.iter_rows():
        by_task = zip(found.tasks, scores, strict=True)
        yield (
            _label(names[model], experiment),
            {task: score * 100 for task, score in by_task if score is not None},
        )
