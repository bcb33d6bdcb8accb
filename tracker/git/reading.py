"""Git commands on a clone, and many blobs through one git process."""

from __future__ import annotations

import fcntl
import os
import subprocess
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from tracker.errors import SourceError

_TIMEOUT_SECONDS = 900
# So many questions may wait for git. They fit into any pipe, so that neither side ever blocks the
# other: git is never without work, and no second thread has to write while we read.
_AHEAD = 48
# Of a large pack git would map all; so much of it at once costs no time.
SMALL = ("-c", "core.packedGitLimit=96m", "-c", "core.packedGitWindowSize=8m")
# Nobody is there to type a password, and a configured helper must not open a window.
_ENVIRONMENT = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",
    "GIT_SSH_COMMAND": "ssh -oBatchMode=yes -oConnectTimeout=10",
    "LC_ALL": "C",
}
SLOWEST_BYTES, SLOW_SECONDS = 1000, 60
"""A server that sends fewer bytes a second than this for so many seconds is given up."""
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


def environment() -> dict[str, str]:
    """The environment of every git process: no questions, no foreign repository."""
    own = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
    return own | _ENVIRONMENT


def _guards() -> Iterator[str]:
    """Yield options: no redirects to servers that nobody chose, and none that is too slow."""
    for option in (
        "http.followRedirects=false",
        f"http.lowSpeedLimit={SLOWEST_BYTES}",
        f"http.lowSpeedTime={SLOW_SECONDS}",
        f"core.hooksPath={os.devnull}",
    ):
        yield from ("-c", option)


def command(clone: Path | None, *arguments: str) -> list[str]:
    """Return a git command on a clone."""
    # The folder is named: git would look for a repository around a damaged one, and find ours.
    return ["git", *_guards(), *([f"--git-dir={clone}"] if clone else []), *arguments]


def run(
    source: str,
    arguments: list[str],
    *,
    place: str,
    clone: Path | None = None,
    stdin: bytes | None = None,
    variables: Mapping[str, str] | None = None,
) -> bytes:
    """What a git command prints.

    Args:
        source: Id of the source, for messages.
        arguments: The command and its arguments.
        place: What to name in a message.
        clone: The clone that it works on.
        stdin: What the command reads.
        variables: More variables of its environment.

    Raises:
        SourceError: Git is missing, failed or gave no answer in time.
    """
    try:
        done = subprocess.run(
            command(clone, *arguments),
            env=environment() | dict(variables or {}),
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
        raise SourceError(source, complaint(done.stderr + b"\n" + done.stdout), place=place)
    return done.stdout


def complaint(said: bytes) -> str:
    """The one line of git's talk that says what is wrong."""
    lines = [line for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
    fatal = [line for line in lines if line.startswith(("fatal:", "error:"))]
    others = [line for line in lines if not line.startswith(("notice:", "warning:"))]
    # Git's check names a tree on one line and what it misses in it on the next one.
    missing = [line for line in lines if line.startswith("missing ")]
    found = fatal or missing or others or lines or ["git failed without an error message"]
    return found[0].removeprefix("fatal: ")


def kept_heads(source: str, clone: Path) -> list[str]:
    """Heads whose lines are kept: the present one, and those that a force-push upstream left."""
    listing = run(
        source,
        ["for-each-ref", "--format=%(objectname)", "refs/tracker/heads/"],
        place=str(clone),
        clone=clone,
    )
    return listing.decode().split()


def head(source: str, clone: Path) -> str:
    """Object id of the commit that a clone was last brought to."""
    if not (clone / "HEAD").is_file():
        raise SourceError(source, "not fetched yet", remedy=f"run: tracker fetch {source}")
    return (
        run(source, ["rev-parse", "refs/heads/tracked"], place=str(clone), clone=clone)
        .decode()
        .strip()
    )


class BlobReader:
    """Reads blobs in bulk through one git process or several, for as long as it is open.

    Several serve the blobs in turns, so that more than one core unpacks them: where the blobs
    alternate between as many stretches of history, each process keeps the delta bases of its own.
    """

    def __init__(self, source: str, clone: Path, processes: int = 1) -> None:
        self._lanes = [_Lane(source, clone) for _ in range(processes)]

    def __enter__(self) -> BlobReader:
        return self

    def __exit__(self, *_: object) -> None:
        for lane in self._lanes:
            lane.stop()

    def read(self, blobs: Sequence[str]) -> Iterator[tuple[str, bytes | None]]:
        """Stream blobs in the order asked for.

        Ask in history order: neighbouring versions share delta bases, which git keeps at hand.

        Yields:
            Object id and content; ``None`` where the clone does not have the object.
        """
        n = len(self._lanes)
        answers = [lane.read(blobs[place::n]) for place, lane in enumerate(self._lanes)]
        try:
            for place in range(len(blobs)):
                yield next(answers[place % n])
        finally:
            for answer in answers:
                answer.close()


class _Lane:
    """One git process that reads blobs."""

    def __init__(self, source: str, clone: Path) -> None:
        self._source = source
        self._clone = clone
        self._process: subprocess.Popen[bytes] | None = None

    def _start(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = subprocess.Popen(
                # Our clone has no promisor remote, so git says "missing" and does not go out.
                command(self._clone, *SMALL, "cat-file", "--batch"),
                env=environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=1 << 20,
            )
            assert self._process.stdout is not None
            if hasattr(fcntl, "F_SETPIPE_SZ"):
                # So git works ahead while another process is listened to.
                with suppress(OSError):
                    fcntl.fcntl(self._process.stdout, fcntl.F_SETPIPE_SZ, 1 << 20)
        return self._process

    def stop(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None:
            assert process.stdin is not None and process.stdout is not None
            process.kill()
            process.wait()
            process.stdout.close()
            with suppress(BrokenPipeError):
                process.stdin.close()

    def read(self, blobs: Sequence[str]) -> Generator[tuple[str, bytes | None], None, None]:
        """Stream blobs in the order asked for."""
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
                self.stop()  # answers to questions that nobody waits for must not be read

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
    asked = command(clone, "merge-base", "--is-ancestor", older, newer)
    done = subprocess.run(asked, env=environment(), capture_output=True, check=False)
    return done.returncode == 0


def check_objects(source: str, clone: Path) -> None:
    """Prove every object of a clone (``git fsck``).

    Raises:
        SourceError: Something is damaged.
    """
    run(source, ["fsck", "--full", "--no-dangling", "--no-progress"], place=str(clone), clone=clone)
