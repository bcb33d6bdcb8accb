"""Context of the page of frontiers through time."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.answers.common import Bilingual
from tracker.answers.frontier import CatchUp, FrontierSpan
from tracker.pages.charts.chart import Chart
from tracker.pages.contexts.common import BoardLink, Page


@dataclass(frozen=True)
class SeriesFrontier:
    """The frontier of one series."""

    title: Bilingual
    board: BoardLink
    """Its present edition."""
    types: tuple[str, ...]
    """Task types whose means count now, where no open model has all tasks."""
    chart: Chart | None
    now: tuple[FrontierSpan, ...]
    """The best model under each size now."""
    spans: tuple[FrontierSpan, ...]
    """All of them, the newest first."""
    caught: tuple[tuple[CatchUp, ...], ...]
    """Records on the present edition, oldest first; each with an entry for each size."""


@dataclass(frozen=True)
class FrontierPage:
    """The best open models under some sizes through time."""

    page: Page
    limits: tuple[str, ...]
    """Sizes, the smallest first, with ``any`` last."""
    series: tuple[SeriesFrontier, ...]
