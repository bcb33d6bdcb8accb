"""Extract training data sets from sentences, tables and lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tracker.evidence.base_models import bases
from tracker.evidence.contexts import of_sibling, stance
from tracker.evidence.cues import names_pattern
from tracker.evidence.markdown_tables import rows
from tracker.evidence.model_names import OwnNames
from tracker.evidence.records import Confidence, Document, Passage

TRAINED = re.compile(
    r"\b(?:re-?|pre-?|fine-?)?(?:train(?:ed|ing|s)?|tun(?:e[ds]?|ing))\b|训练|微调", re.IGNORECASE
)
"""Words of training."""
TESTED = re.compile(
    r"\b(?:evaluat\w*|test(?:ed|s|ing)?|benchmark\w*|zero-shot|held-?out|leaderboard|results? on"
    r"|performance on|score[sd]?|exclud\w+)\b|评测|测试",
    re.IGNORECASE,
)
"""Words of evaluation."""
TRAINING_DATA = re.compile(
    r"\b(?:re-?|pre-?|fine-?)?(?:train|tun)ing (?:data|corp)\w*|训练(?:数据|语料|集)", re.IGNORECASE
)
"""Words for what a model was trained on."""
_TAKES = re.compile(
    r"\b(?:us(?:e[ds]?|ing)|utili[sz]\w+|adopt\w*|select\w*|consists? of|compris\w+|includ\w+"
    r"|as follows)\b|使用|采用|包括",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"[^.,;:]{2,60}?(?= (?:was|were|is|are|has been|have been) )")
_BASE = re.compile(
    r"\b(?:base|backbone|teacher|reranker|original|underlying|reward|tokeni[sz]er|classifier)\b",
    re.IGNORECASE,
)
"""Subjects of a sentence other than the model itself."""
_LISTS_DATA = re.compile(r"\b(?:data ?sets?|corpus|corpora)\b|数据集", re.IGNORECASE)
_SCORES = re.compile(r"\b(?:ndcg|recall|map|mrr|avg|average|acc\w*|f1)\b|@\d", re.IGNORECASE)
_NAME_OR_ID = (
    r"(?:[A-Za-z0-9][\w.-]*/[\w.-]*\w"  # id on the Hub
    r"|(?=[\w.+-]*[A-Z][\w.+-]*[A-Z0-9])[A-Za-z][\w.+-]*[\w+])"  # HotpotQA, CoNLL-2003
)
_ONE_NAME = re.compile(_NAME_OR_ID, re.ASCII)
"""One word that is written like a name."""
_SEPARATOR = r"(?:, and |, |,| and | & |、|，| 和 ?|和 ?|以及| 与 ?)"
_NAMES = (
    rf"(?P<names>{_NAME_OR_ID}(?:{_SEPARATOR}(?:the )?{_NAME_OR_ID})*)"
    r"(?![\w-]| [A-Z0-9]| (?:architecture|checkpoint|cluster|format|GPU|hardware|machine|model"
    r"|server|supercomputer|TPU)s?\b)"
)
_ENUMERATIONS = tuple(
    re.compile(words, re.ASCII)
    for words in (
        rf"\b(?i:trained|tuned|training|tuning)(?: further| only| jointly)? on (?:the )?{_NAMES}",
        rf"\b(?i:training|fine-?tuning) (?:data|corpus|sets?)(?: (?:is|are|consists? of|comprises?"
        rf"|includes?))?:? (?:the )?{_NAMES}",
        rf"在 ?{_NAMES} ?(?:等)?(?:数据集?|语料)?上(?:进行|继续)?(?:了)?(?:训练|微调)",
        rf"训练(?:数据集?|语料|集)(?:为|是|包括|包含|采用|使用|来自|有|[:：]) ?{_NAMES}",
        rf"(?:使用|采用|用) ?{_NAMES} ?(?:等)?(?:数据集?|语料)?(?:进行|来|继续)?(?:训练|微调)",
    )
)
"""Sentences that enumerate what a model was trained on."""
_NO_DATA = re.compile(
    r"\d*x?(?:[AH]\d{2,3}|V100|L40S?|[GT]PUs?|NVIDIA\w*|MI\d{3}X?|CPUs?|AWS|\w+GPU)\b"  # machines
    r"|(?:C-|M)?MTEB\b|BEIR\b|Q?LoRA\b|LLMs?\b"
    r"|.*(?:bert|llama|qwen|mi[sx]tral|gemma|gpt|diffusion|flux|electra|t5\b)"  # models
    r"|.*(?:^|[-_/])(?:base|large|small|mini|xl|tiny|\d+(?:\.\d+)?[bm])(?:[-_]|$)",
    re.IGNORECASE | re.ASCII,
)
"""Names of machines, benchmarks and models: on those a model is trained in another sense."""


_AFTER_NAME = re.compile(r"\s*(?:$|[(（:：,，]|- )")
_NAME_BEGINS = 30
"""Characters of a table's row before which the name of its data set begins."""
_SHORTEST = 3


class Named(NamedTuple):
    """A data set that a text names: span of the name, and its canonical name."""

    start: int
    end: int
    name: str


