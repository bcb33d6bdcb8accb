"""Find statements about models themselves: size, licence, methods, papers, makers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tracker.factcheck.claims import Claim, Context, spoken_of, subject_before, whole_span
from tracker.factcheck.dates import StatedDate
from tracker.factcheck.names import ModelMention
from tracker.factcheck.sentence import BOARD, DATE, MODEL, Sentence, is_denied
from tracker.factcheck.vocabulary import LICENCE, ORGANISATIONS, POOLINGS, TECHNIQUES

_I = re.IGNORECASE
_NUMBER = r"(?P<v>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)"
_UNIT = r"(?P<u>[BMK](?![A-Za-z])|billion|million|bn|亿|万)"
_SIZE = (
    re.compile(rf"(?<![\w.]){_NUMBER} ?{_UNIT}(?:illion)?[- ]?(?:active )?(?:的)?(?:parameters?|params?|参数)", _I),
    re.compile(
        rf"(?:parameters?|params|参数(?:量|规模|数量|数)?|model size|模型大小)[^\d;。{MODEL}]{{0,14}}{_NUMBER} ?{_UNIT}", _I
    ),
    re.compile(
        rf"{MODEL},? (?:is|was) (?:a|an|the) (?:[\w-]+ ){{0,2}}?{_NUMBER} ?(?P<u>[BM])(?:[- ]\w+)? (?:[\w-]+ ){{0,3}}?"
        r"(?:model|encoder|embedder|LLM)\b"
    ),
)
_DIMENSIONS = (
    re.compile(r"(?<![\w.,-])(?P<v>\d{1,3}(?:,\d{3})+|\d{2,6})(?:[- ](?:dim(?:ensional|ensions?|s)?)\b|[- ]?d\b| ?维(?!度))", _I),
    re.compile(
        r"(?:dimension(?:ality|s)?|embedding size|vector size|维度数?)(?: (?:of|is|size))?[^\d;。,]{0,12}?"
        r"(?P<v>\d{1,3}(?:,\d{3})+|\d{2,6})(?!\d|\.\d|[kKBM]\b)", _I,
    ),
)  # fmt: skip
_CONTEXT = (
    re.compile(
        r"(?:up to|max\w*|context|inputs?|sequences?|window|length|handles?|supports?|processes|accepts?|truncat\w+|最大|最长"
        rf"|最多|上下文|长度|支持|窗口|高达)[^\d;。{MODEL}]{{0,32}}(?P<v>\d{{1,3}}(?:,\d{{3}})+|\d+(?:\.\d+)?)"
        r" ?(?P<u>[kK](?![A-Za-z])|[mM](?![A-Za-z]))?(?:[- ]?(?:tokens?|词元|个 ?tokens?|个词元|上下文|context|的?长度|字)|(?=[\s,.;。]|$))",
        _I,
    ),
    re.compile(
        r"(?<![\w.,-])(?P<v>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?) ?(?P<u>[kK](?![A-Za-z]))?[- ]?(?:tokens?[- ])?"
        r"(?:context|input|sequence|window|上下文|的?上下文窗口)", _I,
    ),
)  # fmt: skip
_IS_CONTEXT = re.compile(r"token|context|sequence|window|上下文|词元|长度", _I)
_LICENCE = (
    re.compile(
        rf"(?:\bunder(?: (?:the|an?))?|\blicen[cs]ed?(?: (?:is|as|under))?:?(?: the)?|采用|遵循|使用|基于|(?:许可证?|协议)(?:为|是|:)?)"
        rf" ?(?P<v>{LICENCE})", _I,
    ),
    re.compile(rf"(?<![\w-])(?P<v>{LICENCE})[- ]?(?:开源)?(?:licen[cs]ed?|协议|许可)", _I),
)  # fmt: skip
_RELEASE = (
    re.compile(
        rf"\b(?:released|launched|came out|unveiled|open-sourced|release date(?: is| was|:)?|appeared)"
        rf"(?: (?:on|in|at|by|publicly|back|first|early|late|open|source|under|to|the|public|Hugging|Face|[A-Z]\w+))*,? {DATE}", _I,
    ),
    re.compile(rf"{MODEL}[^;。,{MODEL}{DATE}]{{0,12}}(?:于|在) ?{DATE}[^,;。{MODEL}]{{0,8}}(?:正式)?(?:发布|推出|开源|问世|上线)"),
    re.compile(rf"(?:发布于|推出于|开源于|发布(?:日期|时间)(?:为|是|:)?) ?{DATE}"),
    re.compile(rf"(?:^|\b(?:On|In) ?){DATE},? (?:[A-Z][\w-]+ ){{1,3}}(?:released|launched|open-sourced) (?:the )?{MODEL}", _I),
)  # fmt: skip
_POOLING = re.compile(
    "(?:" + "|".join(rf"(?P<p{n}>(?<![A-Za-z]){words})" for n, (words, _) in enumerate(POOLINGS)) + ")"
    r"[- ]?(?:pooling|pooled|池化)", _I,
)  # fmt: skip
_LATENT = re.compile(r"(?P<latent>latent[- ]attention)(?= (?:layer|module|mechanism))", _I)
_TECHNIQUE = re.compile(
    "|".join(rf"(?P<t{n}>(?<![A-Za-z])(?:{words}))" for n, (words, _) in enumerate(TECHNIQUES)), _I
)
_USES = re.compile(
    rf"(?:\b(?:uses?|used|using|employ\w*|adopt\w*|appl(?:y|ies|ied)|rel(?:y|ies|ied) on|supports?|trained (?:with|on)"
    rf"|introduc\w+|combin\w+|leverag\w+|built with|features)|采用|使用|引入|支持|利用|结合|借助)[^:;。{MODEL}]{{0,40}}$", _I,
)
_BASE_NAME = (
    rf"(?P<v>{MODEL}|(?:Mistral|Qwen|Llama|LLaMA|Gemma|Phi|BERT|RoBERTa|XLM-R(?:oBERTa)?|T5|ModernBERT|DeBERTa|GPT|ERNIE"
    r"|E5|MiniLM|MPNet)(?:[- ]?\d(?:\.\d)?)?(?:[- ]?\d+(?:\.\d+)?[BM]\b)?(?:[- ](?:base|large|small))?)"
)
_BASE = (
    re.compile(
        r"\b(?:based on|built (?:up)?on(?: top of)?|builds (?:up)?on|fine-?tuned (?:from|on top of|version of)|initiali[sz]ed (?:from|with)"
        r"|derived from|starts from|started from|adapted from|backbone(?: is|:)?|base model(?: is|:)?|with)"
        rf"(?: (?:the|a|an|pre-?trained|LLM|model|decoder-only))* ?{_BASE_NAME}(?! (?:as (?:a )?(?:teacher|judge)|data|dataset|corpus|paper|-?style))",
        _I,
    ),
    re.compile(rf"\b(?:uses?|with|takes?|on) {_BASE_NAME} as (?:its |the |a )?(?:base|backbone|foundation|initiali[sz]ation)", _I),
    re.compile(rf"(?:以|采用|使用|选用) ?{_BASE_NAME} ?(?:模型)?(?:作?为)(?:其)?(?:基座|底座|基础|骨干|初始)", _I),
    re.compile(
        rf"(?:基于|由|从|在) ?{_BASE_NAME} ?(?:模型)?(?:的基础)?(?:上)?(?:进行|继续|经过?)?(?:微调|训练|初始化|改造|构建|得到)", _I
    ),
    re.compile(rf"基于(?:了)? ?{_BASE_NAME}(?=[,;。]|$| ?(?:的|模型|架构|构建|开发))", _I),
    re.compile(rf"(?:基座|底座|骨干|基础)(?:模型)?(?:为|是|采用|使用|选用|:) ?{_BASE_NAME}", _I),
)  # fmt: skip
_ARXIV = re.compile(r"(?<![\d.])(?P<v>\d{4}\.\d{4,5})(?:v\d+)?(?![\d.]\d)")
_TITLE = re.compile(r"[\"《「](?P<t>[^\"《》「」]{12,200})[\"》」]")
_PAPER_OF = re.compile(
    r"\b(?:described|introduced|presented|proposed|documented|detailed|reported) (?:in|by)\b|\b(?:paper|report|preprint)\b"
    r"|\b(?:en)?titled\b|\bdescribes?\b|论文|技术报告|题为|标题", _I,
)  # fmt: skip
_MADE = r"(?:develop(?:ed)?|built|created?|made|released?|trained|published|introduced|proposed|open-sourced|launched|maintained)"
_ORGANISATION_WORDS = "|".join(rf"(?P<o{n}>{words})" for n, (_, words, _) in enumerate(ORGANISATIONS))
_MADE_BY = (
    re.compile(
        rf"\b(?i:{_MADE}) by (?:researchers (?:at|from) |a team at |the )?(?:{_ORGANISATION_WORDS})(?![\w/-])"
    ),
    re.compile(
        rf"(?<![\w/-])(?:{_ORGANISATION_WORDS})(?:'s (?:\w+ ){{0,3}}?| (?:released|launched|developed|built|open-sourced|introduced|published)"
        rf" (?:the )?){MODEL}"
    ),
    re.compile(rf"{MODEL} ?是 ?(?:由)? ?(?:{_ORGANISATION_WORDS})[^,;。{MODEL}]{{0,20}}?(?:开发|发布|推出|训练|提出|研发|开源)的?"),
    re.compile(rf"由 ?(?:{_ORGANISATION_WORDS})[^,;。{MODEL}]{{0,20}}?(?:开发|发布|推出|训练|提出|研发|开源|打造|研制)"),
    re.compile(rf"(?:{_ORGANISATION_WORDS}) ?(?:团队)?(?:开发|发布|推出|提出|研发|开源)(?:了|的) ?{MODEL}"),
    re.compile(
        rf"{MODEL},? (?:(?:is|comes|was) )?(?:a |an )?(?:[\w-]+ ){{0,3}}?(?:from|by) (?:{_ORGANISATION_WORDS})(?![\w/-])"
    ),
)
_TRAINED_ON = re.compile(
    rf"\b(?:trained|fine-?tuned|training data(?:sets?)?|training set|train split)[^;。{MODEL}]{{0,60}}?\b(?:on|with|using|includ\w+|contain\w+|of|from)"
    r"|训练(?:数据|集|语料)[^;。]{0,10}?(?:包括|包含|含有?|有|使用|来自|涵盖)|(?:在|使用|用) ?(?=[^;。]{1,40}(?:上|进行)?(?:进行)?(?:微调|训练))", _I,
)  # fmt: skip
_RANGE = re.compile(
    r"\b(?:from|down to|between|range|reduc\w+|as small as|truncat\w+ to|flexible|any|shorten\w*|as low as|compress\w*)\b"
    r"|缩|截断|降到|降至|可选|任意|压缩|裁剪|[-~] ?$",
    _I,
)
_VERSUS = re.compile(r"\bvs\.?\b|\bversus\b|\bcompared (?:to|with)\b|相比|而不是", _I)
_EXISTS = (
    re.compile(rf"{MODEL} (?:is|was|are) (?:\w+ )?(?:listed|included|present|evaluated) (?:on|in)(?: the)? (?P<b>{BOARD})", _I),
    re.compile(
        rf"{MODEL} (?:exists|(?:is|was) (?:\w+ )?(?:available|published|hosted) (?:on|at)(?: the)? Hugging ?Face)", _I
    ),
    re.compile(rf"\b(?:there is|there exists) (?:a|an) (?:[\w-]+ ){{0,3}}?model (?:called|named) {MODEL}", _I),
    re.compile(rf"{MODEL}[^,;。]{{0,8}}?(?:已|被)?(?:收录于?|列入|上榜|登上)了? ?(?P<b>{BOARD})?"),
    re.compile(rf"(?:存在|有)(?:一个)?(?:叫|名为|叫做) ?{MODEL} ?的模型"),
)  # fmt: skip
_LIKE_AN_EMBEDDER = re.compile(r"embed|bge|gte|stella|(?<![a-z])e5", _I)


def find_model_claims(
    sentence: Sentence, context: Context, datasets: re.Pattern[str]
) -> Iterator[Claim]:
    """Statements about the size, method, papers and makers of models.

    Args:
        sentence: The sentence.
        context: What was said before.
        datasets: Names of training data and tasks.
    """
    yield from _papers(sentence, context)
    if MODEL not in sentence.shape and spoken_of(sentence, context) is None:
        return
    for find in (_numbers, _licences, _releases, _methods, _bases, _makers, _existence):
        yield from find(sentence, context)
    yield from _training_data(sentence, context, datasets)


def _subject(sentence: Sentence, at: int, context: Context) -> ModelMention | None:
    """The model that a property belongs to; unknown names only if they look like an embedder."""
    found = subject_before(sentence, at) or spoken_of(sentence, context)
    if found is not None and not found.models and not _LIKE_AN_EMBEDDER.search(found.name):
        return None
    return found


def _claim(
    sentence: Sentence,
    kind: str,
    match: re.Match[str],
    name: str,
    model: ModelMention | None,
    value: str | float,
    **more: object,
) -> Iterator[Claim]:
    """One claim, unless it has no model or is denied."""
    if model is None or is_denied(sentence.shape, *match.span()):
        return
    start, end = whole_span(sentence, *match.span(), model)
    at = sentence.span(*match.span(name))
    yield Claim(kind, start, end, value, at, model, **more)  # type: ignore[arg-type]


def _scaled(match: re.Match[str]) -> tuple[float, float]:
    """A number in ones, and the unit in which it is given."""
    number = float(match["v"].replace(",", ""))
    unit = (match["u"] or "").casefold() if "u" in match.re.groupindex else ""
    scale = {"b": 1e9, "billion": 1e9, "bn": 1e9, "m": 1e6, "million": 1e6, "k": 1e3, "亿": 1e8, "万": 1e4}
    return number * scale.get(unit, 1.0), scale.get(unit, 1.0)


def _numbers(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Size, dimensions and context length."""
    shape = sentence.shape
    if _VERSUS.search(shape):
        return
    for kind, patterns in (("size", _SIZE), ("dimensions", _DIMENSIONS), ("context", _CONTEXT)):
        found = [match for pattern in patterns for match in pattern.finditer(shape)]
        if kind == "context":
            found = [match for match in found if _is_length(shape, match)]
        values = {match.span("v"): match for match in found}
        if kind != "size" and len({match["v"] for match in found}) > len(sentence.positions(MODEL) or [1]):
            continue
        for match in values.values():
            before = shape[max(0, match.start("v") - 25) : match.start("v")]
            if kind == "dimensions" and _RANGE.search(before):
                continue
            at = match.start("v")
            model = sentence.model_at(match.start()) or _subject(sentence, at, context)
            digits = len(match["v"].partition(".")[2])
            scaled, scale = _scaled(match)
            yield from _claim(
                sentence, kind, match, "v", model, scaled, digits=digits, scale=scale
            )


