"""The leaderboard as it is published now, from its REST API (FastAPI, camelCase JSON).

Documents: ``benchmarks``, ``models``, ``tasks`` and one ``scores/<name>`` for each board.
Fields that this module does not know are ignored; one that it needs and does not find is an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, unquote, urlsplit

import orjson

from tracker.common.text import did_you_mean
from tracker.common.times import now_text
from tracker.errors import SourceError
from tracker.io.validators import Validators
from tracker.sources import FetchFailure
from tracker.sources._leaderboard_boards import parse_scores
from tracker.sources._leaderboard_lists import (
    BenchmarkInfo,
    TaskInfo,
    parse_benchmarks,
    parse_models,
    parse_tasks,
)
from tracker.sources.records import Fetched, SourceHeader, fetched

__all__ = [
    "HEADER",
    "BenchmarkInfo",
    "TaskInfo",
    "fetch",
    "judge",
    "open_session",
    "parse_benchmarks",
    "parse_models",
    "parse_scores",
    "parse_tasks",
    "public_url",
    "scores_url",
]

if TYPE_CHECKING:  # requests is heavy, and reading archived bytes does without it
    from tracker.io.http import Session
    from tracker.settings import Settings

HEADER = SourceHeader(
    id="leaderboard-api",
    title="MTEB leaderboard, live",
    licence="results CC0-1.0, metadata Apache-2.0",
    home="https://huggingface.co/spaces/mteb/leaderboard",
    politeness="one request at a time, conditional and gzipped, five a second at most",
    refresh_hours=24,
)
SECONDS_BETWEEN_REQUESTS = 0.2
FAILURES_IN_A_ROW = 5
"""After so many boards in a row the server is the problem, not the board: leave it in peace."""

KEPT_ROWS = 0.8
"""Boards grow; one that lost a fifth of its lines was answered from half-read results."""
TOP = 10
KEPT_TOP = 0.5
"""Models that were there before keep most of the first ten places among themselves.

Newcomers are left out of that: in the summer of 2026 they took six of the first ten places of
``MIEB(lite)`` within eleven weeks.
"""
OLD_TOP = 0.2
"""Newcomers that take nine or all of the first ten places are not newcomers, but other data."""
MORE_NULLS = 0.2
"""Missing scores get fewer; a jump means that the server has lost results, not that models have."""

_ID = HEADER.id
_STREAM_PATHS = {
    "benchmarks": "benchmarks?include_hidden=true",
    "models": "models",
    "tasks": "tasks",
}


def open_session(settings: Settings, **waiting: Any) -> Session:
    """The session for this source; ``waiting`` replaces its clock and sleep in tests."""
    from tracker.io.http import Session

    return Session(settings, source=_ID, pause=SECONDS_BETWEEN_REQUESTS, **waiting)


def fetch(
    session: Session,
    root_url: str,
    *,
    boards: Sequence[str],
    everything: bool = False,
    validators: Mapping[str, Validators] | None = None,
    last_benchmarks: bytes | None = None,
) -> Iterator[Fetched | FetchFailure]:
    """The lists of benchmarks, models and tasks, then the scores of each board.

    What fails is yielded as a :class:`FetchFailure` and the rest goes on, unless the host as a
    whole cannot be asked.

    Args:
        session: From :func:`open_session`.
        root_url: Root of the API, or a local folder that holds its gzipped answers.
        boards: Names of the boards to ask for.
        everything: Ask for every board in the list of benchmarks instead.
        validators: By URL, what the server said last time.
        last_benchmarks: The archived list of benchmarks. Without it the list is always asked for
            in full, because the names of the boards are needed even where the server says 304.
    """
    from tracker.io.http import HostUnavailableError, shown

    known = dict(validators or {})
    if last_benchmarks is None:
        known.pop(shown(f"{root_url.rstrip('/')}/{_STREAM_PATHS['benchmarks']}"), None)
    folder = _folder(root_url)
    if folder and not folder.is_dir():
        error = SourceError(_ID, "no such folder", place=root_url)
        yield FetchFailure("benchmarks", root_url, error)
        return
    get = _folder_reader(session, folder) if folder else _server_reader(session, root_url, known)
    names: list[str] | None = None
    for stream in _STREAM_PATHS:
        answer = get(stream)
        if stream == "benchmarks":
            body = answer.body if isinstance(answer, Fetched) else None
            names = _names(body or last_benchmarks)
        yield answer
        if isinstance(answer, FetchFailure) and isinstance(answer.error, HostUnavailableError):
            return
    failures = 0
    for name in dict.fromkeys(names or () if everything else boards):
        if names is not None and name not in names:
            error = SourceError(
                _ID, f"there is no board {name!r}", place=root_url, remedy=did_you_mean(name, names)
            )
            yield FetchFailure(f"scores/{name}", root_url, error)
            continue
        answer = get(f"scores/{name}")
        yield answer
        failures = failures + 1 if isinstance(answer, FetchFailure) else 0
        if isinstance(answer, FetchFailure) and (
            isinstance(answer.error, HostUnavailableError)
            or (failures >= FAILURES_IN_A_ROW and not folder)
        ):
            return


def _names(body: bytes | None) -> list[str] | None:
    """Board names for asking; a broken list is the plausibility gate's to report."""
    try:
        return [info.name for info in parse_benchmarks(body)] if body else None
    except SourceError:
        return None


