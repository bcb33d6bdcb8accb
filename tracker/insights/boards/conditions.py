"""Conditions that choose rows of a board; ranks stay those of all rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from tracker.answers.boards import Leaderboard, LeaderboardRow
from tracker.common.times import moment
from tracker.errors import UsageError
from tracker.insights.boards.board import read_board
from tracker.insights.boards.query import BoardQuery
from tracker.insights.boards.stored_state import read_registered_properties
from tracker.insights.methods.techniques import Filter, matching_models
from tracker.insights.reader import Reader

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

_Condition = Callable[[LeaderboardRow], bool]


def read_conditioned(reader: Reader, query: BoardQuery) -> Leaderboard:
    """Read a board with the rows that meet every condition of a question.

    Each row has its place among them beside its rank among all rows. A row whose value is unknown
    does not meet a condition on it.

    Raises:
        NotFoundError: There is no such board, or a condition names something that is not known.
        NoDataError: Nothing is known of the board for that moment.
        UsageError: A condition cannot be read.
    """
    conditions = list(_conditions(reader, query))
    if not conditions:
        return read_board(reader, query)
    whole = read_board(reader, replace(query, top=None))
    chosen = [row for row in whole.rows if all(meets(row) for meets in conditions)][: query.top]
    return replace(
        whole, rows=tuple(replace(row, place=place) for place, row in enumerate(chosen, 1))
    )


def _conditions(reader: Reader, query: BoardQuery) -> Iterable[_Condition]:
    yield from _of_size(reader, query)
    if query.open_weights:
        yield lambda row: row.open_weights is True
    if query.licence is not None:
        licences = {name.strip().lower() for name in query.licence.split(",")}
        yield lambda row: row.licence is not None and row.licence.lower() in licences
    if query.commercial:
        yield lambda row: row.licence is not None and row.licence.lower() in COMMERCIAL
    if query.organisation is not None:
        organisation = query.organisation.casefold()
        yield (
            lambda row: (
                organisation
                in (
                    row.organisation.casefold(),
                    (row.model_now or row.model).partition("/")[0].casefold(),
                )
            )
        )
    if query.untrained_only:
        yield lambda row: row.zero_shot_pct == 100
    if query.released_since is not None:
        first = moment(query.released_since, now=reader.now, begins=True)[:10]
        yield lambda row: (
            # Of a month or a year only its first day is sure.
            row.release_date is not None and f"{row.release_date}-01-01"[:10] >= first
        )
    if query.no_instructions:
        registered = read_registered_properties(reader)
        yield lambda row: registered.get(_name(row), {}).get("use_instructions") is False
    known = matching_models(reader, Filter(pooling=query.pooling, base=query.base))
    if known is not None:
        yield lambda row: _name(row) in known or row.model in known


def _of_size(reader: Reader, query: BoardQuery) -> Iterable[_Condition]:
    if query.max_parameters is not None:
        most = _amount(query.max_parameters, "max_parameters", _COUNTS)
        yield lambda row: row.parameters is not None and row.parameters <= most
    if query.max_memory is not None:
        megabytes = _amount(query.max_memory, "max_memory", _MEGABYTES)
        registered = read_registered_properties(reader)
        yield (
            lambda row: (
                (needed := registered.get(_name(row), {}).get("memory_usage_mb")) is not None
                and needed <= megabytes
            )
        )
    if query.min_context is not None:
        least = query.min_context
        yield lambda row: row.max_tokens is not None and row.max_tokens >= least


def _name(row: LeaderboardRow) -> str:
    return row.model_now or row.model


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
