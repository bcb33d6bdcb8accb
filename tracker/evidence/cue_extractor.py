"""The default extractor: the vocabulary's cues, in sentences that speak of the model itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256

from tracker.curated import TermEntry
from tracker.evidence.base_models import bases
from tracker.evidence.code_pooling import shown_pooling
from tracker.evidence.contexts import Stance, of_sibling, proposes, sentences, stance
from tracker.evidence.cues import PROPERTIES, Cues, Hit, names_pattern
from tracker.evidence.records import (
    REFINES,
    SINGLE,
    Candidate,
    Confidence,
    Document,
    Passage,
    quote_around,
)

RULES_VERSION = "3"

_SPEAKING = frozenset({"method", "contribution", "list"})
_TRAINED = re.compile(
    r"\b(?:re-?|pre-?|fine-?)?(?:train(?:ed|ing|s)?|tun(?:e[ds]?|ing))\b|训练|微调", re.IGNORECASE
)
_TESTED = re.compile(
    r"\b(?:evaluat\w*|test(?:ed|s|ing)?|benchmark\w*|zero-shot|held-?out|leaderboard|results? on"
    r"|performance on|score[sd]?|exclud\w+)\b|评测|测试",
    re.IGNORECASE,
)
_STAGED = re.compile(
    r"\b(?:first|second|third|final|1st|2nd|3rd)[- ](?:stage|step|phase)\b"
    r"|\bstage[- ]?(?:[1-4]|I{1,3}|one|two|three)\b|第[一二三]阶段",
    re.IGNORECASE,
)
_OF_BASES = frozenset({"decoder-only", "encoder-only", "encoder-decoder"})
"""Said of what a model was made of, mostly, whose attention is changed thereafter."""
_COMMON = frozenset(
    {
        "mean", "cls", "last-token", "eos", "causal", "bidirectional", "contrastive", "infonce",
        "in-batch-softmax", "in-batch", "hard-negatives", "supervised-finetuning",
        "l2-normalisation",
    }
)  # fmt: skip
"""What so many do that nobody proposes it anew."""
_TRAINING_DATA = re.compile(
    r"\b(?:re-?|pre-?|fine-?)?(?:train|tun)ing (?:data|corp)\w*|训练数据", re.IGNORECASE
)
_TAKES = re.compile(
    r"\b(?:us(?:e[ds]?|ing)|utili[sz]\w+|adopt\w*|select\w*|consists? of|compris\w+|includ\w+"
    r"|as follows)\b|使用|采用|包括",
    re.IGNORECASE,
)
_ROW_END = "| |"
_NAME_BEGINS = 30
"""Characters of a row before which the name of its data set begins."""
_HEAD = 200
"""Characters of a table that hold its head."""
_LISTS_DATA = re.compile(r"\b(?:data ?sets?|corpus|corpora)\b|数据集", re.IGNORECASE)
_SCORES = re.compile(r"\b(?:ndcg|recall|map|mrr|avg|average|acc\w*|f1)\b|@\d", re.IGNORECASE)

_MODEL_NAME = re.compile(r"[\w./]+-[\w.]+-[\w.-]+|[\w./]+-[\w.]*[0-9][\w.]*|[\w.-]+/[\w.-]+")
_ANOTHER = re.compile(r"\s+(?:and|or)\s+[\w.-]+[-/]")
_SUFFIX = re.compile(
    r"[-_](?:v?\d[\w.]*|base|small|large|mini|xl|xxl|tiny|instruct|en|zh)$", re.IGNORECASE
)


class CueExtractor:
    """Reads documents with the vocabulary; see :mod:`tracker.evidence.contexts` for its care."""

    name = "cues"

    def __init__(
        self, terms: Iterable[TermEntry], models: Iterable[str] = (), datasets: Iterable[str] = ()
    ) -> None:
        """Prepare the search.

        Args:
            terms: The vocabulary.
            models: Public ids of all models, to tell the others' names.
            datasets: Canonical names of data sets.
        """
        self._cues = Cues(terms)
        models, datasets = sorted(set(models)), sorted(set(datasets))
        self._datasets = {_folded(name): name for name in datasets if len(_folded(name)) >= 3}
        self._dataset_names = names_pattern([_bare(name) for name in datasets])
        self._everyone = names_pattern([name for model in models for name in _short_names(model)])
        told = sha256(repr((self._cues.digest, models, datasets)).encode()).hexdigest()
        self.version = f"{RULES_VERSION}.{told[:8]}"

    def extract(self, document: Document) -> list[Candidate]:
        """The candidates of a document, in the order of its text."""
        found: list[Candidate] = []
        own = names_pattern(_short_names(document.model))
        for passage in document.passages:
            if passage.role in _SPEAKING and not _of_another(document.model, passage.section):
                found += self._prose(document, passage, own)
        if document.kind == "card":
            found += self._tables(document)
            found += self._code(document)
        return _settled(_once(found))

    def _prose(
        self, document: Document, passage: Passage, own: re.Pattern[str] | None
    ) -> Iterator[Candidate]:
        text = document.text
        hits = self._cues.find(text, passage.start, passage.end)
        names = (
            self._named(text, passage)
            if _TRAINED.search(passage.section + text[passage.start : passage.end])
            else []
        )
        based = list(bases(text, passage.start, passage.end))
        if not (hits or names or based):
            return
        for span in sentences(text, passage.start, passage.end):
            others = _Others(self._everyone, own)
            for hit in (h for h in hits if span[0] <= h.start < span[1]):
                told = stance(text, span, (hit.start, hit.end), own, others.pattern(text, span))
                yield from self._said(document, passage, span, hit, told)
            for start, end, name in names:
                if span[0] <= start < span[1]:
                    yield from self._dataset(document, passage, span, (start, end, name))
            for start, end, name in based:
                if span[0] <= start < span[1]:
                    yield from self._base(document, passage, span, (start, end, name))

    def _base(
        self,
        document: Document,
        passage: Passage,
        span: tuple[int, int],
        named: tuple[int, int, str],
    ) -> Iterator[Candidate]:
        text, (start, end, name) = document.text, named
        own = names_pattern(_short_names(document.model))
        if stance(text, span, (start, end), own, None) == "no" or _is_own(own, name):
            return
        # Where it goes on with another name it speaks of several models.
        level: Confidence = "low" if _ANOTHER.match(text, end) else "medium"
        yield self._candidate(
            document, passage, span, (start, end), "base_model", name, "base", level
        )

    def _said(
        self, document: Document, passage: Passage, span: tuple[int, int], hit: Hit, told: Stance
    ) -> Iterator[Candidate]:
        if told == "no" or (document.kind == "paper" and told == "implied" and hit.rule == "cue"):
            return
        sentence = document.text[span[0] : span[1]]
        if of_sibling(document.model, document.text, span, hit.end):
            return
        if document.text[hit.start : hit.end].casefold() in _words(document.model):
            return  # a model that is named like its method: every mention of it would be one
        if hit.group == "data" and (not _TRAINED.search(sentence) or _TESTED.search(sentence)):
            return
        level: Confidence = "high" if told == "stated" else "medium"
        said = document.text[hit.start : hit.end].casefold()
        if told == "implied" and hit.group == "pooling" and "pool" not in said:
            level = "low"  # a token or a mean may be meant for something else
        if hit.group in ("stage", "data") and told == "implied":
            staged = hit.group == "stage" and _STAGED.search(sentence) is not None
            level = "medium" if staged and _TRAINED.search(passage.section) else "low"
        if said in _OF_BASES:
            level = "low"
        cue = (hit.start, hit.end)
        property_ = PROPERTIES.get(hit.group, "technique")
        yield self._candidate(document, passage, span, cue, property_, hit.slug, hit.rule, level)
        if hit.slug in _COMMON or told != "stated":
            return
        if passage.role == "contribution" or proposes(document.text, span, cue):
            yield self._candidate(
                document, passage, span, cue, "innovation", hit.slug, "contribution", "medium"
            )

    def _named(self, text: str, passage: Passage) -> list[tuple[int, int, str]]:
        if self._dataset_names is None:
            return []
        found = self._dataset_names.finditer(text, passage.start, passage.end)
        return [(m.start(), m.end(), self._canonical(m[0])) for m in found]

    def _canonical(self, said: str) -> str:
        name = self._datasets.get(_folded(said), said)
        # Of which language a set is, the name alone does not say.
        return said if name != _bare(name) and said == _bare(said) else name

    def _dataset(
        self,
        document: Document,
        passage: Passage,
        span: tuple[int, int],
        named: tuple[int, int, str],
    ) -> Iterator[Candidate]:
        sentence = document.text[span[0] : span[1]]
        start, end, name = named
        told = stance(document.text, span, (start, end), None, None)
        if of_sibling(document.model, document.text, span, start):
            return
        trained = _TRAINED.search(sentence) or _TRAINED.search(passage.section)
        if told == "no" or not trained or _TESTED.search(sentence):
            return
        used = _TRAINED.search(sentence) or (
            _TRAINING_DATA.search(passage.section) and _TAKES.search(sentence)
        )
        level: Confidence = "medium" if used else "low"
        yield self._candidate(
            document, passage, span, (start, end), "training_data", name, "dataset", level
        )

    def _tables(self, document: Document) -> Iterator[Candidate]:
        """Data sets in the tables of a card's section on training."""
        for passage in (p for p in document.passages if p.role == "table"):
            head = document.text[passage.start : passage.start + _HEAD]
            title = passage.section.rpartition(" / ")[2]
            if not _TRAINED.search(title) or not _LISTS_DATA.search(head):
                continue
            if _TESTED.search(passage.section) or _SCORES.search(head):
                continue
            for start, end, name in self._named(document.text, passage):
                row = (
                    document.text.rfind(_ROW_END, passage.start, start) + 1 or passage.start,
                    document.text.find(_ROW_END, end, passage.end) + 1 or passage.end,
                )
                if start - row[0] > _NAME_BEGINS:
                    continue  # what a data set is about may be another one
                yield self._candidate(
                    document, passage, row, (start, end), "training_data", name, "table", "medium"
                )

    def _code(self, document: Document) -> Iterator[Candidate]:
        """The pooling of the usage example, where all examples agree."""
        text = document.text
        if shown := shown_pooling(document, self._cues.in_code):
            passage, slug, cue = shown
            line = (text.rfind("\n", 0, cue[0]) + 1, text.find("\n", cue[1]))
            span = (max(line[0], passage.start), line[1] if line[1] >= 0 else passage.end)
            yield self._candidate(document, passage, span, cue, "pooling", slug, "code", "high")

    def _candidate(
        self,
        document: Document,
        passage: Passage,
        span: tuple[int, int],
        cue: tuple[int, int],
        property_: str,
        value: str,
        rule: str,
        level: Confidence,
    ) -> Candidate:
        start, end = quote_around(document.text, span[0], span[1], cue[0], cue[1])
        return Candidate(
            model=document.model,
            property=property_,
            value=value,
            quote=document.text[start:end],
            start=start,
            section=passage.section,
            rule=rule,
            confidence=level,
            kind=document.kind,
            source=document.source,
            extractor=self.name,
            version=self.version,
        )


