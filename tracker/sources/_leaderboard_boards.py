"""The leaderboard's boards: a pure function from bytes to a state.

A board is tens of thousands of numbers and a load reads many boards, so :func:`parse_scores`
checks whole columns with functions that loop in C, and looks at single rows only where something
is wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import chain, repeat
from operator import itemgetter
from typing import Any, NamedTuple, NoReturn

import orjson

from tracker.errors import SourceError, cut
from tracker.sources._leaderboard_fields import (
    ID,
    NAME,
    NAMES,
    ZERO_SHOT,
    FieldChecks,
    Kind,
    Report,
    ignore,
    load_json,
    shown,
    whole,
)
from tracker.sources.records import (
    BoardRow,
    BoardState,
    Edition,
    Listing,
    Standing,
    are_names,
    is_label,
)

SCORE_MINIMUM = -1.0
"""Correlations can be negative."""
SCORE_MAXIMUM = 1.0001
"""A fraction may exceed one by rounding. A hundred times more would mean a change to percent."""
HIGHEST_RANK = 1_000_000
"""Ranks may exceed the number of rows, where models without a row are ranked too."""

_DUMP_SORTED = orjson.OPT_SORT_KEYS
_SCORE = "a fraction from -1 to 1"
_RANK = whole(1, HIGHEST_RANK)
_ROW_FIELDS = (
    "rank", "model", "meanTask", "meanTaskType", "meanPublic", "meanPrivate", "scoresByTaskType",
    "scoresByTask", "zeroShotPct", "trainedOnTasks",
)  # fmt: skip
_row_values = itemgetter(*_ROW_FIELDS)
# The constructors of named tuples are written in Python; these two skip them, three times as fast.
_board_row = partial(tuple.__new__, BoardRow)
_listing = partial(tuple.__new__, Listing)
_NULL = type(None)
_MODEL_BEGINS, _MODEL_ENDS = b',"model":{"name":"', b'},"zeroShotPct":'
_BACKSLASH = ord("\\")


class _Columns(NamedTuple):
    """The rows of a board, field by field."""

    listings: list[Listing]
    ranks: Sequence[int | None]
    means: Sequence[Sequence[float | None]]
    by_type: Sequence[dict[str, float | None]]
    by_task: Sequence[dict[str, float | None]]
    zero_shot: Sequence[int | None]
    trained: Sequence[list[str] | None]


def parse_scores(body: bytes, report: Report = ignore) -> BoardState:
    """Read a board as the API gives it, with its ranks.

    A row whose rank cannot be right is not ranked; a row whose name cannot be right is left out.

    Args:
        body: The answer.
        report: Receives what was left out.

    Raises:
        SourceError: A required field is missing or a score cannot be right; the message names
            board and field.
    """
    edition, given = _edition(_load_board(body))
    columns = _columns(edition, given, {int})
    if columns is None:
        cleaned = _cleaned(edition, given, report)
        columns = _columns(edition, cleaned, {int, _NULL})
    if columns is None:
        raise SourceError(ID, "the rows cannot be read", place=edition.name)
    listings, ranks, means, by_type, by_task, zero_shot, trained = columns
    if len(set(listings)) != len(listings):
        twice = Counter(listing.label for listing in listings).most_common(1)[0][0]
        raise SourceError(ID, f"{twice} is listed twice", place=edition.name)
    values = (
        listings,
        *means,
        map(_type_scores, by_type),
        _task_scores(by_task, edition.tasks),
        map(_count, by_task),
        zero_shot,
        map(_trained_on, trained),
    )
    rows = tuple(map(_board_row, zip(*values, strict=True)))
    return BoardState(edition, rows, _standing(listings, ranks), ())


def _columns(edition: Edition, given: list[dict[str, Any]], of_ranks: set[type]) -> _Columns | None:
    """Return the columns of a board, or ``None`` where any value is not as it has to be."""
    try:
        columns = list(zip(*map(_row_values, given), strict=True)) or [()] * len(_ROW_FIELDS)
        ranks, models, *means, by_type, by_task, zero_shot, trained = columns
        names = [model["name"] for model in models]
        kinds = (
            (ranks, of_ranks),
            (names, {str}),
            (by_type, {dict}),
            (by_task, {dict}),
            (zero_shot, {int, _NULL}),
            (trained, {list, _NULL}),
            (chain.from_iterable(filter(None, trained)), {str}),
        )
        sound = (
            all(set(map(type, values)) <= wanted for values, wanted in kinds)
            and all(names)
            and all(1 <= rank <= HIGHEST_RANK for rank in ranks if rank is not None)
            and all(-1 <= share <= 100 for share in zero_shot if share is not None)
            and _are_names(names, *filter(None, trained), set().union(*by_type))
            and _are_scores(list(chain.from_iterable(means)))
            and _are_scores(list(chain.from_iterable(map(dict.values, by_type))))
            and _are_scores(list(chain.from_iterable(map(dict.values, by_task))))
            and set().union(*by_task) <= set(edition.tasks)
        )
        if not sound:
            return None
        labels = list(map(_label, names, given))
    except (KeyError, TypeError):
        return None
    if not all(map(is_label, labels)):
        return None
    listings = list(map(_listing, zip(names, labels, repeat(""))))
    return _Columns(listings, ranks, means, by_type, by_task, zero_shot, trained)


def _are_names(*lists: Iterable[str]) -> bool:
    return are_names(list(chain.from_iterable(lists)))


def _label(name: str, row: dict[str, Any]) -> str:
    """Return the label of a row: the model, with the experiment if it is one.

    Raises:
        TypeError: The experiment is nested too deep.
    """
    tried = row.get("experiments")
    return f"{name} {orjson.dumps(tried, option=_DUMP_SORTED).decode()}" if tried else name


def _load_board(body: bytes) -> Any:
    """A board's JSON, without the descriptions of its models where they are easy to leave out.

    They are more than half of the bytes and stand in the list of models as well. Quotes inside of
    a JSON string are escaped, so the two marks below can only be what they seem to be; and a cut
    at a wrong brace leaves no valid JSON. Anything unusual is read in full.
    """
    first, *rest = body.split(_MODEL_BEGINS)
    pieces = [first]
    for piece in rest:
        name_ends = piece.find(b'"')
        model_ends = piece.find(_MODEL_ENDS, name_ends)
        if name_ends < 1 or model_ends < 0 or piece[name_ends - 1] == _BACKSLASH:
            return load_json(body, "scores")
        pieces += (_MODEL_BEGINS, piece[: name_ends + 1], piece[model_ends:])
    try:
        return orjson.loads(b"".join(pieces))
    except orjson.JSONDecodeError:
        return load_json(body, "scores")


def _are_scores(values: list[Any]) -> bool:
    kinds = set(map(type, values))
    if _NULL in kinds:
        values = [value for value in values if value is not None]
    return (
        kinds <= {float, int, _NULL}
        and min(values, default=0) >= SCORE_MINIMUM
        and max(values, default=0) <= SCORE_MAXIMUM
    )


def _type_scores(scores: dict[str, float | None]) -> str:
    if not scores:
        return "{}"
    if None in scores.values():
        scores = {name: score for name, score in scores.items() if score is not None}
    return orjson.dumps(scores, option=_DUMP_SORTED).decode()


def _task_scores(given: Sequence[dict[str, float | None]], tasks: tuple[str, ...]) -> list[str]:
    """Each row's scores as a JSON array in the order of the tasks."""
    dumps, count = orjson.dumps, len(tasks)
    every = itemgetter(*tasks) if count > 1 else None
    return [
        dumps(
            every(scores) if every and len(scores) == count else list(map(scores.get, tasks))
        ).decode()
        for scores in given
    ]


