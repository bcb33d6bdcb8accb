"""Find scores, differences between two models, and numbers of tasks in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tracker.factcheck.claims import (
    Claim,
    Context,
    board_behind,
    board_of,
    period_of,
    spoken_of,
    subject_after,
    subject_before,
    whole_span,
)
from tracker.factcheck.names import ModelMention
from tracker.factcheck.sentence import BOARD, MODEL, Sentence, is_denied

_NUMBER = re.compile(
    r"(?<![\w.#@$€+-])(?P<num>\d{1,2}\.\d{1,4}|\d{1,2}(?= ?(?:points?\b|pts\b|分)))(?!\w|\.\d"
    r"|[-/]\d)"
    r"(?! ?(?:B|M|K|G|T|GB|MB|kB|x|×|ms|s|tokens?|billion|million|dim\w*|parameters?|hours?|times"
    r"|亿|万|倍|个|维|月|年|日|天|名)(?![A-Za-z]))"
)
_BEFORE = re.compile(
    r"(?:\b(?:scor\w+|achiev\w*|reach\w*|attain\w*|obtain\w*|gets?|got|getting|averag\w*|mean"
    r"|with|at|of"
    r"|records?|recorded|posts|posted|posting|register\w*|hits?|hitting|earn\w*|deliver\w*"
    r"|yield\w*|has|had"
    r"|is|was|result\w*|stands|performance)"
    r"|得分|分数|均分|平均分?|成绩|总分|以|达到?了?|取得了?|获得?了?|拿到了?|拿下了?|为|是|高达|分别为|[:=])"
    rf"[^\d;。{MODEL}]{{0,45}}$"
    rf"|(?:\b(?:first|second|third|fourth|fifth|place|position|spot)|# ?\d|名|位|第[一二三四五])"
    rf"(?: (?:on|of|in)(?: the)? {BOARD})? ?\($",
    re.IGNORECASE,
)
_VERSION = re.compile(r"(?<=\S )(?!Score|Average|Mean|Avg|Points)[A-Z][A-Za-z]+[ -]$")
"""Apache 2.0, Llama 3.1: the number belongs to a name."""
_PAIR_BEHIND = re.compile(r" ?(?:vs\.?|versus|against|/|对|比) ?\d", re.IGNORECASE)
_PAIR_BEFORE = re.compile(r"\d ?(?:vs\.?|versus|against|/|对|比) ?$", re.IGNORECASE)
"""Two numbers side by side: which belongs to whom is not said."""
SMALLEST_SCORE_OF_OTHER = 10
"""Numbers below are as often versions and differences."""
_BRACKET = re.compile(rf"{MODEL} ?(?:\((?:[a-z]+ )?|[:] ?|- ?)$", re.IGNORECASE)
_OF_OTHER = re.compile(rf"{MODEL}(?: ?的 ?|'s )$")
"""Above this model's 69.07: the number belongs to the model right before it."""
_AND = re.compile(r"(?: and|,|以及|和|、) ?$")
_OVERALL = re.compile(r"\b(?:average|mean|overall)\b|平均|总分|均分", re.IGNORECASE)
_CHANGE = re.compile(
    r"(?:\bby|improv\w*|gain\w*|increas\w*|higher|lower|ahead|behind|margin|gap|differ\w*"
    r"|another|from|plus"
    r"|up|down|add(?:s|ed|ing)?|boost\w*|temperature|learning rate|version|lead of|比"
    r"|高出?了?|低了?|领先了?"
    r"|提升了?|提高了?|落后了?|差距?|多了?|超[过出]了?|增加了?|下降了?|温度|\+)[^\d,;。]{0,22}$",
    re.IGNORECASE,
)
_CHANGE_AFTER = re.compile(
    r" ?(?:%|points?|pts|percent\w*|分|个)* ?(?:points? )?(?:higher|lower|ahead|behind|more"
    r"|less|better|worse|above"
    r"|below|lead|gain|improvement|margin|gap|提升|的?差距|的?优势|to \d|→|->|±)",
    re.IGNORECASE,
)
_TYPES = {
    "Retrieval": r"retrieval|检索",
    "PairClassification": r"pair[- ]?classification|(?:句|文本)?对分类",
    "MultilabelClassification": r"multi-?label classification|多标签分类",
    "Classification": r"classification|分类",
    "Clustering": r"clustering|聚类",
    "Reranking": r"re-?ranking|重排序?",
    "STS": r"STS|semantic (?:textual )?similarity|(?:语义)?相似度",
    "Summarization": r"summari[sz]ation|摘要",
    "BitextMining": r"bitext(?: mining)?|双语(?:句对)?挖掘",
}
_TYPE = re.compile(
    "|".join(
        rf"(?P<{name}>(?<![A-Za-z])(?:{words})(?![A-Za-z0-9]))" for name, words in _TYPES.items()
    ),
    re.IGNORECASE,
)
_TASK = re.compile(r"(?<![\w-])[A-Z][A-Za-z0-9]*[A-Z0-9][A-Za-z0-9]*(?:-[A-Z]{2})?(?![\w-])")
_OPENING = re.compile(r"\W*(?:On|In|For|At|在|就)[^,;。\d]{0,60},", re.IGNORECASE)
_CLAUSE = re.compile(r"[,;]| (?:and|while|whereas|but) |而|但|、")


