"""Servers of the command line, each a process of its own on a free port."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_ADDRESS = re.compile(r"http://\S+")


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
