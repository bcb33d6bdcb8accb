"""The folder of an export: it has one export and nothing else.

``SHA256SUMS`` lists the files of a finished export. While one is written, the folder has a mark, so
that an export that was interrupted can be repeated.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from tracker.errors import UsageError
from tracker.exports.description import CHECKSUMS
from tracker.io.files import write_atomically

MARK = ".export-unfinished"
"""Is in the folder while an export is written."""

_LINE = re.compile(r"[0-9a-f]{64}  (.+)")
_PARTITION = re.compile(r"ranks/board_slug=[^/]+/year=[0-9]+/part-0\.parquet")


def refuse_others(folder: Path, is_own: Callable[[str], bool]) -> None:
    """Refuse a folder that has a file of someone else.

    Args:
        folder: Is there.
        is_own: Whether a file, named by its path in the folder, may be replaced.

    Raises:
        UsageError: It has another file.
    """
    other = next((name for name in _files(folder) if not is_own(name)), None)
    if other is not None:
        raise UsageError(
            f"{folder} has {other}, which is not of an earlier export",
            remedy="name an empty or a new folder",
        )


def begin(folder: Path, names: Iterable[str]) -> frozenset[str]:
    """Mark a folder as being written, if it is empty or has an earlier export.

    Args:
        folder: Is there.
        names: Files that an export of any format can write, without partitions.

    Returns:
        The files that are listed in it.

    Raises:
        UsageError: The folder has another file.
        OSError: The folder cannot be read or written.
    """
    listed = frozenset(_listed(folder / CHECKSUMS))
    own = listed | ({CHECKSUMS} if listed else set())
    interrupted = (folder / MARK).is_file()
    if interrupted:
        own |= {*names, CHECKSUMS, MARK}
    refuse_others(folder, lambda name: name in own or (interrupted and is_partition(name)))
    write_atomically(folder / MARK, b"An export is being written, or was interrupted.\n")
    return frozenset(_files(folder)) - {MARK}


def finish(folder: Path, earlier: Iterable[str], files: Iterable[str]) -> None:
    """Remove what only the earlier export had, and the mark.

    Args:
        folder: The folder.
        earlier: Files that were there.
        files: Files of the new export.
    """
    for name in set(earlier) - set(files):
        (folder / name).unlink(missing_ok=True)
        with suppress(OSError):  # other files are below it
            os.removedirs((folder / name).parent)
    (folder / MARK).unlink(missing_ok=True)


def is_partition(name: str) -> bool:
    """Whether a file is named as a partition of the table of ranks."""
    return _PARTITION.fullmatch(name) is not None


def _files(folder: Path) -> Iterator[str]:
    """Yield the files in a folder and below, by path; links are not followed."""
    for place, folders, files in os.walk(folder):
        folders.sort()
        links = [name for name in folders if (Path(place) / name).is_symlink()]
        for name in sorted([*files, *links]):
            yield (Path(place) / name).relative_to(folder).as_posix()


def _listed(checksums: Path) -> Iterator[str]:
    """Yield the files that an earlier export lists; none if the file is not one of an export."""
    try:
        lines = checksums.read_text("utf-8").splitlines()
    except (FileNotFoundError, UnicodeDecodeError):
        return
    found = [_LINE.fullmatch(line) for line in lines]
    names = {match[1] for match in found if match}
    # Programs of all kinds write such a file; one of an export lists its description, too.
    if all(found) and "README.md" in names:
        yield from names