def _of_another(model: str, section: str) -> bool:
    """Whether a section is headed by the name of a model that is not this one."""
    title = section.rpartition(" / ")[2]
    name = title.rpartition("/")[2].casefold()
    return _MODEL_NAME.fullmatch(title) is not None and name != model.rpartition("/")[2].casefold()


class _Others:
    """Names of other models in a sentence: all names but the model's own."""

    def __init__(self, everyone: re.Pattern[str] | None, own: re.Pattern[str] | None) -> None:
        self._everyone, self._own = everyone, own

    def pattern(self, text: str, span: tuple[int, int]) -> re.Pattern[str] | None:
        """Finds the other models that the sentence names; ``None`` where it names none."""
        if self._everyone is None:
            return None
        named = {m[0] for m in self._everyone.finditer(text, *span)}
        return names_pattern([name for name in named if not _is_own(self._own, name)])


def _is_own(own: re.Pattern[str] | None, name: str) -> bool:
    return own is not None and own.search(name) is not None


def _short_names(model: str) -> Sequence[str]:
    """What a text may call a model: its id, its name, and the family before a version or size."""
    name = model.rpartition("/")[2]
    family = name
    while (shorter := _SUFFIX.sub("", family)) != family:
        family = shorter
    return tuple(dict.fromkeys(n for n in (model, name, family) if len(n) >= 3))


