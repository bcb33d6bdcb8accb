"""What is asked of a board: which one, of which day, which rows, in which order."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, fields
from functools import cache
from typing import Any, get_type_hints

from tracker.answers.boards import EditionInfo
from tracker.catalog.results.raw_scores import IDENTITIES
from tracker.common.checks import check_type
from tracker.common.languages import language_code
from tracker.common.text import did_you_mean
from tracker.common.times import When, moment
from tracker.errors import UsageError
from tracker.ranking.rank_rules import RULES
from tracker.ranking.slices import Slice

ORIGINS = ("published", "recomputed")


@dataclass(frozen=True, slots=True)
class BoardQuery:
    """One question about a board.

    The arguments of ``Catalog.leaderboard`` and the options of ``tracker leaderboard`` are these
    fields; a new filter is a new field.

    Raises:
        UsageError: A field has a wrong type or an unknown value.
    """

    board: str | EditionInfo
    """Name or slug of an edition, a series, which means its edition of that date, or an edition
    from ``Catalog.editions``."""
    as_of: When = None
    """The date; now by default. A day means its end in UTC, a ``datetime`` means that moment. For
    a date after the last known state the answer is that state, and its ``as_of`` says so."""
    _: KW_ONLY
    rank_by: str = "published"
    """``published`` (the board's own rule), ``borda``, ``mean_task`` or ``mean_task_type``."""
    origin: str | None = None
    """``published`` for what a server answered, ``recomputed`` from raw scores. By default the
    publisher's own answer on the days that it covers, and the recomputed state on all others."""
    identity: str = "resolved"
    """``resolved`` follows models through their names and leaves out impossible scores;
    ``registry`` matches models by spelling, as the publisher's server does."""
    complete_only: bool = False
    """Only models with a score for every task."""
    collapse_copies: bool = True
    """One row for a model and its re-uploads and builds (archived boards)."""
    with_partial: bool = True
    """Also models with scores for fewer than half of the tasks."""
    top: int | None = None
    """At most this many rows."""
    type: str | None = None
    """Only tasks of these types, separated by commas: the rows are ranked by them alone."""
    tasks: str | None = None
    """Only these tasks, separated by commas."""
    language: str | None = None
    """Only the subsets in this language: an ISO 639 code, or a name in English or Chinese."""
    max_parameters: str | float | None = None
    """Only models with at most this many parameters, for example ``1B``. This and all conditions
    below choose rows and change no rank; a model with an unknown value is left out."""
    max_memory: str | float | None = None
    """Only models that need at most this much memory, for example ``4GB``."""
    min_context: int | None = None
    """Only models that take inputs of at least this many tokens."""
    open_weights: bool = False
    """Only models whose weights can be downloaded."""
    licence: str | None = None
    """Only models under one of these licences, separated by commas."""
    commercial: bool = False
    """Only models whose licence allows commercial use without further terms."""
    organisation: str | None = None
    """Only models of this organisation."""
    untrained_only: bool = False
    """Only models that declare that they were trained on none of the tasks."""
    no_instructions: bool = False
    """Only models that need no instructions."""
    pooling: str | None = None
    """Only models with this pooling."""
    base: str | None = None
    """Only models whose base model has this in its name."""
    released_since: When = None
    """Only models released on this day, or in this month or year, or later."""
    intervals: bool = False
    """Add 95 % intervals of rank and mean, tie groups, and the difference to the next row."""
    fold_finetunes: bool = False
    """Fold fine-tunes that are not clearly ahead of the model they were made from into its row."""

    @property
    def part(self) -> Slice:
        """The part of the board that the question is about.

        Raises:
            UsageError: There is no such language.
        """
        return Slice(
            frozenset(_names(self.type)),
            frozenset(_names(self.tasks)),
            None if self.language is None else language_code(self.language),
        )

    def __post_init__(self) -> None:
        for field in fields(self):
            check_type(field.name, getattr(self, field.name), _hints()[field.name])
        moment(self.as_of)
        moment(self.released_since, begins=True)
        if self.rank_by not in RULES:
            raise UsageError(
                f"no rank rule {self.rank_by!r}", remedy=did_you_mean(self.rank_by, RULES)
            )
        if self.identity not in IDENTITIES:
            raise UsageError(f"no identity {self.identity!r}", remedy=" or ".join(IDENTITIES))
        if self.top is not None and self.top < 1:
            raise UsageError("--top must be at least 1")
        if self.origin not in (None, *ORIGINS):
            raise UsageError(f"no origin {self.origin!r}", remedy=" or ".join(ORIGINS))


def _names(text: str | None) -> list[str]:
    return [] if text is None else [name.strip() for name in text.split(",") if name.strip()]


@cache
def _hints() -> dict[str, Any]:
    return get_type_hints(BoardQuery)
