"""Find sizes, dimensions and context lengths of models in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tracker.factcheck.claims import Claim, Context, model_claim, owner_of
from tracker.factcheck.sentence import MODEL, Sentence

_I = re.IGNORECASE
SMALLEST_WIDTH = 32
"""Dimensions below which a number means something else."""
_NUMBER = r"(?P<v>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)"
_UNIT = r"(?P<u>[BM](?![A-Za-z])|billion|million|bn|亿|万)"
_SIZE = (
    re.compile(
        rf"(?<![\w.]){_NUMBER} ?{_UNIT}(?:illion)?[- ]?(?:active )?(?:的)?(?:parameters?"
        rf"|params?|参数)",
        _I,
    ),
    re.compile(
        rf"(?:parameters?|params|参数(?:量|规模|数量|数)?|model size"
        rf"|模型大小)[^\d,;。{MODEL}]{{0,14}}{_NUMBER} ?{_UNIT}",
        _I,
    ),
    re.compile(
        rf"{MODEL},? (?:is|was) (?:a|an"
        rf"|the) (?:[\w-]+ ){{0,2}}?{_NUMBER} ?(?P<u>[BM])(?:[- ]\w+)? (?:[\w-]+ ){{0,3}}?"
        r"(?:model|encoder|embedder|LLM)\b"
    ),
)
_DIMENSIONS = (
    re.compile(
        r"(?<![\w.,-])(?P<v>\d{1,3}(?:,\d{3})+|\d{2,6})(?:[- ](?:dim(?:ensional"
        r"|ensions?|s)?)\b|[- ]?d\b| ?维(?!度))",
        _I,
    ),
    re.compile(
        r"(?:dimension(?:ality|s)?|embedding size|vector size|维度数?)(?: (?:of|is"
        r"|size))?[^\d;。,]{0,12}?"
        r"(?P<v>\d{1,3}(?:,\d{3})+|\d{2,6})(?!\d|\.\d|[kKBM]\b)",
        _I,
    ),
)
_CONTEXT = (
    re.compile(
        r"(?:up to|max\w*|context|inputs?|sequences?|window|length|handles?|supports?|reads?"
        r"|processes|accepts?|limit(?:ed)?|truncat\w+|最大|最长"
        rf"|最多|上下文|长度|支持|窗口|高达)[^\d;。{MODEL}]{{0,32}}(?P<v>\d{{1,3}}(?:,\d{{3}})+|\d+(?:\.\d+)?)"
        r" ?(?P<u>[kK](?![A-Za-z])|[mM](?![A-Za-z]))?(?:[- ]?(?:tokens?|词元|个 ?tokens?"
        r"|个词元|上下文"
        r"|context|的?长度|字)|(?=[\s,.;。]|$))",
        _I,
    ),
    re.compile(
        r"(?<![\w.,-])(?P<v>\d{1,3}(?:,\d{3})+"
        r"|\d+(?:\.\d+)?) ?(?P<u>[kK](?![A-Za-z]))?[- ]?(?:tokens?[- ])?"
        r"(?:context|input|sequence|window|上下文|的?上下文窗口)",
        _I,
    ),
)
_CONTEXT_IN_BRACKETS = re.compile(
    rf"(?<={MODEL})(?: ?\()(?:[^(){MODEL}]{{0,60}}?[,;] ?)?(?P<v>\d{{1,3}}(?:,\d{{3}})+|\d+)"
    r" ?(?P<u>[kK])?[- ]?(?:tokens?|词元)(?= ?[,;)])",
    _I,
)
_IS_CONTEXT = re.compile(r"token|context|sequence|window|上下文|词元|长度|输入 ?\d+ ?k", _I)
_RANGE = re.compile(
    rf"{MODEL} ?的 ?$|"
    r"\b(?:down to|between|range|reduc\w+|as small as|truncat\w+ to|flexible|any"
    r"|shorten\w*|as low as|compress\w*|quanti[sz]\w*|reduction)\b"
    r"|缩|截断|成 ?$|量化|降到|降至|可选|任意|压缩|裁剪|[-~] ?$",
    _I,
)
_FROM = re.compile(r"\bfrom\b(?!.*(?:[,;。] ?|\band )[a-z]+s\b)")
"""From 64 to 1024 dimensions; not: comes from a lab and has 1024 dimensions."""
_MORE_DIMENSIONS = re.compile(
    rf"(?:[,;]|\b(?:and|while|whereas|but)\b|而|但)[^\d,;。{MODEL}]{{0,10}}{MODEL}"
    r"(?: ?(?:only|just|returns|outputs|produces|has|uses|gives|with|at|则|只|仅|为|是|有|输出))+"
    r" ?(?P<v>\d{1,3}(?:,\d{3})+|\d{2,6})(?=\W*$| ?[,;。])",
    _I,
)
"""Another model's dimensions after those of a first one, without the word."""
_RUN = re.compile(
    r"train|训练|\b(?:run|ran|fed|feed|test\w*|evaluat\w+|chunk\w*|split|average)\b", _I
)
"""A length that somebody used is not the one that the model can read."""
_OF_MODEL = re.compile(rf"(?: (?:vectors?|embeddings?|outputs?))? of (?:the )?{MODEL}")
_VERSUS = re.compile(r"\bvs\.?\b|\bversus\b|\bcompared (?:to|with)\b|相比|而不是", _I)


