"""Find ranks and leads in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tracker.factcheck.boards import BoardMention
from tracker.factcheck.claims import (
    Claim,
    Context,
    board_behind,
    board_of,
    period_of,
    spoken_of,
    subject_after,
    subject_before,
    time_of,
    whole_span,
)
from tracker.factcheck.dates import Period
from tracker.factcheck.names import ModelMention
from tracker.factcheck.rank_patterns import (
    AMONG_SOME,
    BEGINS,
    BEHIND,
    BESIDE_MODEL,
    BY_MEAN,
    CLAUSE,
    CONSEQUENCE,
    COULD_RANK,
    COUNTS,
    CUES,
    FOLLOWED,
    HAS_SUBJECT,
    LONGEST_RANK,
    NUMBER_ONE,
    ORDINAL_NUMBERS,
    PART,
    PAST,
    RESTRICTED,
    THEN_SUBJECT,
    TOP_LIST,
    ZH_CUES,
    ZH_DIGITS,
)
from tracker.factcheck.score_rules import task_types
from tracker.factcheck.sentence import BOARD, MODEL, Sentence, is_denied


class _Cue(NamedTuple):
    start: int
    end: int
    rank: int
    is_lead: bool
    at_most: bool
    model_at: int | None
    """Where the model is, if the cue itself has it."""
    value: tuple[int, int]
    """Span of the words that give the rank."""
    is_above_all: bool = False
    """Whether it says so of every other model, so that words like *every* are no restriction."""


def find_ranks(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Ranks and leads that a sentence states."""
    lists = [match.span() for match in TOP_LIST.finditer(sentence.shape)]
    cues = sorted(
        (cue for cue in _cues(sentence) if not any(a <= cue.start < b for a, b in lists)),
        key=lambda cue: (cue.start, -cue.end),
    )
    barrier, last = 0, None
    for cue in cues:
        model = _model(sentence, cue, barrier) or spoken_of(sentence, context)
        if model is None and last is not None and MODEL not in sentence.shape[barrier : cue.start]:
            model = last  # fifth on one board and third on another one
        last = model
        own = [at for at in sentence.positions(BOARD) if cue.start <= at < cue.end]
        board = sentence.board_at(own[-1]) if own else board_behind(sentence, cue.end)
        board = board or board_of(sentence, cue.start, context)
        time = time_of(sentence, cue.start, context)
        barrier = max(barrier, cue.end)
        if model is None or board is None or time is None:
            continue
        if not _is_checkable(sentence.shape, cue):
            continue
        clause, part = _clause(sentence.shape, cue), _part(sentence.shape, cue)
        for meant in (board, *_beside(sentence, board)):
            start, end = whole_span(sentence, cue.start, cue.end, model, meant)
            yield Claim(
                kind="lead" if cue.is_lead else "rank",
                start=start,
                end=end,
                value=cue.rank,
                value_at=sentence.span(*cue.value),
                model=model,
                board=meant,
                period=time[0],
                since=time[1],
                at_most=cue.at_most,
                is_past=PAST.search(clause) is not None,
                by_mean=BY_MEAN.search(sentence.shape) is not None,
                part=part,
            )
        yield from _next_ranks(sentence, cue, board, time, part)
    yield from _top_lists(sentence, context)


def _next_ranks(
    sentence: Sentence,
    cue: _Cue,
    board: BoardMention,
    time: tuple[Period | None, str | None],
    part: str | None,
) -> Iterator[Claim]:
    """The model that is said to follow right behind the one of a cue."""
    behind = FOLLOWED.match(sentence.shape, cue.end)
    if behind is None or cue.at_most or PAST.search(sentence.shape):
        return
    at = behind.end() - 1
    words = behind.span("followed" if behind["followed"] else "followed2")
    start, end = whole_span(sentence, *words, board)
    yield Claim(
        kind="rank",
        start=start,
        end=end,
        value=cue.rank + 1,
        value_at=sentence.span(*words),
        model=sentence.model_at(at),
        board=board,
        period=time[0],
        since=time[1],
        part=part,
    )


def _clause(shape: str, cue: _Cue) -> str:
    """The clause in which a cue stands."""
    begins = max((m.end() for m in CLAUSE.finditer(shape, 0, cue.start)), default=0)
    ends = next((m.start() for m in CLAUSE.finditer(shape, cue.end)), len(shape))
    return shape[begins:ends]


def _around(shape: str, cue: _Cue) -> str:
    """What stands near a cue, without a consequence that a clause behind it draws."""
    behind = shape[cue.end : cue.end + 60]
    consequence = CONSEQUENCE.search(behind)
    end = consequence.start() if consequence else len(behind)
    return shape[max(0, cue.start - 60) : cue.end] + behind[:end]


def _part(shape: str, cue: _Cue) -> str | None:
    """The one task type that is named near a cue; a whole board only if it has no other tasks."""
    types = task_types(_around(shape, cue))
    return types.pop() if len(types) == 1 else None


def _is_checkable(shape: str, cue: _Cue) -> bool:
    """Whether a rank is one among all models of a whole board."""
    around, clause = _around(shape, cue), _clause(shape, cue)
    if cue.is_above_all:
        clause = clause.replace(shape[cue.start : cue.end], "")
    if AMONG_SOME.search(around) or RESTRICTED.search(clause):
        return False
    if PART.search(around) and _part(shape, cue) is None:
        return False
    return not is_denied(shape, cue.start, cue.end)


