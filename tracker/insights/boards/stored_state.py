"""Rows of one stored state of a board: a published one, or one that a load computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Row

from tracker.answers.boards import CommonTasks, EditionInfo, LeaderboardRow
from tracker.catalog import queries
from tracker.catalog.boards import state_queries
from tracker.catalog.boards.state_queries import StoredRow
from tracker.catalog.results.registry_queries import newest_models
from tracker.errors import NoDataError
from tracker.insights.models.metadata import (
    Metadata,
    corrected,
    read_board_metadata,
    read_fixes,
    registered_metadata,
    with_exact_sizes,
)
from tracker.insights.models.names import read_names, read_originals
from tracker.insights.reader import Reader, memoised
from tracker.insights.units import percent
from tracker.ranking.copies import CollapsedRow, RankedRow, collapse
from tracker.ranking.zero_shot import UNDECLARED
from tracker.sources.published_boards import HEADER as PUBLISHED

_UNKNOWN = Metadata()


class StoredState(NamedTuple):
    """What a board showed at a moment."""

    stream_id: int
    rows: tuple[LeaderboardRow, ...]
    task_scores: list[str | None]
    """Scores of single tasks of each row as JSON; empty unless they were asked for."""
    n_collapsed: int
    common: CommonTasks | None


@memoised
def read_state(
    reader: Reader,
    edition: EditionInfo,
    at: str,
    *,
    computed: bool,
    collapse_copies: bool,
    with_tasks: bool,
    top: int | None,
) -> StoredState:
    """Read the state of an edition at a moment.

    Args:
        reader: The open catalog.
        edition: The board.
        at: The moment.
        computed: The computed state instead of the published one.
        collapse_copies: One row for a model and its copies (archived boards).
        with_tasks: Also read the scores of single tasks.
        top: At most this many rows.

    Raises:
        NoDataError: The board has no state at that moment.
    """
    edition_id = reader.editions.ids[edition.slug]
    ranking = state_queries.ranking_at(reader.connection, edition_id, at, computed=computed)
    if ranking is None:
        raise NoDataError(f"{edition.name}: no data for {at[:10]}")
    found = state_queries.board_rows(
        reader.connection, edition_id, at, computed=computed, with_tasks=with_tasks
    )
    rows = _in_published_order(found, ranking)
    kept = _collapsed(reader, rows, is_copied=collapse_copies and edition.source == PUBLISHED.id)
    by_listing = {row.listing_id: row for _, row in rows}
    shown = [(kept_row, by_listing[kept_row.row.key]) for kept_row in kept[:top]]
    shared = _read_shared(reader, edition, at, ranking, rows, [row for _, row in shown])
    if computed:
        shared = _with_registered(reader, shared)
    return StoredState(
        ranking.stream_id,
        tuple(_row(kept_row, row, shared) for kept_row, row in shown),
        [row.task_scores for _, row in shown] if with_tasks else [],
        sum(len(kept_row.hidden) for kept_row in kept),
        _common_tasks(ranking, shared.n_tasks),
    )


def _in_published_order(
    found: Sequence[StoredRow], ranking: Row[Any]
) -> list[tuple[int | None, StoredRow]]:
    """Rows with their published rank: the ranked ones in order, then the others by name."""
    by_listing = {row.listing_id: row for row in found}
    ranked = orjson.loads(ranking.listing_ids)
    ranks = orjson.loads(ranking.ranks) if ranking.ranks else range(1, len(ranked) + 1)
    rows: list[tuple[int | None, StoredRow]] = [
        (rank, by_listing.pop(listing)) for listing, rank in zip(ranked, ranks, strict=True)
    ]
    others = sorted(by_listing.values(), key=lambda row: (row.model, row.label))
    return rows + [(None, row) for row in others]


def _collapsed(
    reader: Reader, rows: Sequence[tuple[int | None, StoredRow]], *, is_copied: bool
) -> list[CollapsedRow]:
    published = [RankedRow(row.listing_id, row.model_id, rank) for rank, row in rows]
    if is_copied:
        return collapse(published, *read_originals(reader))
    return [CollapsedRow(row, row.rank, ()) for row in published]


class _Shared(NamedTuple):
    """What the rows of a state share."""

    unit: str
    edition: EditionInfo
    n_tasks: int
    names: Mapping[int, str]
    """Public ids of all models of the state, by id."""
    now: Mapping[int, Any]
    """Name and slug of each model today, by the id under which it is listed."""
    metadata: Mapping[int, Metadata]
    """By the id under which a model is listed; models without metadata are missing."""
    task_counts: Mapping[int, int]
    """By listing, for tables that do not say how many tasks a row has."""
    points: Mapping[int, float]
    common: Mapping[int, float | None]


def _read_shared(
    reader: Reader,
    edition: EditionInfo,
    at: str,
    ranking: Row[Any],
    rows: Sequence[tuple[int | None, StoredRow]],
    shown: Sequence[StoredRow],
) -> _Shared:
    names, originals = read_names(reader), read_originals(reader)
    now = {
        row.model_id: names[
            originals.of[row.model_id] if row.model_id in originals.former else row.model_id
        ]
        for row in shown
    }
    listed = {row.model_id: row.model for row in shown}
    present = {row.id: row.name for row in now.values()}
    known = read_board_metadata(reader, board_folder(edition), at, listed | present)
    metadata = {model: known.get(model) or known.get(row.id) for model, row in now.items()}
    return _Shared(
        reader.editions.units[edition.slug],
        edition,
        ranking.n_tasks or edition.n_tasks,
        {row.model_id: row.model for _, row in rows},
        now,
        {model: values for model, values in metadata.items() if values is not None},
        _task_counts(reader, edition, at),
        _by_listing(ranking, ranking.points),
        _common_means(ranking),
    )


def _with_registered(reader: Reader, shared: _Shared) -> _Shared:
    """Fill in what the newest registry says of models: all of it where no board published them."""
    registered = read_registered(reader)
    found = {
        model: with_exact_sizes(shared.metadata.get(model, known), known)
        for model, row in shared.now.items()
        if (known := registered.get(row.name)) is not None
    }
    return shared._replace(metadata={**shared.metadata, **found})


@memoised
def read_registered(reader: Reader) -> Mapping[str, Metadata]:
    """Metadata of models in the newest registry with declared corrections, by public id."""
    fixes = read_fixes(reader)
    return {
        name: corrected(registered_metadata(row.properties), fixes.get(name, {}))
        for name, row in newest_models(reader.connection).items()
    }


def _by_listing(ranking: Row[Any], values: str | None) -> dict[int, float]:
    """Values of a ranking's rows by listing; empty where it has none."""
    if values is None:
        return {}
    return dict(zip(orjson.loads(ranking.listing_ids), orjson.loads(values), strict=True))


