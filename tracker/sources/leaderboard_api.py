"""The leaderboard as it is published now, from its REST API (FastAPI, camelCase JSON).

Documents: ``benchmarks``, ``models``, ``tasks`` and one ``scores/<name>`` for each board.
Fields that this module does not know are ignored; one that it needs and does not find is an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

from tracker.common.text import did_you_mean
from tracker.common.times import now_text
from tracker.errors import SourceError
from tracker.io.validators import Validators
from tracker.sources import FetchFailure
from tracker.sources._leaderboard_boards import parse_scores
from tracker.sources._leaderboard_gate import Gate, judge
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
    "refresh",
    "scores_url",
]

if TYPE_CHECKING:  # requests is heavy, and reading archived bytes does without it
    from tracker.io.http import Session
    from tracker.settings import Settings
    from tracker.sources.runs import FetchReport, Run

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

ANOTHER_SERVER = "another server"
"""Recorded if the server of an imported copy is not given."""

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


def refresh(run: Run) -> FetchReport:
    """Fetch the lists and boards, and archive each answer as accepted or rejected."""
    from tracker.sources.runs import FetchReport

    run.require_no_days(HEADER)
    settings = run.settings
    root = run.options.location or settings.leaderboard_api_url
    run.forbid_outside(HEADER, root)
    gate = Gate(HEADER, run)
    report = FetchReport(_ID)
    answers = fetch(
        open_session(settings),
        root,
        boards=settings.leaderboard_api_boards,
        everything=run.options.everything,
        validators=gate.validators(),
        last_benchmarks=gate.benchmarks,
    )
    for answer in answers:
        run.notify(f"{_ID}: {answer.stream}")
        if isinstance(answer, FetchFailure):
            report.failures.append(answer.error)
        else:
            gate.take(_as_published(run, answer), report)
    is_anything_taken = report.new or report.unchanged or report.rejected or report.withheld
    if report.failures and not is_anything_taken:
        raise report.failures[0]
    return report


def _as_published(run: Run, answer: Fetched) -> Fetched:
    """Return an answer with its public address and its server."""
    from tracker.git.clone import is_outside

    public_root = run.settings.leaderboard_api_url
    root = run.options.location or public_root
    if not is_outside(root):
        # A local copy is recorded under the address of the public document.
        answer = replace(answer, url=public_url(public_root, answer.stream))
    # Another address may be another server than the public one.
    is_other = root.rstrip("/") != public_root.rstrip("/")
    server = run.options.server or (ANOTHER_SERVER if is_other else None)
    return replace(answer, server=server) if server is not None else answer


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
