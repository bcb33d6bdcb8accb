"""Charts from worker processes, cached by what they show."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple, Protocol

import orjson

from tracker.pages.build.cache import cache_key
from tracker.pages.charts.chart import Drawing


class Pool(Protocol):
    """Worker processes with a cache of their results."""

    def cached(self, key: str, function: Callable[..., bytes], *arguments: object) -> Future[bytes]:
        """Call a function in a worker process, unless its result is in the cache."""


class DrawnChart(NamedTuple):
    """A chart as it is published."""

    svg: str
    """The static picture, with placeholders for words."""
    specification: str
    """The Vega-Lite specification of the interactive chart, as JSON."""

    @classmethod
    def read(cls, content: bytes) -> DrawnChart:
        """Read what ``draw_chart`` returned."""
        return cls(*orjson.loads(content))


def request_chart(pool: Pool, drawing: Drawing) -> Future[bytes]:
    """Have a chart drawn; ``DrawnChart.read`` reads the result."""
    key = cache_key("chart", _drawn_by(), orjson.dumps(drawing))
    return pool.cached(key, draw_chart, drawing)


def draw_chart(drawing: Drawing) -> bytes:
    """Draw a chart."""
    # Altair takes a second to import, and most builds draw nothing.
    from tracker.pages.charts.svg import draw, specification

    live = orjson.dumps(specification(drawing, live=True)).decode()
    return orjson.dumps((draw(drawing), live))


@cache
def _drawn_by() -> bytes:
    """The libraries and the code that draw charts."""
    libraries = f"altair {version('altair')} vl-convert {version('vl-convert-python')}\n".encode()
    here = Path(__file__)
    return libraries + b"".join(here.with_name(f"{m}.py").read_bytes() for m in ("chart", "svg"))
