"""Conditions that choose rows of a board; ranks stay those of all rows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from tracker.answers.boards import Leaderboard, LeaderboardRow
from tracker.common.deferred_imports import deferred_imports
from tracker.common.times import moment
from tracker.common.vocabulary import NOT_DOCUMENTED
from tracker.errors import UsageError
from tracker.insights.boards.board import read_board
from tracker.insights.boards.query import BoardQuery, Conditions
from tracker.insights.models.names import read_names
from tracker.insights.reader import Reader, memoised

with deferred_imports(globals()):
    from tracker.insights.methods.techniques import Filter, find_term, matching_models
    from tracker.insights.models.model import read_facts
    from tracker.insights.models.organisations import find_organisation, read_publishers
    from tracker.insights.models.registered import read_registered_properties
    from tracker.ranking.model_choice import meets

COMMERCIAL = frozenset(
    {
        "apache-2.0", "mit", "bsd-2-clause", "bsd-3-clause", "isc", "unlicense", "cc0-1.0",
        "cc-by-4.0", "cc-by-3.0", "cc-by-sa-4.0", "cc-by-sa-3.0", "mpl-2.0",
    }
)  # fmt: skip
"""Licences, as the registry writes them, that allow commercial use without further terms."""

_NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s*([kKmMgGbBtT]?)[bB]?")
_COUNTS = {"": 1.0, "k": 1e3, "m": 1e6, "b": 1e9, "t": 1e12}
_MEGABYTES = {"": 2.0**-20, "k": 2.0**-10, "m": 1.0, "g": 2.0**10, "t": 2.0**20}

CONDITIONS: Mapping[str, tuple[str, str]] = {
    "max_parameters": ("parameters", "at_most"),
    "max_memory": ("memory_mb", "at_most"),
    "min_context": ("max_tokens", "at_least"),
    "open_weights": ("open_weights", "is"),
    "licence": ("licence", "one_of"),
    "commercial": ("commercial", "is"),
    "organisation": ("organisation", "one_of"),
    "untrained_only": ("zero_shot_pct", "at_least"),
    "no_instructions": ("use_instructions", "is"),
    "pooling": ("pooling", "one_of"),
    "base": ("base", "contains"),
    "released_since": ("released", "at_least"),
}
"""By condition: the property that it compares, and the operator of ``ranking.choosing.meets``."""


class Properties(NamedTuple):
    """What conditions compare of a model; ``None`` or empty where no source says it."""

    parameters: int | None
    memory_mb: float | None
    max_tokens: int | None
    open_weights: bool | None
    licence: str | None
    """In lower case."""
    commercial: bool | None
    organisation: tuple[str, ...]
    """Slugs of the organisation and of those above it, and accounts: of the name on the day and
    of the present one, in lower case."""
    zero_shot_pct: int | None
    use_instructions: bool | None
    pooling: tuple[str, ...]
    """Slugs of terms."""
    base: tuple[str, ...]
    """Names of base models, in lower case."""
    released: str | None
    """First day that the date of release can mean."""


class Condition(NamedTuple):
    """One condition of a question."""

    name: str
    wanted: Any

    def met(self, properties: Properties) -> bool | None:
        """Whether a model meets it; ``None`` where no source says so."""
        name, operator = CONDITIONS[self.name]
        return meets(operator, getattr(properties, name), self.wanted)


def read_conditioned(reader: Reader, query: BoardQuery) -> Leaderboard:
    """Read a board with the rows that meet every condition of a question.

    Each row has its place among them beside its rank among all rows. A row whose value is unknown
    does not meet a condition on it.

    Raises:
        NotFoundError: There is no such board, or a condition names something that is not known.
        NoDataError: Nothing is known of the board for that moment.
        UsageError: A condition cannot be read.
    """
    conditions = read_conditions(reader, query)
    if not conditions:
        return read_board(reader, query)
    whole = read_board(reader, replace(query, top=None))
    chosen = [
        row
        for row in whole.rows
        if all(condition.met(row_properties(reader, row)) for condition in conditions)
    ][: query.top]
    return replace(
        whole, rows=tuple(replace(row, place=place) for place, row in enumerate(chosen, 1))
    )


def read_conditions(reader: Reader, query: Conditions) -> list[Condition]:
    """The conditions of a question, in the order of ``CONDITIONS``.

    Raises:
        NotFoundError: A condition names something that is not known.
        UsageError: A condition cannot be read.
    """
    return [
        Condition(name, _wanted(reader, name, value))
        for name in CONDITIONS
        if (value := getattr(query, name)) is not None and value is not False
    ]


def _wanted(reader: Reader, name: str, value: Any) -> Any:
    """What a condition compares with, from what a person writes."""
    if name == "max_parameters":
        return _amount(value, name, _COUNTS)
    if name == "max_memory":
        return _amount(value, name, _MEGABYTES)
    if name == "licence":
        return tuple(part.strip().lower() for part in value.split(","))
    if name == "organisation":
        found = find_organisation(reader, value)
        return (found.slug.casefold(),)
    if name == "untrained_only":
        return 100
    if name == "no_instructions":
        return False
    if name == "pooling":
        return (find_term(reader, value, "pooling"),)
    if name == "base":
        # It raises an error that suggests names where no base has this one.
        matching_models(reader, Filter(base=value))
        return value.casefold()
    if name == "released_since":
        return moment(value, now=reader.now, begins=True)[:10]
    return value


def row_properties(reader: Reader, row: LeaderboardRow) -> Properties:
    """What conditions compare of the model of a row."""
    now = row.model_now or row.model
    registered = read_registered_properties(reader).get(now, {})
    documented = _documented(reader)
    pooling: Iterable[str] = ()
    base: Iterable[str] = ()
    for name in dict.fromkeys((now, row.model)):
        more = documented.get(name, ((), ()))
        pooling, base = (*pooling, *more[0]), (*base, *more[1])
    # An address is a licence, though none that is known to allow commercial use.
    licence = row.licence or row.licence_link
    released = row.release_date
    publishers = read_publishers(reader)
    organisations = [row.organisation, now.partition("/")[0]]
    organisations += [slug for name in (row.model, now) for slug in publishers.slugs(name)]
    return Properties(
        parameters=row.parameters,
        memory_mb=registered.get("memory_usage_mb"),
        max_tokens=row.max_tokens,
        open_weights=row.open_weights,
        licence=licence,
        commercial=None if licence is None else licence in COMMERCIAL,
        organisation=tuple(dict.fromkeys(name.casefold() for name in organisations)),
        zero_shot_pct=row.zero_shot_pct,
        use_instructions=registered.get("use_instructions"),
        pooling=tuple(dict.fromkeys(pooling)),
        base=tuple(dict.fromkeys(base)),
        # Of a month or a year only its first day is sure.
        released=None if released is None else f"{released}-01-01"[:10],
    )


@memoised
def _documented(reader: Reader) -> Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Poolings and lower-case names of base models that are documented, by public id."""
    found: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    names = read_names(reader)
    for model, facts in read_facts(reader).items():
        poolings, bases = found[names[model].name]
        for fact in facts:
            if fact.value == NOT_DOCUMENTED:
                continue
            if fact.property == "pooling":
                poolings.append(fact.value)
            elif fact.property == "base_model":
                bases.append(fact.value.casefold())
    return {name: (tuple(p), tuple(b)) for name, (p, b) in found.items()}


def _amount(value: str | float, field: str, units: dict[str, float]) -> float:
    """A number with a unit, such as ``1B`` or ``4GB``, in the units of the catalog."""
    written = f"{value:f}" if isinstance(value, float) else str(value).strip()
    match = _NUMBER.fullmatch(written)
    unit = match[2].lower() if match else ""
    if match is None or unit not in units:
        raise UsageError(
            f"{field} cannot be {str(value)[:40]!r}",
            remedy="write a number with a unit, such as 600M or 4GB",
        )
    return float(match[1]) * units[unit]
