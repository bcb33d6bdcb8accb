"""Frontiers and paired differences of the invented catalog."""

from __future__ import annotations

from abc import ABC, abstractmethod

from tests.support.fake_answers import HOSTILE, LAST
from tracker.answers.boards import EditionInfo, PairedDifference
from tracker.answers.frontier import CatchUp, FrontierSpan
from tracker.common.text import model_slug
from tracker.errors import NoDataError


class FakeFrontier(ABC):
    """Frontiers and pairs of the fake catalog, which finds the boards itself."""

    @abstractmethod
    def _find(self, board: str | EditionInfo) -> EditionInfo:
        """Find a board."""

    def frontier_list(self, board: str) -> tuple[FrontierSpan, ...]:
        """Two sizes on two editions; the names are hostile."""
        current, slug = self._find(board), model_slug(HOSTILE[0])

        def span(limit: str, first: str, last: str | None, mean: float, name: str) -> FrontierSpan:
            return FrontierSpan(
                name, name, limit, first, last, HOSTILE[0], slug, 10**8, mean,
                ("<STS>",) if current.series == "c-mteb" else (),
            )  # fmt: skip

        return (
            span("0.5B", "2024-07-07", "2025-02-04", 60.5, "published/en"),
            span("0.5B", "2025-02-05", None, 61.5, current.slug),
            span("any", "2024-07-07", "2025-02-04", 70.5, "published/en"),
            span("any", "2025-02-05", None, 75.25, current.slug),
        )

    def catch_up_list(self, board: str | EditionInfo) -> tuple[CatchUp, ...]:
        """One record that one size reached."""
        name, slug = self._find(board).name, self._find(board).slug
        record = name, slug, HOSTILE[0], "2025-02-05", True, 61.5
        none = (None, None, None)
        return (
            CatchUp(*record, "0.5B", HOSTILE[1], "2025-03-05", 28),
            *(CatchUp(*record, limit, *none) for limit in ("1B", "2B", "8B")),
        )

    def difference(self, model: str, other: str, board: EditionInfo) -> PairedDifference:
        """Half a point, clear of zero."""
        if board.name != "MTEB(eng, v2)":
            raise NoDataError("no scores of single tasks")
        return PairedDifference(model, other, board.name, LAST, 0.5, 0.25, 0.75, 20, 13, 33, 33)
