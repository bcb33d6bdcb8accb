"""The default extractor: vocabulary cues in sentences about the model, labels, tables and code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from types import MappingProxyType

from tracker.curated import TermEntry
from tracker.evidence.base_models import bases
from tracker.evidence.code_pooling import shown_pooling
from tracker.evidence.contexts import Stance, of_sibling, proposes, sentences, stance
from tracker.evidence.cues import PROPERTIES, Cues, Hit
from tracker.evidence.datasets import (
    TESTED,
    TRAINED,
    TRAINING_DATA,
    DatasetNames,
    in_list,
    in_sentence,
    in_table,
)
from tracker.evidence.labels import labelled_values
from tracker.evidence.model_names import OtherNames, OwnNames
from tracker.evidence.records import (
    Candidate,
    Confidence,
    Document,
    Passage,
    Role,
    quote_around,
)
from tracker.evidence.within_text import best_of_each, without_contradictions

RULES_VERSION = "5"

Span = tuple[int, int]
PROSE: frozenset[Role] = frozenset({"method", "contribution", "list"})
"""Roles of passages whose sentences describe the model itself."""
_STAGED = re.compile(
    r"\b(?:first|second|third|final|1st|2nd|3rd)[- ](?:stage|step|phase)\b"
    r"|\bstage[- ]?(?:[1-4]|I{1,3}|one|two|three)\b|第[一二三]阶段",
    re.IGNORECASE,
)
_OF_BASES = frozenset({"decoder-only", "encoder-only", "encoder-decoder"})
"""These mostly describe the base model, whose attention may be changed afterwards."""
_COMMON = frozenset(
    {
        "mean", "cls", "last-token", "eos", "causal", "bidirectional", "contrastive", "infonce",
        "in-batch-softmax", "in-batch", "hard-negatives", "supervised-finetuning",
        "l2-normalisation",
    }
)  # fmt: skip
"""Too common to be proposed as new."""
_SECOND_NAME = re.compile(r"\s+(?:\([^()]{0,60}\)\s+)?(?:and|or)\s+[\w.-]+[-/]")


class CueExtractor:
    """Reads documents with the vocabulary; :mod:`tracker.evidence.contexts` judges sentences."""

    name = "cues"

    def __init__(
        self,
        terms: Iterable[TermEntry],
        models: Iterable[str] = (),
        datasets: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Prepare the search.

        Args:
            terms: The vocabulary.
            models: Public ids of all models, to recognise the names of others.
            datasets: Canonical names of data sets by spelling.
        """
        self._cues = Cues(terms)
        models = sorted(set(models))
        self._datasets = DatasetNames(datasets)
        self._others = OtherNames(models)
        known = repr((self._cues.digest, models, sorted(datasets.items())))
        self.version = f"{RULES_VERSION}.{sha256(known.encode()).hexdigest()[:8]}"

    def extract(self, document: Document) -> list[Candidate]:
        """The candidates of a document, in the order of its text."""
        own = OwnNames(document.model)
        found: list[Candidate] = []
        for passage in document.passages:
            if passage.role in PROSE and not own.heads_other(passage.section):
                found += self._prose(document, passage, own)
        if document.kind == "card":
            found += self._labels(document, own)
            found += self._listed_data(document)
            found += self._code(document)
        return without_contradictions(best_of_each(found))

    def _prose(self, document: Document, passage: Passage, own: OwnNames) -> Iterator[Candidate]:
        text = document.text
        hits = self._cues.find(text, passage.start, passage.end)
        is_about_training = TRAINED.search(passage.section + text[passage.start : passage.end])
        datasets = (
            self._datasets.named(text, passage.start, passage.end) if is_about_training else []
        )
        based = list(bases(text, passage.start, passage.end))
        if not (hits or datasets or based):
            return
        for span in sentences(text, passage.start, passage.end):
            for hit in (h for h in hits if span[0] <= h.start < span[1]):
                others = self._others.pattern(text, span, own)
                how = stance(text, span, (hit.start, hit.end), own.pattern, others)
                yield from self._term(document, passage, span, hit, how, own)
            for named in (n for n in datasets if span[0] <= n.start < span[1]):
                if level := in_sentence(document, passage, span, named, own):
                    cue = (named.start, named.end)
                    yield self._candidate(
                        document, passage, span, cue, "training_data", named.name, "dataset", level
                    )
            for start, end, name in based:
                is_here = span[0] <= start < span[1] and not own.is_named(name)
                if is_here and stance(text, span, (start, end), own.pattern, None) != "no":
                    # Where another name follows, the sentence is about several models.
                    level = "low" if _SECOND_NAME.match(text, end) else "medium"
                    yield self._candidate(
                        document, passage, span, (start, end), "base_model", name, "base", level
                    )

    def _term(
        self,
        document: Document,
        passage: Passage,
        span: Span,
        hit: Hit,
        how: Stance,
        own: OwnNames,
    ) -> Iterator[Candidate]:
        """A term of the vocabulary that a sentence states of the model."""
        if how == "no" or (document.kind == "paper" and how == "implied" and hit.rule == "cue"):
            return
        text, cue = document.text, (hit.start, hit.end)
        words = text[hit.start : hit.end]
        if of_sibling(document.model, text, span, hit.end) or words.casefold() in own.words:
            return  # a model that is named after its method is mentioned, not described
        if hit.group == "data" and not self._is_data(text[span[0] : span[1]], words):
            return
        level = _confidence(text[span[0] : span[1]], passage, hit, how, words.casefold())
        property_ = PROPERTIES.get(hit.group, "technique")
        yield self._candidate(document, passage, span, cue, property_, hit.slug, hit.rule, level)
        if hit.slug in _COMMON or how != "stated":
            return
        if passage.role == "contribution" or proposes(text, span, cue):
            yield self._candidate(
                document, passage, span, cue, "innovation", hit.slug, "contribution", "medium"
            )

    def _is_data(self, sentence: str, words: str) -> bool:
        """Whether a sentence is about training on what a cue of training data names.

        The name of a known data set is a cue too, but states the data set and not its kind.
        """
        is_trained = TRAINED.search(sentence) or TRAINING_DATA.search(sentence)
        return bool(is_trained) and not TESTED.search(sentence) and not self._datasets.knows(words)

    def _listed_data(self, document: Document) -> Iterator[Candidate]:
        """Data sets in the tables and lists of a card's section on training."""
        for passage in document.passages:
            if passage.role == "table":
                for row, named in in_table(document, passage, self._datasets):
                    cue = (named.start, named.end)
                    yield self._candidate(
                        document, passage, row, cue, "training_data", named.name, "table", "medium"
                    )
            elif passage.role == "list" and (item := in_list(document, passage, self._datasets)):
                span = (passage.start, passage.end)
                yield self._candidate(
                    document, passage, span, span, "training_data", item.name, "list", "medium"
                )

    def _labels(self, document: Document, own: OwnNames) -> Iterator[Candidate]:
        """Labelled values, and numbers and licences that sentences state of the model."""
        for passage, value in labelled_values(document, own, PROSE):
            yield self._candidate(
                document, passage, value.span, value.cue, value.property, value.value, value.rule,
                value.confidence,
            )  # fmt: skip

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
        span: Span,
        cue: Span,
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


def _confidence(sentence: str, passage: Passage, hit: Hit, how: Stance, words: str) -> Confidence:
    """How sure it is that a sentence states a term of the model."""
    if words in _OF_BASES:
        return "low"
    if how == "stated":
        return "high"
    if hit.group == "pooling" and "pool" not in words:
        return "low"  # a token or a mean may serve another purpose
    if hit.group == "data":
        return "medium" if TRAINING_DATA.search(sentence) else "low"
    if hit.group == "stage":
        is_stage = _STAGED.search(sentence) and TRAINED.search(passage.section)
        return "medium" if is_stage else "low"
    return "medium"
