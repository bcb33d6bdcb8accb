"""Processes that have ended."""

from __future__ import annotations

import subprocess
import sys


def dead_process() -> int:
    """The number of a process that does not run any more."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid
