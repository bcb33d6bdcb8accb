"""A board as it stood at a moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
import polars as pl
from sqlalchemy import Connection, Row

from tracker.answers.boards import Bilingual, CommonTasks, EditionInfo, Leaderboard, LeaderboardRow
from tracker.catalog import queries
from tracker.catalog.boards import state_queries
from tracker.catalog.results.raw_scores import RawScores
from tracker.errors import NoDataError
from tracker.insights.boards.choosing import Chosen, choose_state, ranking_unit, read_state_known
from tracker.insights.boards.editions import Shelf, archived_note
from tracker.insights.boards.provenance import read_provenance
from tracker.insights.boards.query import BoardQuery
from tracker.insights.boards.recomputed import read_recomputed, registered_metadata
from tracker.insights.memo import once
from tracker.insights.models.metadata import Metadata, read_board_metadata
from tracker.insights.models.names import read_names, read_originals
from tracker.insights.units import percent
from tracker.ranking.borda import borda_points
from tracker.ranking.copies import CollapsedRow, RankedRow, collapse
from tracker.ranking.rank_rules import rank_by as rank_frame
from tracker.ranking.zero_shot import UNDECLARED
from tracker.sources.published_boards import HEADER as PUBLISHED

_UNTOLD = Metadata()


@once
def read_registered(connection: Connection) -> Mapping[str, Metadata]:
    """What the newest registry says of its models, by public id."""
    rows = state_queries.newest_registry_models(connection)
    return {name: registered_metadata(properties) for name, properties in rows}


def read_board(
    connection: Connection,
    shelf: Shelf,
    raw: RawScores,
    query: BoardQuery,
    at: str,
) -> Leaderboard:
    """Read a board at the moment that a question means.

    Raises:
        NotFoundError: There is no such board.
        NoDataError: Nothing is known of it for that moment.
    """
    chosen = choose_state(connection, shelf, query, at)
    if chosen.kind == "raw" or (
        chosen.kind == "computed"
        and query.rank_by == "borda"
        and not _has_points(connection, shelf, chosen)
    ):
        return read_recomputed(connection, shelf, raw, query, chosen)
    return read_stored(connection, shelf, query, chosen)


def read_stored(
    connection: Connection, shelf: Shelf, query: BoardQuery, chosen: Chosen
) -> Leaderboard:
    """Read a stored state of a board: a published one, or one that a load computed.

    Args:
        connection: The catalog.
        shelf: Its editions.
        query: Which rows are asked for, in which order.
        chosen: The state.

    Raises:
        NoDataError: The board has no state at that moment.
    """
    edition, at, rank_by = chosen.edition, chosen.at, query.rank_by
    is_whole = rank_by == "published" and not query.complete_only and query.with_partial
    state = _read_state(
        connection,
        shelf,
        edition,
        at,
        computed=chosen.kind == "computed",
        collapse_copies=query.collapse_copies,
        with_tasks=rank_by == "borda" and chosen.kind == "printed",
        top=query.top if is_whole else None,
    )
    rows = list(state.rows)
    if rank_by != "published":
        values: list[float | None]
        if rank_by == "borda":
            values = (
                [row.points for row in rows]
                if chosen.kind == "computed"
                else _borda(edition, state.task_scores)
            )
        else:
            # Some boards print a mean over fewer tasks; it ranks nobody against whole means.
            values = [getattr(row, rank_by) if _is_whole(row) else None for row in rows]
        rows = _ranked_again(rows, values)
    if query.complete_only:
        rows = [row for row in rows if row.n_tasks == row.n_tasks_total]
    if not query.with_partial:
        rows = [row for row in rows if not row.partial]
    provenance = read_provenance(connection, state.stream_id, at)
    known = read_state_known(connection, shelf.ids[edition.slug])
    computed = chosen.kind == "computed"
    return Leaderboard(
        edition=edition,
        as_of=at,
        origin="recomputed" if computed else "recorded" if provenance.server else "published",
        rank_by=rank_by,
        published_at=provenance.published_at,
        provenance=provenance,
        rows=tuple(rows[: query.top]),
        n_collapsed=state.n_collapsed,
        note=_note(connection, edition, at),
        registry=f"mteb {known.mteb_version}" if known and computed else None,
        unit=ranking_unit(connection, shelf, edition),
        known_until=chosen.known_until,
        asked_at=chosen.asked_at,
        common=state.common,
        n_unattributed=len(orjson.loads(known.unattributed)) if known and computed else 0,
        unavailable=tuple(orjson.loads(known.unavailable).items()) if known and computed else (),
    )


def _has_points(connection: Connection, shelf: Shelf, chosen: Chosen) -> bool:
    stand = state_queries.standing(
        connection, shelf.ids[chosen.edition.slug], chosen.at, computed=True
    )
    return stand is not None and stand.points is not None


class _State(NamedTuple):
    """What was printed on a board."""

    stream_id: int
    rows: tuple[LeaderboardRow, ...]
    task_scores: list[str | None]
    """As JSON, of each row; empty unless they were asked for."""
    n_collapsed: int
    common: CommonTasks | None


@once
def _read_state(
    connection: Connection,
    shelf: Shelf,
    edition: EditionInfo,
    at: str,
    *,
    computed: bool,
    collapse_copies: bool,
    with_tasks: bool,
    top: int | None,
) -> _State:
    edition_id, unit = shelf.ids[edition.slug], shelf.units[edition.slug]
    stand = state_queries.standing(connection, edition_id, at, computed=computed)
    if stand is None:
        raise NoDataError(f"{edition.name}: no data for {at[:10]}")
    found = state_queries.board_rows(
        connection, edition_id, at, computed=computed, with_tasks=with_tasks
    )
    lines = _in_printed_order(found, stand)
    originals = read_originals(connection)
    is_copied = edition.source == PUBLISHED.id and collapse_copies
    printed = [RankedRow(row.listing_id, row.model_id, rank) for rank, row in lines]
    kept = (
        collapse(printed, *originals)
        if is_copied
        else [CollapsedRow(line, line.rank, ()) for line in printed]
    )
    by_listing = {row.listing_id: row for _, row in lines}
    shown = kept[:top]
    known = read_names(connection)
    now = {
        one.row.model: known[
            originals.of[one.row.model] if one.row.model in originals.former else one.row.model
        ]
        for one in shown
    }
    listed = {one.row.model: by_listing[one.row.key].model for one in shown}
    present = {row.id: row.name for row in now.values()}
    metadata = read_board_metadata(connection, _folder(edition), at, listed | present)
    about = _About(
        unit,
        edition,
        stand.n_tasks or edition.n_tasks,
        {row.model_id: row.model for _, row in lines},
        now,
        {
            model: metadata.get(model)
            or metadata.get(row.id)
            or (read_registered(connection).get(row.name, _UNTOLD) if computed else _UNTOLD)
            for model, row in now.items()
        },
        _task_counts(connection, edition, at),
        _by_listing(stand, stand.points),
        _common_means(stand),
    )
    return _State(
        stand.stream_id,
        tuple(_row(one, by_listing[one.row.key], about) for one in shown),
        [by_listing[one.row.key].task_scores for one in shown] if with_tasks else [],
        sum(len(one.hidden) for one in kept),
        _common_tasks(stand, stand.n_tasks or edition.n_tasks),
    )


def _by_listing(stand: Row[Any], told: str | None) -> dict[int, float]:
    """Values of a ranking's rows by listing; empty where it has none."""
    if told is None:
        return {}
    return dict(zip(orjson.loads(stand.listing_ids), orjson.loads(told), strict=True))


