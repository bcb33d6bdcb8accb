"""One sentence with its names replaced by single marks, so that rules can be short patterns."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from tracker.factcheck.boards import BoardIndex, BoardMention
from tracker.factcheck.dates import StatedDate, stated_dates
from tracker.factcheck.names import ModelIndex, ModelMention, unknown_names

MODEL, BOARD, DATE = "\ue000", "\ue001", "\ue002"
"""Characters that stand for a name of a model, of a board, and for a date."""
MOST_MARKS = 40
"""A sentence with more names is a list of something else."""

Mention = ModelMention | BoardMention | StatedDate


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the plain text."""

    text: str
    """The whole plain text."""
    start: int
    end: int
    shape: str
    """The sentence with marks instead of names."""
    places: array[int]
    """Position in the plain text of each character of ``shape``."""
    marks: dict[int, Mention]
    """What a mark stands for, by its position in ``shape``."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Convert a span of ``shape`` to one of the plain text."""
        last = self.marks.get(end - 1)
        return self.places[start], last.end if last is not None else self.places[end - 1] + 1

    def written(self, start: int, end: int) -> str:
        """A span of ``shape`` with the names as they are written."""
        first, last = self.span(start, end)
        return self.text[first:last]

    def model_at(self, place: int) -> ModelMention | None:
        """The model whose mark is at a position of ``shape``."""
        found = self.marks.get(place)
        return found if isinstance(found, ModelMention) else None

    def board_at(self, place: int) -> BoardMention | None:
        """The board whose mark is at a position of ``shape``."""
        found = self.marks.get(place)
        return found if isinstance(found, BoardMention) else None

    def positions(self, mark: str) -> list[int]:
        """Where a kind of mark is, from left to right."""
        return [at for at in self.marks if self.shape[at] == mark]

    @property
    def dates(self) -> list[StatedDate]:
        """The dates that the sentence states."""
        return [found for found in self.marks.values() if isinstance(found, StatedDate)]


def read_sentence(
    text: str, span: tuple[int, int], models: ModelIndex, boards: BoardIndex
) -> Sentence | None:
    """Find the names in a sentence; ``None`` for one that names too many things."""
    start, end = span
    known: list[Mention] = []
    finders: tuple[Iterator[Mention], ...] = (
        boards.mentions(text, start, end),
        models.mentions(text, start, end),
        stated_dates(text, start, end),
        unknown_names(text, start, end),
    )
    for found in finders:
        more = list(islice(found, MOST_MARKS + 1))
        known = _added(known, more) if known and more else [*known, *more]
        if len(known) > MOST_MARKS:
            return None
    known.sort(key=lambda mention: mention.start)
    parts: list[str] = []
    places = array("l")
    marks: dict[int, Mention] = {}
    at = start
    for mention in known:
        parts.append(text[at : mention.start])
        places.extend(range(at, mention.start))
        marks[len(places)] = mention
        parts.append(_mark(mention))
        places.append(mention.start)
        at = mention.end
    parts.append(text[at:end])
    places.extend(range(at, end))
    return Sentence(text, start, end, "".join(parts), places, marks)


def _mark(mention: Mention) -> str:
    if isinstance(mention, ModelMention):
        return MODEL
    return BOARD if isinstance(mention, BoardMention) else DATE


def _added(known: Sequence[Mention], more: Sequence[Mention]) -> list[Mention]:
    """Add mentions that overlap none of the known ones."""
    taken = sorted((mention.start, mention.end) for mention in known)
    starts = [start for start, _ in taken]
    found = list(known)
    for mention in more:
        place = bisect_left(starts, mention.end)
        if place == 0 or taken[place - 1][1] <= mention.start:
            found.append(mention)
    return found


_DOUBT = re.compile(
    r"[?？]\W*$|\b(?:if|would|could|might|whether|hopes?|hoped|aims? to|expect(?:s|ed)?|predict\w*"
    r"|imagine|suppose\w*|alleged\w*|rumou?r\w*|wrong(?:ly)?|mistak\w+|incorrect\w*|pretend\w*"
    r"|will|not yet|let us|let's|assume|unlikely|plans? to|may)\b"
    r"|如果|要是|但愿|就好了|假如|假设|是否|可能|也许|或许|将会|希望|据称|据说|据传|传闻|传言|预计|错误|有误|误称|误以为|误认为|以为|谣传|谣言|并非|并不是|吗"
)
_DENIED = re.compile(
    r"\b(?:not|never|no longer|cannot|neither|nor|without|n't|unlike|instead of|rather than|except"
    r"|fail(?:s|ed)?|nowhere|hardly|nearly|almost|far from)\b|n't\b"
    r"|不是|没有|未能|未|不再|而非|无法|并未|几乎|接近|差点"
)


def is_doubtful(shape: str) -> bool:
    """Whether a sentence asks, supposes, or quotes something as wrong."""
    return _DOUBT.search(shape) is not None


def is_denied(shape: str, start: int, end: int) -> bool:
    """Whether a part of a sentence is negated or hedged."""
    return _DENIED.search(shape, max(0, start - 24), end) is not None
