"""Processes of their own without half a second of imports: forks of one that has imported all.

The first process imports the tracker and does nothing else; it forks once for each program and
returns how that ended. It has no threads, no open catalog and nothing of pytest.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson

ROOT = Path(__file__).resolve().parents[2]
_IMPORTED = (
    "runpy",
    "tracker.api",
    "tracker.catalog.load",
    "tracker.catalog.starter",
    "tracker.cli",
    "tracker.curated",
    "tracker.exports",
    "tracker.sources",
    "tracker.update.daily",
    "tracker.update.run",
)


class WarmProcess:
    """Runs programs in forks of one process, one after another."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def run(self, code: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        """Run a program in this process's folder and environment.

        Args:
            code: Python.
            arguments: ``sys.argv`` without the program's name.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with TemporaryDirectory() as folder:
            files = [f"{folder}/out", f"{folder}/err"]
            asked = {
                "code": code,
                "arguments": ["-c", *arguments],
                "environment": dict(os.environ),
                "folder": str(Path.cwd()),
                "files": files,
            }
            self._process.stdin.write(orjson.dumps(asked) + b"\n")
            self._process.stdin.flush()
            status = int(self._process.stdout.readline())
            out, err = (Path(file).read_bytes() for file in files)
        return subprocess.CompletedProcess(asked["arguments"], status, out, err)

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


def _serve() -> None:
    for name in _IMPORTED:
        import_module(name)
    for line in sys.stdin.buffer:
        child = os.fork()
        if child == 0:
            _become(orjson.loads(line))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _become(asked: Mapping[str, Any]) -> None:
    """Run a program in a new process and end it."""
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["folder"])
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    for number, file in enumerate(asked["files"], 1):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT), number)
    sys.argv = asked["arguments"]
    status = 1
    try:
        exec(compile(asked["code"], "program", "exec"), {"__name__": "__main__"})
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    _serve()