def _common_means(stand: Row[Any]) -> dict[int, float | None]:
    if stand.common is None:
        return {}
    means = orjson.loads(stand.common)["means"]
    return dict(zip(orjson.loads(stand.listing_ids), means, strict=True))


def _common_tasks(stand: Row[Any], n_total: int) -> CommonTasks | None:
    if stand.common is None:
        return None
    missing = tuple(orjson.loads(stand.common)["missing"])
    return CommonTasks(n_total - len(missing), n_total, missing)


def _in_printed_order(
    found: list[state_queries.BoardLine], stand: Row[Any]
) -> list[tuple[int | None, state_queries.BoardLine]]:
    """Lines with their printed rank: the ranked ones in order, then the others by name."""
    by_listing = {row.listing_id: row for row in found}
    ranked = orjson.loads(stand.listing_ids)
    ranks = orjson.loads(stand.ranks) if stand.ranks else range(1, len(ranked) + 1)
    lines: list[tuple[int | None, state_queries.BoardLine]] = [
        (rank, by_listing.pop(listing)) for listing, rank in zip(ranked, ranks, strict=True)
    ]
    others = sorted(by_listing.values(), key=lambda row: (row.model, row.label))
    return lines + [(None, row) for row in others]


def _task_counts(connection: Connection, edition: EditionInfo, at: str) -> dict[int, int]:
    """Coverage of lines that an overall table of the published boards does not tell."""
    if edition.source != PUBLISHED.id or edition.task_type is not None:
        return {}
    return queries.sibling_task_counts(connection, edition.name, at)


def _folder(edition: EditionInfo) -> str:
    """Where the streams of a published board are; nothing for a board of the live leaderboard."""
    if edition.source != PUBLISHED.id:
        return ""
    return f"boards_data/{edition.name.split('/')[1]}/"


