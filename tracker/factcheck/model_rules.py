"""Find statements about models themselves: size, licence, methods, papers, makers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tracker.factcheck.claims import Claim, Context, model_claim, owner_of, spoken_of, whole_span
from tracker.factcheck.dates import StatedDate
from tracker.factcheck.number_rules import find_numbers
from tracker.factcheck.sentence import BOARD, DATE, MODEL, Sentence, is_denied
from tracker.factcheck.vocabulary import LICENCE, ORGANISATIONS, POOLINGS, TECHNIQUES

_I = re.IGNORECASE
_LICENCE = (
    re.compile(
        rf"(?:\bunder(?: (?:the|an?))?|\blicen[cs]ed?(?: (?:is|as|under))?:?(?: the)?|采用"
        rf"|遵循|使用"
        rf"|基于|(?:许可证?|协议)(?:为|是|:)?)"
        rf" ?(?P<v>{LICENCE})",
        _I,
    ),
    re.compile(rf"(?<![\w-])(?P<v>{LICENCE})[- ]?(?:开源)?(?:licen[cs]ed?|协议|许可)", _I),
)
_RELEASE = (
    re.compile(
        rf"\b(?:released|launched|came out|unveiled|open-sourced|release date(?: is| was|:)?"
        rf"|appeared)"
        rf"(?: (?:on|in|at|by|publicly|back|first|early|late|open|source|under|to|the|public"
        rf"|Hugging|Face|[A-Z]\w+))*,? {DATE}",
        _I,
    ),
    re.compile(
        rf"{MODEL}[^;。,{MODEL}{DATE}]{{0,12}}(?:于"
        rf"|在) ?{DATE}[^,;。{MODEL}]{{0,8}}(?:正式)?(?:发布|推出|开源|问世|上线)"
    ),
    re.compile(rf"(?:发布于|推出于|开源于|发布(?:日期|时间)(?:为|是|:)?) ?{DATE}"),
    re.compile(
        rf"(?:^|\b(?:On|In) ?){DATE},? (?:[A-Z][\w-]+ ){{1,3}}(?:released|launched"
        rf"|open-sourced) (?:the )?{MODEL}",
        _I,
    ),
)
_POOLING = re.compile(
    "(?:"
    + "|".join(rf"(?P<p{n}>(?<![A-Za-z]){words})" for n, (words, _) in enumerate(POOLINGS))
    + ")"
    r"[- ]?(?:pooling|pooled|池化)",
    _I,
)
_LATENT = re.compile(r"(?P<latent>latent[- ]attention)(?= (?:layer|module|mechanism))", _I)
_TECHNIQUE = re.compile(
    "|".join(rf"(?P<t{n}>(?<![A-Za-z])(?:{words}))" for n, (words, _) in enumerate(TECHNIQUES)), _I
)
_USES = re.compile(
    rf"(?:\b(?:uses?|used|using|employ\w*|adopt\w*|appl(?:y|ies|ied)|rel(?:y|ies|ied) on"
    rf"|supports?|trained (?:with|on)"
    rf"|introduc\w+|combin\w+|leverag\w+|built with|features)|采用|使用|引入|支持|利用|结合"
    rf"|借助)[^:;。{MODEL}]{{0,40}}$",
    _I,
)
_BASE_NAME = (
    rf"(?P<v>{MODEL}|(?:Mistral|Qwen|Llama|LLaMA|Gemma|Phi|BERT|RoBERTa|XLM-R(?:oBERTa)?|T5"
    rf"|ModernBERT|DeBERTa|GPT|ERNIE"
    r"|E5|MiniLM|MPNet)(?:[- ]?\d(?:\.\d)?)?(?:[- ]?\d+(?:\.\d+)?[BM]\b)?(?:[- ](?:base|large"
    r"|small))?)"
)
_BASE = (
    re.compile(
        r"\b(?:based on|built (?:up)?on(?: top of)?|builds (?:up)?on|fine-?tuned (?:from"
        r"|on top of|version of)|initiali[sz]ed (?:from|with)"
        r"|derived from|starts from|started from|adapted from|backbone(?: is|:)?"
        r"|base model(?: is|:)?|with)"
        rf"(?: (?:the|a|an|pre-?trained|LLM|model"
        rf"|decoder-only))* ?{_BASE_NAME}(?! (?:as (?:a )?(?:teacher|judge)|data|dataset"
        rf"|corpus|paper|-?style))",
        _I,
    ),
    re.compile(
        rf"\b(?:uses?|with|takes?|on) {_BASE_NAME} as (?:its |the |a )?(?:base|backbone"
        rf"|foundation|initiali[sz]ation)",
        _I,
    ),
    re.compile(
        rf"(?:以|采用|使用|选用) ?{_BASE_NAME} ?(?:模型)?(?:作?为)(?:其)?(?:基座|底座|基础"
        rf"|骨干|初始)",
        _I,
    ),
    re.compile(
        rf"(?:基于|由|从|在) ?{_BASE_NAME} ?(?:模型)?(?:的基础)?(?:上)?(?:进行|继续"
        rf"|经过?)?(?:微调|训练|初始化|改造|构建"
        rf"|得到)",
        _I,
    ),
    re.compile(rf"基于(?:了)? ?{_BASE_NAME}(?=[,;。]|$| ?(?:的|模型|架构|构建|开发))", _I),
    re.compile(rf"(?:基座|底座|骨干|基础)(?:模型)?(?:为|是|采用|使用|选用|:) ?{_BASE_NAME}", _I),
)
_ARXIV = re.compile(r"(?<![\d.])(?P<v>\d{4}\.\d{4,5})(?:v\d+)?(?![\d.]\d)")
_TITLE = re.compile(r"[\"《「](?P<t>[^\"《》「」]{12,200})[\"》」]")
_PAPER_OF = re.compile(
    r"\b(?:described|introduced|presented|proposed|documented|detailed|reported) (?:in|by)\b"
    r"|\b(?:paper|report|preprint)\b"
    r"|\b(?:en)?titled\b|\bdescribes?\b|论文|技术报告|题为|标题",
    _I,
)
_CITES = re.compile(r"\b(?:cit(?:es?|ed|ing)|follow(?:s|ing)|discuss\w*|surveys?)\b|引用|综述", _I)
_MADE = (
    r"(?:develop(?:ed)?|built|created?|made|released?|trained|published|introduced"
    r"|proposed|open-sourced|launched|maintained)"
)
_ORGANISATION_WORDS = "|".join(
    rf"(?P<o{n}>{words})" for n, (_, words, _) in enumerate(ORGANISATIONS)
)
_MADE_BY = (
    re.compile(
        rf"\b(?i:{_MADE}) by (?:researchers (?:at|from) |a team at "
        rf"|the )?(?:{_ORGANISATION_WORDS})(?![\w/-])"
    ),
    re.compile(
        rf"(?<![\w/-])(?:{_ORGANISATION_WORDS})(?:'s (?:\w+ ){{0,3}}?| (?:released|launched"
        rf"|developed|built|open-sourced|introduced|published)"
        rf" (?:the )?){MODEL}"
    ),
    re.compile(
        rf"{MODEL} ?是 ?(?:由)? ?(?:{_ORGANISATION_WORDS})[^,;。{MODEL}]{{0,20}}?(?:开发"
        rf"|发布|推出|训练"
        rf"|提出|研发|开源)的?"
    ),
    re.compile(
        rf"由 ?(?:{_ORGANISATION_WORDS})[^,;。{MODEL}]{{0,20}}?(?:开发|发布|推出|训练|提出"
        rf"|研发|开源|打造|研制)"
    ),
    re.compile(
        rf"(?:{_ORGANISATION_WORDS}) ?(?:团队)?(?:开发|发布|推出|提出|研发|开源)(?:了|的) ?{MODEL}"
    ),
    re.compile(rf"{MODEL} (?:is|was) (?:{_ORGANISATION_WORDS})'s\b"),
    re.compile(
        rf"{MODEL}(?:,? (?:is|was)? ?(?:an?|the)(?: [\w-]+){{0,3}}? (?:model|embedder"
        rf"|encoder|retriever)"
        rf"|,? (?:is|comes|was))? (?:from|by) (?:{_ORGANISATION_WORDS})(?![\w/-])"
    ),
)
_TRAINED_ON = re.compile(
    rf"\b(?:trained|fine-?tuned|training data(?:sets?)?|training set"
    rf"|train split)[^;。{MODEL}]{{0,60}}?\b(?:on|with|using|includ\w+|contain\w+|of|from)"
    r"|训练(?:数据|集|语料)[^;。]{0,10}?(?:包括|包含|含有?|有|使用|来自|涵盖)|(?:在|使用"
    r"|用) ?(?=[^;。]{1,40}(?:上"
    r"|进行)?(?:进行)?(?:微调|训练))",
    _I,
)
_EXISTS = (
    re.compile(
        rf"{MODEL} (?:is|was|are) (?:\w+ )?(?:listed|included|present|evaluated) (?:on"
        rf"|in)(?: the)? (?P<b>{BOARD})",
        _I,
    ),
    re.compile(
        rf"{MODEL} (?:exists|(?:is|was) (?:\w+ )?(?:available|published|hosted) (?:on"
        rf"|at)(?: the)? Hugging ?Face)",
        _I,
    ),
    re.compile(
        rf"\b(?:there is|there exists) (?:a|an) (?:[\w-]+ ){{0,3}}?model (?:called"
        rf"|named) {MODEL}",
        _I,
    ),
    re.compile(rf"{MODEL}[^,;。]{{0,8}}?(?:已|被)?(?:收录于?|列入|上榜|登上)了? ?(?P<b>{BOARD})?"),
    re.compile(rf"(?:存在|有)(?:一个)?(?:叫|名为|叫做) ?{MODEL} ?的模型"),
)


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
    for gate, find in _RULES:
        if gate.search(sentence.shape):
            yield from find(sentence, context)
    yield from _training_data(sentence, context, datasets)


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
                r"\b(?:code|data ?sets?|data|repository)\b|代码|数据集",
                sentence.shape[max(0, match.start() - 25) : match.start()],
                _I,
            ):
                continue
            seen.add(match.span("v"))
            model = owner_of(sentence, match.start(), context)
            yield from model_claim(sentence, "licence", match, "v", model, match["v"])


def _releases(sentence: Sentence, context: Context) -> Iterator[Claim]:
    shape = sentence.shape
    for pattern in _RELEASE:
        for match in pattern.finditer(shape):
            at = match.start() + match[0].index(DATE)
            date = sentence.marks[at]
            assert isinstance(date, StatedDate)
            inside = [
                place for place in sentence.positions(MODEL) if match.start() <= place < match.end()
            ]
            model = (
                sentence.model_at(inside[-1])
                if inside
                else owner_of(sentence, match.start(), context)
            )
            if model is None or not model.models or is_denied(shape, *match.span()):
                continue
            start, end = whole_span(sentence, *match.span(), model)
            period = date.period
            yield Claim(
                "release_date",
                start,
                end,
                period.text,
                (date.start, date.end),
                model,
                period=period,
            )
            return


def _methods(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Pooling and techniques."""
    shape = sentence.shape
    for match in (*_POOLING.finditer(shape), *_LATENT.finditer(shape)):
        model = owner_of(sentence, match.start(), context)
        name = match.lastgroup or ""
        yield from model_claim(sentence, "pooling", match, name, model, match[name])
    for match in _TECHNIQUE.finditer(shape):
        before = shape[max(0, match.start() - 60) : match.start()]
        name = match.lastgroup or ""
        if _USES.search(before) and not _POOLING.match(shape, match.start()):
            model = owner_of(sentence, match.start(), context)
            if model is None or not model.models:
                continue
            yield from model_claim(sentence, "technique", match, name, model, match[name])


