"""Bulk reading of a git repository: first-parent history and many blobs in one process.

A clone is the archive of a git source. It is bare, and each head that was ever seen is kept
under ``refs/tracker/``, so that a force-pushed history upstream loses nothing here.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import unquote, urlsplit

from tracker.errors import SourceError
from tracker.records import epoch_text

_TIMEOUT_SECONDS = 900
# So many questions may wait for git. They fit into any pipe, so that neither side ever blocks the
# other: git is never without work, and no second thread has to write while we read.
_AHEAD = 48
# Nobody is there to type a password, and a configured helper must not open a window.
_ENVIRONMENT = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",
    "GIT_SSH_COMMAND": "ssh -oBatchMode=yes -oConnectTimeout=10",
    "LC_ALL": "C",
}
# A git hook, for one, sets these; they would turn every command here to another repository.
_FOREIGN = {
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
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


def _environment() -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
    return own | _ENVIRONMENT


def _command(clone: Path | None, *arguments: str) -> list[str]:
    # The folder is named: git would look for a repository around a damaged one, and find ours.
    return ["git", *([f"--git-dir={clone}"] if clone else []), *arguments]


def _local_path(location: str) -> Path | None:
    # Git itself reads no bundle from a file:// address.
    if location.startswith("file://"):
        return Path(unquote(urlsplit(location).path))
    return Path(location).resolve() if is_local(location) else None


def _run(
    source: str,
    arguments: list[str],
    *,
    place: str,
    clone: Path | None = None,
    stdin: bytes | None = None,
) -> bytes:
    try:
        done = subprocess.run(
            _command(clone, *arguments),
            env=_environment(),
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
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
        # What git fsck finds it tells on stdout.
        raise SourceError(source, _complaint(done.stderr + b"\n" + done.stdout), place=place)
    return done.stdout


def _complaint(said: bytes) -> str:
    """The one line of git's talk that says what is wrong."""
    lines = [line for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
    fatal = [line for line in lines if line.startswith(("fatal:", "error:"))]
    others = [line for line in lines if not line.startswith(("notice:", "warning:"))]
    # Git's check names a tree on one line and what it misses in it on the next one.
    missing = [line for line in lines if line.startswith("missing ")]
    found = fatal or missing or others or lines or ["git failed without a word"]
    return found[0].removeprefix("fatal: ")


def update_clone(source: str, location: str, clone: Path, folder: str) -> str:
    """Clone ``location`` into ``clone``, or bring an existing clone up to date.

    Args:
        source: Id of the source, for messages.
        location: URL or path of a repository (bare or not) or of a bundle.
        clone: Folder of the bare clone.
        folder: Folder that the repository's history must have.

    Returns:
        Object id of the branch head that was read.

    Raises:
        SourceError: The repository cannot be reached or read, or is another one; an existing
            clone is unharmed.
    """
    origin = location
    if path := _local_path(location):
        if not path.exists():
            raise SourceError(source, "no such file or folder", place=location)
        origin = str(path)
    if (clone / "HEAD").is_file():
        _remove_stale_locks(clone)
    else:
        _clone(source, origin, clone)
    name, head = _remote_head(source, origin)
    _fetch(source, origin, clone, name, head)
    touching = ["log", "-1", "--first-parent", "--format=%H", head, "--", folder]
    if not _run(source, touching, place=origin, clone=clone).strip():
        raise SourceError(
            source,
            f"no folder {folder}/ in the history of this repository",
            place=location,
            remedy="give the address of the repository that has it",
        )
    for ref in (f"refs/tracker/heads/{head}", "refs/heads/tracked"):
        _run(source, ["update-ref", ref, head], place=origin, clone=clone)
    for older in kept_heads(source, clone):
        if older != head and is_ancestor(clone, older, head):
            ref = f"refs/tracker/heads/{older}"
            _run(source, ["update-ref", "-d", ref], place=origin, clone=clone)
    if _missing_blobs(source, clone, folder) and not _is_partial(source, origin):
        # An earlier fetch was from a partial clone. Git believes that we have all of it, and
        # sends what is missing only when it is told to send everything.
        _fetch(source, origin, clone, name, head, "--refetch")
    return head


def kept_heads(source: str, clone: Path) -> list[str]:
    """Heads whose lines are kept: the present one, and those that a force-push upstream left."""
    listing = _run(
        source,
        ["for-each-ref", "--format=%(objectname)", "refs/tracker/heads/"],
        place=str(clone),
        clone=clone,
    )
    return listing.decode().split()


def _clone(source: str, origin: str, clone: Path) -> None:
    # Built beside its place and renamed, so that a killed clone is never taken for a whole one.
    unfinished = clone.with_name(clone.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        unfinished.parent.mkdir(parents=True, exist_ok=True)
        _run(
            source,
            ["init", "--quiet", "--bare", "--initial-branch=tracked", str(unfinished)],
            place=origin,
        )
        unfinished.replace(clone)
    except OSError as error:
        raise SourceError(source, error.strerror or str(error), place=str(clone)) from None


def _remove_stale_locks(clone: Path) -> None:
    # A git that was killed leaves its lock files, and no later git would ever pass them. The
    # home's lock is ours, so nobody else is at work here.
    for lock in [*clone.glob("*.lock"), *(clone / "refs").rglob("*.lock")]:
        lock.unlink(missing_ok=True)


def _remote_head(source: str, origin: str) -> tuple[str, str]:
    """The default branch of the origin, whatever it is called, and its commit."""
    listing = _run(source, ["ls-remote", "--quiet", "--", origin], place=origin).decode()
    refs: dict[str, str] = {}
    for line in listing.splitlines():
        object_id, _, name = line.partition("\t")
        if name:
            refs[name] = object_id
    branches = [name for name in refs if name.startswith("refs/heads/")]
    # A bundle may lack HEAD.
    for name in ("HEAD", "refs/heads/main", "refs/heads/master", *branches):
        if name in refs:
            return name, refs[name]
    raise SourceError(source, "the repository has no commits", place=origin)


def _fetch(source: str, origin: str, clone: Path, name: str, head: str, *options: str) -> None:
    wanted = ["--", origin, f"{name}:refs/tracker/incoming"]
    try:
        _run(
            source,
            ["fetch", "--quiet", "--no-tags", "--force", *options, *wanted],
            place=origin,
            clone=clone,
        )
    except SourceError:
        if not _is_partial(source, origin):
            raise
        _copy_objects(source, origin, clone)
        _run(source, ["update-ref", "refs/tracker/incoming", head], place=origin, clone=clone)
    if _incoming(source, origin, clone) != head:
        # Git leaves a shallow history out without calling that a failure.
        raise SourceError(
            source,
            "the repository is shallow: its history is cut off",
            place=origin,
            remedy="fetch from a full clone",
        )


def _git_folder(source: str, origin: str) -> Path | None:
    """The git folder of a repository on this machine; ``None`` for others and for bundles."""
    if not Path(origin).is_dir():
        return None
    folder = _run(source, ["-C", origin, "rev-parse", "--absolute-git-dir"], place=origin)
    return Path(folder.decode().strip())


def _is_partial(source: str, origin: str) -> bool:
    """Whether a repository on this machine was cloned without some of its objects."""
    folder = _git_folder(source, origin)
    return folder is not None and any((folder / "objects" / "pack").glob("*.promisor"))


def _copy_objects(source: str, origin: str, clone: Path) -> None:
    """Take whatever a partial clone has: git itself refuses to read from it."""
    folder = _git_folder(source, origin)
    assert folder is not None
    listing = ["cat-file", "--batch-all-objects", "--batch-check=%(objectname)"]
    objects = _run(source, listing, place=origin, clone=folder)
    pack = str(clone / "objects" / "pack" / "pack")
    _run(source, ["pack-objects", "--quiet", pack], place=origin, clone=folder, stdin=objects)


def _incoming(source: str, origin: str, clone: Path) -> str:
    listing = ["for-each-ref", "--format=%(objectname)", "refs/tracker/incoming"]
    return _run(source, listing, place=origin, clone=clone).decode().strip()


def _missing_blobs(source: str, clone: Path, folder: str) -> bool:
    versions = file_versions(source, clone, folder)
    asked = "".join(f"{v.blob}\n" for v in versions if v.blob).encode()
    check = ["cat-file", "--batch-check=%(objecttype)"]
    answers = _run(source, check, place=str(clone), clone=clone, stdin=asked)
    return b" missing\n" in answers


def head(source: str, clone: Path) -> str:
    """Object id of the commit that a clone was last brought to."""
    if not (clone / "HEAD").is_file():
        raise SourceError(source, "not fetched yet", remedy=f"run: tracker fetch {source}")
    return (
        _run(source, ["rev-parse", "refs/heads/tracked"], place=str(clone), clone=clone)
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
    heads = kept_heads(source, clone)
    if not heads:
        return []  # the first fetch never came to its end
    log = _run(
        source,
        [
            "log",
            # Whatever the user's own configuration says.
            "--root",
            "--no-show-signature",
            "--first-parent",
            "--reverse",
            "-m",
            "--raw",
            "--no-abbrev",
            "--no-renames",
            "-z",
            "--format=%x01%H %ct %s",
            *heads,
            "--",
            folder,
        ],
        place=str(clone),
        clone=clone,
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


class BlobReader:
    """Reads blobs in bulk through one git process, for as long as it is open."""

    def __init__(self, source: str, clone: Path) -> None:
        self._source = source
        self._clone = clone
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> BlobReader:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def _start(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = subprocess.Popen(
                # Our clone has no promisor remote, so git says "missing" and does not go out.
                _command(self._clone, "cat-file", "--batch"),
                env=_environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=1 << 20,
            )
        return self._process

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            assert process.stdin is not None and process.stdout is not None
            process.kill()
            process.wait()
            process.stdout.close()
            with suppress(BrokenPipeError):
                process.stdin.close()

    def read(self, blobs: Sequence[str]) -> Iterator[tuple[str, bytes | None]]:
        """Stream blobs in the order asked for.

        Ask in history order: neighbouring versions share delta bases, which git keeps at hand.

        Yields:
            Object id and content; ``None`` where the clone does not have the object.
        """
        process = self._start()
        assert process.stdin is not None and process.stdout is not None
        stdin, output = process.stdin, process.stdout
        asked = answered = 0
        try:
            for blob in blobs:
                if asked - answered <= _AHEAD // 2:
                    more = blobs[asked : answered + _AHEAD]
                    with suppress(BrokenPipeError):  # git's end shows in its answers
                        stdin.write("".join(f"{one}\n" for one in more).encode())
                        stdin.flush()
                    asked += len(more)
                yield blob, self._answer(output, blob)
                answered += 1
        finally:
            if answered < len(blobs):
                self._stop()  # answers to questions that nobody waits for must not be read

    def _answer(self, output: IO[bytes], blob: str) -> bytes | None:
        header = output.readline().split()
        if len(header) >= 2 and header[1] == b"missing":
            return None
        if len(header) == 3:
            size = int(header[2])
            content = output.read(size)
            output.read(1)
            if len(content) == size:
                return content
        raise SourceError(self._source, "git cat-file ended early", place=f"blob {blob}")


def is_ancestor(clone: Path, older: str, newer: str) -> bool:
    """Whether ``older`` is part of the history of ``newer``."""
    command = _command(clone, "merge-base", "--is-ancestor", older, newer)
    done = subprocess.run(command, env=_environment(), capture_output=True, check=False)
    return done.returncode == 0


def check_objects(source: str, clone: Path) -> None:
    """Prove every object of a clone (``git fsck``).

    Raises:
        SourceError: Something is damaged.
    """
    _run(
        source, ["fsck", "--full", "--no-dangling", "--no-progress"], place=str(clone), clone=clone
    )
