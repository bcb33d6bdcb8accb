"""What is asked of a board: which one, of which day, which rows, in which order."""

from __future__ import annotations

import re
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
from tracker.ranking.ranks import RULES
from tracker.ranking.slices import Slice

ORIGINS = ("published", "recomputed")
MOST_WEIGHT = 1000
_WEIGHT = re.compile(r"\d{1,6}(\.\d{1,6})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What a model must meet, by the names that every question uses."""

    max_parameters: str | float | None = None
    """Only models with at most this many parameters, for example ``1B``. This and the
    conditions below choose rows and change no rank; a model with an unknown value is left out."""
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


@dataclass(frozen=True, slots=True)
class BoardQuery(Conditions):
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
    without_suspect: bool = False
    """Suspect scores, as ``lint`` lists them, count as missing: the board is computed again by its
    own rule from the others."""
    intervals: bool = False
    """Add 95 % intervals of rank and mean, tie groups, and the difference to the next row."""
    fold_finetunes: bool = False
    """Fold fine-tunes that are not clearly ahead of the model they were made from into its row."""

    @property
    def is_recomputed(self) -> bool:
        """Whether no stored board answers it: it is about a part, or leaves out scores."""
        return self.without_suspect or not self.part.is_whole

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
        check_fields(self)
        moment(self.as_of)
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


@dataclass(frozen=True, slots=True)
class ChoiceQuery(Conditions):
    """The question which model to take, from a board and for a purpose.

    The arguments of ``Catalog.choose`` and the options of ``tracker choose`` are these fields, and
    the page of choices has the names of the options in its address.

    Raises:
        UsageError: A field has a wrong type or an unknown value.
    """

    board: str | EditionInfo
    """As for ``BoardQuery``."""
    as_of: When = None
    """As for ``BoardQuery``."""
    _: KW_ONLY
    type: str | None = None
    """Task types that count, separated by commas, each with a weight if wanted:
    ``Retrieval=2,STS``. By default all types of the board count equally."""
    language: str | None = None
    """Languages that count, in the same way: ``deu=2,fra``. Only the subsets of tasks in these
    languages count then; by default all tasks count whole."""

    @property
    def types(self) -> dict[str, float]:
        """Weight of each task type that is asked for."""
        return _weights("type", self.type)

    @property
    def languages(self) -> dict[str, float]:
        """Weight of each language that is asked for, by ISO 639-3 code."""
        asked = _weights("language", self.language)
        return {language_code(name): weight for name, weight in asked.items()}

    def __post_init__(self) -> None:
        check_fields(self)
        moment(self.as_of)
        _ = self.types, self.languages


def check_fields(query: Conditions) -> None:
    """Refuse fields of a wrong type, and a day of release that is no date.

    Raises:
        UsageError: A field has a wrong type or an unknown value.
    """
    kind: Any = query.__class__
    hints = _hints(kind)
    for field in fields(query):
        check_type(field.name, getattr(query, field.name), hints[field.name])
    moment(query.released_since, begins=True)


def _weights(field: str, text: str | None) -> dict[str, float]:
    """Names with their weights; a name without a weight has weight 1."""
    found: dict[str, float] = {}
    for entry in _names(text):
        name, separator, written = map(str.strip, entry.partition("="))
        if separator and not _WEIGHT.fullmatch(written):
            raise UsageError(
                f"{field}: {written[:40]!r} is not a weight", remedy=f"write {name}=2, for example"
            )
        found[name] = float(written) if separator else 1.0
        if not 0 < found[name] <= MOST_WEIGHT:
            raise UsageError(f"{field}: weights are above 0 and at most {MOST_WEIGHT}")
    return found


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
