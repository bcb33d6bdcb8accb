"""Commands that are killed at a chosen place."""

from __future__ import annotations

import signal
from collections.abc import Callable

import pytest

from tests.support.warm_process import WarmProcess

KILLED = """
import importlib, os, signal, sys
place, count, *arguments = sys.argv[1:]
module, _, name = place.partition(":")
*owners, last = name.split(".")
owner = importlib.import_module(module)
for one in owners:
    owner = getattr(owner, one)
real, seen = getattr(owner, last), 0
def killing(*given, **named):
    global seen
    seen += 1
    if seen == int(count):
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*given, **named)
setattr(owner, last, killing)
sys.argv = ["tracker", *arguments]
from tracker.cli import main
main()
"""


@pytest.fixture
def killed(warm_process: WarmProcess) -> Callable[..., None]:
    """Runs a command in a process of its own and sees it killed at a place.

    ``killed("module:name", count, *arguments)``: at so many calls of a function.
    """

    def run(place: str, count: int, *arguments: str) -> None:
        done = warm_process.run(KILLED, place, str(count), *arguments)
        assert done.returncode == -signal.SIGKILL, done.stderr.decode()

    return run