class DatasetNames:
    """Finds the names of known data sets."""

    def __init__(self, names: Mapping[str, str]) -> None:
        """Prepare the search.

        Args:
            names: Canonical name by spelling; a canonical name is a spelling of its own.
        """
        spellings = sorted(names)
        self._canonical = {
            _folded(spelling): names[spelling]
            for spelling in spellings
            if len(_folded(spelling)) >= _SHORTEST
        }
        bare = [_bare(spelling) for spelling in spellings]
        # A name of one word may be an ordinary word in lower case.
        single = names_pattern([name for name in bare if name.isalpha()])
        longer = names_pattern([name for name in bare if not name.isalpha()])
        self._patterns = [
            *([single] if single else []),
            *([re.compile(longer.pattern, re.IGNORECASE)] if longer else []),
        ]

    def find(self, text: str, start: int, end: int) -> list[Named]:
        """Data sets that ``text[start:end]`` names, in order."""
        found = [m for pattern in self._patterns for m in pattern.finditer(text, start, end)]
        found.sort(key=lambda match: (match.start(), -match.end()))
        kept: list[Named] = []
        for match in found:
            if not kept or match.start() >= kept[-1].end:
                kept.append(Named(match.start(), match.end(), self._name(match[0])))
        return kept

    def named(self, text: str, start: int, end: int) -> list[Named]:
        """Known data sets in ``text[start:end]``, and unknown ones that it calls training data."""
        known = self.find(text, start, end)
        others = (
            named
            for named in self._enumerated(text, start, end)
            if not any(k.start < named.end and named.start < k.end for k in known)
        )
        return [*known, *dict.fromkeys(others)]

    def _enumerated(self, text: str, start: int, end: int) -> Iterator[Named]:
        """Names that ``text[start:end]`` enumerates as training data."""
        based_on = {name for _, _, name in bases(text, start, end)}
        for pattern in _ENUMERATIONS:
            for match in pattern.finditer(text, start, end):
                for name in _ONE_NAME.finditer(text, *match.span("names")):
                    if is_data(name[0]) and name[0] not in based_on:
                        yield Named(name.start(), name.end(), self._name(name[0]))

    def knows(self, words: str) -> bool:
        """Whether words are the name of a data set."""
        return _folded(words) in self._canonical

    def _name(self, written: str) -> str:
        name = self._canonical.get(_folded(written), written)
        # An alias may name a part only; a name without its language does not say which is meant.
        is_same = _folded(name) == _folded(written)
        return name if is_same and (name == _bare(name) or written != _bare(written)) else written


def in_sentence(
    document: Document, passage: Passage, sentence: tuple[int, int], named: Named, own: OwnNames
) -> Confidence | None:
    """Confidence that a sentence states training on a data set; ``None`` if it does not."""
    words = document.text[sentence[0] : sentence[1]]
    subject = _SUBJECT.match(words)
    if subject and (_BASE.search(subject[0]) or own.is_of_other(subject[0])):
        return None
    if of_sibling(document.model, document.text, sentence, named.start) or TESTED.search(words):
        return None
    if stance(document.text, sentence, (named.start, named.end), None, None) == "no":
        return None
    if TRAINED.search(words):
        return "medium"
    if not TRAINED.search(passage.section):
        return None
    takes = TRAINING_DATA.search(passage.section) and _TAKES.search(words)
    return "medium" if takes else "low"


def in_table(
    document: Document, passage: Passage, names: DatasetNames
) -> Iterator[tuple[tuple[int, int], Named]]:
    """Rows, as spans, of a table of training data, with the data set of each."""
    text, title = document.text, passage.section.rpartition(" / ")[2]
    if not TRAINED.search(title) or TESTED.search(passage.section):
        return
    table = list(rows(text, passage.start, passage.end))
    head = " ".join(cell.text for cell in table[0]) if table else ""
    if not _LISTS_DATA.search(head) or _SCORES.search(head):
        return
    is_first = _LISTS_DATA.search(table[0][0].text) is not None
    for row in table[1:]:
        start = text.rindex("|", passage.start, row[0].start)
        end = text.index("|", row[-1].end, passage.end) + 1
        # A later cell may describe the data set by another one.
        found = [n for n in names.find(text, start, end) if n.start - start <= _NAME_BEGINS]
        if not found and is_first and _ONE_NAME.fullmatch(row[0].text) and is_data(row[0].text):
            found = [Named(row[0].start, row[0].end, row[0].text)]
        yield from (((start, end), named) for named in found)


def in_list(document: Document, passage: Passage, names: DatasetNames) -> Named | None:
    """The data set that is an item of a list below a heading such as *Training data*."""
    title = passage.section.rpartition(" / ")[2]
    if not TRAINING_DATA.search(title) or TESTED.search(passage.section):
        return None
    text = document.text
    first = next(iter(names.find(text, passage.start, passage.end)), None)
    if first is not None and first.start == passage.start and _AFTER_NAME.match(text, first.end):
        return first
    item = text[passage.start : passage.end]
    is_name = _ONE_NAME.fullmatch(item) is not None and is_data(item)
    return Named(passage.start, passage.end, item) if is_name else None


def is_data(name: str) -> bool:
    """Whether a name is not one of a machine, a benchmark or a model."""
    return _NO_DATA.match(name) is None


def _bare(name: str) -> str:
    return name.partition(" (")[0]


def _folded(name: str) -> str:
    return re.sub(r"[^a-z0-9\u3400-\u9fff]", "", _bare(name).casefold())
