"""Plain records that sources yield and the catalog stores; they know nothing of either."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import orjson

from tracker.common.times import now_text
from tracker.errors import SourceError

if TYPE_CHECKING:  # reading archived bytes needs no network library
    from tracker.io.http import Response

Unit = Literal["percent", "fraction"]

LONGEST_NAME = 500
"""Characters of a name of a model, task, board or language; the Hub allows 96 + 1 + 96, and other
publishers somewhat longer names."""
LONGEST_LABEL = 2000
"""Bytes of a label with its link; PostgreSQL has no keys of more than 2,704."""
NAME_PATTERN = r"^[^\0]*\Z"
"""Pattern of names, for libraries that check the length; see :func:`are_names`."""


def are_names(texts: Collection[str]) -> bool:
    """Whether all texts can be names: not too long, and without NUL, which databases end at."""
    return max(map(len, texts), default=0) <= LONGEST_NAME and "\0" not in "".join(texts)


def is_label(label: str, link: str = "") -> bool:
    """Whether a text can be the label of a line, with its link."""
    return "\0" not in label + link and len(f"{label}{link}".encode()) <= LONGEST_LABEL


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
    ended: bool = False
    """Whether the publisher has stopped updating it."""
    keeps_history: bool = False
    """Whether a later fetch brings what was published on days without a fetch."""


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
    unknown: tuple[str, ...] = ()
    """Fields of the answer that the recorded shape of the source lacks."""


def fetched(stream: str, response: Response) -> Fetched:
    """Return a server's response as a document of the stream ``stream``."""
    return Fetched(
        stream,
        url=response.url,
        body=response.body,
        fetched_at=response.fetched_at,
        etag=response.etag,
        last_modified=response.last_modified,
        final_url=response.final_url,
    )


def refusal(stream: str, url: str, error: SourceError) -> Fetched | None:
    """Return a document that records a final refusal of a server; ``None`` for other failures."""
    if not error.final or error.status is None or error.status < 400:
        return None
    return Fetched(stream, url, orjson.dumps({"status": error.status}), now_text())


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
    points: tuple[float, ...] | None = None
    """Borda points; ``None`` where the source gives none."""


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
