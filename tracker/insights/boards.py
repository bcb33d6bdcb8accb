"""A board as it stood at a moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
import polars as pl
from sqlalchemy import Connection, Row

from tracker.answers import (
    Bilingual,
    EditionInfo,
    Leaderboard,
    LeaderboardRow,
)
from tracker.catalog import queries
from tracker.catalog.result_queries import defined_editions, first_result_at
from tracker.errors import NoDataError, UsageError
from tracker.insights.editions import Shelf, archived_note
from tracker.insights.metadata import Metadata, read_board_metadata
from tracker.insights.naming import read_originals
from tracker.insights.once import once
from tracker.insights.provenance import read_provenance
from tracker.catalog.raw_scores import RawScores
from tracker.insights.recomputed import read_recomputed, recomputable
from tracker.insights.units import percent
from tracker.ranking.borda import borda_points
from tracker.ranking.copies import Collapsed, Line, collapse
from tracker.ranking.standing import RULES
from tracker.ranking.standing import rank_by as rank_frame
from tracker.sources.published_boards import HEADER as PUBLISHED
from tracker.text import did_you_mean

_UNTOLD = Metadata()
covering = once(queries.covering)


def read_board(
    connection: Connection,
    shelf: Shelf,
    raw: RawScores,
    board: str | EditionInfo,
    at: str,
    *,
    rank_by: str = "published",
    origin: str | None = None,
    complete_only: bool = False,
    collapse_copies: bool = True,
    top: int | None = None,
) -> Leaderboard:
    """A board at a moment; the arguments are those of ``Catalog.board``."""
    if rank_by not in RULES:
        raise UsageError(f"no rank rule {rank_by!r}", remedy=did_you_mean(rank_by, RULES))
    if top is not None and top < 1:
        raise UsageError("--top must be at least 1")
    edition, is_published = choose_edition(connection, shelf, board, at, origin)
    edition_id = shelf.ids[edition.slug]
    if not is_published:
        return read_recomputed(
            connection,
            raw,
            edition,
            edition_id,
            at,
            rank_by=rank_by,
            complete_only=complete_only,
            top=top,
        )
    return read_published(
        connection,
        shelf,
        edition,
        at,
        rank_by=rank_by,
        complete_only=complete_only,
        collapse_copies=collapse_copies,
        top=top,
    )


def read_published(
    connection: Connection,
    shelf: Shelf,
    edition: EditionInfo,
    at: str,
    *,
    rank_by: str = "published",
    complete_only: bool = False,
    collapse_copies: bool = True,
    top: int | None = None,
) -> Leaderboard:
    """A board as its publisher showed it; the arguments are those of ``Catalog.board``.

    Raises:
        NoDataError: It showed none at that moment.
    """
    is_as_printed = rank_by == "published" and not complete_only
    state = _read_state(
        connection,
        shelf,
        edition,
        at,
        collapse_copies=collapse_copies,
        with_tasks=rank_by == "borda",
        top=top if is_as_printed else None,
    )
    rows = list(state.rows)
    if rank_by != "published":
        values = (
            _borda(edition, state.task_scores)
            if rank_by == "borda"
            # Some boards print a mean over fewer tasks; it ranks nobody against whole means.
            else [getattr(row, rank_by) if _is_whole(row) else None for row in rows]
        )
        rows = _ranked_again(rows, values)
    if complete_only:
        rows = [row for row in rows if row.n_tasks == row.n_tasks_total]
    provenance = read_provenance(connection, state.stream_id, at)
    return Leaderboard(
        edition=edition,
        as_of=at,
        origin="published",
        rank_by=rank_by,
        published_at=provenance.published_at,
        provenance=provenance,
        rows=tuple(rows[:top]),
        n_collapsed=state.n_collapsed,
        note=_note(connection, edition, at),
    )


class _State(NamedTuple):
    """What was printed on a board."""

    stream_id: int
    rows: tuple[LeaderboardRow, ...]
    task_scores: list[str | None]
    """As JSON, of each row; empty unless they were asked for."""
    n_collapsed: int


@once
def _read_state(
    connection: Connection,
    shelf: Shelf,
    edition: EditionInfo,
    at: str,
    *,
    collapse_copies: bool,
    with_tasks: bool,
    top: int | None,
) -> _State:
    edition_id, unit = shelf.ids[edition.slug], shelf.units[edition.slug]
    stand = queries.standing(connection, edition_id, at)
    if stand is None:
        raise NoDataError(f"{edition.name}: no data for {at[:10]}")
    found = queries.board_rows(connection, edition_id, at, with_tasks=with_tasks)
    lines = _in_printed_order(found, stand)
    names = {row.model_id: row.model for _, row in lines}
    is_copied = edition.source == PUBLISHED.id and collapse_copies
    missing = _task_counts(connection, edition, at)
    printed = [Line(row.listing_id, row.model_id, rank) for rank, row in lines]
    kept = (
        collapse(printed, *read_originals(connection))
        if is_copied
        else [Collapsed(line, line.rank, ()) for line in printed]
    )
    by_listing = {row.listing_id: row for _, row in lines}
    shown = kept[:top]
    listed = {one.line.model: names[one.line.model] for one in shown}
    metadata = read_board_metadata(connection, _folder(edition), at, listed)
    return _State(
        stand.stream_id,
        tuple(_row(one, by_listing, names, unit, edition, metadata, missing) for one in shown),
        [by_listing[one.line.key].task_scores for one in shown] if with_tasks else [],
        sum(len(one.hidden) for one in kept),
    )


def choose_edition(
    connection: Connection, shelf: Shelf, board: str | EditionInfo, at: str, origin: str | None
) -> tuple[EditionInfo, bool]:
    """The edition that is meant, and whether its published state is shown.

    What was published is shown where there is something, unless the other is asked for.

    Raises:
        UsageError: There is no such origin.
        NotFoundError: There is no such board.
        NoDataError: Nothing is known of it for that moment.
    """
    if origin not in (None, "published", "recomputed"):
        raise UsageError(f"no origin {origin!r}", remedy="published or recomputed")
    if isinstance(board, EditionInfo):
        edition_id = shelf.ids[board.slug]
        if origin != "recomputed" and edition_id in covering(connection, at):
            return board, True
        if origin != "published" and edition_id in recomputable(connection, at):
            return board, False
        raise NoDataError(f"{board.name}: no data for {at[:10]}")
    if origin != "recomputed":
        try:
            return shelf.holding(board, at, covering(connection, at)), True
        except NoDataError:
            if origin == "published" or not _is_defined(connection, shelf, board):
                raise
    computed = recomputable(connection, at)
    if computed:
        return shelf.holding(board, at, computed), False
    first = first_result_at(connection)
    missing = f"{board}: no raw scores are in the catalog for {at[:10]}"
    if first is None or not defined_editions(connection):
        raise NoDataError(missing, remedy="fetch result-files and benchmark-registry, then load")
    raise NoDataError(missing, remedy=f"ask for {first[:10]} or later")


def _is_defined(connection: Connection, shelf: Shelf, board: str) -> bool:
    """Whether raw scores are there and a registry says how to compute the board from them."""
    if first_result_at(connection) is None:
        return False
    defined = defined_editions(connection)
    return any(shelf.ids[edition.slug] in defined for edition in shelf.named(board))


def _in_printed_order(
    found: list[queries.BoardLine], stand: Row[Any]
) -> list[tuple[int | None, queries.BoardLine]]:
    """Lines with their printed rank: the ranked ones in order, then the others by name."""
    by_listing = {row.listing_id: row for row in found}
    ranked = orjson.loads(stand.listing_ids)
    ranks = orjson.loads(stand.ranks) if stand.ranks else range(1, len(ranked) + 1)
    lines: list[tuple[int | None, queries.BoardLine]] = [
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


def _row(
    one: Collapsed,
    by_listing: Mapping[int, queries.BoardLine],
    names: Mapping[int, str],
    unit: str,
    edition: EditionInfo,
    metadata: Mapping[int, Metadata],
    missing: Mapping[int, int],
) -> LeaderboardRow:
    row = by_listing[one.line.key]
    known = metadata.get(row.model_id, _UNTOLD)
    return LeaderboardRow(
        rank=one.rank,
        printed_rank=one.line.rank,
        model=row.model,
        label=row.label,
        slug=row.slug,
        organisation=row.model.partition("/")[0],
        mean_task=percent(row.mean_task, unit),
        mean_task_type=percent(row.mean_task_type, unit),
        task_types=_type_means(row.task_types, unit, edition.task_types),
        n_tasks=row.n_tasks if row.n_tasks is not None else missing.get(row.listing_id),
        n_tasks_total=edition.n_tasks,
        zero_shot_pct=row.zero_shot_pct,
        parameters=known.parameters,
        active_parameters=known.active_parameters,
        embedding_dimensions=known.embedding_dimensions,
        max_tokens=known.max_tokens,
        licence=known.licence,
        open_weights=known.open_weights,
        release_date=known.release_date,
        mean_public=percent(row.mean_public, unit),
        mean_private=percent(row.mean_private, unit),
        since=row.valid_from,
        copies=tuple(dict.fromkeys(names[x.model] for x in one.hidden if x.model != row.model_id))
        if one.hidden
        else (),
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
