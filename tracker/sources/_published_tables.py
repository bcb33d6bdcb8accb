"""Parse one table of the archived leaderboard, version by version."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from tracker.errors import SourceError, cut
from tracker.sources._published_names import model_id, task_name
from tracker.sources.records import (
    LONGEST_NAME,
    BoardRow,
    BoardState,
    Edition,
    Listing,
    ModelRecord,
    Standing,
)

ID = "published-boards"
LARGEST_PROPERTY = 2**53
"""A whole number that JSON, SQLite and a float all hold."""
LARGEST_SCORE = 1000.0
"""Scores are percentages; nothing that a table could mean is larger."""
HIGHEST_RANK = 1_000_000

_ANCHOR = re.compile(r'<a [^>]*?href="([^"]*)"[^>]*>(.*)</a>', re.DOTALL)
_AVERAGE = re.compile(r"(?:(.+) )?Average \((\d+) datasets\)")

# Everything left of the model's name is the rank and leftovers of pandas that change every run;
# what is right of it identifies the values, so equal tails are parsed once.
_MODEL_KEY = b'"Model":'
_RANK_KEY = b'"Rank":'
_RANK = re.compile(rb'"Rank":\s*(\d{1,9}),$')
_SIZE = "Model Size (Million Parameters)"
_MEMORY = "Memory Usage (GB, fp32)"
_DIMENSIONS = "Embedding Dimensions"
_TOKENS = "Max Tokens"
_PROPERTIES = {_SIZE, _MEMORY, _DIMENSIONS, _TOKENS}
_LEFTOVERS = {"index", "level_0"}


def edition_name(board: str, task_type: str | None) -> str:
    """Name of a table's edition: ``published/en``, or ``published/en/STS`` for one task type."""
    return f"published/{board}" + (f"/{task_type}" if task_type else "")


class _Columns(NamedTuple):
    """What the columns of a version mean."""

    edition: Edition
    scores: tuple[str, ...]
    """Columns with scores, in the order of the edition's tasks or task types."""
    average: str | None
    names: frozenset[str]
    """All columns, leftovers of pandas aside."""


class _Line(NamedTuple):
    """A parsed line without its rank."""

    row: BoardRow
    record: ModelRecord | None
    ranked: Listing | None
    """Set where the line has an average and so a rank."""


class TableReader:
    """Reads the versions of one table; a line that stood before is not parsed again.

    Equal lines of different versions give the same objects, so that comparing boards is cheap.

    Args:
        board: Folder of the board.
        task_type: Set for a table of one task type.
        describes: Whether to yield what the lines say of the models apart from scores.
    """

    def __init__(self, board: str, task_type: str | None, *, describes: bool = True) -> None:
        self._board = board
        self._task_type = task_type
        self._describes = describes
        self._headers: dict[tuple[str, ...], _Columns] = {}
        # Other columns may give the same line another meaning.
        self._lines: dict[_Columns, dict[bytes, _Line]] = {}
        self._rows: dict[BoardRow, BoardRow] = {}
        self._records: dict[ModelRecord, ModelRecord] = {}

    def read(self, body: bytes, place: str) -> BoardState:
        """One version of the table.

        Args:
            body: The file's bytes.
            place: Where they come from, for messages.

        Raises:
            SourceError: A line is not what the board has always printed.
        """
        lines = body.split(b"\n")
        if not lines[-1]:
            lines.pop()
        if not lines:
            raise SourceError(ID, "the table is empty", place=place)
        columns = self._header(lines[0], f"{place}:1")
        known = self._lines.setdefault(columns, {})
        heads, _, tails = zip(*[line.partition(_MODEL_KEY) for line in lines], strict=True)
        parsed = list(map(known.get, tails))
        for at in [at for at, line in enumerate(parsed) if line is None]:
            tail = tails[at]
            if tail not in known:
                known[tail] = self._parse(lines[at], columns, f"{place}:{at + 1}")
            parsed[at] = known[tail]
        rows, records, listings = zip(*parsed, strict=True)
        ranked = [at for at, listing in enumerate(listings) if listing]
        ranks = _ranks([heads[at] for at in ranked], place, ranked)
        # The cache gives one object for one link, so counting objects is enough, and quick.
        if len({id(row.listing) for row in rows}) != len(rows):
            _blame_double(rows, place)
        return BoardState(
            columns.edition,
            rows,
            Standing(tuple(filter(None, listings)), ranks),
            tuple(filter(None, records)),
        )

    def removed(self) -> BoardState:
        """The board after its table was taken away: nothing is listed any more."""
        edition = Edition(ID, edition_name(self._board, self._task_type), "percent", 0, (), ())
        return BoardState(edition, (), Standing((), None), ())

    def _header(self, line: bytes, place: str) -> _Columns:
        names = tuple(_read_object(line, place))
        if names not in self._headers:
            self._headers[names] = self._columns(names, place)
        return self._headers[names]

    def _columns(self, names: tuple[str, ...], place: str) -> _Columns:
        if max(map(len, names)) > LONGEST_NAME:
            raise SourceError(ID, "the name of a column is too long", place=place)
        if "Model" not in names or "Rank" not in names:
            raise SourceError(ID, "no column Model or Rank", place=place)
        name = edition_name(self._board, self._task_type)
        kept = frozenset(names) - _LEFTOVERS
        values = [n for n in names if n in kept - _PROPERTIES - {"Rank", "Model"}]
        if self._task_type:
            columns = {task_name(n): n for n in values if n != "Average"}
            average = "Average" if "Average" in values else None
            if not columns or len(columns) != len(values) - bool(average):
                raise SourceError(ID, "two columns are the same task", place=place)
            if average is None and len(columns) > 1:
                raise SourceError(ID, "no column Average", place=place)
            tasks = tuple(sorted(columns))
            edition = Edition(
                ID, name, "percent", len(tasks), tasks, ((self._task_type, len(tasks)),)
            )
            return _Columns(edition, tuple(columns[task] for task in tasks), average, kept)
        averages = {n: _AVERAGE.fullmatch(n) for n in values}
        total = [n for n, match in averages.items() if match and not match[1]]
        if len(total) != 1 or not all(averages.values()):
            raise SourceError(ID, "unknown columns in an overall table", place=place)
        types = {n: (m[1], int(m[2])) for n, m in averages.items() if m and m[1]}
        n_tasks = sum(count for _, count in types.values())
        edition = Edition(ID, name, "percent", n_tasks, (), tuple(types.values()))
        return _Columns(edition, tuple(types), total[0], kept)

    def _parse(self, line: bytes, columns: _Columns, place: str) -> _Line:
        edition, score_columns, average, names = columns
        fields = _read_object(line, place)
        if fields.keys() - _LEFTOVERS != names:
            raise SourceError(ID, "other columns than the first line", place=place)
        listing = _listing(str(fields.get("Model")))
        if listing is None:
            raise SourceError(ID, "Model is not the expected link", place=place)
        try:
            scores = [_number(fields[column]) for column in score_columns]
            mean = _number(fields[average]) if average else None
        except ValueError as error:
            raise SourceError(ID, f"unexpected value: {error}", place=place) from None
        task_scores: str | None = None
        n_tasks: int | None
        if self._task_type:
            if average is None:
                # A table of one task prints no average: its score is the average.
                mean = scores[0]
            means = {self._task_type: mean} if mean is not None else {}
            task_scores = _json(scores)
            n_tasks = len(scores) - scores.count(None)
        else:
            means = {
                type_: score
                for (type_, _), score in zip(edition.task_types, scores, strict=True)
                if score is not None
            }
            # The average is blank as soon as one task is, so an average means all tasks.
            n_tasks = edition.n_tasks if mean is not None else None
        row = BoardRow(
            listing, mean, None, None, None, _json(means), task_scores, n_tasks, None, None
        )
        record = self._record(listing, fields) if self._describes else None
        row = self._rows.setdefault(row, row)
        return _Line(row, record, listing if mean is not None else None)

    def _record(self, listing: Listing, fields: dict[str, Any]) -> ModelRecord | None:
        properties = {
            name: value
            for name in _PROPERTIES
            if (value := _property(fields.get(name))) is not None
        }
        if not properties:
            return None
        record = ModelRecord(listing, _json(properties))
        return self._records.setdefault(record, record)