def _beside(sentence: Sentence, board: BoardMention) -> list[BoardMention]:
    """Boards that are named together with a board: on this and on that one."""
    places = [at for at in sentence.positions(BOARD) if sentence.board_at(at) == board]
    found = []
    for at in places[:1]:
        for pattern in (
            rf"{BOARD} ?(?:and|和|与|、|及) ?(?:the )?$",
            rf" ?(?:and|和|与|、|及) ?(?:the )?{BOARD}",
        ):
            before = re.search(pattern, sentence.shape[:at]) if pattern.endswith("$") else None
            after = re.match(pattern, sentence.shape[at + 1 :]) if before is None else None
            place = before.start() if before else at + after.end() if after else None
            other = sentence.board_at(place) if place is not None else None
            if other is not None and other.boards != board.boards:
                found.append(other)
    return found


def _top_lists(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """The first models of a board in a list; their order counts where the text says so."""
    for match in TOP_LIST.finditer(sentence.shape):
        groups = {name.rstrip("2"): span for name, span in match.groupdict().items() if span}
        name = "m" if match["m"] else "m2"
        places = [at for at in range(*match.span(name)) if sentence.shape[at] == MODEL]
        count = COUNTS.get(groups["n"].casefold()) or _chinese_number(groups["n"])
        board = board_of(sentence, match.start(), context)
        period, is_open = period_of(sentence, match.start(), context)
        around = sentence.shape[max(0, match.start() - 60) : match.end()]
        if (
            count is None
            or count != len(places)
            or board is None
            or is_open
            or AMONG_SOME.search(around)
        ):
            continue
        for number, at in enumerate(places, 1):
            model = sentence.model_at(at)
            in_order = "order" in groups
            yield Claim(
                kind="rank",
                start=sentence.span(at, at + 1)[0],
                end=sentence.span(at, at + 1)[1],
                value=number if in_order else count,
                value_at=sentence.span(at, at + 1),
                model=model,
                board=board,
                period=period,
                at_most=not in_order,
            )


def _model(sentence: Sentence, cue: _Cue, barrier: int) -> ModelMention | None:
    if cue.model_at is not None:
        return sentence.model_at(cue.model_at)
    if beside := BESIDE_MODEL.search(sentence.shape[: cue.start]):
        return sentence.model_at(beside.start())  # ahead of one at position 8
    before = subject_before(sentence, cue.start, barrier)
    if before or barrier:
        return before
    if BEGINS.fullmatch(sentence.shape[: cue.start]):
        behind = THEN_SUBJECT.match(sentence.shape, cue.end)
        if behind is not None:
            return sentence.model_at(behind.end() - 1)
    return subject_after(sentence, cue.end, 25)


def _cues(sentence: Sentence) -> Iterator[_Cue]:
    """Places that give a rank; of overlapping ones the first kind that matches."""
    shape = sentence.shape
    if not COULD_RANK.search(shape):
        return
    taken: list[tuple[int, int]] = []
    for pattern in (BEHIND, *CUES, *ZH_CUES):
        for match in pattern.finditer(shape):
            name, value = next((n, v) for n, v in match.groupdict().items() if v)
            start, end = match.span()
            if any(a < end and start < b for a, b in taken):
                continue
            if pattern is BEHIND and HAS_SUBJECT.search(shape[:start]):
                continue
            found = _rank(name, value)
            if found is None or found[0] > LONGEST_RANK:
                continue
            if name == "num" and NUMBER_ONE.search(match[0]):
                found = (1, True, False)
            taken.append((start, end))
            at = None
            if pattern is BEHIND:
                at = end - 1
            elif shape[start] == MODEL:
                at = start
            rank, is_lead, at_most = found
            yield _Cue(start, end, rank, is_lead, at_most, at, match.span(name), name == "all")


def _rank(name: str, value: str) -> tuple[int, bool, bool] | None:
    """Rank, whether it is called a lead, and whether better ranks are meant, too."""
    folded = value.casefold()
    if name.startswith("ord") or name == "rest":
        number = ORDINAL_NUMBERS.get(folded) or int(re.sub(r"\D", "", folded))
        return number, number == 1, False
    if name in ("two", "two2"):
        return 2, False, False
    if name == "num":
        return (int(folded), False, False) if int(folded) else None
    if name == "number":
        return COUNTS[folded], False, False
    if name in ("topn", "zhtop"):
        count = COUNTS.get(folded) or _chinese_number(folded)
        return (count, False, True) if count else None
    if name in ("zh", "zh2"):
        place = _chinese_number(folded.removeprefix("第").strip())
        return (place, place == 1, False) if place else None
    return 1, True, False


def _chinese_number(written: str) -> int | None:
    if written.isdigit():
        return int(written)
    total, digit = 0, 0
    for character in written:
        if character in ZH_DIGITS:
            digit = ZH_DIGITS[character]
        elif character == "十":
            total, digit = total + (digit or 1) * 10, 0
        elif character == "百":
            total, digit = total + (digit or 1) * 100, 0
        else:
            return None
    return total + digit or None
