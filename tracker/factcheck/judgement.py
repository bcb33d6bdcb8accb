"""What a verdict consists of, before it is put together with its statement."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.factcheck.days import Days


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on a claim."""

    verdict: str
    reason: str
    actual: str | float | None = None
    days: Days = ()
    link: str | None = None
    model: str | None = None
    """Public id of the model that is meant."""
    board: str | None = None
    """Edition or series that is meant."""
    replacement: str | None = None
    """The right value in the form in which a text gives it."""


def not_checkable(reason: str, *, model: str | None = None, board: str | None = None) -> Judgement:
    """A claim that the catalog cannot judge."""
    return Judgement("not_checkable", reason, model=model, board=board)
