"""The questions of the JSON API: which method of the catalog answers each, and how it is asked.

Names, parameters and answers are those of the Python API and of ``--format json`` on the command
line; a new argument of a method is a new parameter here.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson
import polars as pl

from tracker.answers.common import TableAnswer
from tracker.answers.frames import TABLES, frame_of
from tracker.answers.meanings import field_meaning
from tracker.api import Catalog
from tracker.common.text import did_you_mean
from tracker.errors import UsageError
from tracker.exports.frames import frame_json
from tracker.insights.boards.query import BoardQuery, ChoiceQuery

MOST_SQL_ROWS = 10_000
SQL_SECONDS = 10.0
_TRUE, _FALSE = ("true", "1", "yes"), ("false", "0", "no")
_ARGUMENT = re.compile(r"^    (\w+): (.*(?:\n {8}.*)*)", re.MULTILINE)

_TYPED = {
    "leaderboard": "board",
    "compare": "comparison",
    "bibtex": "references",
    "choose": "choice",
}
"""Methods that give the objects behind an answer, where the name does not tell them."""


@dataclass(frozen=True)
class Parameter:
    """One parameter of a question."""

    name: str
    kind: str
    """``string``, ``integer``, ``boolean`` or ``array`` (of texts, the parameter repeated)."""
    required: bool
    default: Any
    about: str

    def read(self, texts: Sequence[str]) -> Any:
        """Convert the texts of a query string.

        Raises:
            UsageError: They mean nothing.
        """
        if self.kind == "array":
            return list(texts)
        if len(texts) > 1:
            raise UsageError(f"parameter {self.name} is given {len(texts)} times")
        text = texts[0]
        if self.kind == "boolean":
            if text.casefold() not in (*_TRUE, *_FALSE):
                raise UsageError(f"parameter {self.name}: {text!r}", remedy="write true or false")
            return text.casefold() in _TRUE
        if self.kind == "integer":
            try:
                return int(text)
            except ValueError:
                raise UsageError(
                    f"parameter {self.name}: {text!r}", remedy="write a whole number"
                ) from None
        return text


@dataclass(frozen=True)
class Endpoint:
    """One question: ``GET /api/v1/NAME``."""

    name: str
    method: str = ""
    """Name of the method, where it is another one."""
    shape: str = "rows"
    """``rows``, ``value`` (one object) or ``text``."""
    body: bool = False
    """Whether the parameters come as a JSON object by POST, because they may be long."""

    @cached_property
    def function(self) -> Callable[..., Any]:
        """The method of ``Catalog``."""
        found: Callable[..., Any] = getattr(Catalog, self.method or self.name)
        return found

    @cached_property
    def summary(self) -> str:
        """What is answered, in one sentence from the method's documentation."""
        text = _first_sentence(self.function)
        if text.startswith("The same"):
            one = self.name.removesuffix("s")
            names = (f"{self.name}_list", f"{one}_list", f"{self.name}_report")
            typed = next((name for name in names if hasattr(Catalog, name)), _TYPED.get(self.name))
            text = _first_sentence(getattr(Catalog, typed or self.function.__name__))
        return f"{text} In Python: Catalog.{self.function.__name__}."

    @cached_property
    def parameters(self) -> Mapping[str, Parameter]:
        """The parameters by name."""
        documented = dict(_ARGUMENT.findall(inspect.getdoc(self.function) or ""))
        query = ChoiceQuery if self.name == "choose" else BoardQuery
        found = {}
        for parameter in list(inspect.signature(self.function).parameters.values())[1:]:
            if self.name == "sql" and parameter.name != "query":
                continue  # the server sets the limits
            about = documented.get(parameter.name) or field_meaning(query, parameter.name)
            is_list = parameter.kind is inspect.Parameter.VAR_POSITIONAL
            missing = parameter.default is inspect.Parameter.empty
            found[parameter.name] = Parameter(
                parameter.name,
                "array" if is_list else _kind(str(parameter.annotation)),
                missing,
                None if missing else parameter.default,
                " ".join(about.split()).replace("``", "`"),
            )
        return found

    def arguments(self, given: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        """Convert parameters into the arguments of the method.

        Args:
            given: Lists of texts by name, or values where they come as JSON.

        Raises:
            UsageError: A parameter is unknown, missing or wrong.
        """
        known = self.parameters
        if wrong := next((name for name in given if name not in known), None):
            raise UsageError(
                f"{self.name} has no parameter {wrong!r}", remedy=did_you_mean(wrong, list(known))
            )
        if missing := next(
            (p.name for p in known.values() if p.required and p.name not in given), ""
        ):
            raise UsageError(f"{self.name} needs the parameter {missing}")
        values = dict(given)
        if not self.body:
            values = {name: known[name].read(texts) for name, texts in given.items()}
        several = [name for name in values if known[name].kind == "array"]
        return [each for name in several for each in values.pop(name)], values

    def answer(self, catalog: Catalog, given: Mapping[str, Any]) -> bytes:
        """Return the JSON document of an answer: the state of the catalog, and rows or a value.

        Raises:
            TrackerError: As the method does.
        """
        positional, named = self.arguments(given)
        if self.name == "sql":
            named |= {"first": MOST_SQL_ROWS + 1, "seconds": SQL_SECONDS}
        found = getattr(catalog, self.function.__name__)(*positional, **named)
        state = orjson.dumps({"digest": catalog.digest, "data_until": catalog.data_until})
        if self.shape == "rows":
            frame = self._frame(found)
            if self.name == "sql" and frame.height > MOST_SQL_ROWS:
                raise UsageError(
                    f"sql: more than {MOST_SQL_ROWS:,} rows", remedy="add a limit, or export"
                )
            return b'{"catalog":%b,"rows":%b}\n' % (state, frame_json(frame).rstrip())
        return b'{"catalog":%b,"%b":%b}\n' % (state, self.shape.encode(), orjson.dumps(found))

    def _frame(self, found: Any) -> pl.DataFrame:
        if isinstance(found, pl.DataFrame):
            return found
        if isinstance(found, TableAnswer):
            return found.to_polars()
        return frame_of(self.name, found if isinstance(found, tuple) else [found])

    @property
    def columns(self) -> Mapping[str, Any] | None:
        """Types of the columns of its rows, where they are always the same."""
        table = TABLES.get(self.name)
        return table.schema if table and self.shape == "rows" else None


def _first_sentence(function: Callable[..., Any]) -> str:
    text = (inspect.getdoc(function) or "").partition("\n\n")[0]
    return " ".join(text.split()).replace("``", "`")


def _kind(annotation: str) -> str:
    types = {part.strip() for part in annotation.split("|")} - {"None"}
    if types == {"bool"}:
        return "boolean"
    return "integer" if types == {"int"} else "string"


ENDPOINTS = {
    endpoint.name: endpoint
    for endpoint in (
        *map(Endpoint, ("boards", "leaderboard", "leaders", "history", "changes", "why")),
        *map(
            Endpoint, ("choose", "difference", "compare", "models", "lineage", "evidence", "claims")
        ),
        *map(Endpoint, ("tasks", "task", "contamination", "papers", "datasets", "techniques")),
        *map(Endpoint, ("search", "status", "doctor", "coverage", "lint", "sql")),
        Endpoint("model", shape="value"),
        Endpoint("paper", shape="value"),
        Endpoint("dataset", shape="value"),
        Endpoint("technique", shape="value"),
        Endpoint("bibtex", shape="text"),
        Endpoint("cite", shape="text"),
        Endpoint("check", body=True),
    )
}
"""All questions by name."""