def _count(scores: dict[str, float | None]) -> int:
    return len(scores) - list(scores.values()).count(None)


def _trained_on(tasks: list[str] | None) -> str | None:
    if not tasks:
        return None if tasks is None else "[]"
    return orjson.dumps(sorted(tasks)).decode()


def _standing(listings: list[Listing], ranks: Sequence[int | None]) -> Standing:
    """Return the ranked rows in the order of their ranks, the source's order among equals."""
    ranked = [(rank, at) for at, rank in enumerate(ranks) if rank is not None]
    ranked.sort()
    ordered = tuple(rank for rank, _ in ranked)
    simple = ordered == tuple(range(1, len(ordered) + 1))
    return Standing(tuple(listings[at] for _, at in ranked), None if simple else ordered)


def _edition(board: Any) -> tuple[Edition, list[dict[str, Any]]]:
    """Return the board's edition, and its rows unread."""
    if not isinstance(board, dict):
        raise SourceError(ID, "not an object", place="scores")
    name = board.get("benchmarkName")
    if not isinstance(name, str) or not name:
        raise SourceError(ID, "the required field 'benchmarkName' is missing", place="scores")
    if not are_names([name]):
        raise SourceError(ID, "'benchmarkName' is too long or has NUL", place=name)
    for field in ("tasks", "tasksMeta", "rows"):
        if field not in board:
            raise SourceError(ID, f"the required field {field!r} is missing", place=name)
        if not isinstance(board[field], list):
            raise SourceError(ID, f"{field!r} is not a list", place=name)
    # The exact task list is in tasksMeta: 'tasks' leaves out those that no model has a result for,
    # so that it grows by itself while the benchmark stays the same.
    try:
        tasks = [meta["name"] for meta in board["tasksMeta"]]
        types = [meta["type"] for meta in board["tasksMeta"]]
    except (KeyError, TypeError) as error:
        cause = f"'tasksMeta' lacks a required field ({error})"
        raise SourceError(ID, cause, place=name) from None
    if not set(map(type, types)) <= {str}:
        raise SourceError(ID, "'tasksMeta' has a type that is not a text", place=name)
    if not set(map(type, tasks)) <= {str} or len(set(tasks)) != len(tasks):
        raise SourceError(ID, "'tasksMeta' is not a list of different names", place=name)
    if not _are_names(tasks, types):
        raise SourceError(ID, "'tasksMeta' has a name that is too long or has NUL", place=name)
    counts = tuple(Counter(types).items())
    return Edition(ID, name, "fraction", len(tasks), tuple(sorted(tasks)), counts), board["rows"]


