"""Claims: what the rules find in a sentence, before anything is judged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tracker.factcheck.boards import BoardMention
from tracker.factcheck.dates import Period, StatedDate
from tracker.factcheck.names import ModelMention
from tracker.factcheck.sentence import BOARD, DATE, MODEL, Sentence, is_denied


@dataclass(frozen=True, slots=True)
class Claim:
    """One checkable statement of a sentence."""

    kind: str
    """One of ``answers.checking.KINDS``."""
    start: int
    """Span in the plain text, of the value and the names that it belongs to."""
    end: int
    value: str | float | int
    """What is claimed: a rank, a number, a date or a name."""
    value_at: tuple[int, int]
    """Span of the value in the plain text."""
    model: ModelMention | None = None
    board: BoardMention | None = None
    other: ModelMention | None = None
    """The model that it is compared with."""
    period: Period | None = None
    """The date that the statement itself gives."""
    part: str | None = None
    """Task type or task of a score; task type that is named near a rank."""
    digits: int = 0
    """Digits behind the decimal point of a claimed number."""
    at_most: bool = False
    """Whether any better rank is meant, too: in the top ten."""
    since: str | None = None
    """First day of a time through which a rank is said to have held, up to ``period``."""
    is_past: bool = False
    """Whether it once held: was formerly first."""
    by_mean: bool = False
    """Whether a rank by the mean is meant, whatever the board ranks by."""
    scale: float = 1
    """Unit of a number: 1e9 where billions are given."""
    title: str | None = None
    """Title of a paper."""


@dataclass(frozen=True, slots=True)
class Context:
    """What the sentences before say: a board, a date and a model that is spoken of."""

    board: BoardMention | None = None
    period: Period | None = None
    model: ModelMention | None = None
    card: ModelMention | None = None
    """The model whose name is the heading of the section, as in a model card."""


_LIKE_AN_EMBEDDER = re.compile(r"embed|bge|gte|stella|(?<![a-z])e5", re.IGNORECASE)
_CLAUSE = re.compile(r"[,;:]| (?:while|whereas|but|and then) |而|但")
_CONTRAST = re.compile(r"\b(?:but|while|whereas|yet)\b|而|但")
_ANAPHOR = re.compile(
    r"\W*(?:It|Its|The model|This model)\b|\W*(?:它|该模型|这个模型|这一模型|此模型|其|本模型)"
)
_LABELLED = re.compile(
    r"\W*(?:(?:Number of |Model |Embedding |Vector |Output |Max(?:imum)?\.? |Context |Sequence "
    r"|Input )*"
    r"(?:param(?:eter)?s?|size|dim(?:ension)?s?|tokens?|length|window|context|licen[cs]e|pooling"
    r"|base(?: model)?|backbone|release date|released|developer|developed by)"
    r"|(?:模型|向量|嵌入|输出|最大|上下文)*(?:参数量?|规模|维度|长度|上下文|许可证?|协议|池化(?:方式)?"
    r"|基座(?:模型)?|底座|发布(?:日期|时间)|开发者)) ?:",
    re.IGNORECASE,
)
"""A line of a model card: a label and its value."""
_GOVERNED = re.compile(
    r"(?:based on|buil(?:t|ds|ding) (?:up)?on|on top of|from|than|over|like|behind|after|by|of"
    r"|(?<!goes )(?<!went )to|ahead of|with"
    r"|distill(?:ed|ing)?|fine-?tun(?:ed|ing)|replac(?:ed|es|ing)|prun(?:ed|ing)|quanti[sz]ed"
    r"|extend(?:ed|ing)|adapt(?:ed|ing)|beat(?:s|ing)?|outperform\w*|surpass\w*|exceed\w*|follow\w*|overtak\w+|overtook|using"
    r"|backbone is|base(?: model)? is|(?:骨干|底座|基座)(?:网络|模型|架构)?(?:是|为|:)"
    r"|基于|比|超过|优于|相比|超越|仅次于|不如|低于|高于|领先|继|与|和|同|采用|使用"
    r"|以)\s*(?:the |a |an )?$"
)
_OWNED = re.compile(
    r"(?:'s)? (?:data|recipe|paper|report|card|team|authors?|corpus|mixture|approach|method)s?\b"
    r"| ?的(?:做法|配方|论文|团队|作者)",
    re.IGNORECASE,
)
"""What belongs to a model; a sentence about it is not about the model."""
_MADE_FROM = re.compile(
    r" ?(?:模型)?的?(?:基础|架构|骨干)之?上"
    r"|(?: ?模型)? ?作?为(?:其)?(?:教师|老师|基座|底座|基础|骨干)"
    r"| ?的(?:微调|量化|蒸馏|剪枝)(?:版|变体|模型)"
    r"|[- ](?:derivatives?|variants?|fine-?tunes?|students?)\b"
    r"| as (?:its |the |a |our )?(?:teacher|base|backbone|student|starting point)\b",
    re.IGNORECASE,
)
"""Words behind a model from which the one that is spoken of was made."""
_DERIVED = re.compile(
    r"\b(?:forks?|versions?|cop(?:y|ies)|derivatives?|variants?|clones?|ports?|fine-?tunes?"
    r"|distillations?|successors?|predecessors?|data(?:sets?)?|authors?) (?:of|behind) (?:the )?$",
    re.IGNORECASE,
)
"""Another thing, named after the model that follows."""
_ELSEWHERE = re.compile(
    r"\b(?:on|in|of|for|at|with|to) (?:our|my|your|their|his|her|an?|these|those|some|several)\b"
    r"|\b(?:internal|in-house|private|proprietary|custom|pipeline|company|hackathon|competition"
    r"|dataset|corpus|batch|latency|recall@|arena|survey|poll|list of|downloads?|stars)\b"
    r"|我们|内部|公司|自己|自有|私有|自建|业务|下载|数据上|比赛|竞赛",
    re.IGNORECASE,
)
"""A sentence without a board that speaks of another place does not mean the board before it."""
_BREAK = re.compile(
    r";(?! ?(?:it|its|the model|this model|它|该模型|其)(?![a-z]))"
    r"(?! ?(?:[A-Z][\w-]+ ){1,3}(?:released|launched|published|open-sourced|built|trained) it\b)"
    r"|\b(?:other models|others"
    r"|we|our|ours|my"
    r"|another|into an?|students?)\b|学生|蒸馏[成为到出]|其他|我们|本文",
    re.IGNORECASE,
)
_OPENING = re.compile(
    rf"\W*(?:With|At|Having|Featuring|Boasting|Despite|Released|Licensed|Trained|Built|Based)\b"
    rf"[^;:。{MODEL}{BOARD}]{{3,100}}, (?:the )?{MODEL}(?! ?(?:'s |and |or ))"
)
"""With 384 dimensions, the model …: what a sentence begins with belongs to its subject."""
_RELATIVE = re.compile(r",? (?:which|that)\b|(?<=of .) (?:is|are|was|were)\b")
_COORDINATED = re.compile(rf"{MODEL}(?: \([^()]{{0,20}}\))?,?(?: and | or |和|与|、)(?:the )?$")
_LEADS_TO = re.compile(
    r"(?: ?points?| ?pts| ?分)?(?: (?:average|across|over|on|all|the|tasks|datasets|in|\d+))*,?"
    r"(?: (?:is|was|goes to|went to|by|for|the))* ?:? ?"
)
"""What may stand between a rank or number and the model that it belongs to."""
_ON_BOARD = re.compile(rf" ?(?:points?|pts|%|分)? ?(?:on|in|for|at)(?: the)? {BOARD}")
_NOT_OF_CLAIM = re.compile(
    r"(?:releas\w+|publish\w+|launch\w+|submitt\w+|announc\w+|updat\w+|upload\w+|add\w+|train\w+"
    r"|found|search\w*|checked|seen|read|发布|推出|开源|提交|上线|更新|查|检索)[^,;。]{0,12}$",
    re.IGNORECASE,
)
_THROUGH = (
    re.compile(
        rf"(?:\bfrom|\bbetween|从|自) ?{DATE} ?(?:to|until|till|and|through|-|到|至) ?{DATE}", re.I
    ),
    re.compile(rf"\bsince {DATE}|自 ?{DATE} ?(?:以来|起)", re.I),
)
_OPEN_DATE = re.compile(
    r"\b(?:since|from|after|until|till|before|between)(?: \w+)?\s*$|[自从直到]\s*$", re.IGNORECASE
)


def subject_before(sentence: Sentence, place: int, barrier: int = 0) -> ModelMention | None:
    """The model that a cue at a position speaks of: the nearest one before it that is no object.

    Args:
        sentence: The sentence.
        place: Position of the cue in its shape.
        barrier: Position of the cue before this one; models before it belong to that one.
    """
    shape = sentence.shape
    for at in reversed(sentence.positions(MODEL)):
        if not barrier <= at < place:
            continue
        is_relative = _RELATIVE.match(shape, at + 1) is not None
        if _GOVERNED.search(shape[max(0, at - 22) : at]) and not is_relative:
            continue
        if _OWNED.match(shape, at + 1) or _MADE_FROM.match(shape, at + 1):
            continue
        if _DERIVED.search(shape, max(0, at - 40), at):
            continue
        if _COORDINATED.search(shape[:at]) and not is_relative:
            return None  # several models share what follows
        gap = _BREAK.search(shape, at + 1)
        if gap is not None and gap.end() <= place:
            return None  # what follows has a subject of its own
        return sentence.model_at(at)
    return None


def subjects(sentence: Sentence) -> list[ModelMention]:
    """The models of a sentence that are not governed by another word: based on, better than."""
    return [
        model
        for at in sentence.positions(MODEL)
        if (model := sentence.model_at(at)) is not None
        and not _GOVERNED.search(sentence.shape[max(0, at - 22) : at])
    ]


def subject_after(sentence: Sentence, place: int, longest: int = 12) -> ModelMention | None:
    """The model right behind a cue."""
    window = sentence.shape[place : place + longest]
    found = window.find(MODEL)
    if found < 0 or not _LEADS_TO.fullmatch(window[:found]):
        return None
    return sentence.model_at(place + found)


def spoken_of(sentence: Sentence, context: Context) -> ModelMention | None:
    """The model of the sentence before, where this one begins with a word for it."""
    if sentence.positions(MODEL):
        return None
    if context.card is not None and _LABELLED.match(sentence.shape):
        return context.card
    return context.model if _ANAPHOR.match(sentence.shape) else None


def board_of(sentence: Sentence, place: int, context: Context) -> BoardMention | None:
    """The board that a cue at a position means.

    The clause of the cue counts first, then what was named before it, then what follows; a
    sentence without a board means the one of the sentences before.
    """
    boards = sentence.positions(BOARD)
    if not boards:
        return None if _ELSEWHERE.search(sentence.shape) else context.board
    shape = sentence.shape
    begins = max((m.end() for m in _CLAUSE.finditer(shape, 0, place)), default=0)
    ends = next((m.start() for m in _CLAUSE.finditer(shape, place)), len(shape))
    inside = [at for at in boards if begins <= at < ends]
    earlier = [at for at in boards if at < begins]
    if not inside and not earlier and _CONTRAST.search(shape, place, boards[0]):
        return None if _ELSEWHERE.search(shape) else context.board
    if inside:
        nearest = min(inside, key=lambda at: abs(at - place))
        return sentence.board_at(nearest)
    return sentence.board_at(earlier[-1] if earlier else boards[0])


def board_behind(sentence: Sentence, place: int) -> BoardMention | None:
    """The board right behind a number or rank: 72.62 on this board."""
    found = _ON_BOARD.match(sentence.shape, place)
    return sentence.board_at(found.end() - 1) if found else None


def period_of(sentence: Sentence, place: int, context: Context) -> tuple[Period | None, bool]:
    """The date of a claim, and whether its time is open at one end, which cannot be checked."""
    shape = sentence.shape
    fitting = []
    for at in sentence.positions(DATE):
        before = shape[max(0, at - 40) : at]
        if _NOT_OF_CLAIM.search(before):
            continue
        if _OPEN_DATE.search(before):
            return None, True
        fitting.append(at)
    if not fitting:
        return context.period, False
    nearest = sentence.marks[min(fitting, key=lambda at: abs(at - place))]
    return (nearest.period if isinstance(nearest, StatedDate) else None), False


def _of_bracket(sentence: Sentence, at: int) -> ModelMention | None:
    """The model right before the brackets in which a position is."""
    opening = sentence.shape.rfind("(", 0, at)
    if opening < 1 or ")" in sentence.shape[opening:at]:
        return None
    return sentence.model_at(len(sentence.shape[:opening].rstrip()) - 1)


def owner_of(sentence: Sentence, at: int, context: Context) -> ModelMention | None:
    """The model that a property at a position belongs to.

    An unknown name counts only if it looks like that of an embedding model.
    """
    found = _of_bracket(sentence, at) or subject_before(sentence, at)
    found = found or spoken_of(sentence, context)
    opening = _OPENING.match(sentence.shape) if found is None else None
    if opening and at < opening.end() and len(sentence.positions(MODEL)) == 1:
        found = sentence.model_at(opening.end() - 1)
    if found is not None and not found.models and not _LIKE_AN_EMBEDDER.search(found.name):
        return None
    return found


def model_claim(
    sentence: Sentence,
    kind: str,
    match: re.Match[str],
    name: str,
    model: ModelMention | None,
    value: str | float,
    **more: object,
) -> Iterator[Claim]:
    """Yield one claim about a model, unless there is no model or the sentence denies it."""
    if model is None or is_denied(sentence.shape, *match.span()):
        return
    start, end = whole_span(sentence, *match.span(), model)
    at = sentence.span(*match.span(name))
    yield Claim(kind, start, end, value, at, model, **more)  # type: ignore[arg-type]


def time_of(
    sentence: Sentence, place: int, context: Context
) -> tuple[Period | None, str | None] | None:
    """When a rank is said to have held, and since when, if through a time.

    Returns:
        ``None`` where the time is open at one end in a way that cannot be checked.
    """
    for pattern in _THROUGH:
        for match in pattern.finditer(sentence.shape):
            dates = [
                mark
                for at in range(*match.span())
                if isinstance(mark := sentence.marks.get(at), StatedDate)
            ]
            last = Period(dates[1].period.first, dates[1].period.first) if dates[1:] else None
            return last, dates[0].period.last
    period, is_open = period_of(sentence, place, context)
    return None if is_open else (period, None)


def whole_span(sentence: Sentence, start: int, end: int, *names: object) -> tuple[int, int]:
    """Span in the plain text of a cue and the names of the same sentence that belong to it."""
    first, last = sentence.span(start, end)
    for name in names:
        if not isinstance(name, (ModelMention, BoardMention)):
            continue
        if not (sentence.start <= name.start and name.end <= sentence.end):
            continue
        begins, ends = min(first, name.start), max(last, name.end)
        # A board that several models share is left out of the spans of the others.
        others = sum(
            isinstance(mark, ModelMention)
            and begins <= mark.start < ends
            and not first <= mark.start < last
            for mark in sentence.marks.values()
        )
        if isinstance(name, ModelMention) or others == 0:
            first, last = begins, ends
    return first, last