def _bases(sentence: Sentence, context: Context) -> Iterator[Claim]:
    for pattern in _BASE:
        for match in pattern.finditer(sentence.shape):
            place = match.start("v")
            named = sentence.model_at(place)
            value = named.name if named else match["v"]
            if match[0].casefold().startswith("with") and "as" not in match[0]:
                continue
            model = owner_of(sentence, match.start(), context)
            if model is None or (named is not None and model == named) or not model.models:
                continue
            yield from model_claim(sentence, "base_model", match, "v", model, value)
            return


def _papers(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Papers of models, by arXiv id or title, and titles of arXiv ids."""
    shape = sentence.shape
    known = [
        model
        for at in sentence.positions(MODEL)
        if (model := sentence.model_at(at)) and model.models
    ]
    names = {model.models for model in known}
    title = _TITLE.search(shape)
    ids = list(_ARXIV.finditer(shape))
    model = known[0] if len(names) == 1 else None
    if not known and (spoken := spoken_of(sentence, context)):
        model = spoken
    if (
        len(ids) > 1
        or (not ids and (title is None or model is None))
        or not _PAPER_OF.search(shape)
    ):
        return
    match = ids[0] if ids else title
    assert match is not None
    if model is None and title is None:
        return
    words = title["t"] if title else None
    name = "v" if ids else "t"
    if is_denied(shape, *match.span()) or _CITES.search(shape):
        return
    start, end = whole_span(sentence, *match.span(), model)
    if title:
        begins, ends = sentence.span(*title.span())
        start, end = min(start, begins), max(end, ends)
    value = match["v"] if ids else sentence.written(*match.span("t"))
    yield Claim(
        "paper", start, end, value, sentence.span(*match.span(name)), model,
        title=sentence.written(*title.span("t")) if title and words else None,
    )  # fmt: skip


def _makers(sentence: Sentence, context: Context) -> Iterator[Claim]:
    for pattern in _MADE_BY:
        for match in pattern.finditer(sentence.shape):
            name = match.lastgroup or ""
            model = sentence.model_at(match.end() - 1) or sentence.model_at(match.start())
            model = model or owner_of(sentence, match.start(), context)
            if model is not None and model.models:
                yield from model_claim(sentence, "organisation", match, name, model, match[name])
                return


def _training_data(
    sentence: Sentence, context: Context, datasets: re.Pattern[str]
) -> Iterator[Claim]:
    for cue in _TRAINED_ON.finditer(sentence.shape):
        model = owner_of(sentence, cue.start(), context)
        if is_denied(sentence.shape, *cue.span()) or model is None or not model.models:
            continue
        for match in datasets.finditer(sentence.shape, cue.end(), cue.end() + 160):
            between = sentence.shape[cue.end() : match.start()]
            if re.search(rf"[;。{BOARD}]|evaluat|test|评测", between):
                break
            yield from model_claim(sentence, "training_data", match, "v", model, match["v"])
        break


_RULES: tuple[tuple[re.Pattern[str], Callable[[Sentence, Context], Iterator[Claim]]], ...] = (
    (re.compile(r"\d"), find_numbers),
    (re.compile(r"licen|under|MIT|pache|CC|GPL|许可|协议", _I), _licences),
    (re.compile(DATE), _releases),
    (
        re.compile(
            r"pool|池化|latent|use|using|employ|adopt|appl|rel(?:y|ies)|support|train|introduc"
            r"|combin|leverag|built|featur|采用|使用|引入|支持|利用|结合|借助",
            _I,
        ),
        _methods,
    ),
    (
        re.compile(
            r"based on|buil|tuned|initiali|derived|start|adapted|backbone|base model|\bas\b"
            r"|以|用|基于|由|从|在|座|骨干|基础",
            _I,
        ),
        _bases,
    ),
    (
        re.compile(
            r"\bby\b|'s\b|\bfrom\b|released|launched|developed|built|open-sourced|introduced"
            r"|published|由|是|发布|推出|开源|开发|研发|提出",
            _I,
        ),
        _makers,
    ),
    (
        re.compile(
            r"list|includ|present|evaluat|exist|avail|publish|host|there|收录|列入|上榜|登上|有", _I
        ),
        _existence,
    ),
)
"""Rules, each with words without which it finds nothing; most sentences have none of them."""
