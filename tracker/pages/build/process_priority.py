"""Which processes of a build go first."""

from __future__ import annotations

import os
import subprocess


def give_way(process: subprocess.Popen[bytes]) -> None:
    """Let a process run where the one that reads the catalog leaves room: all wait for that one."""
    os.setpriority(os.PRIO_PROCESS, process.pid, 5)
