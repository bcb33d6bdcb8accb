"""Servers of the command line on a free port, and clients in threads of their own."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

import anyio

_ADDRESS = re.compile(r"http://\S+")

T = TypeVar("T")


def run_async(work: Callable[[], Awaitable[T]]) -> T:
    """Run asynchronous work in a thread of its own: a browser's loop may run in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(anyio.run, work).result()


@contextmanager
def served(*arguments: str) -> Iterator[str]:
    """Run ``tracker`` with these arguments until the test is done; the address that it says."""
    command = [sys.executable, "-m", "tracker", *arguments]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            said = []
            for line in process.stderr:
                said.append(line)
                if match := _ADDRESS.search(line):
                    yield match[0]
                    break
            else:
                raise AssertionError("".join(said))
        finally:
            process.terminate()
            process.wait(10)
