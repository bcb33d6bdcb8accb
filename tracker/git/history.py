"""The history of a folder along the published line of a clone."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, NamedTuple

from tracker.errors import SourceError
from tracker.git.line import Step, published_line
from tracker.git.reading import SMALL, command, complaint, environment, kept_heads, run

_DIFFERENCES = (
    "diff-tree",
    "--stdin",
    # Whatever the user's own configuration says.
    "--root",
    "--raw",
    "--no-abbrev",
    "--no-renames",
    "-z",
    "--format=%x01%H",
)


@dataclass(frozen=True, slots=True)
class FileVersion:
    """One file as one commit of the published line left it."""

    path: str
    blob: str | None
    """Object id of the content; ``None`` where the commit removed the file."""
    commit: str
    committed_at: str
    message: str


class Commit(NamedTuple):
    """One commit of the published line."""

    id: str
    committed_at: str
    message: str
    """Its first line."""
    changes: list[tuple[str, str | None]]
    """Paths with the blobs that the commit left there; ``None`` where it removed the file."""


def commits(
    source: str,
    clone: Path,
    folder: str,
    heads: Sequence[str],
    *,
    home: str,
    after: str | None = None,
) -> Iterator[Commit]:
    """Commits of the published line that touch ``folder``, oldest first, with what they changed.

    Git's answer is read as it comes: the history of a large repository is never held whole.

    Args:
        source: Id of the source, for messages.
        clone: Folder of the clone.
        folder: Folder inside the repository.
        heads: Where to begin.
        home: Public address of the repository.
        after: Leave out this commit and all before it.

    Raises:
        SourceError: The clone lacks history, for example because it is shallow.
    """
    _check_whole(source, clone)
    steps = published_line(source, clone, heads, home=home, after=after)
    with TemporaryFile() as pairs:
        pairs.write(_pairs(steps))
        pairs.seek(0)
        with subprocess.Popen(
            command(clone, *SMALL, *_DIFFERENCES, "-r", "--", folder),
            env=environment(),
            stdin=pairs,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            assert process.stdout is not None and process.stderr is not None
            try:
                yield from _read_differences(_fields(process.stdout), steps)
                told = process.stderr.read()
            except GeneratorExit:
                process.kill()
                raise
    if process.returncode:
        raise SourceError(source, complaint(told), place=str(clone))


def commit_times(
    source: str, clone: Path, folder: str, heads: Sequence[str], *, home: str
) -> list[Step]:
    """The same commits without what they changed."""
    steps = published_line(source, clone, heads, home=home)
    if not steps:
        return []
    answer = run(
        source,
        [*_DIFFERENCES, "--", folder],
        place=str(clone),
        clone=clone,
        stdin=_pairs(steps),
    )
    touching = {field[1:] for field in answer.decode().split("\0") if field.startswith("\x01")}
    return [step for step in steps if step.id in touching]


def file_versions(
    source: str, clone: Path, folder: str, *, home: str, heads: Sequence[str] | None = None
) -> list[FileVersion]:
    """Every version of every file below ``folder`` on the published line, oldest first.

    A line that a force-push upstream abandoned was published all the same, and is read too.

    Args:
        source: Id of the source, for messages.
        clone: Folder of the clone.
        folder: Folder inside the repository.
        home: Public address of the repository.
        heads: The kept heads, if they are known.

    Raises:
        SourceError: The clone lacks history, for example because it is shallow.
    """
    heads = kept_heads(source, clone) if heads is None else heads
    return [
        FileVersion(path, blob, commit.id, commit.committed_at, commit.message)
        for commit in commits(source, clone, folder, heads, home=home)
        for path, blob in commit.changes
    ]


def _check_whole(source: str, clone: Path) -> None:
    if (clone / "shallow").is_file():
        raise SourceError(
            source,
            "the repository is shallow: its history is cut off",
            place=str(clone),
            remedy="fetch from a full clone",
        )


def _pairs(steps: Sequence[Step]) -> bytes:
    """Each commit with the one before it, as ``git diff-tree`` reads them."""
    return "".join(f"{step.id} {step.before or ''}".rstrip() + "\n" for step in steps).encode()


def _fields(output: IO[bytes]) -> Iterator[str]:
    """What stands between zero bytes."""
    rest = b""
    while chunk := output.read(1 << 18):
        *whole, rest = (rest + chunk).split(b"\0")
        for field in whole:
            yield field.decode("utf-8", "replace")
    if rest:
        yield rest.decode("utf-8", "replace")


def _read_differences(fields: Iterator[str], steps: Sequence[Step]) -> Iterator[Commit]:
    by_id = {step.id: step for step in steps}
    commit: Commit | None = None
    for field in fields:
        text = field.lstrip("\n")
        if text.startswith("\x01"):
            if commit is not None:
                yield commit
            step = by_id[text[1:]]
            commit = Commit(step.id, step.committed_at, step.message, [])
        elif text.startswith(":"):
            assert commit is not None  # git names the commit before its changes
            _, new_mode, _, blob, _ = text.split(" ", 4)
            commit.changes.append((next(fields), None if new_mode == "000000" else blob))
    if commit is not None:
        yield commit
