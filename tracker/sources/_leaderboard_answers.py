"""Meaning of the leaderboard API's answers: pure functions from bytes to records.

A board is tens of thousands of numbers and a load reads many boards, so :func:`parse_scores`
checks whole columns with functions that loop in C, and looks for the culprit only once it knows
that something is wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from itertools import chain, repeat
from operator import itemgetter
from typing import Any, NamedTuple, NoReturn

import orjson

from tracker.errors import SourceError
from tracker.sources.records import BoardRow, BoardState, Edition, Listing, ModelRecord, Standing

SCORE_MINIMUM = -1.0
"""Correlations can be negative."""
SCORE_MAXIMUM = 1.0001
"""A fraction may exceed one by rounding. A hundred times more would mean a change to percent."""

_ID = "leaderboard-api"
_DUMP_SORTED = orjson.OPT_SORT_KEYS
_SCORE = "a fraction from -1 to 1"
# fmt: off
_BENCHMARK_NEEDS = (
    "displayName", "languages", "taskTypes", "tasks", "aggregations", "numModels", "showZeroShot",
)
_MODEL_NEEDS = (
    "url", "releaseDate", "openWeights", "license", "embeddingDim", "totalParamsB", "maxTokens",
)
_MODEL_KEEPS = (
    *_MODEL_NEEDS, "activeParamsB", "modelType", "instructionTuned", "opennessScore",
    "memoryUsageMb", "modalities", "languages", "publicTrainingCode", "publicTrainingData",
    "adaptedFrom", "supersededBy", "trainingDatasets", "citation",
)
_ROW_FIELDS = (
    "rank", "model", "meanTask", "meanTaskType", "meanPublic", "meanPrivate", "scoresByTaskType",
    "scoresByTask", "zeroShotPct", "trainedOnTasks",
)
# fmt: on


class BenchmarkInfo(NamedTuple):
    """What the API says of a benchmark, apart from its scores."""

    name: str
    display_name: str
    reference: str | None
    citation: str | None
    """BibTeX."""
    languages: tuple[str, ...]
    task_types: tuple[str, ...]
    tasks: tuple[str, ...]
    """All tasks that belong to it; its board shows those that have results."""
    domains: tuple[str, ...]
    modalities: tuple[str, ...]
    aggregations: tuple[str, ...]
    show_zero_shot: bool
    num_models: int
    """Models with a result on every task."""
    new_version: tuple[str, ...]
    """Its successors."""
    displayed: bool
    """Whether the leaderboard's menu shows it."""


class TaskInfo(NamedTuple):
    """What the API says of a task."""

    name: str
    type: str
    main_score: str
    languages: tuple[str, ...]
    domains: tuple[str, ...]
    is_public: bool
    source_dataset: str | None
    reference: str | None
    citation: str | None


def _load(body: bytes, what: str) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise SourceError(_ID, f"not JSON: {error}", place=what) from None


def _entries(body: bytes, what: str, needs: Sequence[str]) -> list[dict[str, Any]]:
    """A list of objects that all have a name and the fields that are needed."""
    entries = _load(body, what)
    if not isinstance(entries, list):
        raise SourceError(_ID, "not a list", place=what)
    for entry in entries:
        if not isinstance(entry, dict):
            raise SourceError(_ID, "an entry is not an object", place=what)
        name = entry.get("name")
        if not isinstance(name, str) or not name:
            raise SourceError(_ID, "the required field 'name' is missing", place=what)
        for field in needs:
            if field not in entry:
                cause = f"the required field {field!r} of {name} is missing"
                raise SourceError(_ID, cause, place=what)
    names = Counter(entry["name"] for entry in entries)
    if len(names) != len(entries):
        raise SourceError(_ID, f"{names.most_common(1)[0][0]} is listed twice", place=what)
    return entries


def _texts(entry: dict[str, Any], field: str, what: str) -> tuple[str, ...]:
    values = entry.get(field)
    if values is None:
        return ()
    if isinstance(values, str):
        return (values,)
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise SourceError(_ID, f"{field!r} of {entry['name']} is not a list of texts", place=what)
    return tuple(values)


def _text(entry: dict[str, Any], field: str, what: str) -> str | None:
    value = entry.get(field)
    if value is not None and not isinstance(value, str):
        raise SourceError(_ID, f"{field!r} of {entry['name']} is not a text", place=what)
    return value