def find_scores(sentence: Sentence, context: Context, tasks: frozenset[str]) -> Iterator[Claim]:
    """Means and scores of task types and tasks that a sentence gives for one model each.

    Args:
        sentence: The sentence.
        context: What was said before.
        tasks: Names of all tasks of the catalog.
    """
    shape = sentence.shape
    barrier, goes_on = 0, False
    for match in _NUMBER.finditer(shape):
        at, end = match.span()
        before = shape[max(0, at - 60) : at]
        bracket = _BRACKET.search(before)
        if bracket is None and float(match["num"]) >= SMALLEST_SCORE_OF_OTHER:
            bracket = _OF_OTHER.search(before)
        if _CHANGE.search(before[bracket.start() + 1 :] if bracket else before):
            continue
        if _CHANGE_AFTER.match(shape, end) or _VERSION.search(before):
            continue
        if _PAIR_BEFORE.search(before) or _PAIR_BEHIND.match(shape, end):
            continue
        followed = re.match(r" ?(?:points?\b|pts\b|分)", shape[end:])
        if not (bracket or followed or _BEFORE.search(before) or (goes_on and _AND.search(before))):
            continue
        if bracket:
            model = sentence.model_at(at - len(before) + bracket.start())
            barrier = end
        else:
            model = (
                subject_before(sentence, at, barrier)
                or (None if barrier else subject_after(sentence, end, 45))
                or spoken_of(sentence, context)
            )
        board = board_behind(sentence, end) or board_of(sentence, at, context)
        period, _ = period_of(sentence, at, context)
        if model is None or board is None or is_denied(shape, at - 20, end):
            continue
        if not model.models and (
            bracket or board is context.board or not _is_subject(sentence, model)
        ):
            continue
        part, is_clear = _part(shape, at, end, tasks)
        if not is_clear:
            continue
        goes_on = True
        start, last = whole_span(sentence, at, end, model, board)
        yield Claim(
            kind="score",
            start=start,
            end=last,
            value=float(match["num"]),
            value_at=sentence.span(at, end),
            model=model,
            board=board,
            period=period,
            part=part,
            digits=len(match["num"].partition(".")[2]),
        )


def _is_subject(sentence: Sentence, model: ModelMention) -> bool:
    """Whether an unknown name is more than a word with a hyphen."""
    is_first = model.start - sentence.start <= 12
    return is_first or re.search(r"\d|embed|vec", model.name, re.IGNORECASE) is not None


def task_types(words: str) -> set[str]:
    """Task types that some words name."""
    return {match.lastgroup or "" for match in _TYPE.finditer(words)}


