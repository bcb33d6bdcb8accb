"""Decide whether a sentence describes this model or another one.

Negations, comparisons, other people's work and general remarks do not describe the model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

Stance = Literal["stated", "implied", "no"]
"""``stated``: we (or the model) do it. ``implied``: nobody else is named. ``no``: not the model."""

_SENTENCE_END = re.compile(
    r"(?<!\bal\.)(?<!e\.g\.)(?<!i\.e\.)(?<!\bFig\.)(?<!\bvs\.)(?<!\bEq\.)(?<!\bcf\.)(?<!\bSec\.)"
    r"(?<=[.!?])\s+(?=[A-Z\[(\"'“\u3400-\u9fff])|(?<=[。！？；])|\n"
)
_OWN = re.compile(
    r"\b(?:we|our|ours|this (?:model|work|paper|repo\w*|embedding|approach)"
    r"|the (?:proposed|final|resulting|present)? ?(?:model|embedding model|encoder))\b"
    r"|我们|本模型|本文|该模型",
    re.IGNORECASE,
)
_DOES = re.compile(
    r"\b(?:use[sd]?|using|utili[sz]\w+|adopt\w*|appl(?:y|ies|ied)|employ\w*|perform\w*|take[sn]?"
    r"|propos\w+|introduc\w+|present\w*|leverag\w+|train\w*|fine-?tun\w+|optimi[sz]\w+|incorporat\w+"
    r"|select\w*|choose|chose|mine[sd]?|construct\w*|generat\w+|build|built|support\w*|enabl\w+"
    r"|obtain\w*|comput\w+|extract\w*|remov\w+|replac\w+|design\w*|integrat\w+|add(?:s|ed)?)\b"
    r"|采用|使用|提出|引入|训练|支持|利用",
    re.IGNORECASE,
)
_AGAINST = re.compile(
    r"\b(?:unlike|instead of|rather than|in contrast (?:to|with)|contrary to|as opposed to"
    r"|different(?:ly)? from|differs? from|compar(?:ed|ing) (?:to|with)|versus|vs\.?|than"
    r"|(?:improv\w*|gains?|advantages?|benefits?|prefer\w*|favou?r\w*)(?: \w+){0,3} over"
    r"|overcom\w*|(?:restriction|limitation|drawback)s? of"
    r"|beyond|without|w/o|no|not|never|neither|nor|cannot|n't|avoid\w*|abandon\w*|eliminat\w+|drop\w*"
    r"|remov\w+|discard\w*|replac\w+|lack\w*|outperform\w*|beats?|surpass\w*|except)\b|n't\b"
    r"|而非|而不是|取代|代替|替代|不同于|相比|无需|没有|不需要|不使用|不采用|未使用",
    re.IGNORECASE,
)
_TALK = re.compile(
    r"\b(?:can|could|may|might|would|should|if|e\.g\.|such as|for (?:example|instance)|whether"
    r"|compar(?:e|es|ison)|ablat\w+|experiment(?:ed|ing)? with|tr(?:y|ied)|test(?:ed|s)?"
    r"|investigat\w+|explor\w+|stud(?:y|ied|ies)|evaluat\w+|examin\w+|consider\w*|discuss\w*"
    r"|review\w*|inspired|propos\w+ (?:by|in)|introduced (?:by|in)|variants?|baselines?|future"
    r"|benchmark\w*|option\w*|alternative\w*)\b|例如|比如|可以|可能|对比|消融|实验",
    re.IGNORECASE,
)
_GENERAL = re.compile(
    r"\b(?:commonly|typically|usually|often|widely|traditional\w*|conventional\w*|popular|prior"
    r"|previous\w*|existing|recent(?:ly)? (?:work|stud|model|method|approach)\w*|many|most|several"
    r"|other (?:model|method|work|approach)\w*|two (?:common|popular|main)|these methods|they|their"
    r"|has been shown|have been|it is known)\b|现有|以往|传统|通常",
    re.IGNORECASE,
)
_WORSE = re.compile(
    r"\b(?:is|are|was|were|do|does|did) (?:\w+ )?(?:not|n't|worse|inferior|outperformed|replaced"
    r"|removed|discarded|suboptimal)\b|\b(?:hurts?|degrades?|underperforms?|fails?|suffers?|lags?"
    r"|limits?|hampers?|is limited)\b|不如|较差",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\bet al\b|\boriginal (?:paper|work|model)\b"
    r"|\[[0-9]{1,3}(?:\s*[,;–-]\s*[0-9]{1,3})*\]|\([^()]{0,60}\b(?:19|20)\d\d[a-z]?\)"
)
_FOLLOWS = re.compile(r"\bfollow(?:s|ed|ing)?\b|\bsame as\b|参考|遵循", re.IGNORECASE)
_ADVICE = re.compile(
    r"\byou(?:r|rs)?\b|\brecommend\w*|\bplease\b|\b(?:train|fine-?tun)\w* (?:the |a )?rerankers?\b"
    r"|^\W*(?:use|mine|add|set|see|try|update|load|run|install|refer)\b|你|请|建议",
    re.IGNORECASE,
)
_TOOLS = re.compile(
    r"\b(?:scripts?|demos?|websites?|notebooks?)\b|(?:^|\s)\W{0,3}--[a-z]\w+", re.IGNORECASE
)
"""Tools beside the model in its repository, which may use other methods."""
_CODE = re.compile(r"\b(?:code(?:base)?|librar(?:y|ies)|toolkits?)\b", re.IGNORECASE)
_BIBLIOGRAPHY = re.compile(r"\b[Bb]y [A-Z][\w.-]+ [A-Z][\w.-]+(?:,| and\b)")
_NEAR = 110
"""Characters before a cue in which a word of comparison is about it."""
LONGEST_SENTENCE = 1_200
"""Characters; longer text is not a sentence, and its analysis would take quadratic time."""


def sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Spans of the sentences of ``text[start:end]``."""
    begin = start
    for match in _SENTENCE_END.finditer(text, start, end):
        if 0 < match.start() - begin <= LONGEST_SENTENCE:
            yield begin, match.start()
        begin = match.end()
    if 0 < end - begin <= LONGEST_SENTENCE:
        yield begin, end


