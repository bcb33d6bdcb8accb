"""Choose models from a board: conditions, weights, places, Pareto fronts, reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from tracker.answers.boards import Leaderboard, LeaderboardRow
from tracker.answers.choices import Choice, ChosenModel, DropReason
from tracker.common.text import did_you_mean
from tracker.errors import NoDataError, NotFoundError
from tracker.insights.boards.board import read_board
from tracker.insights.boards.choice_words import condition_reason, explanation, partial_reason
from tracker.insights.boards.conditions import (
    CONDITIONS,
    Condition,
    Properties,
    read_conditions,
    row_properties,
)
from tracker.insights.boards.query import BoardQuery, ChoiceQuery
from tracker.insights.boards.score_table import RowName, row_name
from tracker.insights.reader import Reader
from tracker.ranking.choosing import (
    SCALE,
    pareto_front,
    places,
    scaled,
    storage_gb,
    weighted_mean,
)


class TypeMeans(NamedTuple):
    """Means of task types on a board, or on its part in one language."""

    language: str | None
    """ISO 639-3 code; ``None`` for whole tasks."""
    types: tuple[str, ...]
    """Types of which some model has all tasks, in the board's order."""
    means: Mapping[RowName, Mapping[str, int]]
    """Means of each row by type, in thousandths of a percent; incomplete types are missing."""
    n_tasks: Mapping[RowName, int | None]
    """Number of tasks with a score; ``None`` where the board does not say."""
    n_total: int


def board_types(board: Leaderboard) -> tuple[str, ...]:
    """The task types of a board, in its order."""
    named = tuple(name for name, _ in board.edition.task_types)
    return named or ((board.edition.task_type,) if board.edition.task_type else ("mean_task",))


def type_means(board: Leaderboard, language: str | None = None) -> TypeMeans:
    """The means of task types of all rows of a board, or of the part of it that it shows."""
    order = board_types(board)
    # Boards of one type do not repeat their mean as the mean of the type.
    is_single = len(order) == 1 and not any(row.task_types for row in board.rows)
    means = {row_name(row): _means(row, order, is_single=is_single) for row in board.rows}
    present = {name for known in means.values() for name in known}
    return TypeMeans(
        language,
        tuple(name for name in order if name in present),
        means,
        {row_name(row): row.n_tasks for row in board.rows},
        board.rows[0].n_tasks_total if board.rows else board.edition.n_tasks,
    )


def _means(row: LeaderboardRow, order: Sequence[str], *, is_single: bool) -> dict[str, int]:
    is_whole = row.n_tasks is None or row.n_tasks == row.n_tasks_total
    if is_single:
        return {order[0]: scaled(row.mean_task)} if is_whole and row.mean_task is not None else {}
    means = {name: scaled(mean) for name, mean in row.task_types.items() if name in order}
    # Means of all types without all tasks are means over fewer tasks.
    return means if is_whole or len(means) < len(order) else {}


def read_choice(reader: Reader, query: ChoiceQuery) -> Choice:
    """Choose models from a board.

    Raises:
        NotFoundError: There is no such board or task type, or a condition names something that is
            not known.
        NoDataError: Nothing is known of the board for that moment, it has no task in a language, or
            a language is asked for and the catalog has no raw scores.
        UsageError: A condition or a weight cannot be read.
    """
    board = read_board(reader, BoardQuery(query.board, query.as_of))
    conditions = read_conditions(reader, query)
    parts = _parts(reader, query, board)
    types = _counted(query, board, parts)
    languages = query.languages
    models = [_model(reader, row, parts, types, languages, conditions) for row in board.rows]
    day = board.as_of[:10]
    every = dict.fromkeys(name for part in parts for name in part.types)
    left_out = tuple(name for name in board_types(board) if name not in every)
    if query.types or languages:
        left_out = ()
    ranked = _ranked([model for model in models if not model.reasons])
    return Choice(
        board.edition,
        board.as_of,
        types,
        languages,
        left_out,
        explanation(board.edition.title, day, types, languages, left_out),
        tuple(ranked),
        tuple(model for model in models if model.reasons),
    )


def _parts(reader: Reader, query: ChoiceQuery, board: Leaderboard) -> list[TypeMeans]:
    """The whole board, or its part in each language that is asked for."""
    if not query.languages:
        return [type_means(board)]
    return [
        type_means(read_board(reader, BoardQuery(board.edition, query.as_of, language=code)), code)
        for code in query.languages
    ]