def _common_means(ranking: Row[Any]) -> dict[int, float | None]:
    if ranking.common is None:
        return {}
    means = orjson.loads(ranking.common)["means"]
    return dict(zip(orjson.loads(ranking.listing_ids), means, strict=True))


def _common_tasks(ranking: Row[Any], n_total: int) -> CommonTasks | None:
    if ranking.common is None:
        return None
    missing = tuple(orjson.loads(ranking.common)["missing"])
    return CommonTasks(n_total - len(missing), n_total, missing)


def _task_counts(reader: Reader, edition: EditionInfo, at: str) -> dict[int, int]:
    """Number of tasks of each row, for overall tables of archived boards, which do not say it."""
    if edition.source != PUBLISHED.id or edition.task_type is not None:
        return {}
    return queries.sibling_task_counts(reader.connection, edition.name, at)


def board_folder(edition: EditionInfo) -> str:
    """Folder of an archived board's streams; empty for a board of the live leaderboard."""
    if edition.source != PUBLISHED.id:
        return ""
    return f"boards_data/{edition.name.split('/')[1]}/"


def _row(collapsed: CollapsedRow, row: StoredRow, shared: _Shared) -> LeaderboardRow:
    now, unit = shared.now[row.model_id], shared.unit
    n_tasks = row.n_tasks if row.n_tasks is not None else shared.task_counts.get(row.listing_id)
    hidden = (
        shared.names[other.model] for other in collapsed.hidden if other.model != row.model_id
    )
    return LeaderboardRow(
        rank=collapsed.rank,
        printed_rank=collapsed.row.rank,
        model=row.model,
        model_now=now.name,
        label=row.label,
        slug=now.slug,
        organisation=row.model.partition("/")[0],
        mean_task=percent(row.mean_task, unit),
        mean_task_type=percent(row.mean_task_type, unit),
        task_types=_type_means(row.task_types, unit, shared.edition.task_types),
        # A result of a task that the board no longer has does not count.
        n_tasks=None if n_tasks is None else min(n_tasks, shared.n_tasks),
        n_tasks_total=shared.n_tasks,
        zero_shot_pct=None if row.zero_shot_pct == UNDECLARED else row.zero_shot_pct,
        declares_training=None if row.zero_shot_pct is None else row.zero_shot_pct != UNDECLARED,
        mean_public=percent(row.mean_public, unit),
        mean_private=percent(row.mean_private, unit),
        since=row.valid_from,
        copies=tuple(dict.fromkeys(hidden)),
        points=shared.points.get(row.listing_id),
        mean_common=percent(shared.common.get(row.listing_id), unit),
        **shared.metadata.get(row.model_id, _UNKNOWN)._asdict(),
    )


@lru_cache(maxsize=1 << 15)
def _type_means(
    stored: str, unit: str, task_types: tuple[tuple[str, int | None], ...]
) -> dict[str, float]:
    """Means of task types in the board's order; most rows are the same from one day to another."""
    means = orjson.loads(stored)
    return {
        name: percent(value, unit)
        for name, _ in task_types
        if (value := means.get(name)) is not None
    }
