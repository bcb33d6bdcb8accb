"""Data sets on which a text says that its model was trained: in sentences, tables and lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tracker.evidence.contexts import of_sibling, stance
from tracker.evidence.cues import names_pattern
from tracker.evidence.markdown_tables import rows
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
_LISTS_DATA = re.compile(r"\b(?:data ?sets?|corpus|corpora)\b|数据集", re.IGNORECASE)
_SCORES = re.compile(r"\b(?:ndcg|recall|map|mrr|avg|average|acc\w*|f1)\b|@\d", re.IGNORECASE)
_ONE_NAME = re.compile(r"(?=(?:\S*[A-Z]){2})[A-Za-z][\w.+-]{2,60}")
"""One word that is written like a name."""
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
        self._pattern = names_pattern([_bare(spelling) for spelling in spellings])

    def find(self, text: str, start: int, end: int) -> list[Named]:
        """Data sets that ``text[start:end]`` names, in order."""
        if self._pattern is None:
            return []
        found = self._pattern.finditer(text, start, end)
        return [Named(m.start(), m.end(), self._name(m[0])) for m in found]

    def knows(self, words: str) -> bool:
        """Whether words are the name of a data set."""
        return _folded(words) in self._canonical

    def _name(self, written: str) -> str:
        name = self._canonical.get(_folded(written), written)
        # A name without its language does not say which language is meant.
        return written if name != _bare(name) and written == _bare(written) else name


def in_sentence(
    document: Document, passage: Passage, sentence: tuple[int, int], named: Named
) -> Confidence | None:
    """How sure a sentence states that its model was trained on a data set; ``None`` if not."""
    words = document.text[sentence[0] : sentence[1]]
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
    for row in table[1:]:
        start = text.rindex("|", passage.start, row[0].start)
        end = text.index("|", row[-1].end, passage.end) + 1
        for named in names.find(text, start, end):
            if named.start - start <= _NAME_BEGINS:  # a later cell may describe it by another one
                yield (start, end), named


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
    return Named(passage.start, passage.end, item) if _ONE_NAME.fullmatch(item) else None


def _bare(name: str) -> str:
    return name.partition(" (")[0]


def _folded(name: str) -> str:
    return re.sub(r"[^a-z0-9\u3400-\u9fff]", "", _bare(name).casefold())
