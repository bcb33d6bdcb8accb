"""Choose models from a board: conditions, weights, places, Pareto fronts, reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple

from tracker.answers.boards import Leaderboard, LeaderboardRow
from tracker.answers.choices import Choice, ChosenModel, DropReason
from tracker.common.text import did_you_mean
from tracker.common.times import When
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
from tracker.ranking.model_choice import (
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


class ChoiceRow(NamedTuple):
    """A row of a board with what conditions compare of its model."""

    row: LeaderboardRow
    properties: Properties


class ChoiceBoard(NamedTuple):
    """All that a choice from a board needs; the page of choices has the same as a file."""

    board: Leaderboard
    rows: tuple[ChoiceRow, ...]
    parts: Mapping[str | None, TypeMeans]
    """Means by language; those of whole tasks under ``None``."""


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
    found = read_choice_board(reader, board, tuple(query.languages), query.as_of)
    return choose_models(found, query.types, query.languages, conditions)


def read_choice_board(
    reader: Reader, board: Leaderboard, languages: Sequence[str], as_of: When = None
) -> ChoiceBoard:
    """Read what a choice from a board needs.

    Args:
        reader: The open catalog.
        board: The board with all its rows.
        languages: ISO 639-3 codes.
        as_of: The date that was asked for.
    """
    rows = tuple(ChoiceRow(row, row_properties(reader, row)) for row in board.rows)
    parts: dict[str | None, TypeMeans] = {None: type_means(board)}
    for code in languages:
        query = BoardQuery(board.edition, as_of, language=code)
        parts[code] = type_means(read_board(reader, query), code)
    return ChoiceBoard(board, rows, parts)


def choose_models(
    found: ChoiceBoard,
    asked: Mapping[str, float],
    languages: Mapping[str, float],
    conditions: Sequence[Condition],
) -> Choice:
    """Choose models from a board.

    Args:
        found: The board.
        asked: Weights of task types; all types count equally if empty.
        languages: Weights of languages; whole tasks count if empty.
        conditions: What a model must meet.
    """
    board = found.board
    parts = [found.parts[code] for code in languages or (None,)]
    types = _counted(board, asked, parts)
    models = [_model(row, parts, types, languages, conditions) for row in found.rows]
    left_out: tuple[str, ...] = ()
    if not languages and types.keys() == set(parts[0].types):
        left_out = tuple(name for name in board_types(board) if name not in types)
    day = board.as_of[:10]
    return Choice(
        board.edition,
        board.as_of,
        types,
        dict(languages),
        left_out,
        explanation(board.edition.title, day, types, languages, left_out),
        tuple(_ranked([model for model in models if not model.reasons])),
        tuple(model for model in models if model.reasons),
    )


def _counted(
    board: Leaderboard, asked: Mapping[str, float], parts: Sequence[TypeMeans]
) -> dict[str, float]:
    """Weights of the types that count, in the board's order."""
    order = board_types(board)
    for name in asked:
        if name not in order:
            raise NotFoundError(
                f"{board.edition.name} has no task type {name!r}",
                remedy=did_you_mean(name, order),
            )
    present = {name for part in parts for name in part.types}
    weights = asked or {name: 1.0 for name in order if name in present}
    for part in parts:
        if part.language and not set(weights) & set(part.types):
            raise NoDataError(
                f"{board.edition.name}: no model has all tasks of {', '.join(weights)} in the"
                f" language {part.language}",
                remedy=f"it has {', '.join(part.types)}" if part.types else "",
            )
    return {name: weights[name] for name in order if name in weights}


def part_weights(part: TypeMeans, types: Mapping[str, float]) -> dict[str, float]:
    """The weights that count in a part of a board: a language need not have tasks of each type."""
    if part.language is None:
        return dict(types)
    return {name: weight for name, weight in types.items() if name in part.types}


def _model(
    entry: ChoiceRow,
    parts: Sequence[TypeMeans],
    types: Mapping[str, float],
    languages: Mapping[str, float],
    conditions: Sequence[Condition],
) -> ChosenModel:
    row, properties = entry
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


_OF_MANY_LANGUAGES = ("mteb-multilingual",)

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


SITE_LANGUAGES = ("eng", "zho", "deu", "fra", "spa", "rus", "jpn", "kor")
"""Languages that the page of choices offers on boards of several languages."""


def read_choice_boards(reader: Reader) -> Iterator[ChoiceBoard]:
    """Read what the page of choices needs of every present board.

    Languages come from raw scores: without them the boards have none.
    """
    for edition in reader.editions.main():
        if edition.current:
            languages = SITE_LANGUAGES if edition.series in _OF_MANY_LANGUAGES else ()
            board = read_board(reader, BoardQuery(edition))
            found = read_choice_board(reader, board, ())
            for code in languages:
                # The board has no task in it, or the catalog no raw scores.
                with suppress(NoDataError):
                    more = read_choice_board(reader, replace(board, rows=()), (code,))
                    found = found._replace(parts={**found.parts, code: more.parts[code]})
            yield found