def _counted(
    query: ChoiceQuery, board: Leaderboard, parts: Sequence[TypeMeans]
) -> dict[str, float]:
    """Weights of the types that count, in the board's order."""
    order = board_types(board)
    for name in query.types:
        if name not in order:
            raise NotFoundError(
                f"{board.edition.name} has no task type {name!r}",
                remedy=did_you_mean(name, order),
            )
    present = {name for part in parts for name in part.types}
    asked = query.types or {name: 1.0 for name in order if name in present}
    for part in parts:
        if part.language and not set(asked) & set(part.types):
            raise NoDataError(
                f"{board.edition.name}: no model has all tasks of {', '.join(asked)} in the"
                f" language {part.language}",
                remedy=f"it has {', '.join(part.types)}" if part.types else "",
            )
    return {name: asked[name] for name in order if name in asked}


def part_weights(part: TypeMeans, types: Mapping[str, float]) -> dict[str, float]:
    """The weights that count in a part of a board: a language need not have tasks of each type."""
    if part.language is None:
        return dict(types)
    return {name: weight for name, weight in types.items() if name in part.types}


def _model(
    reader: Reader,
    row: LeaderboardRow,
    parts: Sequence[TypeMeans],
    types: Mapping[str, float],
    languages: Mapping[str, float],
    conditions: Sequence[Condition],
) -> ChosenModel:
    name = row_name(row)
    means: dict[str, float] = {}
    reasons: list[DropReason] = []
    for part in parts:
        known = part.means.get(name, {})
        weights = part_weights(part, types)
        mean = weighted_mean(known, weights)
        if mean is not None:
            means[part.language or ""] = mean
        else:
            lacking = [kind for kind in weights if kind not in known]
            n_tasks = part.n_tasks.get(name, 0 if part.language else None)
            reasons.append(partial_reason(lacking, part.language, n_tasks, part.n_total))
    score = weighted_mean(means, languages or {"": 1.0})
    properties = row_properties(reader, row)
    return ChosenModel(
        place=None,
        rank=row.rank,
        model=row.model_now or row.model,
        label=row.label,
        slug=row.slug,
        score=None if score is None else score / SCALE,
        task_types=_shown_means(parts, name, types),
        on_size_front=False,
        on_storage_front=False,
        parameters=row.parameters,
        embedding_dimensions=row.embedding_dimensions,
        storage_gb=storage_gb(row.embedding_dimensions),
        memory_mb=properties.memory_mb,
        max_tokens=row.max_tokens,
        licence=row.licence,
        open_weights=row.open_weights,
        release_date=row.release_date,
        reasons=(*_unmet(conditions, properties, row), *reasons),
    )


def _shown_means(
    parts: Sequence[TypeMeans], name: RowName, types: Mapping[str, float]
) -> dict[str, float]:
    """The means of types that count, where one language or none is asked for."""
    if len(parts) > 1:
        return {}
    known = parts[0].means.get(name, {})
    return {kind: known[kind] / SCALE for kind in types if kind in known}


_SHOWN = {"commercial": "licence"}
"""The property that tells a reader why a condition is not met, where it is another one."""


def _unmet(
    conditions: Sequence[Condition], properties: Properties, row: LeaderboardRow
) -> list[DropReason]:
    found = []
    for condition in conditions:
        met = condition.met(properties)
        if not met:
            shown = _SHOWN.get(condition.name, CONDITIONS[condition.name][0])
            value = row.release_date if shown == "released" else getattr(properties, shown)
            found.append(condition_reason(condition.name, value, met=met))
    return found


def _ranked(models: Sequence[ChosenModel]) -> list[ChosenModel]:
    """Models with their places and fronts, best first; equal ones in the board's order."""
    scores = [model.score or 0.0 for model in models]
    by_size = pareto_front(scores, [model.parameters for model in models])
    by_storage = pareto_front(scores, [model.storage_gb for model in models])
    found = [
        replace(model, place=place, on_size_front=size, on_storage_front=storage)
        for model, place, size, storage in zip(
            models, places(scores), by_size, by_storage, strict=True
        )
    ]
    return sorted(found, key=lambda model: model.place or 0)
