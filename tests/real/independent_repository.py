"""Git side of the independent reader: states, files and moved folders of a results repository.

It imports nothing of the tracker.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from itertools import pairwise
from pathlib import Path

PATH = re.compile(r"results/([^/]+)/([^/]+)(?:/experiments/([^/]+))?/([^/]+)\.json")
"""Folder, revision, experiment and task of a result file."""


class Repository:
    """A bare results repository or a bundle that was cloned."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._line: list[tuple[int, str]] = []
        latest = 0
        for commit, seconds in reversed(list(self._public())):
            latest = max(latest, seconds)
            self._line.append((latest, commit))

    def _public(self) -> Iterator[tuple[str, int]]:
        """Yield the commits that ``main`` publicly had, newest first, each with its time."""
        log = self._git("log", "--format=%H%x09%ct%x09%P%x09%s", "main").decode()
        told = {row.split("\t")[0]: row.split("\t")[1:] for row in log.splitlines()}
        commit = next(iter(told))
        while commit:
            seconds, parents, subject = told[commit]
            yield commit, int(seconds)
            is_pull = "'main' of https://github.com/embeddings-benchmark/results" in subject
            commit = ([*parents.split(), ""] if not is_pull else parents.split()[::-1])[0]

    def _git(self, *arguments: str, given: str = "") -> bytes:
        command = ["git", f"--git-dir={self._place}", "-c", "core.quotePath=false", *arguments]
        done = subprocess.run(command, check=True, capture_output=True, input=given.encode())
        return done.stdout

    def commit_of(self, day: date) -> str | None:
        """The last commit that is not after the end of a day in UTC."""
        end = datetime.combine(day, time.max, UTC).timestamp()
        return next((commit for at, commit in reversed(self._line) if at <= end), None)

    def tree(self, commit: str) -> dict[str, str]:
        """Blob by path of all files below ``results``."""
        listing = self._git("ls-tree", "-r", "-z", commit, "results").decode().split("\0")
        return {row.partition("\t")[2]: row.split()[2] for row in listing if row}

    def blobs(self, wanted: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The contents of some blobs; those that the repository lacks are left out."""
        command = ["git", f"--git-dir={self._place}", "cat-file", "--batch", "--buffer"]
        with tempfile.TemporaryFile() as names:
            names.write("".join(f"{name}\n" for name in sorted(set(wanted))).encode())
            names.seek(0)
            with subprocess.Popen(command, stdin=names, stdout=subprocess.PIPE) as process:
                assert process.stdout is not None
                while header := process.stdout.readline().split():
                    if header[-1] != b"missing":
                        body = process.stdout.read(int(header[2]))
                        process.stdout.read(1)
                        yield header[0].decode(), body

    def moved_folders(self) -> dict[str, str]:
        """The next folder of every model folder that was renamed as a whole in one commit.

        A rename counts where git pairs at least nine in ten of the files that left the folder
        with files of one other folder, and no result file stays behind.
        """
        commits = [commit for _, commit in self._line]
        steps = [commits[0], *(f"{after} {before}" for before, after in pairwise(commits))]
        log = self._git(
            "diff-tree", "--stdin", "--root", "-r", "-M100%", "-l0", "--raw", "--abbrev=40",
            "--format=commit %H", "--", "results",
            given="".join(f"{step}\n" for step in steps),
        ).decode()  # fmt: skip
        counts: Counter[str] = Counter()
        moved: dict[str, str] = {}
        for block in log.split("commit ")[1:]:
            left: Counter[str] = Counter()
            pairs: Counter[tuple[str, str]] = Counter()
            for row in block.splitlines()[1:]:
                if not row.startswith(":"):
                    continue
                kind, *paths = row.split("\t")
                folders = [scores_folder(path) for path in paths]
                status = kind.split()[-1][0]
                if status == "A":
                    counts[folders[0]] += 1
                elif status == "D":
                    counts[folders[0]] -= 1
                    left[folders[0]] += 1
                elif status == "R":
                    old, new = folders
                    counts[old] -= 1
                    counts[new] += 1
                    left[old] += 1
                    pairs[old, new] += 1
            for (old, new), n in pairs.items():
                if old and new and old != new and not counts[old] and 10 * n >= 9 * left[old]:
                    moved[old] = new
                    moved.pop(new, None)
        return moved


def scores_folder(path: str) -> str:
    """The model folder of a result file; empty for any other file."""
    match = PATH.fullmatch(path)
    return "" if match is None or match[4] == "model_meta" else match[1]


def public_id(folder: str) -> str:
    """The public id that a folder, or a name written like one, stands for."""
    return folder if "/" in folder else folder.replace("__", "/", 1)
