"""The best open models under some sizes through time, and how long small ones took to catch up."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.answers.common import Day


@dataclass(frozen=True)
class FrontierSpan:
    """The best open model under a size at the end of each day from one day to another one."""

    board: str
    """Name of the edition; means of two editions are not comparable."""
    board_slug: str
    """Unique name of the edition."""
    limit: str
    """The size: fewer parameters than ``0.5B``, ``1B``, ``2B`` or ``8B``, or ``any``."""
    from_day: Day
    """First day at whose end it was the best."""
    until_day: Day | None
    """Last day at whose end it was the best; missing while it is."""
    model: str
    """Public id of today."""
    slug: str
    parameters: int
    """Number of parameters, as declared now."""
    mean: float
    """Mean in percent."""
    types: tuple[str, ...]
    """Task types over whose means the mean is taken; empty for the mean over all tasks. Set where
    no open model ever had all tasks of the board."""


@dataclass(frozen=True)
class CatchUp:
    """How long models under a size took to reach the best mean of open models of any size."""

    board: str
    """Name of the edition."""
    board_slug: str
    """Unique name of the edition."""
    large_model: str
    """The model of any size that reached the mean first."""
    large_day: Day
    """First day at whose end it had it."""
    since_start: bool
    """Whether that is the first day that is known of the board, so that it may be earlier."""
    mean: float
    """The mean, in percent."""
    limit: str
    """Fewer parameters than this."""
    model: str | None
    """The first model under this size with at least this mean; missing while there is none."""
    day: Day | None
    """First day at whose end it had it."""
    days: int | None
    """Days between; missing while there is none."""