def _cleaned(edition: Edition, given: list[Any], report: Report) -> list[dict[str, Any]]:
    """Return the rows without values that cannot be right.

    Raises:
        SourceError: A required field is missing or a score cannot be right.
    """
    checks = FieldChecks(edition.name)
    rows = []
    for at, row in enumerate(given, 1):
        owner = _check_row(edition, at, row)
        named = checks.value(owner, "model.name", row["model"]["name"], NAME)
        experiments = row.get("experiments")
        short = Kind("a short object", partial(_are_experiments, named or ""))
        tried = checks.value(owner, "experiments", experiments, short)
        if named is None or (tried is None and experiments is not None):
            continue
        changed = {
            "rank": checks.value(owner, "rank", row["rank"], _RANK, required=True),
            "zeroShotPct": checks.value(owner, "zeroShotPct", row["zeroShotPct"], ZERO_SHOT),
            "trainedOnTasks": checks.value(owner, "trainedOnTasks", row["trainedOnTasks"], NAMES),
        }
        rows.append({**row, **changed})
    checks.finish(report)
    return rows


def _are_experiments(name: str, value: Any) -> bool:
    try:
        return is_label(_label(name, {"experiments": value}))
    except TypeError:  # nested too deep
        return False


def _check_row(edition: Edition, number: int, row: Any) -> str:
    """Return how to name a row in messages.

    Raises:
        SourceError: A required field is missing or a score cannot be right.
    """

    def stop(cause: str) -> NoReturn:
        raise SourceError(ID, cause, place=edition.name)

    if not isinstance(row, dict):
        stop(f"row {number} is not an object")
    model = row.get("model")
    name = model.get("name") if isinstance(model, dict) else None
    if not isinstance(name, str) or not name:
        stop(f"row {number} lacks the required field 'model.name'")
    where = f"row {number} ({cut(name, 80)})"
    for field in _ROW_FIELDS:
        if field not in row:
            stop(f"{where} lacks the required field {field!r}")
    for field in ("meanTask", "meanTaskType", "meanPublic", "meanPrivate"):
        if not _are_scores([row[field]]):
            stop(f"{where}: {field!r} is {shown(row[field])}, not {_SCORE}")
    for field in ("scoresByTaskType", "scoresByTask"):
        scores = row[field]
        if not isinstance(scores, dict):
            stop(f"{where}: {field!r} is not an object")
        for task, score in scores.items():
            if not are_names([task]):
                stop(f"{where}: {field!r} has a name that is too long or has NUL")
            if not _are_scores([score]):
                stop(f"{where}: {field!r} of {task[:80]} is {shown(score)}, not {_SCORE}")
    if unknown := sorted(row["scoresByTask"].keys() - set(edition.tasks)):
        stop(f"{where}: 'scoresByTask' has {unknown[0][:80]}, which 'tasksMeta' does not list")
    return where
