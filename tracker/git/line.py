"""The published line of a repository: the commits that its main branch stood at, one by one.

Usually that is the line of first parents. It is not where a maintainer pulled the public branch
into a copy of his own and pushed the merge: the first parent of such a merge is private work, the
other one is what everybody saw until then. In the results repository such a merge hides two
months (2025-03-19 to 2025-05-19) from the line of first parents.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tracker.common.times import epoch_text
from tracker.git.reading import run

_PULL = re.compile(r"Merge (?:remote-tracking )?branch(?:es)? .*'(?:\S+/)?(?:main|master)'")
_OF = re.compile(r" of (\S+)")
_LAST_SECOND = 253_402_300_799
"""The last second of the year 9999."""


class Step(NamedTuple):
    """A commit of the published line."""

    id: str
    before: str | None
    """The commit that was published before it; ``None`` for the first one."""
    committed_at: str
    message: str
    """Its first line."""


def published_line(
    source: str, clone: Path, heads: Sequence[str], *, home: str, after: str | None = None
) -> list[Step]:
    """The commits of the main branch, oldest first.

    Args:
        source: Id of the source, for messages.
        clone: Folder of the clone.
        heads: Where to begin; the lines of several are joined by the time of their commits.
        home: Public address of the repository: a merge says from where it pulled.
        after: Leave out this commit and all before it.

    Raises:
        SourceError: Git failed.
    """
    if not heads:
        return []
    excluded = [f"^{after}"] if after else []
    log = run(
        source,
        ["log", "--no-show-signature", "-z", "--format=%H%x01%P%x01%ct%x01%s", *heads, *excluded],
        place=str(clone),
        clone=clone,
    )
    known: dict[str, tuple[list[str], int | None, str]] = {}
    for line in filter(None, log.decode("utf-8", "replace").split("\0")):
        id_, parents, seconds, message = line.split("\x01", 3)
        known[id_] = (parents.split(), read_seconds(seconds), message)
    lines = [_line_of(head, known, home) for head in heads]
    if len(lines) == 1:
        return lines[0]
    joined = {step.id: step for steps in lines for step in steps}
    return sorted(joined.values(), key=lambda step: step.committed_at)


def read_seconds(text: str) -> int | None:
    """Read a commit's time in seconds since 1970; ``None`` if it is before that or after 9999.

    Whoever commits may set any time.
    """
    if not text.isdecimal():  # git prints nothing for a time before 1970
        return None
    return seconds if (seconds := int(text)) <= _LAST_SECOND else None


def _line_of(
    head: str, known: Mapping[str, tuple[list[str], int | None, str]], home: str
) -> list[Step]:
    """The line that ends with a commit, oldest first."""
    ids: list[str] = []
    at: str | None = head
    while at is not None and at in known:
        ids.append(at)
        parents, _, message = known[at]
        at = _published_before(parents, message, home)
    found: list[Step] = []
    latest, before = 0, at
    for id_ in reversed(ids):
        _, seconds, message = known[id_]
        # Without a time of its own, a commit has that of the one before it.
        latest = latest if seconds is None else seconds
        found.append(Step(id_, before, epoch_text(latest), message))
        before = id_
    return found


def _published_before(parents: Sequence[str], message: str, home: str) -> str | None:
    """The parent that was public before a commit was."""
    if len(parents) < 2 or not _PULL.match(message):
        return parents[0] if parents else None
    pulled_from = _OF.search(message)
    if pulled_from and _repository(pulled_from[1]) != _repository(home):
        return parents[0]
    # Git names the merged branches in the order of their parents.
    return parents[-1]


def _repository(address: str) -> list[str]:
    """Owner and name, whichever protocol an address has."""
    return re.split(r"[/:]", address.removesuffix("/").removesuffix(".git"))[-2:]