def stance(
    text: str,
    sentence: tuple[int, int],
    cue: tuple[int, int],
    own_names: re.Pattern[str] | None,
    other_names: re.Pattern[str] | None,
) -> Stance:
    """Decide whether a sentence states what a cue in it names.

    Args:
        text: The document's text.
        sentence: Span of the sentence.
        cue: Span of the cue in it.
        own_names: Finds names of the model itself.
        other_names: Finds names of other models.
    """
    start, end = sentence
    first, last = cue
    whole = text[start:end]
    if whole.rstrip().endswith(("?", "？")) or _ADVICE.search(whole):
        return "no"
    if _TOOLS.search(whole) or _CODE.search(text, start, first) or _BIBLIOGRAPHY.search(whole):
        return "no"
    own = _last_end(_OWN, text, start, first)
    if own_names is not None:
        own = max(own, _last_end(own_names, text, start, first))
    said_by = own if own >= 0 else start
    near = max(said_by, first - _NEAR)
    before = text[said_by:first]
    if _AGAINST.search(text[near:first]) or _TALK.search(before) or _GENERAL.search(before):
        return "no"
    if _WORSE.search(text, last, min(end, last + 70)):
        return "no"
    follows = _FOLLOWS.search(text, start, first) is not None
    named = other_names.search(before) if other_names is not None else None
    if not follows and (named or _OTHERS.search(before)):
        return "no"
    if own >= 0:
        return "stated" if _DOES.search(before) or _DOES.match(text, first) else "implied"
    if _OTHERS.search(whole) or _GENERAL.search(whole) or _TALK.search(whole):
        return "no"
    if other_names is not None and other_names.search(whole):
        return "no"
    return "implied"


_PROPOSES = re.compile(
    r"\b(?:we|our|this)\b.{0,40}?\b(?:propos|introduc|present)\w*|我们提出|本文提出|\bnovel\b",
    re.IGNORECASE,
)
_BY_MEANS_OF = re.compile(
    r"\b(?:us(?:es?|ed|ing)|utili[sz]\w+|with|by|for|from|of|to|that|which|via|based on|than"
    r"|instead)\b",
    re.IGNORECASE,
)
_FARTHEST = 80


def proposes(text: str, sentence: tuple[int, int], cue: tuple[int, int]) -> bool:
    """Whether a sentence presents as new what a cue names, not something built with it."""
    end = _last_end(_PROPOSES, text, sentence[0], cue[0])
    between = text[end : cue[0]]
    return end >= 0 and len(between) <= _FARTHEST and not _BY_MEANS_OF.search(between)


_UNSUPERVISED = re.compile(r"\bun-?supervised|无监督", re.IGNORECASE)
_SUPERVISED = re.compile(
    r"(?<!un)(?<!un-)(?<!self-)(?<!semi-)(?<!weakly )\bsupervised|有监督", re.I
)
_WHICH = re.compile(r"(?:^|[-_/])(?P<un>un)?sup(?:ervised)?(?:[-_]|$)", re.IGNORECASE)


def of_sibling(model: str, text: str, sentence: tuple[int, int], cue: int) -> bool:
    """Whether a sentence describes the model's supervised or unsupervised sibling instead.

    Args:
        model: Public id of the model that is read for.
        text: The document's text.
        sentence: Span of the sentence.
        cue: Where the cue ends.
    """
    which = _WHICH.search(model)
    if which is None:
        return False
    unsupervised = _last_end(_UNSUPERVISED, text, sentence[0], cue)
    supervised = _last_end(_SUPERVISED, text, sentence[0], cue)
    return supervised > unsupervised if which["un"] else unsupervised > supervised


def _last_end(pattern: re.Pattern[str], text: str, start: int, end: int) -> int:
    found = -1
    for match in pattern.finditer(text, start, end):
        found = match.end()
    return found