@lru_cache(maxsize=4096)
def _listing(anchor: str) -> Listing | None:
    """The model behind a line's link; the same few hundred links stand in all tables."""
    match = _ANCHOR.fullmatch(anchor)
    if not match:
        return None
    link, label = match[1], match[2]
    try:
        found = Listing(model_id(link, label), label, link)
    except ValueError:
        return None
    return found if max(map(len, found)) <= LONGEST_NAME else None


def _blame_double(rows: tuple[BoardRow, ...], place: str) -> None:
    seen: set[Listing] = set()
    for number, row in enumerate(rows, 1):
        if row.listing in seen:
            cause = f"{row.listing.model} is listed twice"
            raise SourceError(ID, cause, place=f"{place}:{number}")
        seen.add(row.listing)


def _ranks(heads: list[bytes], place: str, lines: list[int]) -> tuple[int, ...] | None:
    """The printed ranks, from what stands left of the models; ``None`` for the plain 1, 2, 3."""
    # Nearly always so, and much quicker to see than to read.
    if all(map(bytes.endswith, heads, _first_ranks(len(heads)))):
        return None
    try:
        ranks = tuple([int(head[head.rindex(_RANK_KEY) + len(_RANK_KEY) : -1]) for head in heads])
        if any(not 1 <= rank <= HIGHEST_RANK for rank in ranks):
            raise ValueError
    except ValueError:
        at = next(
            (at for at, head in zip(lines, heads, strict=True) if not _is_ranked(head)), lines[0]
        )
        raise SourceError(ID, "a row without a rank", place=f"{place}:{at + 1}") from None
    return None if ranks == tuple(range(1, len(ranks) + 1)) else ranks


def _is_ranked(head: bytes) -> bool:
    match = _RANK.search(head)
    return match is not None and 1 <= int(match[1]) <= HIGHEST_RANK


@lru_cache(maxsize=1024)
def _first_ranks(count: int) -> tuple[bytes, ...]:
    return tuple(_RANK_KEY + b"%d," % rank for rank in range(1, count + 1))


def _read_object(line: bytes, place: str) -> dict[str, Any]:
    try:
        fields = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise SourceError(ID, f"not a JSON line ({error})", place=place) from None
    if not isinstance(fields, dict):
        raise SourceError(ID, "not a JSON object", place=place)
    return fields


def _json(value: object) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def _number(value: Any) -> float | None:
    """A score as printed; blank is missing."""
    if type(value) is float and abs(value) <= LARGEST_SCORE:
        return value
    if value == "" or value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{cut(repr(value), 40)} is not a number")
    if abs(value) > LARGEST_SCORE:
        raise ValueError(f"{value!r} is not a score")
    return float(value)


def _property(value: Any) -> int | float | None:
    """A size, memory, dimension or token count; blank, ``N/A`` and -1 mean that it is unknown."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not 0 <= value <= LARGEST_PROPERTY:
        return None
    return int(value) if float(value).is_integer() else float(value)
