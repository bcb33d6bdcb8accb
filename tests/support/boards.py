"""Small published boards with invented models, in real git repositories.

A table is bytes as the leaderboard wrote them; a repository gets commits at moments of our
choosing, in any time zone, on the main line or on pull-request branches::

    repository = BoardRepository(folder)
    repository.commit("2024-07-07T21:11:51Z", {EN: overall([("lab/one", 60.0)])})
    side = repository.branch("pull-1")
    repository.commit("2024-07-08T10:00:00-07:00", {…}, on="pull-1")
    repository.merge("2024-07-09T02:52:00Z", "pull-1", {…})
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

EN = "boards_data/en/data_overall/default.jsonl"
ZH = "boards_data/zh/data_overall/default.jsonl"
TYPES = {"Retrieval": 2, "STS": 2, "Clustering": 1, "Classification": 1, "Reranking": 1}
"""Task types of the invented overall boards, with their number of tasks."""


def task_path(board: str, task_type: str) -> str:
    """Path of a board's table of one task type."""
    return f"boards_data/{board}/data_tasks/{task_type}/default.jsonl"


def overall_path(board: str) -> str:
    """Path of a board's overall table."""
    return f"boards_data/{board}/data_overall/default.jsonl"


def anchor(model: str, *, label: str | None = None, link: str | None = None) -> str:
    """A ``Model`` cell: a link to the Hub, showing the name without its organisation."""
    shown = model.partition("/")[2] if label is None else label
    href = f"https://huggingface.co/{model}" if link is None else link
    style = 'target="_blank" style="text-decoration: underline"'
    return f'<a {style} href="{href}">{shown}</a>'


def line(
    rank: int | None,
    model: str,
    scores: Mapping[str, object],
    *,
    index: int | None = None,
    level_0: int | None = None,
    cell: str | None = None,
    **head: object,
) -> bytes:
    """One row of a table, with slashes escaped like pandas does."""
    fields: dict[str, Any] = {}
    if level_0 is not None:
        fields["level_0"] = level_0
    if index is not None:
        fields["index"] = index
    if rank is not None:
        fields["Rank"] = rank
    fields["Model"] = anchor(model) if cell is None else cell
    fields |= {"Model Size (Million Parameters)": 100, "Memory Usage (GB, fp32)": 0.37} | head
    return orjson.dumps(fields | dict(scores)).replace(b"/", b"\\/")


def overall(
    entries: Sequence[tuple[Any, ...]],
    types: Mapping[str, int] = TYPES,
    *,
    index: bool = True,
    ranks: Sequence[int] | None = None,
    **head: object,
) -> bytes:
    """An overall table.

    Args:
        entries: Lines in printed order: model, average (``""`` for blank) and, if they are not
            made up from the average, the means by task type.
        types: Task types with their number of tasks.
        index: Whether the lines carry the leftover ``index``.
        ranks: Printed ranks; 1, 2, 3 … by default.
        head: Further columns or other values for model size and so on.
    """
    lines = []
    for number, (model, average, *given) in enumerate(entries, 1):
        means = given[0] if given else spread(model, average, types)
        scores: dict[str, object] = {f"Average ({sum(types.values())} datasets)": average}
        scores |= {f"{t} Average ({n} datasets)": means.get(t, "") for t, n in types.items()}
        extra = {"Embedding Dimensions": 512, "Max Tokens": 512} | head
        rank = ranks[number - 1] if ranks else number
        lines.append(line(rank, model, scores, index=1000 - number if index else None, **extra))
    return b"\n".join(lines) + b"\n"


def spread(model: str, average: object, types: Mapping[str, int]) -> dict[str, object]:
    """Distinct means by task type, blank if the average is blank."""
    if average == "" or not isinstance(average, int | float):
        return dict.fromkeys(types, "")
    own = sum(model.encode()) % 97 / 100
    return {name: round(average + i + own, 2) for i, name in enumerate(types)}


def tasks(
    entries: Sequence[tuple[Any, ...]],
    *,
    average: bool = True,
    index: bool = True,
    level_0: bool = False,
    **head: object,
) -> bytes:
    """A table of one task type: each entry is a model and its scores by task (``""`` for blank)."""
    lines = []
    for number, (model, scores) in enumerate(entries, 1):
        given = list(scores.values())
        mean = "" if "" in given else round(sum(given) / len(given), 2)
        lines.append(
            line(
                number,
                model,
                ({"Average": mean} if average else {}) | dict(scores),
                index=number if index else None,
                level_0=number if level_0 else None,
                **head,
            )
        )
    return b"\n".join(lines) + b"\n"


class BoardRepository:
    """A bare repository whose commits are made by ``git fast-import``, a few milliseconds each."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.run("init", "--quiet", "--bare", "--initial-branch=main", str(path), cwd=path.parent)

    def run(self, *arguments: str, cwd: Path | None = None, stdin: bytes = b"") -> str:
        """Run git in the repository and return its output."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=cwd or self.path,
            input=stdin,
            capture_output=True,
            check=True,
            env=os.environ | {"LC_ALL": "C"},
        )
        return done.stdout.decode().strip()

    @property
    def head(self) -> str:
        """Commit at the end of the main branch."""
        return self.run("rev-parse", "main")

    def commit(
        self,
        at: str,
        files: Mapping[str, bytes | None],
        *,
        on: str = "main",
        message: str = "Automated Leaderboard Update",
        parents: Sequence[str] | None = None,
    ) -> str:
        """Commit files (``None`` removes one) at a moment and return the id of the commit.

        Args:
            at: ISO moment with its zone.
            files: Content by path.
            on: Branch.
            message: Commit message.
            parents: Instead of the branch's end; an empty list begins a new history.
        """
        moment = datetime.fromisoformat(at)
        zone = moment.strftime("%z") or "+0000"
        who = f"Board Bot <bot@example.org> {int(moment.timestamp())} {zone}"
        if parents is None:
            parents = self._end_of(on)
        feed = [b"reset refs/heads/%b\n" % on.encode()] if not parents else []
        feed.append(f"commit refs/heads/{on}\nmark :1\nauthor {who}\ncommitter {who}\n".encode())
        feed.append(_data(message.encode()))
        for word, parent in zip(["from", *["merge"] * 9], parents, strict=False):
            feed.append(f"{word} {parent}\n".encode())
        for path, content in files.items():
            if content is None:
                feed.append(f"D {path}\n".encode())
            else:
                feed.append(f"M 100644 inline {path}\n".encode() + _data(content))
        feed.append(b"get-mark :1\n")
        return self.run("fast-import", "--quiet", "--force", stdin=b"".join(feed))

    def _end_of(self, branch: str) -> list[str]:
        """The commit at the end of a branch; none if there is no branch."""
        loose = self.path / "refs/heads" / branch
        if loose.is_file():
            return [loose.read_text().strip()]
        return self.run("for-each-ref", "--format=%(objectname)", f"refs/heads/{branch}").split()

    def branch(self, name: str, start: str = "main") -> None:
        """Begin a branch."""
        self.run("branch", "--force", name, start)

    def merge(self, at: str, name: str, files: Mapping[str, bytes | None]) -> str:
        """Merge a branch into main; ``files`` is what the merge itself changes."""
        parents = [self.head, self.run("rev-parse", name)]
        return self.commit(at, files, message=f"Merge {name}", parents=parents)


def _data(content: bytes) -> bytes:
    return b"data %d\n%b\n" % (len(content), content)
