"""Plain records that sources yield and the catalog stores; they know nothing of either."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, NamedTuple

Unit = Literal["percent", "fraction"]
Progress = Callable[[str, int, int], None]
"""Called during long work with its name, the amount done, and the total (0: unknown)."""

NOT_DOCUMENTED = "not-documented"
"""The value of a property of a model that was looked for and is not published."""


def silent(_what: str, _done: int, _total: int) -> None:
    """Ignore progress."""


def utc_text(moment: datetime) -> str:
    """A moment as the tracker writes it: ``YYYY-MM-DDTHH:MM:SSZ``, which sorts as text."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def epoch_text(seconds: int) -> str:
    """Seconds since 1970 as the tracker writes a moment."""
    return utc_text(datetime.fromtimestamp(seconds, UTC))


def now_text() -> str:
    """The present moment as the tracker writes it."""
    return utc_text(datetime.now(UTC))


def end_of_day(day: date) -> str:
    """The last second of a UTC day: what a date means when it is asked for."""
    return f"{day.isoformat()}T23:59:59Z"


def moment_before(moment: str) -> str:
    """One second before a moment: the last one of an interval that ends there."""
    return utc_text(datetime.fromisoformat(moment) - timedelta(seconds=1))


@dataclass(frozen=True, slots=True)
class SourceHeader:
    """What everybody should know of a source before they use it."""

    id: str
    title: str
    licence: str
    home: str
    politeness: str
    refresh_hours: int
    """How often the source is worth asking; twice this without success counts as late."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server told us last time, for a conditional request."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """One answer of a source: raw bytes and where and when they come from."""

    stream: str
    """Which document of the source this is, for example ``scores/MTEB(eng, v2)``."""
    url: str
    body: bytes | None
    """The bytes as they were sent, content encoding removed; ``None`` where the server said 304."""
    fetched_at: str
    etag: str | None = None
    last_modified: str | None = None
    server: str | None = None
    """Who answered instead of the publisher's own server, where it was another one."""
    final_url: str | None = None
    """The address that answered, where a redirect led to another one."""


class Edition(NamedTuple):
    """A board with one exact task list. A changed task list is another edition."""

    source: str
    name: str
    """``MTEB(eng, v2)``, ``published/en`` or, for one task type of it, ``published/en/STS``."""
    unit: Unit
    n_tasks: int
    tasks: tuple[str, ...]
    """Sorted task names; empty where the source prints only how many there are."""
    task_types: tuple[tuple[str, int], ...]
    """Task types with their number of tasks where the source says it, in the board's order."""


class Listing(NamedTuple):
    """A line's label as its source prints it, and the model it stands for."""

    model: str
    """Public id ``org/name``."""
    label: str
    link: str


class BoardRow(NamedTuple):
    """The values of one line of a board, without its rank and without model metadata."""

    listing: Listing
    mean_task: float | None
    mean_task_type: float | None
    mean_public: float | None
    mean_private: float | None
    task_types: str
    """JSON object: mean by task type, in the edition's unit; missing types are left out."""
    task_scores: str | None
    """JSON array in the order of ``Edition.tasks``, null where missing; ``None`` if not given."""
    n_tasks: int | None
    """How many of the edition's tasks have a score; ``None`` where the source does not say."""
    zero_shot_pct: int | None
    """Percent of tasks not trained on; ``-1`` where the model declares nothing."""
    trained_on: str | None
    """JSON array of the board's tasks that the model was trained on; ``None`` if not given."""


class Standing(NamedTuple):
    """Which lines are ranked, and how: one value that changes with every newcomer."""

    listings: tuple[Listing, ...]
    ranks: tuple[int, ...] | None
    """``None`` where the ranks are simply 1, 2, 3 …"""


class ModelRecord(NamedTuple):
    """What a source says of a model, apart from scores, as canonical JSON."""

    listing: Listing
    properties: str


class BoardState(NamedTuple):
    """A whole board as it stood at one moment."""

    edition: Edition
    rows: tuple[BoardRow, ...]
    standing: Standing
    records: tuple[ModelRecord, ...]
