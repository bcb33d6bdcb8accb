"""Source of all published raw scores: the results repository and its history.

The path of a result file is ``results/<org>__<name>/<revision>/<Task>.json``, with
``model_meta.json`` in the same folder; variants of a model are below ``<revision>/experiments/``.
Until mid-August 2024 the folders had no organisation. The clone is the archive: a folder without
history, for example a download of the Hub's dataset, is stored in it as a commit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from heapq import merge
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import orjson

from tracker.common.times import now_text
from tracker.errors import SourceError
from tracker.git import clone as git
from tracker.git import history
from tracker.git import reading as git_reading
from tracker.git.line import read_seconds
from tracker.sources._result_formats import (
    MainMetrics,
    ResultScores,
    UnknownMetricError,
    parse_scores,
    read_json,
    require_names,
)
from tracker.sources.contracts import check_bytes
from tracker.sources.records import SourceHeader

__all__ = ["MainMetrics", "ResultScores", "UnknownMetricError", "parse_scores"]

if TYPE_CHECKING:
    from tracker.sources.runs import FetchReport, Run

HEADER = SourceHeader(
    id="result-files",
    title="MTEB results repository",
    licence="CC0-1.0",
    home="https://github.com/embeddings-benchmark/results",
    politeness="one git fetch a run",
    refresh_hours=24,
    keeps_history=True,
)
FOLDER = "results"
STREAM = "results"

Kind = Literal["scores", "metadata", "other"]
_FILE = re.compile(r"results/[^/]+/[^/]+(?:/experiments/[^/]+)?/[^/]+\.json")
_METADATA = "/model_meta.json"
_FOLDER = re.compile(r"results/([^/]+)/([^/]+)(?:/experiments/([^/]+))?")
_CHECKED_FILES = 20
"""New files of a fetch that are checked against the recorded shape."""
_PROSE = {"loader", "citation", "contacts"}


class Moment(NamedTuple):
    """One state of the repository: a published commit, or an observed folder."""

    at: str
    commit: str
    message: str | None
    """First line of the commit message; ``None`` for a folder without history."""


class Change(NamedTuple):
    """The changes of one moment, relative to the moment before."""

    moment: Moment
    files: dict[str, str | None]
    """Blob by path; ``None`` if the file was removed."""


class FolderName(NamedTuple):
    """Parts of the path of a folder."""

    model: str
    """Folder of the model: ``org__name``, or a bare name from before August 2024."""
    revision: str
    experiment: str | None


class ModelMetadata(NamedTuple):
    """Content of a ``model_meta.json``."""

    name: str | None
    revision: str | None
    experiment: dict[str, Any]
    """Settings of an experiment, including those without a value; empty for the model itself."""
    properties: dict[str, Any]
    """All fields except prose."""


ReadBlobs = Callable[[Sequence[str]], Iterator[tuple[str, bytes | None]]]
"""Yields id and bytes of blobs in the given order; ``None`` if the clone lacks the object."""


def kind_of(path: str) -> Kind:
    """Return the kind of a file from its path."""
    if not _FILE.fullmatch(path):
        return "other"
    return "metadata" if path.endswith(_METADATA) else "scores"


def folder_name(path: str) -> FolderName | None:
    """Parse the path of a folder; ``None`` for a folder without results."""
    match = _FOLDER.fullmatch(path)
    return FolderName(*match.groups()) if match else None


def parse_metadata(body: bytes, place: str) -> ModelMetadata:
    """Parse a ``model_meta.json``; it is written by Python and may have ``Infinity``.

    Raises:
        SourceError: It is not a JSON object, or cannot be stored.
    """
    fields = read_json(body, place, _stored_integer)
    if not isinstance(fields, dict):
        raise SourceError(HEADER.id, "not a JSON object", place=place)
    try:
        orjson.dumps(fields)
    except orjson.JSONEncodeError as error:
        raise SourceError(HEADER.id, f"cannot be stored: {error}", place=place) from None
    varied = fields.get("experiment_kwargs")
    named = (fields.get("name"), fields.get("revision"))
    name, revision = (told if isinstance(told, str) else None for told in named)
    require_names([name or "", revision or ""], place)
    experiment = varied if isinstance(varied, dict) else {}
    properties = {field: value for field, value in fields.items() if field not in _PROSE}
    return ModelMetadata(name, revision, experiment, properties)


def _stored_integer(digits: str) -> int | float:
    # Tokenizers without a limit declare a number of thirty digits.
    return int(digits) if len(digits) < 20 and abs(int(digits)) < 1 << 63 else float(digits)


def update(
    location: str,
    clone: Path,
    *,
    seen_at: str,
    since: str | None = None,
    until: str | None = None,
) -> None:
    """Bring the clone up to date with a repository, or add the present state of a plain folder.

    Args:
        location: URL or path of a repository or bundle, or path of a plain folder.
        clone: Folder of the clone.
        seen_at: When a plain folder was observed.
        since: First moment to load.
        until: Last moment to load.

    Raises:
        SourceError: It cannot be reached or read; an existing clone stays as it was.
    """
    if is_plain_folder(location):
        git.observe_folder(HEADER.id, Path(location), clone, FOLDER, seen_at)
    else:
        git.update_clone(HEADER.id, location, clone, FOLDER, home=HEADER.home)
    git.set_window(clone, since, until)


def refresh(run: Run) -> FetchReport:
    """Update the clone, and count the new moments of the repository."""
    from tracker.sources.runs import FetchReport

    location = run.options.location or run.settings.result_files_url
    if not is_plain_folder(location):
        run.require_no_moment(HEADER)
    run.forbid_outside(HEADER, location)
    clone = run.settings.clones / HEADER.id
    before = set(all_moments(clone))
    run.notify(f"{HEADER.id}: updating the clone from {location}")
    update(
        location,
        clone,
        seen_at=run.options.observed_at or now_text(),
        since=run.options.since,
        until=run.options.until,
    )
    found = set(all_moments(clone))
    report = FetchReport(HEADER.id, new=len(found - before), unchanged=len(found & before))
    if before and found - before:
        report.unknown |= dict.fromkeys(_unknown_fields(clone, max(before)))
    return report


def _unknown_fields(clone: Path, after: Moment) -> Iterator[str]:
    """Check the first files that came after a moment against their recorded shape.

    Single files without a needed field are usual, and reported by the load; where all of them
    lack it, the format has changed.

    Raises:
        SourceError: None of them has all needed fields.
    """
    blobs = [
        blob
        for change in _line_changes(clone, after)
        for path, blob in change.files.items()
        if blob is not None and kind_of(path) == "scores"
    ][:_CHECKED_FILES]
    failures: list[SourceError] = []
    with blob_reader(clone) as read:
        for _, body in read(blobs):
            try:
                yield from check_bytes(HEADER.id, FOLDER, body)
            except SourceError as error:
                failures.append(error)
    if blobs and len(failures) == len(blobs):
        raise failures[0]


def is_plain_folder(location: str) -> bool:
    """Return whether a location is a folder without history."""
    folder = Path(location)
    return folder.is_dir() and not ((folder / ".git").exists() or (folder / "HEAD").is_file())


def check(clone: Path) -> None:
    """Verify every object of the clone.

    Raises:
        SourceError: An object is damaged or missing.
    """
    git_reading.check_objects(HEADER.id, clone)


def window(clone: Path) -> tuple[str | None, str | None]:
    """Return the first and last moment that the last fetch asked for."""
    return git.window(clone)


def moments(clone: Path) -> list[Moment]:
    """Return the moments of ``changes``, of the whole history and without files, oldest first.

    Raises:
        SourceError: The clone lacks history.
    """
    latest = ""
    found: list[Moment] = []
    heads = _line(clone)
    for step in history.commit_times(HEADER.id, clone, FOLDER, heads, home=HEADER.home):
        latest = max(latest, step.committed_at)
        found.append(Moment(latest, step.id, step.message))
    found += [_observed(clone, head).moment for head in git.observed_heads(HEADER.id, clone)]
    found.sort(key=lambda moment: moment.at)
    return list({moment.at: moment for moment in found}.values())


def within(found: Sequence[Moment], since: str | None, until: str | None) -> list[Moment]:
    """Choose the moments of a time span, with its first and last moment."""
    return [
        moment
        for moment in found
        if (since is None or moment.at >= since) and (until is None or moment.at <= until)
    ]


def all_moments(clone: Path) -> list[Moment]:
    """Return the moments within the window of the last fetch; none if there is no clone."""
    return within(moments(clone), *window(clone)) if (clone / "HEAD").is_file() else []


def changes(
    clone: Path, since: str | None, until: str | None, *, after: Moment | None = None
) -> Iterator[Change]:
    """Yield the changes of the repository, oldest first.

    The history of the newest head counts. Commits of one second are one moment, and a commit whose
    clock was behind its predecessor has the time of the predecessor.

    Args:
        clone: Folder of the clone.
        since: First moment; earlier changes are part of it.
        until: Last moment.
        after: Yield only what follows this commit; no folder may have been observed after it.

    Raises:
        SourceError: The clone lacks history.
    """
    found = _line_changes(clone, after)
    if after is None:
        observed = [_observed(clone, head) for head in git.observed_heads(HEADER.id, clone)]
        if observed:
            found = _with_observed(found, sorted(observed, key=lambda change: change.moment))
    yield from _joined(found, since, until)


def _line(clone: Path) -> list[str]:
    """Return the head whose history counts; an empty list if only folders were observed.

    Of several heads of separate histories this is the newest one, so that a mirror which lags
    behind removes nothing.
    """
    kept = git_reading.kept_heads(HEADER.id, clone)
    if len(kept) > 1:
        kept = [
            head
            for head in kept
            if not any(git_reading.is_ancestor(clone, head, o) for o in kept if o != head)
        ]
    if len(kept) > 1:
        tracked = git_reading.head(HEADER.id, clone)
        dates = git_reading.run(
            HEADER.id,
            ["show", "--no-patch", "--no-show-signature", "--format=%ct", *kept],
            place=str(clone),
            clone=clone,
        ).splitlines()
        seconds = [read_seconds(date.decode()) or 0 for date in dates]
        return [max(zip(seconds, (head == tracked for head in kept), kept, strict=True))[-1]]
    return kept


def _line_changes(clone: Path, after: Moment | None) -> Iterator[Change]:
    latest = after.at if after else ""
    start = after.commit if after else None
    heads = _line(clone)
    found = history.commits(HEADER.id, clone, FOLDER, heads, home=HEADER.home, after=start)
    for commit in found:
        latest = max(latest, commit.committed_at)
        yield Change(Moment(latest, commit.id, commit.message), dict(commit.changes))


def _observed(clone: Path, head: str) -> Change:
    (commit,) = history.commits(HEADER.id, clone, FOLDER, [head], home=HEADER.home)
    return Change(Moment(commit.committed_at, commit.id, None), dict(commit.changes))


def _with_observed(line: Iterator[Change], observed: Sequence[Change]) -> Iterator[Change]:
    """Merge the changes of the history with observed folders."""
    line_state: dict[str, str | None] = {}
    shown: dict[str, str | None] | None = None
    """Set while the state is that of an observed folder, not of the history."""
    ordered = merge(
        ((False, change) for change in line),
        ((True, change) for change in observed),
        key=lambda item: (item[1].moment.at, item[0]),
    )
    for is_observed, change in ordered:
        moment = change.moment
        before = line_state if shown is None else shown
        if is_observed:
            yield Change(moment, _difference(before, change.files))
            shown = change.files
            continue
        _apply(line_state, change.files)
        yield change if shown is None else Change(moment, _difference(before, line_state))
        shown = None


def _apply(state: dict[str, str | None], files: dict[str, str | None]) -> None:
    for path, blob in files.items():
        if blob is None:
            state.pop(path, None)
        else:
            state[path] = blob


def _difference(
    before: dict[str, str | None], after: dict[str, str | None]
) -> dict[str, str | None]:
    """Return the changes from one state to another."""
    changed: dict[str, str | None] = dict.fromkeys(before.keys() - after.keys())
    changed.update({path: blob for path, blob in after.items() if before.get(path) != blob})
    return changed


def _joined(found: Iterator[Change], since: str | None, until: str | None) -> Iterator[Change]:
    """Join the changes of one second, and all changes before the window."""
    waiting: Change | None = None
    for change in found:
        if until and change.moment.at > until:
            break
        if waiting is not None:
            before = waiting.moment.at
            if before == change.moment.at or (since and before < since):
                waiting.files.update(change.files)
                change = Change(change.moment, waiting.files)
            else:
                yield waiting
        waiting = change
    if waiting is not None and not (since and waiting.moment.at < since):
        yield waiting


@contextmanager
def blob_reader(clone: Path) -> Iterator[ReadBlobs]:
    """Open a reader for all blobs of a load; two git processes unpack them in parallel."""
    with git_reading.BlobReader(HEADER.id, clone, processes=2) as reader:
        yield reader.read
