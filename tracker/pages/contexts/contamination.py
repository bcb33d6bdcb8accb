"""Contexts of contamination pages: which models of a board were trained on its tasks."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.answers.contamination import ExposedRow
from tracker.pages.contexts.common import BoardLink, Page


@dataclass(frozen=True)
class Receipts:
    """Where the declarations of one model can be read."""

    model: str
    slug: str
    sources: tuple[tuple[str, tuple[str, ...]], ...]
    """Each source with the tasks whose exposure is declared there."""


@dataclass(frozen=True)
class ContaminationPage:
    """Declared training of the first models of a board on its tasks."""

    page: Page
    board: BoardLink
    as_of: str
    registry: str
    rows: tuple[ExposedRow, ...]
    """The first fifty."""
    tasks: tuple[str, ...]
    """Tasks on which any of them declares training; on all others none does."""
    cells: tuple[str, ...]
    """One row's exposure to each of these tasks, as letters of ``itself``, ``base``, ``sibling``,
    ``none`` and ``undeclared``: ``i``, ``b``, ``s``, ``n``, ``u``."""
    receipts: tuple[Receipts, ...]
    task_slugs: dict[str, str]
    n_rows: int
    n_tasks: int
    n_silent: int
    """Models of the whole board that declare no training data."""
    scored: bool
    csv_path: str
    receipts_path: str