def public_url(root_url: str, stream: str) -> str:
    """Where a document is on the server."""
    if stream.startswith("scores/"):
        return scores_url(root_url, stream.removeprefix("scores/"))
    return f"{root_url.rstrip('/')}/{_STREAM_PATHS[stream]}"


def scores_url(root_url: str, name: str) -> str:
    """Where a board's scores are; its whole name is one percent-encoded part of the path."""
    return f"{root_url.rstrip('/')}/benchmarks/{quote(name, safe='')}/scores"


def _server_reader(
    session: Session, root_url: str, validators: Mapping[str, Validators]
) -> Callable[[str], Fetched | FetchFailure]:
    from tracker.io.http import shown

    root = root_url.rstrip("/")

    def get(stream: str) -> Fetched | FetchFailure:
        kind, _, name = stream.partition("/")
        url = scores_url(root, name) if kind == "scores" else f"{root}/{_STREAM_PATHS[stream]}"
        public = shown(url)
        try:
            if kind == "scores" and name in (".", ".."):
                # Clients and servers fold these away even where they are percent-encoded.
                raise SourceError(_ID, f"{name!r} cannot be asked for as a board", place=public)
            waiting = kind == "benchmarks"
            answer = session.get(url, validators=validators.get(public), wake_up=waiting)
        except SourceError as error:
            return FetchFailure(stream, public, error)
        return fetched(stream, answer)

    return get


def _folder(root_url: str) -> Path | None:
    """The local folder that a root names, if it does not name a server."""
    if root_url.startswith("file://"):
        return Path(unquote(urlsplit(root_url).path))
    return None if re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", root_url) else Path(root_url)


def _folder_reader(session: Session, folder: Path) -> Callable[[str], Fetched | FetchFailure]:
    """Read recorded answers: ``<stream>.json.gz``, scores under their percent-encoded name."""
    from tracker.io.http import TruncatedError, gunzipped

    limit = session.settings.max_response_bytes

    def read(path: Path) -> bytes:
        with path.open("rb") as file:
            return b"".join(gunzipped(iter(lambda: file.read(1 << 16), b""), limit))

    def get(stream: str) -> Fetched | FetchFailure:
        kind, _, name = stream.partition("/")
        # Quoting leaves no slash, and the ending leaves no name that is a path of its own.
        place = folder / "scores" if kind == "scores" else folder
        path = place / f"{quote(name, safe='') if kind == 'scores' else stream}.json.gz"
        url = path.absolute().as_uri()
        try:
            body = read(path)
            if len(body) > limit:
                raise SourceError(
                    _ID,
                    f"larger than {limit:,} bytes",
                    place=str(path),
                    remedy="see TRACKER_MAX_RESPONSE_BYTES",
                )
        except TruncatedError as error:
            return FetchFailure(stream, url, SourceError(_ID, str(error), place=str(path)))
        except OSError as error:
            cause = error.strerror or "cannot be read"
            return FetchFailure(stream, url, SourceError(_ID, cause, place=str(path)))
        except SourceError as error:
            return FetchFailure(stream, url, error)
        return Fetched(stream, url=url, body=body, fetched_at=now_text())

    return get