def _words(model: str) -> frozenset[str]:
    """The words of a model's name."""
    return frozenset(re.split(r"[-_/.]", model.casefold()))


def _bare(name: str) -> str:
    return name.partition(" (")[0]


def _folded(name: str) -> str:
    return re.sub(r"[^a-z0-9\u3400-\u9fff]", "", _bare(name).casefold())


def _once(found: Iterable[Candidate]) -> list[Candidate]:
    """The best candidate of each statement, in the order of the text."""
    order: dict[Confidence, int] = {"high": 0, "medium": 1, "low": 2}
    best: dict[tuple[str, str], Candidate] = {}
    for candidate in found:
        key = (candidate.property, candidate.value)
        if key not in best or order[candidate.confidence] < order[best[key].confidence]:
            best[key] = candidate
    return sorted(best.values(), key=lambda c: (c.start, c.property, c.value))


_HOLDS = {
    "latent-attention": frozenset({"mean"}),
    "causal-to-bidirectional": frozenset({"causal", "bidirectional"}),
}
"""Values whose description names others too: where the whole is said, the parts are not meant."""


def _settled(found: list[Candidate]) -> list[Candidate]:
    """Where a text names several values of what a model has once, none of them is sure."""
    sure = [c for c in found if c.property in SINGLE and c.confidence != "low"]
    parts = {
        (c.property, part)
        for c in sure
        if c.confidence == "high"
        for part in _HOLDS.get(c.value, ())
    }
    values: dict[str, set[str]] = {}
    for candidate in sure:
        if (candidate.property, candidate.value) not in parts:
            said = REFINES.get(candidate.value, candidate.value)
            values.setdefault(candidate.property, set()).add(_folded(said.rpartition("/")[2]))
    unsure = {property_ for property_, said in values.items() if _differ(said)}
    return [
        replace(c, confidence="low")
        if c.property in unsure or (c.property, c.value) in parts
        else c
        for c in found
    ]


def _differ(said: set[str]) -> bool:
    """Whether some values are not the same, said shorter or longer."""
    longest = max(said, key=len)
    return not all(longest.startswith(one) for one in said)
