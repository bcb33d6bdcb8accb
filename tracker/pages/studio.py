"""The drawings of the last build, for charts that show the same: most boards stay for days."""

from __future__ import annotations

import contextlib
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import orjson

from tracker.pages.charts import Drawing


class Studio:
    """Draws, and keeps what it drew for the next build."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._known: dict[str, list[str]] = {}
        self._used: dict[str, list[str]] = {}
        with contextlib.suppress(OSError, orjson.JSONDecodeError):
            self._known = orjson.loads(store.read_bytes())

    def draw(self, drawing: Drawing) -> tuple[str, str]:
        """The drawing as SVG, and the specification of the interactive one.

        Both are from the store if the same was drawn by the same programs.
        """
        key = sha256(_made_by() + orjson.dumps(drawing)).hexdigest()
        drawn = self._used[key] = self._known.get(key) or _drawn(drawing)
        svg, live = drawn
        return svg, live

    def keep(self) -> None:
        """Write what this build used; what it did not use is forgotten."""
        self._store.parent.mkdir(parents=True, exist_ok=True)
        new = self._store.with_name(f"{self._store.name}.new")
        new.write_bytes(orjson.dumps(self._used))
        new.replace(self._store)


def _drawn(drawing: Drawing) -> list[str]:
    # What draws takes longer to import than all drawings of an ordinary day to look up.
    from tracker.pages.drawing import draw, specification

    return [draw(drawing), orjson.dumps(specification(drawing, live=True)).decode()]


@cache
def _made_by() -> bytes:
    """What draws: the libraries and the modules of the program that tell them what to do."""
    told = f"altair {version('altair')} vl-convert {version('vl-convert-python')}\n".encode()
    here = Path(__file__)
    return told + b"".join(
        here.with_name(f"{its}.py").read_bytes() for its in ("charts", "drawing")
    )