def _part(shape: str, at: int, end: int, tasks: frozenset[str]) -> tuple[str | None, bool]:
    """The task type or task of a number, and whether it is clear which one is meant."""
    begins = max((m.end() for m in _CLAUSE.finditer(shape, 0, at)), default=0)
    ends = next((m.start() for m in _CLAUSE.finditer(shape, end)), len(shape))
    clause = shape[begins:ends]
    named = {m[0] for m in _TASK.finditer(clause) if m[0] in tasks}
    types = task_types(clause)
    if named:
        return (named.pop(), True) if len(named) == 1 else (None, False)
    if len(types) > 1:
        return None, False
    if not types and not _OVERALL.search(clause):
        others = task_types(shape)
        opening = _OPENING.match(shape, 0, at)
        if opening and len(others) == 1 and _TYPE.search(opening[0]):
            return others.pop(), True  # on retrieval, one model has this and another one that
        if others:
            return None, False  # the type that another clause names may be meant
    return (types.pop(), True) if types else (None, True)


_BETTER = (
    r"(?P<more>beats?|beating|outperform(?:s|ed|ing)?|surpass(?:es|ed|ing)?|exceed(?:s|ed"
    r"|ing)?|leads"
    r"|tops|is (?:clearly |slightly |narrowly |well )?(?:ahead of|better than|stronger than|above)"
    r"|outscor(?:es|ed|ing)|outrank(?:s|ed|ing)|ranks (?:above|higher than|ahead of)"
    r"|scores (?:higher|better) than|edges out|overtook"
    r"|overtakes)"
    r"|(?P<less>trails|lags(?: behind)?|is (?:behind|worse than|weaker than|below)|loses to"
    r"|falls behind"
    r"|ranks (?:below|lower than|behind)|scores (?:lower|worse) than|underperforms)"
)
_POINTS = (
    r"(?:[^\d;。]{0,60}?\bby (?:(?:about|around|roughly|only|just|a|over|more than|nearly) )*"
    r"(?P<by>\d{1,2}(?:\.\d{1,4})?) ?(?P<unit>points?|pts|%|percentage points?|pp)?)?"
)
_EN_DIFFERENCE = re.compile(
    rf"{MODEL}(?: \([^()]{{0,30}}\))?[^,;。{MODEL}]{{0,25}}?(?: "
    rf"|\b)(?:{_BETTER}) (?:the )?{MODEL}{_POINTS}",
    re.IGNORECASE,
)
_POINTS_THAN = re.compile(
    rf"{MODEL}[^,;。{MODEL}]{{0,25}}? (?P<by>\d{{1,2}}(?:\.\d{{1,4}})?) ?(?P<unit>points?|pts)"
    r" (?:(?P<more>more than|higher than|better than|above|ahead of)"
    rf"|(?P<less>less than|lower than|fewer than|worse than|below|behind)) (?:the )?{MODEL}",
    re.IGNORECASE,
)
_PARTICIPLE = re.compile(
    rf"(?:,| by| while) (?P<more>beating|surpassing|outperforming|exceeding|ahead of"
    rf"|edging out) (?:the )?{MODEL}"
    rf"(?: \([^()]{{0,30}}\))?{_POINTS}",
    re.IGNORECASE,
)
_ZH_PARTICIPLE = re.compile(
    r", ?(?:并|且|已|还)?"
    r"(?:(?P<more>领先于?|超过|超越|优于|高出|高于|胜过)|(?P<less>落后于?|低于|不如))"
    rf" ?了? ?(?:第[一二三四五]名的?)? ?{MODEL}(?: ?\([^()]{{0,30}}\))?[^,;。{MODEL}\d]{{0,10}}"
    r"(?P<by>\d{1,2}(?:\.\d{1,4})?) ?(?P<unit>个?百?分点?|%)"
)
_ZH_THAN = re.compile(
    rf", ?(?:并|且|已|还)?(?:比|较) ?(?:第[一二三四五]名的?)? ?{MODEL}[^,;。{MODEL}\d]{{0,10}}"
    r"(?:(?P<more>高|多|领先)|(?P<less>低|少|落后))[出了约]{0,3} ?"
    r"(?:(?P<by>\d{1,2}(?:\.\d{1,4})?) ?(?P<unit>个?百?分点?|%)"
    r"|(?P<by2>\d{1,2}\.\d{1,4})(?=\W*$|[,;。]))"
)
_ZH_DIFFERENCE = re.compile(
    rf"{MODEL}[^,;。{MODEL}]{{0,30}}?(?:比|较) ?(?:第[一二三四五]名的?)? ?{MODEL}"
    rf"[^,;。{MODEL}\d]{{0,16}}?"
    r"(?:(?P<more>高|多|领先|好|强)|(?P<less>低|少|落后|差|弱))[出了约]{0,3} ?"
    r"(?:(?P<by>\d{1,2}(?:\.\d{1,4})?) ?(?P<unit>个?百?分点?|%)?)?"
    rf"|{MODEL}[^,;。{MODEL}]{{0,30}}?(?:(?P<more2>优于|超过|超越|高于|领先于?|胜过|强于|好于)"
    rf"|(?P<less2>不如|低于|落后于?|逊于|弱于|差于)) ?了?"
    rf" ?(?:第[一二三四五]名的?)? ?{MODEL}"
    rf"(?:[^,;。{MODEL}\d]{{0,10}}(?P<by2>\d{{1,2}}(?:\.\d{{1,4}})?) ?(?P<unit2>个?百?分点?|%))?"
)