class _About(NamedTuple):
    """What the rows of a state share."""

    unit: str
    edition: EditionInfo
    n_tasks: int
    names: Mapping[int, str]
    """Public ids of all models of the state, by id."""
    now: Mapping[int, Any]
    """Name and slug of each model today, by the id under which it is listed."""
    metadata: Mapping[int, Metadata]
    task_counts: Mapping[int, int]
    """By listing, where a table does not say it."""
    points: Mapping[int, float]
    common: Mapping[int, float | None]


def _row(one: CollapsedRow, row: state_queries.BoardLine, about: _About) -> LeaderboardRow:
    known, now = about.metadata[row.model_id], about.now[row.model_id]
    n_tasks = row.n_tasks if row.n_tasks is not None else about.task_counts.get(row.listing_id)
    return LeaderboardRow(
        rank=one.rank,
        printed_rank=one.row.rank,
        model=row.model,
        model_now=now.name,
        label=row.label,
        slug=now.slug,
        organisation=row.model.partition("/")[0],
        mean_task=percent(row.mean_task, about.unit),
        mean_task_type=percent(row.mean_task_type, about.unit),
        task_types=_type_means(row.task_types, about.unit, about.edition.task_types),
        # A result of a task that the board has left is no task of the board.
        n_tasks=None if n_tasks is None else min(n_tasks, about.n_tasks),
        n_tasks_total=about.n_tasks,
        zero_shot_pct=None if row.zero_shot_pct == UNDECLARED else row.zero_shot_pct,
        declares_training=None if row.zero_shot_pct is None else row.zero_shot_pct != UNDECLARED,
        parameters=known.parameters,
        active_parameters=known.active_parameters,
        embedding_dimensions=known.embedding_dimensions,
        max_tokens=known.max_tokens,
        licence=known.licence,
        open_weights=known.open_weights,
        release_date=known.release_date,
        mean_public=percent(row.mean_public, about.unit),
        mean_private=percent(row.mean_private, about.unit),
        since=row.valid_from,
        copies=tuple(
            dict.fromkeys(about.names[x.model] for x in one.hidden if x.model != row.model_id)
        )
        if one.hidden
        else (),
        points=about.points.get(row.listing_id),
        mean_common=percent(about.common.get(row.listing_id), about.unit),
    )


@lru_cache(maxsize=1 << 15)
def _type_means(
    told: str, unit: str, task_types: tuple[tuple[str, int | None], ...]
) -> dict[str, float]:
    """Means of task types in the board's order; most lines are the same from one day to another."""
    means = orjson.loads(told)
    return {
        name: percent(value, unit)
        for name, _ in task_types
        if (value := means.get(name)) is not None
    }


def _is_whole(row: LeaderboardRow) -> bool:
    return row.n_tasks is None or row.n_tasks == row.n_tasks_total


def _borda(edition: EditionInfo, task_scores: list[str | None]) -> list[float | None]:
    """Borda points of lines, in their order.

    Raises:
        NoDataError: The catalog has no scores of single tasks for this board.
    """
    if all(scores is None for scores in task_scores):
        raise NoDataError(
            f"{edition.name}: no scores of single tasks are in the catalog",
            remedy="fetch the board, or rank by mean_task",
        )
    long = [
        (line, task, score)
        for line, scores in enumerate(task_scores)
        for task, score in enumerate(orjson.loads(scores or "[]"))
    ]
    schema = {"model": pl.Int64, "task": pl.Int64, "score": pl.Float64}
    points = borda_points(pl.DataFrame(long, schema=schema, orient="row"), len(task_scores))
    found = dict(points.rows())
    return [found.get(line) for line in range(len(task_scores))]


def _ranked_again(rows: list[LeaderboardRow], values: list[float | None]) -> list[LeaderboardRow]:
    """The lines ranked by some values, the highest first; without a value there is no rank."""
    frame = pl.DataFrame(
        {"line": range(len(rows)), "value": values},
        schema={"line": pl.Int64, "value": pl.Float64},
    )
    ranked = rank_frame(frame, "value")
    return [replace(rows[line], rank=rank) for line, rank in ranked.select("line", "rank").rows()]


def _about(model: str | None, en: str, zh: str) -> Bilingual:
    """A note, with the model that it is about in front."""
    return Bilingual(f"{model}: {en}", f"{model}：{zh}") if model else Bilingual(en, zh)


def _note(connection: Connection, edition: EditionInfo, at: str) -> Bilingual | None:
    """All that a reader must know of this board at this moment, in one text."""
    notes = [
        _about(row.model, row.text_en, row.text_zh)
        for row in queries.board_notes(
            connection,
            "/".join(edition.name.split("/")[:2])
            if edition.source == PUBLISHED.id
            else edition.name,
        )
        if (row.valid_from is None or row.valid_from <= at)
        and (row.valid_to is None or row.valid_to > at)
    ]
    archived = archived_note(edition, at)
    if archived:
        notes.insert(0, archived)
    if not notes:
        return None
    return Bilingual(" ".join(n.en for n in notes), "".join(n.zh for n in notes))
