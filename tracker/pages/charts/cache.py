"""The drawings of the last build, for charts that show the same: most boards stay for days.

New ones are drawn by a process of their own, while the catalog is read: what draws takes a second
before its first line.
"""

from __future__ import annotations

import contextlib
import pickle
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Self

import orjson

from tracker.errors import TrackerError
from tracker.io.files import write_atomically
from tracker.pages.build.process_priority import give_way
from tracker.pages.charts.chart import Drawing

Drawn = dict[str, list[str]]
"""Picture and specification of the interactive one, by the key of a drawing."""


class Studio:
    """Draws, and keeps what it drew for the next build."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._known: Drawn = {}
        self._used: Drawn = {}
        self._process: subprocess.Popen[bytes] | None = None
        self._waiting = ThreadPoolExecutor(1)
        self._new: Future[bytes] | None = None
        with contextlib.suppress(OSError, orjson.JSONDecodeError):
            self._known = orjson.loads(store.read_bytes())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End what still draws."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._waiting.shutdown()

    def order(self, drawings: Iterable[Drawing]) -> None:
        """Have drawings made that are not there, while this process does other things."""
        wanted = {_key(its): its for its in drawings}
        missing = {key: its for key, its in wanted.items() if key not in self._known}
        if missing:
            command = [sys.executable, "-m", "tracker.pages.charts.svg"]
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe)
            give_way(self._process)
            self._new = self._waiting.submit(_made, self._process, pickle.dumps(missing))

    def draw(self, drawing: Drawing) -> tuple[str, str]:
        """A drawing that was ordered as SVG, and the specification of the interactive one.

        Raises:
            TrackerError: What draws ended early.
        """
        key = _key(drawing)
        if key not in self._known and self._new is not None:
            told, self._new = self._new.result(), None
            if not told:
                raise TrackerError("site: what draws ended early", remedy="is there enough memory?")
            # It was written by this program's own process.
            self._known |= pickle.loads(told)  # noqa: S301
        svg, live = self._used[key] = self._known[key]
        return svg, live

    def keep(self) -> None:
        """Write what this build used; what it did not use is forgotten."""
        write_atomically(self._store, orjson.dumps(self._used))


def _made(process: subprocess.Popen[bytes], wanted: bytes) -> bytes:
    told, _ = process.communicate(wanted)
    return told


def _key(drawing: Drawing) -> str:
    return sha256(_made_by() + orjson.dumps(drawing)).hexdigest()


@cache
def _made_by() -> bytes:
    """What draws: the libraries and the modules of the program that tell them what to do."""
    told = f"altair {version('altair')} vl-convert {version('vl-convert-python')}\n".encode()
    here = Path(__file__)
    return told + b"".join(here.with_name(f"{its}.py").read_bytes() for its in ("chart", "svg"))
