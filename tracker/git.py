"""Bulk reading of a git repository: first-parent history and many blobs in one process.

A clone is the archive of a git source. It is bare, and each head that was ever seen is kept
under ``refs/tracker/``, so that a force-pushed history upstream loses nothing here.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import IO
from urllib.parse import urlsplit

from tracker.errors import SourceError
from tracker.records import epoch_text

_TIMEOUT_SECONDS = 900
# Nobody is there to type a password, and a configured helper must not open a window.
_ENVIRONMENT = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",
    "GIT_SSH_COMMAND": "ssh -oBatchMode=yes -oConnectTimeout=10",
    "LC_ALL": "C",
}


@dataclass(frozen=True, slots=True)
class FileVersion:
    """One file as one first-parent commit left it."""

    path: str
    blob: str | None
    """Object id of the content; ``None`` where the commit removed the file."""
    commit: str
    committed_at: str
    message: str


def is_local(location: str) -> bool:
    """Whether a location is a path on this machine rather than an address."""
    return not urlsplit(location).scheme and ":" not in location.split("/", 1)[0]


def _run(source: str, arguments: list[str], *, place: str, cwd: Path | None = None) -> bytes:
    try:
        done = subprocess.run(
            ["git", *arguments],
            cwd=cwd,
            env=os.environ | _ENVIRONMENT,
            capture_output=True,
            timeout=_TIMEOUT_SECONDS,
            check=False,
        )
    except FileNotFoundError:
        raise SourceError(
            source, "git is not installed", place=place, remedy="install git"
        ) from None
    except subprocess.TimeoutExpired:
        raise SourceError(
            source, f"git {arguments[0]} gave no answer in {_TIMEOUT_SECONDS} s", place=place
        ) from None
    if done.returncode:
        raise SourceError(source, _complaint(done.stderr), place=place)
    return done.stdout


def _complaint(stderr: bytes) -> str:
    """The one line of git's talk that says what is wrong."""
    lines = [line for line in stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    fatal = [line for line in lines if line.startswith(("fatal:", "error:"))]
    return (fatal or lines or ["git failed without a word"])[0].removeprefix("fatal: ")


def update_clone(source: str, location: str, clone: Path) -> str:
    """Clone ``location`` into ``clone``, or bring an existing clone up to date.

    Args:
        source: Id of the source, for messages.
        location: URL or path of a repository (bare or not) or of a bundle.
        clone: Folder of the bare clone.

    Returns:
        Object id of the branch head that was read.

    Raises:
        SourceError: The repository cannot be reached or read; an existing clone is unharmed.
    """
    origin = str(Path(location).resolve()) if is_local(location) else location
    if is_local(location) and not Path(origin).exists():
        raise SourceError(source, "no such file or folder", place=location)
    if not (clone / "HEAD").is_file():
        _clone(source, origin, clone)
    head = _fetch_head(source, origin, clone)
    _run(source, ["update-ref", f"refs/tracker/heads/{head}", head], place=origin, cwd=clone)
    _run(source, ["update-ref", "refs/heads/tracked", head], place=origin, cwd=clone)
    for older in kept_heads(source, clone):
        if older != head and is_ancestor(clone, older, head):
            _run(
                source, ["update-ref", "-d", f"refs/tracker/heads/{older}"], place=origin, cwd=clone
            )
    return head


def kept_heads(source: str, clone: Path) -> list[str]:
    """Heads whose lines are kept: the present one, and those that a force-push upstream left."""
    listing = _run(
        source,
        ["for-each-ref", "--format=%(objectname)", "refs/tracker/heads/"],
        place=str(clone),
        cwd=clone,
    )
    return listing.decode().split()


def _clone(source: str, origin: str, clone: Path) -> None:
    # Built beside its place and renamed, so that a killed clone is never taken for a whole one.
    unfinished = clone.with_name(clone.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        unfinished.parent.mkdir(parents=True, exist_ok=True)
        _run(source, ["init", "--quiet", "--bare", str(unfinished)], place=origin)
        unfinished.replace(clone)
    except OSError as error:
        raise SourceError(source, error.strerror or str(error), place=str(clone)) from None


def _fetch_head(source: str, origin: str, clone: Path) -> str:
    # The default branch of the origin, whatever it is called; a bundle may lack HEAD.
    listing = _run(source, ["ls-remote", "--quiet", origin], place=origin).decode()
    refs: dict[str, str] = {}
    for line in listing.splitlines():
        object_id, _, name = line.partition("\t")
        if name:
            refs[name] = object_id
    for name in ("HEAD", "refs/heads/main", "refs/heads/master"):
        if name in refs:
            break
    else:
        branches = [name for name in refs if name.startswith("refs/heads/")]
        if not branches:
            raise SourceError(source, "the repository has no commits", place=origin)
        name = branches[0]
    _run(
        source,
        ["fetch", "--quiet", "--no-tags", "--force", origin, f"{name}:refs/tracker/incoming"],
        place=origin,
        cwd=clone,
    )
    return refs[name]


def head(source: str, clone: Path) -> str:
    """Object id of the commit that a clone was last brought to."""
    if not (clone / "HEAD").is_file():
        raise SourceError(source, "not fetched yet", remedy=f"run: tracker fetch {source}")
    return (
        _run(source, ["rev-parse", "refs/heads/tracked"], place=str(clone), cwd=clone)
        .decode()
        .strip()
    )


def file_versions(source: str, clone: Path, folder: str) -> list[FileVersion]:
    """Every version of every file below ``folder`` on the first-parent line, oldest first.

    A line that a force-push upstream abandoned was published all the same, and is read too.

    Args:
        source: Id of the source, for messages.
        clone: Folder of the clone.
        folder: Folder inside the repository.

    Raises:
        SourceError: The clone lacks history, for example because it is shallow.
    """
    if (clone / "shallow").is_file():
        raise SourceError(
            source,
            "the repository is shallow: its history is cut off",
            place=str(clone),
            remedy="fetch from a full clone",
        )
    log = _run(
        source,
        [
            "log",
            "--first-parent",
            "--reverse",
            "-m",
            "--raw",
            "--no-abbrev",
            "--no-renames",
            "-z",
            "--format=%x01%H %ct %s",
            *kept_heads(source, clone),
            "--",
            folder,
        ],
        place=str(clone),
        cwd=clone,
    )
    return list(_read_log(log))


def _read_log(log: bytes) -> Iterator[FileVersion]:
    commit = message = committed_at = ""
    fields = iter(log.decode("utf-8", "replace").split("\0"))
    for field in fields:
        text = field.lstrip("\n")
        if text.startswith("\x01"):
            commit, seconds, message = [*text[1:].split(" ", 2), ""][:3]
            committed_at = epoch_text(int(seconds))
        elif text.startswith(":"):
            _, new_mode, _, blob, _ = text.split(" ", 4)
            removed = new_mode == "000000"
            yield FileVersion(
                next(fields), None if removed else blob, commit, committed_at, message
            )


@contextmanager
def _batch(clone: Path, blobs: list[str]) -> Iterator[IO[bytes]]:
    process = subprocess.Popen(
        ["git", "cat-file", "--batch"],
        cwd=clone,
        # A partial clone must say "missing", not go out and ask its promisor blob by blob.
        env=os.environ | _ENVIRONMENT | {"GIT_NO_LAZY_FETCH": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=1 << 20,
    )
    assert process.stdin is not None and process.stdout is not None
    stdin = process.stdin

    def ask() -> None:
        try:
            with stdin:
                stdin.writelines(blob.encode() + b"\n" for blob in blobs)
        except (BrokenPipeError, ValueError):
            pass  # the reader stopped early and closed the pipe

    # A writer of its own: git would block on a full output pipe while we still write questions.
    writer = Thread(target=ask, daemon=True)
    writer.start()
    try:
        yield process.stdout
    finally:
        process.stdout.close()
        process.kill()
        process.wait()
        writer.join()


def read_blobs(source: str, clone: Path, blobs: list[str]) -> Iterator[tuple[str, bytes | None]]:
    """Stream many blobs through one git process, in the order asked for.

    Ask in history order: neighbouring versions share delta bases, which git keeps at hand.

    Yields:
        Object id and content; ``None`` where the clone does not have the object.
    """
    with _batch(clone, blobs) as output:
        for blob in blobs:
            header = output.readline().split()
            if len(header) < 2:
                raise SourceError(source, "git cat-file ended early", place=f"blob {blob}")
            if header[1] == b"missing":
                yield blob, None
                continue
            size = int(header[2])
            content = output.read(size)
            output.read(1)
            if len(content) != size:
                raise SourceError(source, "git cat-file ended early", place=f"blob {blob}")
            yield blob, content


def is_ancestor(clone: Path, older: str, newer: str) -> bool:
    """Whether ``older`` is part of the history of ``newer``."""
    done = subprocess.run(
        ["git", "merge-base", "--is-ancestor", older, newer],
        cwd=clone,
        env=os.environ | _ENVIRONMENT,
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


def check_objects(source: str, clone: Path) -> None:
    """Prove every object of a clone (``git fsck``).

    Raises:
        SourceError: Something is damaged.
    """
    _run(source, ["fsck", "--full", "--no-dangling", "--no-progress"], place=str(clone), cwd=clone)
