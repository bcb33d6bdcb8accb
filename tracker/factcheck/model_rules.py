"""Find statements about models themselves: size, licence, methods, papers, makers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from tracker.factcheck.claims import Claim, Context, model_claim, owner_of, spoken_of, whole_span
from tracker.factcheck.dates import StatedDate
from tracker.factcheck.model_patterns import (
    ARXIV,
    BASE,
    CITES,
    EXISTS,
    IN_BRACKETS,
    LATENT,
    LICENCE_OF_MODEL,
    OF_PAPER,
    PAPER_OF,
    POOLING,
    POOLING_IS,
    RELEASE,
    STATE_OF_TOKEN,
    TECHNIQUE,
    TITLE,
    TOKEN_AS_VECTOR,
    TOKEN_STATE,
    TRAINED_ON,
    USES,
)
from tracker.factcheck.number_rules import find_numbers
from tracker.factcheck.sentence import BOARD, DATE, MODEL, Sentence, is_denied

_I = re.IGNORECASE


def find_model_claims(
    sentence: Sentence,
    context: Context,
    datasets: re.Pattern[str],
    makers: Sequence[re.Pattern[str]],
) -> Iterator[Claim]:
    """Statements about the size, method, papers and makers of models.

    Args:
        sentence: The sentence.
        context: What was said before.
        datasets: Names of training data and tasks.
        makers: Ways to say who made a model.
    """
    yield from _papers(sentence, context)
    if MODEL not in sentence.shape and spoken_of(sentence, context) is None:
        return
    for gate, find in _RULES:
        if gate.search(sentence.shape):
            yield from find(sentence, context)
    if _MAKER.search(sentence.shape):
        yield from _makers(sentence, context, makers)
    yield from _training_data(sentence, context, datasets)


def _existence(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """That a model exists, or that a board lists it."""
    del context
    for pattern in EXISTS:
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
    for pattern in (*LICENCE_OF_MODEL, IN_BRACKETS):
        for match in pattern.finditer(sentence.shape):
            if match.span("v") in seen or re.search(
                r"\b(?:code|data ?sets?|data|repository)\b|代码|数据集",
                sentence.shape[max(0, match.start() - 25) : match.start()],
                _I,
            ):
                continue
            seen.add(match.span("v"))
            model = sentence.model_at(match.start()) or owner_of(sentence, match.start(), context)
            yield from model_claim(sentence, "licence", match, "v", model, match["v"])


def _releases(sentence: Sentence, context: Context) -> Iterator[Claim]:
    shape = sentence.shape
    for pattern in RELEASE:
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
    patterns = (POOLING, POOLING_IS, LATENT, STATE_OF_TOKEN, TOKEN_STATE, *TOKEN_AS_VECTOR)
    seen = set()
    for match in (match for pattern in patterns for match in pattern.finditer(shape)):
        model = owner_of(sentence, match.start(), context)
        name = match.lastgroup or ""
        if match.span(name) in seen:
            continue  # the state of a token that is called the text's vector, too
        seen.add(match.span(name))
        yield from model_claim(sentence, "pooling", match, name, model, match[name])
    for match in TECHNIQUE.finditer(shape):
        before = shape[max(0, match.start() - 60) : match.start()]
        name = match.lastgroup or ""
        paper = OF_PAPER.search(shape[: match.start()])
        if (paper or USES.search(before)) and not POOLING.match(shape, match.start()):
            model = owner_of(sentence, match.start(), context)
            if model is None and paper is not None:
                model = sentence.model_at(paper.start())
            if model is None or not model.models:
                continue
            yield from model_claim(sentence, "technique", match, name, model, match[name])


def _bases(sentence: Sentence, context: Context) -> Iterator[Claim]:
    for pattern in BASE:
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
    if not _PAPER.search(shape):
        return
    title = TITLE.search(shape)
    known = [
        model
        for at in sentence.positions(MODEL)
        if (model := sentence.model_at(at))
        and model.models
        and not (title and title.start() < at < title.end())  # a title names what it is about
    ]
    names = {model.models for model in known}
    ids = list(ARXIV.finditer(shape))
    model = known[0] if len(names) == 1 else None
    if not known and (spoken := spoken_of(sentence, context)):
        model = spoken
    if len(ids) > 1 or (not ids and (title is None or model is None)) or not PAPER_OF.search(shape):
        return
    match = ids[0] if ids else title
    assert match is not None
    if model is None and title is None:
        return
    words = title["t"] if title else None
    name = "v" if ids else "t"
    if is_denied(shape, *match.span()) or CITES.search(shape):
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


def _makers(
    sentence: Sentence, context: Context, makers: Sequence[re.Pattern[str]]
) -> Iterator[Claim]:
    for pattern in makers:
        for match in pattern.finditer(sentence.shape):
            inside = [at for at in sentence.positions(MODEL) if match.start() <= at < match.end()]
            model = sentence.model_at(inside[0]) if inside else None
            model = model or owner_of(sentence, match.start(), context)
            if model is not None and model.models:
                yield from model_claim(sentence, "organisation", match, "o", model, match["o"])
                return


def _training_data(
    sentence: Sentence, context: Context, datasets: re.Pattern[str]
) -> Iterator[Claim]:
    for cue in TRAINED_ON.finditer(sentence.shape):
        model = owner_of(sentence, cue.start(), context)
        if is_denied(sentence.shape, *cue.span()) or model is None or not model.models:
            continue
        for match in datasets.finditer(sentence.shape, cue.end(), cue.end() + 160):
            between = sentence.shape[cue.end() : match.start()]
            if re.search(rf"[;。{BOARD}]|evaluat|test|评测", between):
                break
            yield from model_claim(sentence, "training_data", match, "v", model, match["v"])
        break


_PAPER = re.compile(r"\d{4}\.\d{4}|[\"《「]")
"""Without an arXiv id or a title there is no statement about a paper."""
_MAKER = re.compile(
    r"\bby\b|'s\b|\bfrom\b|released|launched|developed|built|open-sourced|introduced"
    r"|published|maker|creator|developer|author|由|是|的|自|发布|推出|开源|开发|研发|提出",
    _I,
)
_RULES: tuple[tuple[re.Pattern[str], Callable[[Sentence, Context], Iterator[Claim]]], ...] = (
    (re.compile(r"\d"), find_numbers),
    (re.compile(r"licen|under|MIT|pache|CC|GPL|许可|协议", _I), _licences),
    (re.compile(DATE), _releases),
    (
        re.compile(
            r"pool|池化|latent|hidden|token|EOS|CLS|mine|use|using|employ|adopt|appl|rel(?:y|ies)|support|train|introduc|propos|tak|read"
            r"|combin|leverag|built|with|offer|provid|featur|采用|使用|引入|支持|利用|结合|借助|提出|取|选|用",
            _I,
        ),
        _methods,
    ),
    (
        re.compile(
            r"based on|top of|buil|tun(?:e|ed|ing)|initiali|derived|start|adapted|backbone"
            r"|base model|\bas\b|以|用|基于|由|从|在|座|骨干|基础",
            _I,
        ),
        _bases,
    ),
    (
        re.compile(
            r"list|includ|present|evaluat|exist|avail|publish|host|there|收录|列入|上榜|登上|有",
            _I,
        ),
        _existence,
    ),
)
"""Rules, each with words without which it finds nothing; most sentences have none of them."""
