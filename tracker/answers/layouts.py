"""Layouts of answers as tables: plain columns, and polars frames made of them.

A table lists its columns as paths of attributes of an answer: ``edition.name`` is a column
``name``, ``edition=edition.name`` one called ``edition``. The annotation at the end of a path gives
the column its type, the docstring there its meaning. A path through a tuple gives a list. A table
with ``each`` has one row for every part of an answer; paths that begin with that field go into the
part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from tracker.answers.common import Bilingual, Day, Moment
from tracker.common.deferred_imports import deferred_imports, resolved

with deferred_imports(globals()):
    import polars as pl


_KINDS = (Day, Moment, str, int, float, bool, dict)
# Of some releases only the month is stated. A mean of whole numbers may be one itself.
_PLAIN: dict[Any, Callable[[Any], Any]] = {
    Day: lambda text: f"{text}-01"[:10],
    float: float,
    dict: lambda values: {name: float(v) for name, v in values.items() if v is not None},
}


@cache
def _polars_types() -> dict[Any, Any]:
    return {
        Day: pl.Date,
        Moment: pl.Datetime("ms", "UTC"),
        str: pl.String,
        int: pl.Int64,
        float: pl.Float64,
        bool: pl.Boolean,
        dict: pl.Struct([]),
    }


class ColumnType(NamedTuple):
    """Type of the values of a column."""

    kind: Any
    """Class of a value, or of the items of lists; days and moments are annotated texts."""
    n_lists: int = 0
    """Number of nested levels of lists around a value."""
    fields: tuple[str, ...] = ()
    """Names of the numbers of a dictionary."""

    @property
    def is_nested(self) -> bool:
        """Whether values are lists or dictionaries."""
        return self.n_lists > 0 or self.kind is dict

    @property
    def is_number(self) -> bool:
        """Whether values are numbers."""
        return not self.n_lists and self.kind in (int, float)

    def to_polars(self) -> Any:
        """The type of the column in a frame."""
        found = _polars_types()[self.kind]
        if self.fields:
            found = pl.Struct(dict.fromkeys(self.fields, pl.Float64))
        for _ in range(self.n_lists):
            found = pl.List(found)
        return found


@dataclass(frozen=True)
class Listing:
    """Answers laid out as the columns of a table."""

    columns: Mapping[str, Sequence[Any]]
    """Values by name of the column; days and moments are text, which sorts and compares."""
    types: Mapping[str, ColumnType]

    def frame(self) -> pl.DataFrame:
        """The same as a frame, with dates and datetimes."""
        schema = {name: kind.to_polars() for name, kind in self.types.items()}
        texts = {name: kind for name, kind in schema.items() if kind in (pl.Date, pl.Datetime)}
        frame = pl.DataFrame(self.columns, schema=schema | dict.fromkeys(texts, pl.String))
        read = {
            name: pl.col(name).str.to_date("%Y-%m-%d")
            if kind == pl.Date
            else pl.col(name).str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_unit="ms", time_zone="UTC")
            for name, kind in texts.items()
        }
        return frame.with_columns(**read)

    def rows(self, places: Sequence[int]) -> Listing:
        """Return some of the rows, in another order."""
        columns = {name: [of[place] for place in places] for name, of in self.columns.items()}
        return Listing(columns, self.types)


class _Step(NamedTuple):
    """One attribute of a path."""

    owner: type
    name: str
    is_list: bool
    kind: Any
    """Class of its value, or of the items of a list; days and moments are annotated texts."""


@dataclass(frozen=True)
class Table:
    """The columns of a listing or frame."""

    kind: type
    """Class of the answers."""
    layout: str
    """Paths of the columns in order, separated by blanks."""
    each: str | None = None
    """Field of an answer whose parts are the rows; by default an answer is a row."""
    keep_empty: bool = False
    """Whether an answer without parts has a row, too."""

    def frame(self, answers: Iterable[Any], **fields: Iterable[str]) -> pl.DataFrame:
        """Lay out answers as a frame; its columns have types also when there are no rows.

        Args:
            answers: Instances of ``kind``.
            fields: Names of the numbers of columns of dictionaries.
        """
        return self.listing(answers, **fields).frame()

    def listing(self, answers: Iterable[Any], **fields: Iterable[str]) -> Listing:
        """Lay out answers as plain columns, for which polars need not be imported."""
        rows = list(self._rows(answers))
        sides = [row[0] for row in rows], [row[1] for row in rows]
        types = {
            name: kind._replace(fields=tuple(fields[name])) if name in fields else kind
            for name, kind in self.types.items()
        }
        columns = {
            name: _plain(self._values(path, sides), types[name])
            for name, path in self.columns.items()
        }
        return Listing(columns, types)

    @cached_property
    def columns(self) -> Mapping[str, str]:
        """Path of each column, by name."""
        found = {}
        for entry in self.layout.split():
            name, _, path = entry.rpartition("=")
            found[name or path.rpartition(".")[2]] = path
        return found

    @cached_property
    def types(self) -> Mapping[str, ColumnType]:
        """Type of each column."""
        steps = {name: self._steps(path) for name, path in self.columns.items()}
        return {
            name: ColumnType(
                way[-1].kind, sum(step.is_list and step.name != self.each for step in way)
            )
            for name, way in steps.items()
        }

    @property
    def schema(self) -> dict[str, Any]:
        """Polars type of each column."""
        return {name: kind.to_polars() for name, kind in self.types.items()}

    def origin(self, column: str) -> tuple[type, str, str | None]:
        """Where a column comes from: the class, its attribute, and the language of a text."""
        *way, last = self._steps(self.columns[column])
        if last.owner is Bilingual:
            return way[-1].owner, way[-1].name, last.name
        return last.owner, last.name, None

    def _rows(self, answers: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
        """Each row as an answer and its part."""
        for answer in answers:
            parts = getattr(answer, self.each) if self.each else (None,)
            if not parts and self.keep_empty:
                parts = (None,)
            yield from ((answer, part) for part in parts)

    def _values(self, path: str, sides: tuple[list[Any], list[Any]]) -> list[Any]:
        """The values of a column, from the answers and their parts."""
        names = path.split(".")
        place = int(names[0] == self.each)
        if path in self._direct:
            return list(map(attrgetter(names[place]), sides[place]))
        if self.each and not place:
            # One answer has many rows: follow the path once for each answer.
            of_answers = {id(value): _follow(value, names) for value in sides[0]}
            return [of_answers[id(value)] for value in sides[0]]
        return [_follow(value, names[place:]) for value in sides[place]]

    @cached_property
    def _direct(self) -> frozenset[str]:
        """Paths that are one attribute of an answer or a part, and no list."""
        return frozenset(
            path
            for path in self.columns.values()
            if path.count(".") == int(path.split(".")[0] == self.each)
            and not self._steps(path)[-1].is_list
            and not self.keep_empty
        )

    def _steps(self, path: str) -> list[_Step]:
        steps: list[_Step] = []
        owner = resolved(self.kind)
        for name in path.split("."):
            is_list, kind = _annotation(owner, name)
            steps.append(_Step(owner, name, is_list, kind))
            owner = kind
        return steps


def _plain(values: list[Any], kind: ColumnType) -> list[Any]:
    """Values as their type says, where an answer may hold others."""
    plain = None if kind.n_lists else _PLAIN.get(kind.kind)
    return [None if v is None else plain(v) for v in values] if plain else values


def _annotation(owner: type, name: str) -> tuple[bool, Any]:
    """Whether an attribute is a tuple of many, and the class of its value or of their items."""
    member = getattr(owner, name, None)
    hint = _hints(member.fget)["return"] if isinstance(member, property) else _hints(owner)[name]
    if get_origin(hint) in (Union, UnionType):
        (hint,) = (option for option in get_args(hint) if option is not NoneType)
    if hint in _KINDS:
        return False, hint
    if get_origin(hint) is tuple:
        return True, get_args(hint)[0]
    return False, get_origin(hint) or hint


@cache
def _hints(owner: Any) -> dict[str, Any]:
    """The annotations of a class or function; to evaluate them takes longer than most questions."""
    return get_type_hints(owner, include_extras=True)


def _follow(value: Any, names: list[str]) -> Any:
    """Follow attributes from a value; past a missing one everything is missing."""
    for place, name in enumerate(names):
        if value is None:
            return None
        if isinstance(value, tuple):
            return [_follow(item, names[place:]) for item in value]
        value = getattr(value, name)
    return list(value) if isinstance(value, tuple) else value