def find_differences(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Comparisons of two models on a board; the value is the first one's lead in points."""
    shape = sentence.shape
    if shape.count(MODEL) < 2:
        return
    for pattern in (
        _EN_DIFFERENCE,
        _POINTS_THAN,
        _PARTICIPLE,
        _ZH_DIFFERENCE,
        _ZH_PARTICIPLE,
        _ZH_THAN,
    ):
        for match in pattern.finditer(shape):
            groups = {key.rstrip("2"): value for key, value in match.groupdict().items() if value}
            places = [at for at in sentence.positions(MODEL) if match.start() <= at < match.end()]
            if pattern in (_PARTICIPLE, _ZH_PARTICIPLE, _ZH_THAN):
                places = [at for at in sentence.positions(MODEL) if at < match.start()][:1] + places
            if len(places) < 2 or is_denied(shape, match.start(), match.end()):
                continue
            board = board_of(sentence, match.start(), context)
            period, is_open = period_of(sentence, match.start(), context)
            one, other = (sentence.model_at(at) for at in places[:2])
            if board is None or one is None or other is None or is_open:
                continue
            part, is_clear = _part(shape, match.start(), match.end(), frozenset())
            if not is_clear:
                continue
            by = groups.get("by")
            name = next((n for n in ("by", "by2") if n in match.re.groupindex and match[n]), None)
            value = (float(by) if by else 0.0) * (1 if "more" in groups else -1)
            start, end = whole_span(sentence, match.start(), match.end(), board)
            yield Claim(
                kind="difference",
                start=start,
                end=end,
                value=value if by else ("higher" if "more" in groups else "lower"),
                value_at=sentence.span(*match.span(name or 0)),
                model=one,
                board=board,
                other=other,
                period=period,
                part=part,
                digits=len(by.partition(".")[2]) if by else 0,
            )


_TASKS = re.compile(
    rf"{BOARD}(?:'s)?(?: (?:leader ?board|benchmark|suite|itself|currently|now|version|which"
    rf"|that|v\d))*,?"
    r" (?:consists? of|has|have|had|spans?|spanning|includes?|including|contains?|containing"
    r"|covers?|covering"
    r"|comprises?|comprising|is made (?:up )?of|evaluates? (?:on|models on)|with|of|aggregates"
    r"|averages)"
    r"(?: (?:a total of|all|its|the|exactly))* (?P<n>\d{1,3})(?: \w+){0,1}? (?:tasks"
    r"|data ?sets|test sets)\b"
    rf"|{BOARD}[^.;。\d{MODEL}{BOARD}]{{0,40}}, ?(?:which |and |it |also )*(?:spans|includes"
    r"|contains|covers|comprises|consists of|has|(?:一?共|总共)?(?:有|包含|包括|涵盖|覆盖|含))了?"
    r" ?(?P<n7>\d{1,3}) ?(?:个|项|种)? ?(?:评测|测试)?(?:tasks\b|data ?sets\b|任务|数据集|测试集)"
    rf"|, {BOARD} (?P<n6>\d{{1,3}}) (?:tasks|data ?sets)\b"
    rf"|{BOARD}(?:'s| \() ?(?P<n2>\d{{1,3}}) (?:tasks|data ?sets)\b"
    r"|\b(?:across|on|of|averag\w+ over) (?:all|the|its|all of its|all the)? ?(?P<n3>\d{1,3})"
    rf" (?:tasks|data ?sets)(?: (?:of|in|on)(?: the)? {BOARD})?"
    rf"|\b(?:down|up) from (?P<n8>\d{{1,3}}) (?:tasks|data ?sets)(?: (?:of|in|on)(?: the)? {BOARD})"
    rf"|\b(?:averag\w+|mean)\b[^,;。{MODEL}{BOARD}]{{0,20}}\d\.\d+ (?:over|across)"
    r" (?P<n9>\d{1,3}) (?:tasks|data ?sets)\b"
    rf"|(?P<n4>\d{{1,3}})-(?:task|dataset) {BOARD}"
    rf"|{BOARD} ?(?:榜单?|基准|评测|一?共|总共|目前|现在|上| |v\d(?:\.\d)? ?版?)*的?(?:共?有"
    rf"|包含|包括|涵盖|覆盖"
    rf"|含|由|共计?|囊括)了?[^,。\d]{{0,4}}"
    r" ?(?P<n5>\d{1,3}) ?(?:个|项|种)? ?(?:评测|测试)?(?:任务|数据集|测试集)",
    re.IGNORECASE,
)


_OF_EMBEDDINGS = re.compile(r"TEB|embed|retriev", re.IGNORECASE)
"""Names of benchmarks that are not tracked, but of the same field."""
_MORE_TASKS = re.compile(
    rf"(?:[,;、]|\b(?:and|while|whereas|but)\b|而|和)[^\d.;。{MODEL}{BOARD}]{{0,12}}{BOARD}"
    rf"(?: ?(?:榜单?|基准|has|have|had|with|only|contains|covers|comprises|counts|spans|is|of|则"
    rf"|只|仅|共|有|为|包含|包括|含))* ?(?P<n>\d{{1,3}})(?: ?(?:个|项|种|ones))?"
    rf"(?=\W*$| ?[,;。]| and\b)",
    re.IGNORECASE,
)
"""The number of another board after that of a first one, without the word *tasks*."""


def find_task_counts(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Numbers of tasks that a sentence gives for a board."""
    shape = sentence.shape
    counts = list(_TASKS.finditer(shape))
    if counts:
        counts += _MORE_TASKS.finditer(shape, counts[-1].end())
    for match in counts:
        name = next(n for n, value in match.groupdict().items() if value)
        inside = [at for at in sentence.positions(BOARD) if match.start() <= at < match.end()]
        before = [at for at in sentence.positions(BOARD) if at < match.start()]
        if _TYPE.search(match[0]) or (not inside and not before):
            continue
        if (
            name == "n3"
            and not inside
            and not re.match(r"\b(?:across|over|averag)", match[0], re.I)
        ):
            continue
        board = sentence.board_at(inside[0] if inside else before[-1])
        if board is None or not (board.boards or _OF_EMBEDDINGS.search(board.name)):
            continue
        period, _ = period_of(sentence, match.start(), context)
        start, end = whole_span(sentence, *match.span(), board)
        if not is_denied(shape, *match.span()):
            yield Claim(
                kind="n_tasks",
                start=start,
                end=end,
                value=int(match[name]),
                value_at=sentence.span(*match.span(name)),
                board=board,
                period=period,
            )