def judge(
    stream: str,
    body: bytes,
    last_good: bytes | None,
    num_models: int | None = None,
    last_names: Sequence[str] = (),
) -> str | None:
    """Return why an answer is not plausible, or ``None`` if it is.

    Args:
        stream: Which document it is.
        body: The new answer.
        last_good: The last answer of this stream that was plausible.
        num_models: For scores, how many models the list of benchmarks counts on the board.
        last_names: For scores of which no last answer is at hand, the models that the catalog
            lists on the board, best first: a catalog may begin with bundled data.

    Raises:
        SourceError: The answer cannot be read.
    """
    read = _READERS.get(stream, _scored_names)
    new = read(body)
    try:
        old = read(last_good) if last_good else _Shape(last_names)
    except SourceError:  # written by an older parser's rules: nothing to compare with
        old = None
    if not new.names:
        if old and old.names:
            return f"no rows, but {len(old.names)} last time"
        if num_models:
            return f"no rows, but the list of benchmarks counts {num_models} models"
        return None if stream.startswith("scores/") else "no entries"
    if not old or not old.names:
        return None
    if len(new.names) < KEPT_ROWS * len(old.names):
        return f"only {len(new.names)} rows, but {len(old.names)} last time"
    if not stream.startswith("scores/"):
        return None
    return _moved(new, old) or _lost(new, old)


class _Shape(NamedTuple):
    """What the plausibility of an answer depends on."""

    names: Sequence[str]
    """Models in rank order, or names of a list's entries."""
    tasks: frozenset[int] = frozenset()
    """Positions of the tasks that any model has a score for."""
    scores: int = 0

    @property
    def nulls(self) -> float:
        """Share of missing scores."""
        cells = len(self.tasks) * len(self.names)
        return 1 - self.scores / cells if cells else 0.0


def _moved(new: _Shape, old: _Shape) -> str | None:
    """Whether other models lead a board than a board's ordinary life explains."""
    listed, before = set(new.names), set(old.names)
    top = old.names[:TOP]
    stayed = sum(name in listed for name in top)
    if stayed < KEPT_TOP * len(top):
        return f"only {stayed} of the first {len(top)} models of last time are still listed"
    if min(len(new.names), len(old.names)) >= TOP:
        same = len(set(top) & set(new.names[:TOP]))
        if same < OLD_TOP * TOP:
            return f"only {same} of the first {TOP} models are those of last time"
    if new.tasks == old.tasks:  # other tasks, other ranks
        ahead = [name for name in new.names if name in before][: len(top)]
        same = len(set(top) & set(ahead))
        if same < KEPT_TOP * len(top):
            return f"newcomers aside, only {same} of the first {len(top)} models stayed there"
    return None


def _lost(new: _Shape, old: _Shape) -> str | None:
    """Whether scores are missing that were there."""
    if not old.tasks:
        return None
    if new.tasks == old.tasks:
        if new.nulls > old.nulls + MORE_NULLS:
            return f"{new.nulls:.0%} of the scores are missing, but {old.nulls:.0%} last time"
    elif new.scores < KEPT_ROWS * old.scores:  # a task without any score leaves the task list
        return f"only {new.scores} scores, but {old.scores} last time"
    return None


def _scored_names(body: bytes) -> _Shape:
    state = parse_scores(body)
    names = [listing.model for listing in state.standing.listings]
    tasks = {
        position
        for row in state.rows
        for position, score in enumerate(orjson.loads(row.task_scores or "[]"))
        if score is not None
    }
    return _Shape(names, frozenset(tasks), sum(row.n_tasks or 0 for row in state.rows))


_READERS: dict[str, Callable[[bytes], _Shape]] = {
    "benchmarks": lambda body: _Shape([info.name for info in parse_benchmarks(body)]),
    "models": lambda body: _Shape([record.listing.model for record in parse_models(body)]),
    "tasks": lambda body: _Shape([info.name for info in parse_tasks(body)]),
}
