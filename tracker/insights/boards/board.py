"""One board at a moment, as a question asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import orjson

from tracker.answers.boards import EditionInfo, Leaderboard, LeaderboardRow
from tracker.answers.common import Bilingual
from tracker.catalog import queries
from tracker.catalog.boards import state_queries
from tracker.common.deferred_imports import deferred_imports
from tracker.errors import NoDataError
from tracker.insights.boards.editions import archived_note
from tracker.insights.boards.provenance import read_provenance
from tracker.insights.boards.query import BoardQuery
from tracker.insights.boards.state_lookup import (
    Chosen,
    choose_state,
    ranking_unit,
    read_state_known,
)
from tracker.insights.boards.stored_state import StoredState, read_state
from tracker.insights.reader import Reader
from tracker.sources.published_boards import HEADER as PUBLISHED

with deferred_imports(globals()):
    import polars as pl

    from tracker.insights.boards.recomputed import read_recomputed
    from tracker.ranking.borda import borda_points
    from tracker.ranking.ranks import rank_by as rank_frame


def read_board(reader: Reader, query: BoardQuery) -> Leaderboard:
    """Read a board at the moment that a question means.

    Raises:
        NotFoundError: There is no such board.
        NoDataError: Nothing is known of it for that moment.
    """
    chosen = choose_state(reader, query)
    if query.rank_by == "borda" and _ranks_by_points(reader, query, chosen):
        own_rule = replace(query, board=chosen.edition, rank_by="published")
        return replace(read_stored(reader, own_rule, chosen), rank_by="borda")
    if (
        query.is_recomputed
        or chosen.kind == "raw"
        or (
            chosen.kind == "computed"
            and query.rank_by == "borda"
            and not _has_points(reader, chosen)
        )
    ):
        return read_recomputed(reader, query, chosen)
    return read_stored(reader, query, chosen)


def read_stored(reader: Reader, query: BoardQuery, chosen: Chosen) -> Leaderboard:
    """Read a stored state of a board: a published one, or one that a load computed.

    Args:
        reader: The open catalog.
        query: Which rows are asked for, in which order.
        chosen: The state.

    Raises:
        NoDataError: The board has no state at that moment.
    """
    edition, at, rank_by = chosen.edition, chosen.at, query.rank_by
    computed = chosen.kind == "computed"
    is_whole = rank_by == "published" and not query.complete_only and query.with_partial
    state = read_state(
        reader,
        edition,
        at,
        computed=computed,
        collapse_copies=query.collapse_copies,
        with_tasks=rank_by == "borda" and not computed,
        top=query.top if is_whole else None,
    )
    provenance = read_provenance(reader, state.stream_id, at)
    known = read_state_known(reader, reader.editions.ids[edition.slug]) if computed else None
    return Leaderboard(
        edition=edition,
        as_of=at,
        origin="recomputed" if computed else "recorded" if provenance.server else "published",
        rank_by=rank_by,
        published_at=provenance.published_at,
        provenance=provenance,
        rows=_chosen_rows(state, query, chosen),
        n_collapsed=state.n_collapsed,
        note=_note(reader, edition, at),
        registry=f"mteb {known.mteb_version}" if known else None,
        unit=ranking_unit(reader, edition),
        known_until=chosen.known_until,
        asked_at=chosen.asked_at,
        common=state.common,
        n_unattributed=known.n_unattributed(at) if known else 0,
        unavailable=tuple(orjson.loads(known.unavailable).items()) if known else (),
    )


def _ranks_by_points(reader: Reader, query: BoardQuery, chosen: Chosen) -> bool:
    """Whether the Borda count over the whole board is the rule of its stored state."""
    is_stored = query.part.is_whole and chosen.kind != "raw"
    return is_stored and ranking_unit(reader, chosen.edition) == "points"


def _has_points(reader: Reader, chosen: Chosen) -> bool:
    edition_id = reader.editions.ids[chosen.edition.slug]
    ranking = state_queries.ranking_at(reader.connection, edition_id, chosen.at, computed=True)
    return ranking is not None and ranking.points is not None


def _chosen_rows(
    state: StoredState, query: BoardQuery, chosen: Chosen
) -> tuple[LeaderboardRow, ...]:
    """The rows that a question asks for, ranked by its rule."""
    rows: Sequence[LeaderboardRow] = state.rows
    if query.rank_by != "published":
        rows = _ranked_again(rows, _values(state, query.rank_by, chosen))
    return tuple(
        row
        for row in rows
        if (not query.complete_only or row.n_tasks == row.n_tasks_total)
        and (query.with_partial or not row.partial)
    )[: query.top]


def _values(state: StoredState, rank_by: str, chosen: Chosen) -> list[float | None]:
    """The value of each row by which a rule ranks it."""
    if rank_by != "borda":
        # Some boards publish a mean over fewer tasks; it must not rank against whole means.
        return [getattr(row, rank_by) if _is_whole(row) else None for row in state.rows]
    if chosen.kind == "computed":
        return [row.points for row in state.rows]
    return _borda(chosen.edition, state.task_scores)


def _is_whole(row: LeaderboardRow) -> bool:
    return row.n_tasks is None or row.n_tasks == row.n_tasks_total


def _borda(edition: EditionInfo, task_scores: list[str | None]) -> list[float | None]:
    """Borda points of rows, in their order.

    Raises:
        NoDataError: The catalog has no scores of single tasks for this board.
    """
    if all(scores is None for scores in task_scores):
        raise NoDataError(
            f"{edition.name}: no scores of single tasks are in the catalog",
            remedy="fetch the board, or rank by mean_task",
        )
    long = [
        (row, task, score)
        for row, scores in enumerate(task_scores)
        for task, score in enumerate(orjson.loads(scores or "[]"))
    ]
    schema = {"model": pl.Int64, "task": pl.Int64, "score": pl.Float64}
    points = borda_points(pl.DataFrame(long, schema=schema, orient="row"), len(task_scores))
    found = dict(points.rows())
    return [found.get(row) for row in range(len(task_scores))]


def _ranked_again(
    rows: Sequence[LeaderboardRow], values: Sequence[float | None]
) -> list[LeaderboardRow]:
    """Rows ranked by some values, the highest first; a row without a value has no rank."""
    frame = pl.DataFrame(
        {"row": range(len(rows)), "value": values},
        schema={"row": pl.Int64, "value": pl.Float64},
    )
    ranked = rank_frame(frame, "value")
    return [replace(rows[row], rank=rank) for row, rank in ranked.select("row", "rank").rows()]


def _with_model(model: str | None, en: str, zh: str) -> Bilingual:
    """A note, prefixed with the model that it is about."""
    return Bilingual(f"{model}: {en}", f"{model}：{zh}") if model else Bilingual(en, zh)


def _note(reader: Reader, edition: EditionInfo, at: str) -> Bilingual | None:
    """All notes on a board at a moment, joined to one text."""
    notes = [
        _with_model(row.model, row.text_en, row.text_zh)
        for row in queries.board_notes(
            reader.connection,
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
