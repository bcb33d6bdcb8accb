"""What a text has said before: boards, dates and models that later sentences mean."""

from __future__ import annotations

import re

from tracker.factcheck.boards import BoardMention
from tracker.factcheck.claims import Context, subjects
from tracker.factcheck.dates import Period
from tracker.factcheck.names import ModelMention
from tracker.factcheck.sentence import MODEL, Sentence

_AS_OF = re.compile(
    r"\b(?:as of|as at|at the end of|on|in|version of)\b|截至|截止|当时|版", re.IGNORECASE
)


_IS_CARD = re.compile(
    rf"\W*(?:Model card (?:for|of) )?(?:the )?{MODEL}(?: ?(?:model|模型))?"
    r"(?: ?(?:model card|模型卡))?\W*",
    re.IGNORECASE,
)
"""A heading that is only the name of a model."""


class Thread:
    """Follows a text block by block.

    A sentence without a board means the last one of its own paragraph or list item; else the one of
    the paragraph that introduces the list; else the one of the heading or of the first paragraph
    below it. What other paragraphs and items name does not count.
    """

    def __init__(self) -> None:
        self._section, self._list, self._block = Context(), Context(), Context()
        self._section_level = 7
        self._level: int | None = None
        self._boards: dict[tuple[str, ...], BoardMention] = {}
        self._is_introduction = False
        self._ends_with_colon = False
        self._paragraph = Context()
        self._card: ModelMention | None = None
        self._card_level = 7

    @property
    def context(self) -> Context:
        """What the next sentence may leave out."""
        layers = (self._block, self._list, self._section)
        return Context(
            next((layer.board for layer in layers if layer.board), None),
            next((layer.period for layer in layers if layer.period), None),
            self._block.model or self._section.model,
            self._card,
        )

    @property
    def table_context(self) -> Context:
        """What the headers of a table may leave out: also what the paragraph before it says."""
        said, before = self.context, self._paragraph
        return Context(said.board or before.board, said.period or before.period)

    def begin(self, level: int | None) -> None:
        """Begin a block.

        Args:
            level: 1 to 6 for a heading, 0 for a list item, ``None`` for a paragraph.
        """
        self._end_block()
        self._block, self._boards = Context(), {}
        self._ends_with_colon = False
        if level:
            if level <= self._card_level:
                self._card, self._card_level = None, 7
            self._list = Context()
            if level <= self._section_level:
                self._section, self._section_level = Context(), 7
        elif level is None:
            self._list = Context()
        self._level = level

    def _end_block(self) -> None:
        only = next(iter(self._boards.values())) if len(self._boards) == 1 else None
        here = Context(only, self._block.period, None)
        if self._level:
            self._is_introduction = True
            if only is not None or self._block.period is not None or self._block.model is not None:
                self._section = Context(
                    only or self._section.board,
                    self._block.period or self._section.period,
                    self._block.model or self._section.model,
                )
                self._section_level = min(self._section_level, self._level)
            return
        if self._level is None:
            self._paragraph = here
            if self._ends_with_colon:
                self._list = here
            if self._is_introduction and self._section.board is None:
                self._section = Context(
                    only, self._section.period or here.period, self._section.model
                )
        self._is_introduction = False

    def add(self, sentence: Sentence) -> None:
        """Remember what a sentence names."""
        if self._level and _IS_CARD.fullmatch(sentence.shape):
            self._card = sentence.model_at(sentence.shape.index(MODEL))
            self._card_level = self._level
        boards = [mark for mark in sentence.marks.values() if isinstance(mark, BoardMention)]
        models = {
            mark.models or mark.name: mark
            for mark in sentence.marks.values()
            if isinstance(mark, ModelMention)
        }
        if len(models) > 1:
            models = {mark.models or mark.name: mark for mark in subjects(sentence)}
        self._boards |= {board.boards or (board.name,): board for board in boards}
        self._block = Context(
            boards[-1] if boards else self._block.board,
            self._period(sentence) or self._block.period,
            (next(iter(models.values())) if len(models) == 1 else None)
            if MODEL in sentence.shape
            else self._block.model,
        )
        self._ends_with_colon = sentence.shape.rstrip().endswith((":", "："))

    def _period(self, sentence: Sentence) -> Period | None:
        dates = sentence.dates
        if len(dates) == 1 and (self._level or _AS_OF.search(sentence.shape)):
            return dates[0].period
        return None
