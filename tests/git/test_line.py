"""Which commits were public, and in which order."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tracker.git.history import commit_times, commits
from tracker.git.line import published_line

HOME = "https://github.com/lab/results"
PULLED = f"Merge branch 'main' of {HOME}"


class Repository:
    """A repository whose commits say what they hold: one file a commit, named like it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.minute = 0
        self._git("init", "--quiet", "--bare", "--initial-branch=main")

    def _git(self, *arguments: str, stdin: bytes = b"", **variables: str) -> str:
        self.path.mkdir(exist_ok=True)
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.path,
            env=os.environ | variables,
            input=stdin,
            capture_output=True,
            check=True,
        )
        return done.stdout.decode().strip()

    def commit(self, message: str, files: set[str], *parents: str) -> str:
        """Commit a minute after the last one; ``files`` is all that stands in ``results``."""
        blob = self._git("hash-object", "-w", "--stdin", stdin=b"{}")
        listing = "".join(f"100644 blob {blob}\t{name}\n" for name in sorted(files))
        tree = self._git("mktree", stdin=listing.encode())
        top = self._git("mktree", stdin=f"040000 tree {tree}\tresults\n".encode())
        when = f"2025-03-19T10:{self.minute:02d}:00Z"
        self.minute += 1
        person = {
            f"GIT_{role}_{key}": value
            for role in ("AUTHOR", "COMMITTER")
            for key, value in (("NAME", "A"), ("EMAIL", "a@example.org"), ("DATE", when))
        }
        before = [part for parent in parents for part in ("-p", parent)]
        return self._git("commit-tree", top, *before, "-m", message, **person)

    def commit_at(self, seconds: str, parent: str) -> str:
        """Commit the files of a commit again, with a time that git itself would refuse."""
        tree = self._git("rev-parse", f"{parent}^{{tree}}")
        people = "".join(
            f"{role} A <a@b.org> {seconds} +0000\n" for role in ("author", "committer")
        )
        body = f"tree {tree}\nparent {parent}\n{people}\nstrange\n"
        made = ("hash-object", "-t", "commit", "-w", "--stdin", "--literally")
        return self._git(*made, stdin=body.encode())


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "results.git")


def told(repository: Repository, head: str, **options: str) -> list[str]:
    line = published_line("test", repository.path, [head], home=HOME, **options)
    return [step.message for step in line]


def test_a_request_that_is_merged_is_published_with_its_merge(repository: Repository) -> None:
    base = repository.commit("base", {"base"})
    side = repository.commit("work", {"base", "work"}, base)
    merge = repository.commit("Merge pull request #1 from b/main", {"base", "work"}, base, side)
    assert told(repository, merge) == ["base", "Merge pull request #1 from b/main"]


@pytest.mark.parametrize(
    "message",
    [
        PULLED,
        "Merge branch 'main' of github.com:lab/results",
        "Merge branch 'main' of git@github.com:lab/results.git",
        f"Merge branches 'private' and 'main' of {HOME}",
        "Merge remote-tracking branch 'origin/main'",
        "Merge branch 'master' into private",
    ],
)
def test_what_a_maintainer_pulled_was_public_before_his_own_work(
    repository: Repository, message: str
) -> None:
    base = repository.commit("base", {"base"})
    private = repository.commit("private", {"base", "private"}, base)
    one = repository.commit("one (#2)", {"base", "one"}, base)
    two = repository.commit("two (#3)", {"base", "one", "two"}, one)
    merge = repository.commit(message, {"base", "private", "one", "two"}, private, two)
    assert told(repository, merge) == ["base", "one (#2)", "two (#3)", message]


def test_what_was_pulled_from_another_repository_was_not_public(repository: Repository) -> None:
    base = repository.commit("base", {"base"})
    ours = repository.commit("ours", {"base", "ours"}, base)
    theirs = repository.commit("theirs", {"base", "theirs"}, base)
    message = "Merge branch 'main' of https://github.com/somebody/results"
    merge = repository.commit(message, {"base", "ours", "theirs"}, ours, theirs)
    assert told(repository, merge) == ["base", "ours", message]


def test_a_commit_tells_what_changed_since_the_one_that_was_public_before_it(
    repository: Repository,
) -> None:
    base = repository.commit("base", {"base"})
    private = repository.commit("private", {"base", "private"}, base)
    one = repository.commit("one (#2)", {"base", "one"}, base)
    merge = repository.commit(PULLED, {"base", "private", "one"}, private, one)
    found = commits("test", repository.path, "results", [merge], home=HOME)
    assert [(c.message, [path for path, _ in c.changes]) for c in found] == [
        ("base", ["results/base"]),
        ("one (#2)", ["results/one"]),
        (PULLED, ["results/private"]),
    ]


def test_only_commits_that_touch_the_folder_have_a_time(repository: Repository) -> None:
    base = repository.commit("base", {"base"})
    same = repository.commit("nothing", {"base"}, base)
    more = repository.commit("more", {"base", "more"}, same)
    found = commit_times("test", repository.path, "results", [more], home=HOME)
    assert [(step.message, step.committed_at) for step in found] == [
        ("base", "2025-03-19T10:00:00Z"),
        ("more", "2025-03-19T10:02:00Z"),
    ]


def test_what_follows_a_commit_leaves_out_all_that_it_knew(repository: Repository) -> None:
    base = repository.commit("base", {"base"})
    private = repository.commit("private", {"base", "private"}, base)
    one = repository.commit("one (#2)", {"base", "one"}, base)
    two = repository.commit("two (#3)", {"base", "one", "two"}, one)
    merge = repository.commit(PULLED, {"base", "one", "private", "two"}, private, two)
    assert told(repository, merge, after=one) == ["two (#3)", PULLED]
    assert told(repository, merge, after=merge) == []


@pytest.mark.parametrize("seconds", ["-5", "99999999999999", "9" * 30])
def test_a_commit_without_a_possible_time_has_that_of_the_one_before(
    repository: Repository, seconds: str
) -> None:
    first = repository.commit("first", {"first"})
    strange = repository.commit_at(seconds, first)
    last = repository.commit("last", {"first"}, strange)
    line = published_line("test", repository.path, [last], home=HOME)
    assert [(step.id, step.before, step.committed_at) for step in line] == [
        (first, None, "2025-03-19T10:00:00Z"),
        (strange, first, "2025-03-19T10:00:00Z"),
        (last, strange, "2025-03-19T10:01:00Z"),
    ]