def _is_length(shape: str, match: re.Match[str]) -> bool:
    after = re.split(r"[,;。]", shape[match.end() : match.end() + 12])[0]
    around = shape[max(0, match.start("v") - 8) : match.end()] + after
    whole = match[0] + after
    number = float(match["v"].replace(",", ""))
    if match["u"] is None and number < 64:
        return False
    return _IS_CONTEXT.search(whole) is not None and not re.search(
        r"train|billion|million|dim|param|训练|batch|图|维|参数|output", around, _I
    )


def _existence(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """That a model exists, or that a board lists it."""
    del context
    for pattern in _EXISTS:
        for match in pattern.finditer(sentence.shape):
            place = next(at for at in range(*match.span()) if sentence.shape[at] == MODEL)
            model = sentence.model_at(place)
            has_board = "b" in pattern.groupindex and match["b"]
            board = sentence.board_at(match.start("b")) if has_board else None
            if model is None or is_denied(sentence.shape, *match.span()):
                continue
            start, end = whole_span(sentence, *match.span(), model, board)
            yield Claim(
                "existence", start, end, model.name, (model.start, model.end), model, board=board
            )


def _licences(sentence: Sentence, context: Context) -> Iterator[Claim]:
    seen = set()
    for pattern in _LICENCE:
        for match in pattern.finditer(sentence.shape):
            if match.span("v") in seen or re.search(
                r"\b(?:code|data ?sets?|data|repository)\b|代码|数据集", sentence.shape[max(0, match.start() - 25) : match.start()], _I
            ):
                continue
            seen.add(match.span("v"))
            model = _subject(sentence, match.start(), context)
            yield from _claim(sentence, "licence", match, "v", model, match["v"])


def _releases(sentence: Sentence, context: Context) -> Iterator[Claim]:
    shape = sentence.shape
    for pattern in _RELEASE:
        for match in pattern.finditer(shape):
            at = match.start() + match[0].index(DATE)
            date = sentence.marks[at]
            assert isinstance(date, StatedDate)
            inside = [place for place in sentence.positions(MODEL) if match.start() <= place < match.end()]
            model = sentence.model_at(inside[-1]) if inside else _subject(sentence, match.start(), context)
            if model is None or not model.models or is_denied(shape, *match.span()):
                continue
            start, end = whole_span(sentence, *match.span(), model)
            period = date.period
            yield Claim(
                "release_date", start, end, period.text, (date.start, date.end), model, period=period
            )
            return


def _methods(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Pooling and techniques."""
    shape = sentence.shape
    for match in (*_POOLING.finditer(shape), *_LATENT.finditer(shape)):
        model = _subject(sentence, match.start(), context)
        name = match.lastgroup or ""
        yield from _claim(sentence, "pooling", match, name, model, match[name])
    for match in _TECHNIQUE.finditer(shape):
        before = shape[max(0, match.start() - 60) : match.start()]
        name = match.lastgroup or ""
        if _USES.search(before) and not _POOLING.match(shape, match.start()):
            model = _subject(sentence, match.start(), context)
            yield from _claim(sentence, "technique", match, name, model, match[name])


def _bases(sentence: Sentence, context: Context) -> Iterator[Claim]:
    for pattern in _BASE:
        for match in pattern.finditer(sentence.shape):
            place = match.start("v")
            named = sentence.model_at(place)
            value = named.name if named else match["v"]
            if match[0].casefold().startswith("with") and "as" not in match[0]:
                continue
            model = _subject(sentence, match.start(), context)
            if model is None or (named is not None and model == named) or not model.models:
                continue
            yield from _claim(sentence, "base_model", match, "v", model, value)
            return


def _papers(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Papers of models, by arXiv id or title, and titles of arXiv ids."""
    shape = sentence.shape
    known = [model for at in sentence.positions(MODEL) if (model := sentence.model_at(at)) and model.models]
    names = {model.models for model in known}
    title = _TITLE.search(shape)
    ids = list(_ARXIV.finditer(shape))
    model = known[0] if len(names) == 1 else None
    if not known and (spoken := spoken_of(sentence, context)):
        model = spoken
    if len(ids) > 1 or (not ids and (title is None or model is None)) or not _PAPER_OF.search(shape):
        return
    match = ids[0] if ids else title
    assert match is not None
    if model is None and title is None:
        return
    words = title["t"] if title else None
    name = "v" if ids else "t"
    if is_denied(shape, *match.span()):
        return
    start, end = whole_span(sentence, *match.span(), model)
    if title:
        begins, ends = sentence.span(*title.span())
        start, end = min(start, begins), max(end, ends)
    value = match["v"] if ids else _written(sentence, match)
    yield Claim(
        "paper", start, end, value, sentence.span(*match.span(name)), model,
        title=_written(sentence, title) if title and words else None,
    )  # fmt: skip


def _written(sentence: Sentence, match: re.Match[str]) -> str:
    """A part of a sentence with its names as they are written."""
    return "".join(
        mention.name
        if isinstance(mention := sentence.marks.get(at), ModelMention) or hasattr(mention, "boards")
        else sentence.shape[at]
        for at in range(*match.span("t"))
    )


def _makers(sentence: Sentence, context: Context) -> Iterator[Claim]:
    for pattern in _MADE_BY:
        for match in pattern.finditer(sentence.shape):
            name = match.lastgroup or ""
            model = sentence.model_at(match.end() - 1) or sentence.model_at(match.start())
            model = model or _subject(sentence, match.start(), context)
            if model is not None and model.models:
                yield from _claim(sentence, "organisation", match, name, model, match[name])
                return


def _training_data(
    sentence: Sentence, context: Context, datasets: re.Pattern[str]
) -> Iterator[Claim]:
    for cue in _TRAINED_ON.finditer(sentence.shape):
        model = _subject(sentence, cue.start(), context)
        for match in datasets.finditer(sentence.shape, cue.end(), cue.end() + 160):
            between = sentence.shape[cue.end() : match.start()]
            if re.search(rf"[;。{BOARD}]|evaluat|test|评测", between):
                break
            yield from _claim(sentence, "training_data", match, "v", model, match["v"])
        break


Find = Callable[[Sentence, Context], Iterator[Claim]]
