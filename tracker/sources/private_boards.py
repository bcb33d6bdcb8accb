"""Source of a team's private boards: descriptions and result files on this machine.

Each board is a stream; ``--from`` names the description of a new one. Without it every known board
is read again. A board is computed when it is loaded, in a series of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from tracker.common.text import bare_name, did_you_mean, enumerated
from tracker.common.times import moment_after, now_text
from tracker.errors import NotFoundError, SourceError
from tracker.sources import FetchFailure
from tracker.sources._private_board import (
    ID,
    PREFIX,
    REMOVED,
    PrivateBoard,
    PrivateResult,
    parse,
    read_description,
    read_document,
)
from tracker.sources.records import Fetched, SourceHeader

__all__ = [
    "HEADER",
    "PREFIX",
    "REMOVED",
    "PrivateBoard",
    "PrivateResult",
    "PublicNames",
    "board_names",
    "parse",
    "refresh",
    "remove",
]

if TYPE_CHECKING:
    from tracker.sources.protocol import ArchivedDocument
    from tracker.sources.runs import FetchReport, Run

HEADER = SourceHeader(
    id=ID,
    title="Private boards",
    licence="your own",
    home="https://embeddings-benchmark.github.io/mteb/",
    politeness="no request at all: files of this machine are read",
    refresh_hours=24 * 365,
)


class PublicNames(NamedTuple):
    """Names of the public data, which a private board must not take."""

    tasks: frozenset[str]
    models: frozenset[str]
    boards: frozenset[str]
    """Names, titles and slugs, as :func:`tracker.common.text.bare_name` compares them."""


def refresh(run: Run) -> FetchReport:
    """Archive a new board, or all known boards again.

    Raises:
        SourceError: The named description is wrong, or no known board can be read.
    """
    run.require_no_days(HEADER)
    known = _known(run)
    if run.options.location:
        answers: Iterable[Fetched | FetchFailure] = [_read(Path(run.options.location), None, run)]
    else:
        answers = (_read_again(name, document, run) for name, document in known.items())
    return run.keep_all(HEADER, answers)


def remove(name: str, run: Run) -> None:
    """Archive that a board was removed; its earlier states stay in the archive.

    Raises:
        NotFoundError: There is no such private board.
    """
    document = _known(run).get(name)
    if document is None:
        remedy = did_you_mean(name, _known(run), "there is none")
        raise NotFoundError(f"no private board called {name!r}", remedy=remedy)
    run.keep_all(HEADER, [Fetched(name, document.url, REMOVED, _moment(name, run))])


def board_names(run: Run) -> Sequence[str]:
    """Return the names of the private boards that were not removed."""
    return sorted(_known(run))


def _known(run: Run) -> dict[str, ArchivedDocument]:
    """Return the newest document of each board that was not removed, by name."""
    return {
        name: document
        for name, document in run.archive.latest(ID).items()
        if run.archive.read(document.sha256) != REMOVED
    }


def _read_again(name: str, document: ArchivedDocument, run: Run) -> Fetched | FetchFailure:
    """Read a known board; if that fails, its last good state stays."""
    try:
        return _read(Path(unquote(urlsplit(document.url).path)), name, run)
    except SourceError as error:
        return FetchFailure(name, document.url, error)


def _read(path: Path, name: str | None, run: Run) -> Fetched:
    """Read and check a board.

    Args:
        path: The description.
        name: The name that it must have; ``None``: any.
        run: The fetch.

    Raises:
        SourceError: The board is wrong, or takes a public name.
    """
    limit = run.settings.max_response_bytes
    board = read_description(path, limit)
    if name is not None and board.slug != name:
        raise SourceError(ID, f"the board is now called {board.slug!r}", place=str(path))
    _require_own_names(board, run.wanted.public_names(), str(path))
    body = read_document(path, limit)
    parse(body, str(path))
    return Fetched(board.slug, path.resolve().as_uri(), body, _moment(board.slug, run))


def _moment(name: str, run: Run) -> str:
    """Return now, or the second after the board was seen last: a later state has a later moment."""
    seen = [seen.seen_at for seen in run.archive.observations(ID) if seen.stream == name]
    return max([now_text(), *map(moment_after, seen)])


def _require_own_names(board: PrivateBoard, public: PublicNames, place: str) -> None:
    """Check a board's names against the public data.

    Raises:
        SourceError: A task, a board or a declared model is public, or another model is unknown.
    """
    folded = {task.casefold() for task in public.tasks}
    if taken := [task for task in board.edition.tasks if task.casefold() in folded]:
        remedy = "name private tasks differently"
        raise SourceError(
            ID, f"public tasks are called {enumerated(taken)}", place=place, remedy=remedy
        )
    for called in (board.slug, *board.title):
        if bare_name(called) in public.boards:
            remedy = "name the private board differently"
            raise SourceError(
                ID, f"a public board is called {called!r}", place=place, remedy=remedy
            )
    own = {record.listing.model for record in board.own}
    if taken := sorted(own & public.models):
        remedy = "leave out own: true"
        raise SourceError(ID, f"{taken[0]} is a public model", place=place, remedy=remedy)
    for model in sorted(board.revisions.keys() - own - public.models):
        remedy = did_you_mean(model, public.models, "write own: true for a model of your own")
        raise SourceError(ID, f"unknown model {model}", place=place, remedy=remedy)