def parse_benchmarks(body: bytes) -> tuple[BenchmarkInfo, ...]:
    """The list of benchmarks, in the source's order."""
    what, found = "benchmarks", []
    for entry in _entries(body, what, _BENCHMARK_NEEDS):
        count = entry["numModels"]
        if type(count) is not int or count < 0:
            raise SourceError(_ID, f"'numModels' of {entry['name']} is not a count", place=what)
        found.append(
            BenchmarkInfo(
                name=entry["name"],
                display_name=_text(entry, "displayName", what) or entry["name"],
                reference=_text(entry, "reference", what),
                citation=_text(entry, "citation", what),
                languages=_texts(entry, "languages", what),
                task_types=_texts(entry, "taskTypes", what),
                tasks=_texts(entry, "tasks", what),
                domains=_texts(entry, "domains", what),
                modalities=_texts(entry, "modalities", what),
                aggregations=_texts(entry, "aggregations", what),
                show_zero_shot=bool(entry["showZeroShot"]),
                num_models=count,
                new_version=_texts(entry, "newVersion", what),
                displayed=bool(entry.get("displayOnLeaderboard", True)),
            )
        )
    return tuple(found)


def parse_tasks(body: bytes) -> tuple[TaskInfo, ...]:
    """The list of tasks, in the source's order."""
    what = "tasks"
    return tuple(
        TaskInfo(
            name=entry["name"],
            type=_text(entry, "type", what) or "",
            main_score=_text(entry, "mainScore", what) or "",
            languages=_texts(entry, "languages", what),
            domains=_texts(entry, "domains", what),
            is_public=bool(entry["isPublic"]),
            source_dataset=_text(entry, "sourceDataset", what),
            reference=_text(entry, "reference", what),
            citation=_text(entry, "citation", what),
        )
        for entry in _entries(body, what, ("type", "mainScore", "languages", "isPublic"))
    )


def parse_models(body: bytes) -> tuple[ModelRecord, ...]:
    """The list of models with the properties that are kept, in the source's order."""
    records = []
    for entry in _entries(body, "models", _MODEL_NEEDS):
        kept = {field: entry[field] for field in _MODEL_KEEPS if entry.get(field) is not None}
        name = entry["name"]
        properties = orjson.dumps(kept, option=_DUMP_SORTED).decode()
        records.append(ModelRecord(Listing(name, name, ""), properties))
    return tuple(records)


_row_values = itemgetter(*_ROW_FIELDS)
# The constructors of named tuples are written in Python; these two skip them, three times as fast.
_board_row = partial(tuple.__new__, BoardRow)
_listing = partial(tuple.__new__, Listing)
_NULL = type(None)
_MODEL_BEGINS, _MODEL_ENDS = b',"model":{"name":"', b'},"zeroShotPct":'
_BACKSLASH = ord("\\")


def parse_scores(body: bytes) -> BoardState:
    """A board as the API gives it, with its ranks.

    Raises:
        SourceError: A required field is missing or a value cannot be right; the message names
            board and field.
    """
    edition, given = _edition(_load_board(body))
    try:
        columns = list(zip(*map(_row_values, given), strict=True)) or [()] * len(_ROW_FIELDS)
        ranks, models, *means, by_type, by_task, zero_shot, trained = columns
        names = [model["name"] for model in models]
        kinds = (
            (ranks, {int}),
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
            and min(ranks, default=1) >= 1
            and _are_scores(list(chain.from_iterable(means)))
            and _are_scores(list(chain.from_iterable(map(dict.values, by_type))))
            and _are_scores(numbers := list(chain.from_iterable(map(dict.values, by_task))))
            and set().union(*by_task) <= set(edition.tasks)
        )
    except (KeyError, TypeError):
        sound = False
    if not sound:
        _blame(edition, given)
    labels = [
        f"{name} {orjson.dumps(tried, option=_DUMP_SORTED).decode()}" if tried else name
        for name, tried in zip(names, [row.get("experiments") for row in given], strict=True)
    ]
    listings = list(map(_listing, zip(names, labels, repeat(""))))
    if len(set(listings)) != len(listings):
        twice = Counter(labels).most_common(1)[0][0]
        raise SourceError(_ID, f"{twice} is listed twice", place=edition.name)
    values = (
        listings,
        *means,
        map(_type_scores, by_type),
        _task_scores(by_task, edition.tasks),
        map(_count, by_task) if _NULL in set(map(type, numbers)) else map(len, by_task),
        zero_shot,
        map(_trained_on, trained),
    )
    rows = tuple(map(_board_row, zip(*values, strict=True)))
    return BoardState(edition, rows, _standing(listings, ranks), ())


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
            return _load(body, "scores")
        pieces += (_MODEL_BEGINS, piece[: name_ends + 1], piece[model_ends:])
    try:
        return orjson.loads(b"".join(pieces))
    except orjson.JSONDecodeError:
        return _load(body, "scores")


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


