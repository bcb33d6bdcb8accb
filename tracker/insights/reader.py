"""The open catalog: connection, editions, raw scores, and a cache of earlier reads."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, wraps
from pathlib import Path
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

from sqlalchemy import Connection

from tracker.answers.boards import EditionInfo
from tracker.catalog.results.raw_scores import RawScores
from tracker.common.times import When, moment, now_text
from tracker.insights.boards.editions import EditionIndex, read_editions

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Folders(NamedTuple):
    """Where files lie that questions about suspect scores read beside the catalog."""

    results: Path
    """Clone of the results repository."""
    scans: Path
    """Cache of what was found in its files."""
    curated: Path
    """Folder of the curated knowledge."""
    archive: Path
    """The archive, with the record of the last runs."""


class Reader:
    """An open catalog.

    An open catalog is one state, asked at one moment, so what was read once stays true until it is
    closed.
    """

    def __init__(
        self, connection: Connection, now: str | None = None, folders: Folders | None = None
    ) -> None:
        """Read through a connection.

        Args:
            connection: An open connection to the catalog; the caller closes it.
            now: The moment at which questions are asked; the present one by default.
            folders: Where other files are; without them suspect scores cannot be asked for.
        """
        self.connection = connection
        self.now = now or now_text()
        self.folders = folders
        self.memo: dict[Callable[..., Any], dict[object, Any]] = {}
        """Answers by the function that read them and its arguments; see ``memoised``."""

    @cached_property
    def editions(self) -> EditionIndex:
        """All editions, by what people call them."""
        return read_editions(self.connection)

    @cached_property
    def raw_scores(self) -> RawScores:
        """Raw scores of boards, each read when it is first asked for."""
        return RawScores(self.connection)

    def moment(self, board: str | EditionInfo, as_of: When) -> str:
        """Convert a date that is asked of a board to a moment.

        Without a date it is now; for an edition without a present state, its last moment.
        """
        if as_of is None and isinstance(board, EditionInfo):
            return self.editions.ended.get(board.slug, self.now)
        return moment(as_of, now=self.now)


def memoised(
    read: Callable[Concatenate[Reader, _P], _T],
) -> Callable[Concatenate[Reader, _P], _T]:
    """Remember the answers of a function for as long as its reader lives.

    Arguments must be hashable, and callers must not change an answer.
    """

    @wraps(read)
    def remembered(reader: Reader, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        answers = reader.memo.setdefault(read, {})
        key = (args, *kwargs.items())
        if key not in answers:
            answers[key] = read(reader, *args, **kwargs)
        answer: _T = answers[key]
        return answer

    return remembered
