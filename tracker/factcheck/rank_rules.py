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
from tracker.factcheck.names import ModelMention
from tracker.factcheck.sentence import BOARD, DATE, MODEL, Sentence, is_denied
from tracker.factcheck.vocabulary import ORDINALS

LONGEST_RANK = 999

_ORDINALS = {word: number for number, word in enumerate(ORDINALS, 1)}
_COUNTS = {
    "one": 1,
    "two": 2,
    "four": 4,
    "three": 3,
    "five": 5,
    "ten": 10,
    "twenty": 20,
    "fifty": 50,
}
_ZH_DIGITS = {digit: number for number, digit in enumerate("零一二三四五六七八九")} | {"两": 2}
_ORD = rf"(?P<ord{{0}}>{'|'.join(_ORDINALS)}|\d{{{{1,3}}}}(?:st|nd|rd|th))"
_VERB = (
    r"\b(?:rank(?:s|ed|ing)?|plac(?:es|ed|ing)|comes?|came|coming|finish(?:es|ed)|sits?|sat|stands?"
    r"|stood|been|is|was|are|were|remain(?:s|ed)?|hold(?:s|ing)?|held|been|takes?|took|taking|occup(?:y"
    r"|ies|ied)"
    r"|claim(?:s|ed|ing)?|secur(?:es|ed|ing)|land(?:s|ed)?|climb(?:s|ed)|rose|moved|dropped|fell"
    r"|earn(?:s|ed|ing)?|gets?|got|achiev(?:es|ed|ing)|won|wins|being|reach(?:es|ed)|listed|puts?)"
)
_FILLER = (
    r"(?: (?:in|at|to|the|its|now|currently|still|only|joint|overall|clear|solid|new|up|down|into"
    r"|as|on|a|" + BOARD + r"|leader ?board|with|currently|again|proudly))*"
)
_NOT_RANK = (
    r"(?![-\w])(?! and foremost| in a\b)"
    rf"(?=\W*$| ?[,.;:)(!]| (?:on|in|and|of|at|with|behind|by|overall|for|as|among|here|there"
    rf"|today|now|again|right|but|while|just|after|ahead|out|this|both|before|since|until|from"
    rf"|place|position|rank|spot)\b| [{BOARD}{DATE}])"
)
"""What may follow an ordinal that is a rank: first on a board, not the first model to."""
_LIST_END = (
    rf"(?! and foremost)(?=[,.;:)]| on\b| in\b| and\b| of the\b| of {BOARD}| at\b| with\b"
    rf"| behind\b| {BOARD}|$)"
)
_EDGE = r"(?:of|spot|position|place|rank|slot|score)\b"
_CUES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_VERB}{_FILLER} {_ORD.format(1)}(?:[- ](?:place|position|rank|spot"
        rf"|overall))?{_NOT_RANK}",
        rf"{MODEL}(?:,| is| at| in| on)? (?:the )?{_ORD.format(2)}(?: place| position)?{_LIST_END}",
        r"(?:\brank(?:s|ed|ing)?|\bposition|\bplaces?|\bplaced|\bnumber|\bno\.|\bspot|(?<![\w\ue000-\ue002])#)"
        r"(?: (?:of|is|at|in|as|number|no\.|the))* ?#?(?P<num>\d{1,3})\b(?![.,]?\d)"
        r"(?! ?(?:%|points|tasks|param|B\b|M\b|k\b|out))",
        r"\b(?P<one>number[- ]one|(?<!in the )first place|top spot|the crown|pole position"
        r"|top place"
        r"|top position"
        r"|top rank)\b",
        rf"(?<!\w)(?P<lead>leads|led|leading|tops|topped|topping|heads|headed|dominates)"
        rf"(?: (?:the|on|in|both|currently|now|again|overall|entire|public|official|latest))*"
        rf" ?(?:{BOARD}|leader ?boards?\b|board\b|rankings?\b|table\b|field\b|list\b)",
        rf"\b(?:has|have|had|with|achiev\w+|gets?|posts|holds|reach\w+) (?P<high>the highest)"
        rf"(?: {BOARD}| \w+){{0,2}} (?:average|score|mean)\b",
        r"\b(?:is|was|as|remains)(?: the)? (?P<two>runner-up)\b",
        rf"\b(?P<top2>atop|topping)(?: the)? {BOARD}",
        r"\b(?P<lead2>leads|led) (?:with|by|at) (?=(?:a |an |score |of |mean |average )*\d)",
        rf"(?:\band|,) (?:is |ranks |also )*(?P<rest>{'|'.join(_ORDINALS)}|\d{{1,3}}(?:st|nd"
        rf"|rd|th))"
        rf"(?: place)? (?:on|in)(?: the)? {BOARD}",
        rf"\b(?:at|to|in|on|into|atop|reach\w*|takes?|took|holds?"
        rf"|held) (?P<top1>(?:the )?(?:very )?top"
        rf" {_EDGE}|the lead\b)",
        r"(?:\b(?:is|was|remains|became|as)|,)(?: \w+)? the (?P<best>(?:top|best|highest)[- ]"
        r"(?:ranked|ranking|scoring|performing|placed)|top model|best model|number one"
        r"|leader(?= (?:of|on)))",
        r"\b(?:is|are|was|achiev\w+|sets?|setting|establish\w*|reach\w*|obtain\w*|deliver\w*"
        r"|claims?|holds?"
        r"|remains?|as|with)(?: (?:a|the|an|new|current|as|now|currently|overall|still|results?))*"
        r" (?P<sota>state[- ]of[- ]the[- ]art|sota|new record|new high)\b",
        r"\b(?:in|within|among|into|inside) (?:the |its )?(?:top|first"
        r"|best)[- ](?P<topn>\d{1,3}|three|five"
        r"|ten|twenty|fifty)\b(?! ?%)",
    )
)
_ZH_NUMBER = r"(?:[一二三四五六七八九十百]{1,5}|\d{1,3})"
_ZH_NOT = (
    r"(?! ?(?:个|次|代|版|层|阶段|步|方|种|款|篇|季|届|周|天|章|节|轮|大|类|点|批|时间|梯队|作者|手"
    r"|性|期|部|行|列|页|图|表|条|项|组|句|段|卷|头|元|选择))"
)
_ZH_CUES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:排名?|排行|排在|位列|位居|名列|位于|列|居|获得?|取得|夺得|拿下|占据|升至|升到|跌至|降至|是|为"
        r"|摘得|斩获|暂列|拿到|的|获评|排到)(?:了|到|在|至)?[^,。;:\ue000]{0,12}?"
        rf"(?P<zh>第 ?{_ZH_NUMBER})(?: ?[名位])?{_ZH_NOT}",
        rf"{MODEL} ?(?P<zh2>第 ?{_ZH_NUMBER})(?: ?[名位])?{_ZH_NOT}",
        r"(?P<zhlead>榜首|登顶|霸榜|冠军|头名|榜一|领跑|居首|问鼎|最先进水平|(?:(?<=达到)|(?<=刷新)|(?<=取得)|(?<=刷新了)"
        r"|(?<=取得了)|(?<=达到了)|(?<=实现了)) ?SOTA)",
        r"(?:平均分|得分|均分|分数|总分)(?P<zhhigh>最高)",
        r"[是为][^,。;]{0,14}的 ?(?P<zhlead2>SOTA|最佳)(?= ?模型|[,。;]|$)",
        r"前 ?(?P<zhtop>[三五十]|二十|\d{1,3}) ?[名位强]?(?![\w年月天])",
    )
)
_BEHIND = re.compile(
    rf"(?:第 ?(?P<zh>{_ZH_NUMBER}) ?[名位]?|(?P<zhlead>榜首|冠军|头名))的?(?:模型)?"
    rf" ?(?:是|为|:|由|属于|归属?于?|依次为)? ?{MODEL}"
    rf"|(?:\b(?:no\.|number|rank)|(?<![\w\ue000-\ue002])#) ?(?P<num>\d{{1,3}})(?:\)|:| is| was| -+"
    rf"| goes to)? ?{MODEL}"
    rf"|\b{_ORD.format('')}(?: place| rank"
    rf"| position)?(?: \w+){{0,3}}?(?: {BOARD})?(?: leader ?board)?"
    rf"(?: is| was|:| goes to| went to) ?{MODEL}"
    rf"|\b(?P<one>top|best|highest[- ](?:ranked|scoring)|leading|top[- ]ranked)(?: \w+){{0,2}}"
    rf" (?:on|of|in)(?: the)? {BOARD}(?: leader ?board)?,?(?: is| was|:) ?{MODEL}"
    rf"|\b(?P<one2>leader) (?:of|on)(?: the)? {BOARD}(?: leader ?board)?(?:,| is| was|:) ?{MODEL}"
    rf"|\b(?P<one4>topping|atop)(?: the)? {BOARD}(?: leader ?board)?,?(?: is| was|:)? ?{MODEL}"
    rf"|(?P<one5>#1|\bno\. ?1|\bnumber one)(?: \w+){{0,2}} (?:on|of|in)(?: the)? {BOARD}"
    rf"(?: leader ?board)?,?(?: is| was|:) ?{MODEL}"
    rf"|{BOARD}(?: leader ?board)?(?:'s)? (?:current )?(?P<one3>leader|champion|top model)"
    rf"(?:,| is| was|:) ?{MODEL}",
    re.IGNORECASE,
)
_COULD_RANK = re.compile(
    r"\d|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|elfth|enth\b|eleventh"
    r"|twelfth|twentieth|top|atop|lead|led\b|head|dominat|sota|state|record|best|highest|crown"
    r"|number|place|position|champion|runner|第|榜|冠|登|领|居|前|问鼎|头名|最|SOTA",
    re.IGNORECASE,
)
_HAS_SUBJECT = re.compile(rf"{MODEL}[^,;。:]{{0,25}}$")
"""A rank right behind a model belongs to it, not to the next one."""
_AMONG_SOME = re.compile(
    r"\b(?:among|amongst|open[- ]?(?:source|weights?)|commercial(?:ly)?|for (?:its|their) size"
    r"|size (?:class|category)|under \d|below \d|sub-\d|small(?:er|est)? models?"
    r"|in (?:its|their) class)\b"
    r"|开源|同等|同规模|同尺寸|以下|以内|轻量|小模型|大小的",
    re.IGNORECASE,
)
"""A lead among some models only cannot be checked by rule."""
_RESTRICTED = re.compile(
    r"\b(?:LoRA|low-rank|matrix|matrices|one of|second only|overtook|overtaken|dethron\w+"
    r"|replac\w+|first time|debut\w*|will"
    r"|every"
    r"|each|all (?:of )?(?:the )?(?:tasks|boards)|per-task|compared (?:to|with)|than|tied|shared?"
    r"|joint|on which|when (?:it|released)|at (?:its |the )?(?:release|time))\b"
    r"|之一|此前|之前|首个|首次|刚发布|发布时|当时|并列|多项|各项|个任务",
    re.IGNORECASE,
)
"""A lead at some unnamed time, in some tasks, or shared cannot be checked by rule."""
_PAST = re.compile(
    r"\b(?:once|formerly|previously|used to|had (?:been|led|ranked))\b|曾|一度", re.I
)
_BY_MEAN = re.compile(
    rf"\bby (?:its |the )?(?:mean|average)|highest(?: {BOARD}| \w+){{0,2}} (?:average|score|mean)\b"
    r"|平均分(?:排|计)|按(?:平均|均)分|(?:平均分|得分|均分|分数|总分)最高",
    re.I,
)
_CLAUSE = re.compile(r"[,;。:]")
_TOP_LIST = re.compile(
    rf"\btop[- ](?P<n>three|two|five|\d)(?: \w+){{0,2}}?(?: (?:on|of"
    rf"|in)(?: the)? {BOARD})?(?: are|:) ?"
    rf"(?P<m>{MODEL}(?:(?:,| and|, and) (?:the )?{MODEL})+)"
    rf"|前 ?(?P<n2>[二三五]|\d) ?[名位]?(?:的?模型)?(?P<order>依次|分别)?(?:是|为|:) ?"
    rf"(?P<m2>{MODEL}(?: ?(?:、|,|和|与|以及) ?{MODEL})+)",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\b(?:retrieval|classification|clustering|re-?ranking|STS|similarity|summari[sz]ation"
    r"|bitext)\b"
    r"|检索|分类|聚类|重排|相似度|摘要",
    re.IGNORECASE,
)


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


def find_ranks(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Ranks and leads that a sentence states."""
    lists = [match.span() for match in _TOP_LIST.finditer(sentence.shape)]
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
        clause = _clause(sentence.shape, cue)
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
                is_past=_PAST.search(clause) is not None,
                by_mean=_BY_MEAN.search(sentence.shape) is not None,
            )
    yield from _top_lists(sentence, context)


def _clause(shape: str, cue: _Cue) -> str:
    """The clause in which a cue stands."""
    begins = max((m.end() for m in _CLAUSE.finditer(shape, 0, cue.start)), default=0)
    ends = next((m.start() for m in _CLAUSE.finditer(shape, cue.end)), len(shape))
    return shape[begins:ends]


def _is_checkable(shape: str, cue: _Cue) -> bool:
    """Whether a rank is one among all models of a whole board."""
    around, clause = shape[max(0, cue.start - 60) : cue.end + 60], _clause(shape, cue)
    if _AMONG_SOME.search(around) or _PART.search(around) or _RESTRICTED.search(clause):
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
    for match in _TOP_LIST.finditer(sentence.shape):
        groups = {name.rstrip("2"): span for name, span in match.groupdict().items() if span}
        name = "m" if match["m"] else "m2"
        places = [at for at in range(*match.span(name)) if sentence.shape[at] == MODEL]
        count = _COUNTS.get(groups["n"].casefold()) or _chinese_number(groups["n"])
        board = board_of(sentence, match.start(), context)
        period, is_open = period_of(sentence, match.start(), context)
        around = sentence.shape[max(0, match.start() - 60) : match.end()]
        if (
            count is None
            or count != len(places)
            or board is None
            or is_open
            or _AMONG_SOME.search(around)
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
    before = subject_before(sentence, cue.start, barrier)
    return before or (None if barrier else subject_after(sentence, cue.end, 25))


def _cues(sentence: Sentence) -> Iterator[_Cue]:
    """Places that give a rank; of overlapping ones the first kind that matches."""
    shape = sentence.shape
    if not _COULD_RANK.search(shape):
        return
    taken: list[tuple[int, int]] = []
    for pattern in (_BEHIND, *_CUES, *_ZH_CUES):
        for match in pattern.finditer(shape):
            name, value = next((n, v) for n, v in match.groupdict().items() if v)
            start, end = match.span()
            if any(a < end and start < b for a, b in taken):
                continue
            if pattern is _BEHIND and _HAS_SUBJECT.search(shape[:start]):
                continue
            found = _rank(name, value)
            if found is None or found[0] > LONGEST_RANK:
                continue
            taken.append((start, end))
            at = None
            if pattern is _BEHIND:
                at = end - 1
            elif shape[start] == MODEL:
                at = start
            rank, is_lead, at_most = found
            yield _Cue(start, end, rank, is_lead, at_most, at, match.span(name))


def _rank(name: str, value: str) -> tuple[int, bool, bool] | None:
    """Rank, whether it is called a lead, and whether better ranks are meant, too."""
    folded = value.casefold()
    if name.startswith("ord") or name == "rest":
        number = _ORDINALS.get(folded) or int(re.sub(r"\D", "", folded))
        return number, folded == "first", False
    if name == "two":
        return 2, False, False
    if name == "num":
        return (int(folded), False, False) if int(folded) else None
    if name in ("topn", "zhtop"):
        count = _COUNTS.get(folded) or _chinese_number(folded)
        return (count, False, True) if count else None
    if name in ("zh", "zh2"):
        place = _chinese_number(folded.removeprefix("第").strip())
        return (place, place == 1 and folded.endswith("一"), False) if place else None
    return 1, True, False


def _chinese_number(written: str) -> int | None:
    if written.isdigit():
        return int(written)
    total, digit = 0, 0
    for character in written:
        if character in _ZH_DIGITS:
            digit = _ZH_DIGITS[character]
        elif character == "十":
            total, digit = total + (digit or 1) * 10, 0
        elif character == "百":
            total, digit = total + (digit or 1) * 100, 0
        else:
            return None
    return total + digit or None
