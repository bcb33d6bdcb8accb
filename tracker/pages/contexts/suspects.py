"""Contexts of suspect scores: their page, and what pages of tasks and models show of them."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.answers.common import Bilingual
from tracker.pages.contexts.common import Page


@dataclass(frozen=True)
class SuspectLine:
    """One finding."""

    rule: str
    task: str
    model: str
    slug: str | None
    """Slug of the model that has a page."""
    where: str
    """Split and subset; empty for the whole file."""
    reason: Bilingual
    path: str
    """The result file."""
    commit: str | None
    url: str | None
    """Address of the commit."""
    source: str | None
    """Public report of the error, where one is known."""


@dataclass(frozen=True)
class SuspectList:
    """The findings of a page: some of them are shown, the data file has all."""

    lines: tuple[SuspectLine, ...]
    n: int
    models: tuple[str, ...] = ()
    """Present public ids of the models that any finding about a score is about."""


@dataclass(frozen=True)
class SuspectTask:
    """The findings of one rule on one task."""

    task: str
    slug: str | None
    n: int
    n_models: int
    example: SuspectLine | None
    """The first finding; missing where a page would become too long."""


@dataclass(frozen=True)
class SuspectGroup:
    """The findings of one rule."""

    rule: str
    n: int
    tasks: tuple[SuspectTask, ...]


@dataclass(frozen=True)
class SuspectsPage:
    """All suspect scores by rule and task."""

    page: Page
    groups: tuple[SuspectGroup, ...]
    n: int
    n_files: int
    n_models: int
    is_known: bool
    """Whether the catalog has result files at all."""
    csv_path: str