SCALES = {
    "b": 1e9,
    "billion": 1e9,
    "bn": 1e9,
    "m": 1e6,
    "million": 1e6,
    "k": 1e3,
    "亿": 1e8,
    "万": 1e4,
}
"""What a unit in lower case multiplies a number by."""


def _scaled(match: re.Match[str]) -> tuple[float, float]:
    """A number in ones, and the unit in which it is given."""
    number = float(match["v"].replace(",", ""))
    unit = (match["u"] or "").casefold() if "u" in match.re.groupindex else ""
    scale = SCALES.get(unit, 1.0)
    return number * scale, scale


def find_numbers(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Size, dimensions and context length."""
    shape = sentence.shape
    if _VERSUS.search(shape):
        return
    for kind, patterns in (
        ("size", _SIZE),
        ("dimensions", _DIMENSIONS),
        ("context", (*_CONTEXT, _CONTEXT_IN_BRACKETS)),
    ):
        found = [match for pattern in patterns for match in pattern.finditer(shape)]
        if kind == "context":
            found = [match for match in found if _is_length(shape, match)]
        if kind == "dimensions":
            if found:
                found += _MORE_DIMENSIONS.finditer(shape, found[-1].end())
            found = [match for match in found if _is_full_width(shape, match)]
        values = {match.span("v"): match for match in found}
        if len({match["v"] for match in found}) > len(sentence.positions(MODEL) or [1]):
            continue
        for match in values.values():
            at = match.start("v")
            behind = _OF_MODEL.match(shape, match.end())
            place = behind.end() - 1 if behind else match.start()
            if match.re is _MORE_DIMENSIONS:
                place = match.start() + match[0].index(MODEL)
            model = sentence.model_at(place)
            model = model or owner_of(sentence, at, context)
            digits = len(match["v"].partition(".")[2])
            scaled, scale = _scaled(match)
            yield from model_claim(
                sentence, kind, match, "v", model, scaled, digits=digits, scale=scale
            )


def _is_full_width(shape: str, match: re.Match[str]) -> bool:
    """Whether a number of dimensions is the whole one, not one that vectors are cut to."""
    before = shape[max(0, match.start("v") - 25) : match.start("v")]
    if _RANGE.search(before) or _FROM.search(before):
        return False
    return float(match["v"].replace(",", "")) >= SMALLEST_WIDTH


def _is_length(shape: str, match: re.Match[str]) -> bool:
    after = re.split(r"[,;。]| and | with |并|和", shape[match.end() : match.end() + 12])[0]
    before = re.split(r"[,;。]", shape[max(0, match.start("v") - 8) : match.start("v")])[-1]
    around = before + shape[match.start("v") : match.end()] + after
    whole = match[0] + after
    if _RUN.search(shape, max(0, match.start() - 25), match.start()):
        return False
    number = float(match["v"].replace(",", ""))
    if match["u"] is None and number < 64:
        return False
    return _IS_CONTEXT.search(whole) is not None and not re.search(
        r"train|billion|million|dim|param|训练|batch|图|维|参数|output", around, _I
    )
