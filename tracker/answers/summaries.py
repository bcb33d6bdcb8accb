"""Answers about all models at once: one short row for each."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.answers.common import Answer, Day, Moment


@dataclass(frozen=True, repr=False)
class ModelSummary(Answer):
    """A model in the list of all models, without ranks.

    Its values are those of :class:`~tracker.answers.models.Model`.
    """

    name: str
    """Public id, ``organisation/name``."""
    organisation: str
    """Part of the public id before the slash."""
    parameters: int | None
    """Number of parameters."""
    embedding_dimensions: int | None
    """Largest number of dimensions of an embedding."""
    max_tokens: int | None
    """Longest input in tokens."""
    licence: str | None
    """Identifier of the licence in small letters; missing where it is unknown."""
    licence_link: str | None
    """Address of the licence, where a source gives that instead of a name."""
    release_date: Day | None
    """Day of the release; in frames the first of the month where only that is stated."""
    first_seen_at: Moment | None
    """First moment at which a board listed it with scores for half of the tasks or more."""
    n_boards: int
    """Number of editions that list it or did."""
    n_facts: int
    """Number of curated facts about its method."""
    papers: tuple[str, ...]
    """arXiv ids without version."""
