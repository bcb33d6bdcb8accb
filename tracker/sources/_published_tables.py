"""Parse one table of the archived leaderboard, version by version."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from tracker.errors import SourceError, cut
from tracker.sources._published_names import model_id, task_name
from tracker.sources.records import (
    BoardRow,
    BoardState,
    Edition,
    Listing,
    ModelRecord,
    Standing,
    are_names,
    is_label,
)

ID = "published-boards"
LARGEST_PROPERTY = 2**53
"""Largest integer that JSON, SQLite and a float represent exactly."""
LARGEST_SCORE = 1000.0
"""Scores are percentages; a larger value is an error."""
HIGHEST_RANK = 1_000_000

_ANCHOR = re.compile(r'<a [^>]*?href="([^"]*)"[^>]*>(.*)</a>', re.DOTALL)
_AVERAGE = re.compile(r"(?:(.+) )?Average \((\d+) datasets\)")

# In a row, the rank and index columns of pandas precede the model and change with every run. The
# tail from the model on identifies the values, so equal tails are parsed once.
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
    """Return the name of an edition: ``published/en``, or ``published/en/STS`` for a task type."""
    return f"published/{board}" + (f"/{task_type}" if task_type else "")


class _Columns(NamedTuple):
    """Meaning of the columns of a version."""

    edition: Edition
    scores: tuple[str, ...]
    """Columns with scores, in the order of the edition's tasks or task types."""
    average: str | None
    names: frozenset[str]
    """All columns except the index columns of pandas."""


class _ParsedRow(NamedTuple):
    """A parsed row without its rank."""

    row: BoardRow
    record: ModelRecord | None
    ranked: Listing | None
    """Set if the row has an average and therefore a rank."""


class TableReader:
    """Parser of the versions of one table; an unchanged row is parsed once.

    Equal rows of different versions are the same objects, so that comparing boards is cheap.

    Args:
        board: Folder of the board.
        task_type: Set for a table of one task type.
        describes: Whether to yield the model metadata of the rows, too.
    """

    def __init__(self, board: str, task_type: str | None, *, describes: bool = True) -> None:
        self._board = board
        self._task_type = task_type
        self._describes = describes
        self._headers: dict[tuple[str, ...], _Columns] = {}
        # The same row may have another meaning under other columns.
        self._parsed: dict[_Columns, dict[bytes, _ParsedRow]] = {}
        self._rows: dict[BoardRow, BoardRow] = {}
        self._records: dict[ModelRecord, ModelRecord] = {}

    def read(self, body: bytes, place: str) -> BoardState:
        """Parse one version of the table.

        Args:
            body: Bytes of the file.
            place: Where they come from, for error messages.

        Raises:
            SourceError: A row does not have the format of the board.
        """
        lines = body.split(b"\n")
        if not lines[-1]:
            lines.pop()
        if not lines:
            raise SourceError(ID, "the table is empty", place=place)
        columns = self._header(lines[0], f"{place}:1")
        known = self._parsed.setdefault(columns, {})
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
        # One link is one cached object, so counting objects finds duplicates, and is fast.
        if len({id(row.listing) for row in rows}) != len(rows):
            _raise_duplicate(rows, place)
        return BoardState(
            columns.edition,
            rows,
            Standing(tuple(filter(None, listings)), ranks),
            tuple(filter(None, records)),
        )

    def removed(self) -> BoardState:
        """Return the empty board after its table was removed."""
        edition = Edition(ID, edition_name(self._board, self._task_type), "percent", 0, (), ())
        return BoardState(edition, (), Standing((), None), ())

    def _header(self, line: bytes, place: str) -> _Columns:
        names = tuple(_read_object(line, place))
        if names not in self._headers:
            self._headers[names] = self._columns(names, place)
        return self._headers[names]

    def _columns(self, names: tuple[str, ...], place: str) -> _Columns:
        if not are_names(names):
            raise SourceError(ID, "the name of a column is too long or has NUL", place=place)
        if "Model" not in names or "Rank" not in names:
            raise SourceError(ID, "the column Model or Rank is missing", place=place)
        name = edition_name(self._board, self._task_type)
        kept = frozenset(names) - _LEFTOVERS
        values = [n for n in names if n in kept - _PROPERTIES - {"Rank", "Model"}]
        if self._task_type:
            columns = {task_name(n): n for n in values if n != "Average"}
            average = "Average" if "Average" in values else None
            if not columns or len(columns) != len(values) - bool(average):
                raise SourceError(ID, "two columns have the same task", place=place)
            if average is None and len(columns) > 1:
                raise SourceError(ID, "the column Average is missing", place=place)
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

    def _parse(self, line: bytes, columns: _Columns, place: str) -> _ParsedRow:
        edition, score_columns, average, names = columns
        fields = _read_object(line, place)
        if fields.keys() - _LEFTOVERS != names:
            raise SourceError(ID, "the columns differ from those of the first line", place=place)
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
                # A table of one task has no average column: the score is the average.
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
            # The average is blank if any task is, so a row with an average has all tasks.
            n_tasks = edition.n_tasks if mean is not None else None
        row = BoardRow(
            listing, mean, None, None, None, _json(means), task_scores, n_tasks, None, None
        )
        record = self._record(listing, fields) if self._describes else None
        row = self._rows.setdefault(row, row)
        return _ParsedRow(row, record, listing if mean is not None else None)

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
    """Return the model of a row's link; all tables share a few hundred links."""
    match = _ANCHOR.fullmatch(anchor)
    if not match:
        return None
    link, label = match[1], match[2]
    try:
        found = Listing(model_id(link, label), label, link)
    except ValueError:
        return None
    return found if are_names(found) and is_label(label, link) else None


def _raise_duplicate(rows: tuple[BoardRow, ...], place: str) -> None:
    """Raise ``SourceError`` for the first model that has two rows."""
    seen: set[Listing] = set()
    for number, row in enumerate(rows, 1):
        if row.listing in seen:
            cause = f"{row.listing.model} is listed twice"
            raise SourceError(ID, cause, place=f"{place}:{number}")
        seen.add(row.listing)


def _ranks(heads: list[bytes], place: str, lines: list[int]) -> tuple[int, ...] | None:
    """Return the published ranks from the heads of rows; ``None`` if they are 1, 2, 3 and so on."""
    # Nearly always true, and much faster to check than parsing the ranks.
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
        raise SourceError(ID, "a row has no valid rank", place=f"{place}:{at + 1}") from None
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
    """Return a published score; blank is missing."""
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
    """Return a size, memory, dimension or token count; blank, ``N/A`` and -1 are missing."""
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