def _standing(listings: list[Listing], ranks: Sequence[int]) -> Standing:
    """Lines in the order of their ranks, the source's own order among equals."""
    ordered = tuple(sorted(ranks))
    if ordered != tuple(ranks):
        listings = [listings[i] for i in sorted(range(len(ranks)), key=ranks.__getitem__)]
    simple = ordered == tuple(range(1, len(ordered) + 1))
    return Standing(tuple(listings), None if simple else ordered)


def _edition(board: Any) -> tuple[Edition, list[dict[str, Any]]]:
    """The board's task list, and its rows unread."""
    if not isinstance(board, dict):
        raise SourceError(_ID, "not an object", place="scores")
    name = board.get("benchmarkName")
    if not isinstance(name, str) or not name:
        raise SourceError(_ID, "the required field 'benchmarkName' is missing", place="scores")
    for field in ("tasks", "tasksMeta", "rows"):
        if field not in board:
            raise SourceError(_ID, f"the required field {field!r} is missing", place=name)
        if not isinstance(board[field], list):
            raise SourceError(_ID, f"{field!r} is not a list", place=name)
    # The exact task list is in tasksMeta: 'tasks' leaves out those that no model has a result for,
    # so that it grows by itself while the benchmark stays the same.
    try:
        tasks = [meta["name"] for meta in board["tasksMeta"]]
        counts = Counter(meta["type"] for meta in board["tasksMeta"])
    except (KeyError, TypeError) as error:
        cause = f"'tasksMeta' lacks a required field ({error})"
        raise SourceError(_ID, cause, place=name) from None
    if not set(map(type, counts)) <= {str}:
        raise SourceError(_ID, "'tasksMeta' has a type that is not a text", place=name)
    if not set(map(type, tasks)) <= {str} or len(set(tasks)) != len(tasks):
        raise SourceError(_ID, "'tasksMeta' is not a list of different names", place=name)
    edition = Edition(
        _ID, name, "fraction", len(tasks), tuple(sorted(tasks)), tuple(counts.items())
    )
    return edition, board["rows"]


def _blame(edition: Edition, given: list[Any]) -> NoReturn:
    """Find the row and field that made a board unreadable."""

    def stop(cause: str) -> NoReturn:
        raise SourceError(_ID, cause, place=edition.name)

    for number, row in enumerate(given, 1):
        if not isinstance(row, dict):
            stop(f"row {number} is not an object")
        model = row.get("model")
        name = model.get("name") if isinstance(model, dict) else None
        if not isinstance(name, str) or not name:
            stop(f"row {number} lacks the required field 'model.name'")
        where = f"row {number} ({name[:80]})"
        for field in _ROW_FIELDS:
            if field not in row:
                stop(f"{where} lacks the required field {field!r}")
        rank, zero_shot, trained = row["rank"], row["zeroShotPct"], row["trainedOnTasks"]
        if type(rank) is not int or rank < 1:
            stop(f"{where}: 'rank' is {rank!r}, not a whole number from 1")
        if type(zero_shot) not in (int, _NULL):
            stop(f"{where}: 'zeroShotPct' is {zero_shot!r}, not a whole number")
        if trained is not None and not (
            isinstance(trained, list) and set(map(type, trained)) <= {str}
        ):
            stop(f"{where}: 'trainedOnTasks' is not a list of names")
        for field in ("meanTask", "meanTaskType", "meanPublic", "meanPrivate"):
            if not _are_scores([row[field]]):
                stop(f"{where}: {field!r} is {str(row[field])[:40]}, not {_SCORE}")
        for field in ("scoresByTaskType", "scoresByTask"):
            scores = row[field]
            if not isinstance(scores, dict):
                stop(f"{where}: {field!r} is not an object")
            for task, score in scores.items():
                if not _are_scores([score]):
                    stop(f"{where}: {field!r} of {task[:80]} is {str(score)[:40]}, not {_SCORE}")
        if unknown := sorted(row["scoresByTask"].keys() - set(edition.tasks)):
            stop(f"{where}: 'scoresByTask' has {unknown[0][:80]}, which 'tasksMeta' does not list")
    stop("the rows cannot be understood")
