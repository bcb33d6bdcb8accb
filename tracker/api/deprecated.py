"""Former names of methods; each warns and goes in the next release."""

from __future__ import annotations

from typing import Any
from warnings import warn

from tracker.api.history import HistoryQuestions
from tracker.api.methods import MethodQuestions
from tracker.common.deferred_imports import deferred_imports

with deferred_imports(globals()):
    from tracker.answers.boards import EditionInfo
    from tracker.answers.history import HistoryPoint, LeadSpan
    from tracker.answers.methods import Paper
    from tracker.insights.boards.editions import EditionIndex
    from tracker.insights.history.lead_spans import read_lead_spans


class FormerNames(HistoryQuestions, MethodQuestions):
    """What ``Catalog`` answered under other names."""

    def history_points(self, *args: Any, **kwargs: Any) -> tuple[HistoryPoint, ...]:
        """Former name of ``history_list``."""
        _warn("history_points", "history_list")
        return self.history_list(*args, **kwargs)

    def unmatched_papers(self) -> tuple[Paper, ...]:
        """Former name of ``unmatched_list``."""
        _warn("unmatched_papers", "unmatched_list")
        return self.unmatched_list()

    def leads(self, board: str | EditionInfo) -> tuple[LeadSpan, ...]:
        """Leads from moment to moment; ``leader_list`` gives days, units and reasons."""
        _warn("leads", "leader_list")
        chosen = self._reader.editions.named(board) if isinstance(board, str) else (board,)
        return tuple(read_lead_spans(self._reader, chosen))

    @property
    def shelf(self) -> EditionIndex:
        """Index of all editions; ``editions`` and ``boards`` list them."""
        _warn("shelf", "editions")
        return self._reader.editions


def _warn(old: str, new: str) -> None:
    text = f"Catalog.{old} is deprecated and goes in the next release; use Catalog.{new}"
    warn(text, DeprecationWarning, stacklevel=3)
