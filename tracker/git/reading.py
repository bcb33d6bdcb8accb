"""Run git commands on a clone, and read blobs in bulk."""

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
# Number of requests in the pipe to git. They fit into any pipe, so neither side blocks the other,
# and no second thread is needed for writing.
_AHEAD = 48
# Git would map a large pack as a whole; these limits save memory without costing time.
SMALL = ("-c", "core.packedGitLimit=96m", "-c", "core.packedGitWindowSize=8m")
# No password can be typed, and a configured helper must not open a window.
_ENVIRONMENT = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",
    "GIT_SSH_COMMAND": "ssh -oBatchMode=yes -oConnectTimeout=10",
    "LC_ALL": "C",
}
SLOWEST_BYTES, SLOW_SECONDS = 1000, 60
"""Git gives up a server that sends fewer bytes per second for this number of seconds."""
# Set for example by git hooks; they would direct every command to another repository.
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
    """Return the environment of git processes: no prompts, no other repository."""
    own = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
    return own | _ENVIRONMENT


def _guards() -> Iterator[str]:
    """Yield options against redirects, slow servers and hooks."""
    for option in (
        "http.followRedirects=false",
        f"http.lowSpeedLimit={SLOWEST_BYTES}",
        f"http.lowSpeedTime={SLOW_SECONDS}",
        f"core.hooksPath={os.devnull}",
    ):
        yield from ("-c", option)


def command(clone: Path | None, *arguments: str) -> list[str]:
    """Return a git command on a clone."""
    # With an explicit folder git does not search the parents of a damaged repository.
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
    """Run a git command, and return its output.

    Args:
        source: Id of the source, for messages.
        arguments: The command and its arguments.
        place: Location for error messages.
        clone: The clone to work on.
        stdin: Input of the command.
        variables: Further environment variables.

    Raises:
        SourceError: Git is not installed, failed or timed out.
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
        # git fsck prints its findings to stdout.
        raise SourceError(source, complaint(done.stderr + b"\n" + done.stdout), place=place)
    return done.stdout


def complaint(output: bytes) -> str:
    """Return the line of git's output that states the error."""
    lines = [line for line in output.decode("utf-8", "replace").splitlines() if line.strip()]
    fatal = [line for line in lines if line.startswith(("fatal:", "error:"))]
    others = [line for line in lines if not line.startswith(("notice:", "warning:"))]
    # git fsck prints a tree on one line and the object missing from it on the next one.
    missing = [line for line in lines if line.startswith("missing ")]
    found = fatal or missing or others or lines or ["git failed without an error message"]
    return found[0].removeprefix("fatal: ")


def kept_heads(source: str, clone: Path) -> list[str]:
    """Return the kept heads: the present one, and those that force-pushes upstream replaced."""
    listing = run(
        source,
        ["for-each-ref", "--format=%(objectname)", "refs/tracker/heads/"],
        place=str(clone),
        clone=clone,
    )
    return listing.decode().split()


def head(source: str, clone: Path) -> str:
    """Return the id of the commit to which a clone was last updated."""
    if not (clone / "HEAD").is_file():
        raise SourceError(source, "not fetched yet", remedy=f"run: tracker fetch {source}")
    return (
        run(source, ["rev-parse", "refs/heads/tracked"], place=str(clone), clone=clone)
        .decode()
        .strip()
    )


class BlobReader:
    """Bulk reader of blobs with one or more git processes.

    Several processes take turns, so that several cores unpack. If the blobs alternate between as
    many parts of the history, each process caches the delta bases of its part.
    """

    def __init__(self, source: str, clone: Path, processes: int = 1) -> None:
        self._processes = [_BlobProcess(source, clone) for _ in range(processes)]

    def __enter__(self) -> BlobReader:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.stop()

    def read(self, blobs: Sequence[str]) -> Iterator[tuple[str, bytes | None]]:
        """Yield blobs in the given order.

        History order is fastest: neighbouring versions share delta bases, which git caches.

        Yields:
            Object id and content; ``None`` if the clone does not have the object.
        """
        n = len(self._processes)
        answers = [process.read(blobs[place::n]) for place, process in enumerate(self._processes)]
        try:
            for place in range(len(blobs)):
                yield next(answers[place % n])
        finally:
            for answer in answers:
                answer.close()


class _BlobProcess:
    """One git process that reads blobs."""

    def __init__(self, source: str, clone: Path) -> None:
        self._source = source
        self._clone = clone
        self._process: subprocess.Popen[bytes] | None = None

    def _start(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = subprocess.Popen(
                # The clone has no promisor remote, so git reports "missing" and does not fetch.
                command(self._clone, *SMALL, "cat-file", "--batch"),
                env=environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=1 << 20,
            )
            assert self._process.stdout is not None
            if hasattr(fcntl, "F_SETPIPE_SZ"):
                # Lets git work ahead while another process is read.
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
        """Yield blobs in the given order."""
        process = self._start()
        assert process.stdin is not None and process.stdout is not None
        stdin, output = process.stdin, process.stdout
        asked = answered = 0
        try:
            for blob in blobs:
                if asked - answered <= _AHEAD // 2:
                    more = blobs[asked : answered + _AHEAD]
                    with suppress(BrokenPipeError):  # reading its answers reports that git ended
                        stdin.write("".join(f"{name}\n" for name in more).encode())
                        stdin.flush()
                    asked += len(more)
                yield blob, self._answer(output, blob)
                answered += 1
        finally:
            if answered < len(blobs):
                self.stop()  # pending answers must not be read as answers to later requests

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
    """Return whether ``older`` is part of the history of ``newer``."""
    asked = command(clone, "merge-base", "--is-ancestor", older, newer)
    done = subprocess.run(asked, env=environment(), capture_output=True, check=False)
    return done.returncode == 0


def check_objects(source: str, clone: Path) -> None:
    """Verify every object of a clone (``git fsck``).

    Raises:
        SourceError: An object is damaged.
    """
    run(source, ["fsck", "--full", "--no-dangling", "--no-progress"], place=str(clone), clone=clone)
