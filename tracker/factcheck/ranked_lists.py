"""Find ranks in numbered lists: a line announces the ranking of a board, each item is a rank."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tracker.factcheck.boards import BoardMention
from tracker.factcheck.claims import Claim, Context, board_of, period_of
from tracker.factcheck.dates import Period
from tracker.factcheck.rank_patterns import AMONG_SOME, PART, RESTRICTED
from tracker.factcheck.sentence import BOARD, DATE, MODEL, Sentence, is_denied, is_doubtful

_ANNOUNCES = re.compile(
    r"\btop[- ](?:\d{1,3}|three|five|ten|twenty)\b|\branking\b|\brankings\b|\bstandings\b"
    r"|\branks? (?:as follows|the following)|\bpodium\b|前 ?(?:[三五十]|二十|\d{1,3})(?! ?年)"
    r"|排名|排行(?!榜 ?[^:,。]{0,4}推荐)|名次",
    re.IGNORECASE,
)
_ONLY_BOARD = re.compile(
    rf"\W*(?:The |Current |Here is the )*{BOARD}(?: leader ?board)?"
    rf"(?:,? (?:\()?(?:as of|as at|on|in) {DATE}\)?|[,( ]*{DATE}\)?)?\W*",
    re.IGNORECASE,
)
_OTHER_ORDER = re.compile(
    r"\b(?:our|my|your|favou?rites?|recommend\w*|picks?|popular\w*|download\w*|fast\w*|speed"
    r"|cheap\w*|price|cost|smallest|by size|tips|reasons|steps|ways|open[- ]?\w*|free)\b"
    r"|推荐|下载|最快|速度|价格|便宜|理由|步骤|原因|技巧|我们|开源",
    re.IGNORECASE,
)
"""A list that counts something else than ranks of a board."""
_BEGINS_WITH_MODEL = re.compile(rf"\W*{MODEL}")


class RankedList:
    """Follows the blocks of a text and reads the numbered lists that give a ranking."""

    def __init__(self) -> None:
        self._announced: tuple[BoardMention, Period | None] | None = None
        self._next = 1

    def read(
        self, sentence: Sentence | None, number: int | None, context: Context, *, begins: bool
    ) -> Iterator[Claim]:
        """Read the next sentence of the text.

        Args:
            sentence: The sentence; ``None`` where it could not be read.
            number: Number of the list item that begins with it.
            context: What was said before.
            begins: Whether a block begins with it.
        """
        if number is None:
            if begins or self._next == 1:
                self._announced = None if sentence is None else _announced(sentence, context)
                self._next = 1
            return
        if self._announced is None or number != self._next or sentence is None:
            self._announced, self._next = None, 1
            return
        self._next += 1
        board, period = self._announced
        first = _BEGINS_WITH_MODEL.match(sentence.shape)
        if first is None or is_doubtful(sentence.shape) or is_denied(sentence.shape, 0, 60):
            return
        model = sentence.model_at(first.end() - 1)
        if model is not None:
            yield Claim(
                kind="rank",
                start=model.start,
                end=model.end,
                value=number,
                value_at=(model.start, model.end),
                model=model,
                board=board,
                period=period,
            )


def _announced(sentence: Sentence, context: Context) -> tuple[BoardMention, Period | None] | None:
    """The board and date of the ranking that a sentence announces."""
    shape = sentence.shape
    if BOARD not in shape and context.board is None:
        return None
    if not (_ANNOUNCES.search(shape) or _ONLY_BOARD.fullmatch(shape)):
        return None
    unclear = (_OTHER_ORDER, AMONG_SOME, PART, RESTRICTED)
    if is_doubtful(shape) or any(words.search(shape) for words in unclear):
        return None
    board = board_of(sentence, 0, context)
    period, is_open = period_of(sentence, 0, context)
    return None if board is None or is_open else (board, period)
