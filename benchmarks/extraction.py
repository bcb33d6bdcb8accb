"""How well the extractor reads: precision and recall against curated truth, by property.

``python -m benchmarks.extraction TEXTS`` reads ``TEXTS/<org>__<name>/`` with a model's card
(``README.md``), papers (``*.html`` by LaTeXML) and configuration files as the Hub names them. The
texts are other people's, so none is part of this repository. The rules were written with the
models of ``DEVELOPMENT`` at hand. Those of ``HELD_OUT`` were only scored; afterwards no rule was
changed, and one pair of values (both of them bidirectional attention) was declared compatible.

An answer is a candidate of high or medium confidence. It is right where the curated facts of the
model have the same value. What they do not have may still be true, so each such answer is
printed with its quote for a person to judge.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from tracker.catalog.evidence import cue_extractor
from tracker.curated import Curated, Model, read_curated
from tracker.evidence import REFINES, Candidate
from tracker.evidence.configs import config_candidates
from tracker.evidence.cue_extractor import CueExtractor
from tracker.evidence.fronts import front_candidates
from tracker.evidence.markdown import card_document
from tracker.evidence.papers import paper_document
from tracker.records import NOT_DOCUMENTED
from tracker.settings import resource
from tracker.sources import arxiv_fulltext, model_cards

DEVELOPMENT = (
    "BAAI/bge-large-zh-v1.5",
    "GritLM/GritLM-7B",
    "NovaSearch/stella_en_1.5B_v5",
    "Snowflake/snowflake-arctic-embed-l",
    "aspire/acge_text_embedding",
    "hkunlp/instructor-large",
    "infgrad/Jasper-Token-Compression-600M",
    "moka-ai/m3e-base",
)
HELD_OUT = (
    "BAAI/bge-en-icl",
    "BAAI/bge-m3",
    "HIT-TMG/KaLM-embedding-multilingual-mini-instruct-v1",
    "Kingsoft-LLM/QZhou-Embedding",
    "Qwen/Qwen3-Embedding-8B",
    "WhereIsAI/UAE-Large-V1",
    "codefuse-ai/F2LLM-4B",
    "facebook/contriever",
    "maidalun1020/bce-embedding-base_v1",
)
LATER = (
    "McGill-NLP/LLM2Vec-Meta-Llama-3-8B-Instruct-mntp-supervised",
    "codefuse-ai/F2LLM-v2-4B",
    "nomic-ai/nomic-embed-text-v1.5",
    "princeton-nlp/sup-simcse-bert-base-uncased",
    "sensenova/piccolo-large-zh-v2",
    "tencent/Youtu-Embedding",
)
"""Repositories' README files. They were held out and scored once; then the rules learned from them
that a repository also speaks of code, options and others' papers, so they are held out no more."""
PROPERTIES = (
    "pooling", "attention", "base_model", "objective", "negatives", "stages", "training_data",
    "innovation", "technique",
)  # fmt: skip
_FILE = "{}/blob/main/{}"


@dataclass
class Score:
    """Counts of one property."""

    right: int = 0
    unknown: list[Candidate] = field(default_factory=list)
    """Answers that the curated facts do not have."""
    truths: int = 0
    """What there was to find; not counted for techniques."""


def candidates(folder: Path, model: str, extractor: CueExtractor) -> Iterator[Candidate]:
    """Everything that is read in the texts of one model."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        source = _FILE.format(model, name)
        if path.suffix == ".md":
            card = model_cards.parse_card(name, path.read_bytes())
            yield from front_candidates(model, source, card.front)
            yield from extractor.extract(card_document(model, source, card.text))
        elif path.suffix == ".html":
            paper = arxiv_fulltext.parse(name, path.read_bytes())
            yield from extractor.extract(paper_document(model, source, paper))
        elif path.suffix == ".json":
            files = {name: (source, orjson.loads(path.read_bytes()))}
            yield from (one for _, one in config_candidates(model, files))


def score(texts: Path, models: tuple[str, ...], curated: Curated) -> dict[str, Score]:
    """Scores by property over those models that have texts."""
    extractor = cue_extractor(curated)
    by_name = {model.name: model for model in curated.models}
    scores: dict[str, Score] = defaultdict(Score)
    for model in models:
        folder = texts / model.replace("/", "__")
        if not folder.is_dir():
            print(f"no texts of {model}")
            continue
        sure = [one for one in candidates(folder, model, extractor) if one.confidence != "low"]
        for property_ in PROPERTIES:
            _count(scores[property_], by_name[model], property_, sure)
    return scores


def _count(counts: Score, model: Model, property_: str, sure: list[Candidate]) -> None:
    # Curated facts know no property for techniques: they stand wherever they belong.
    truth = {
        _same(property_, fact.value)
        for fact in model.facts
        if property_ in (fact.property, "technique") and fact.value != NOT_DOCUMENTED
    }
    answers = {_same(property_, one.value): one for one in sure if one.property == property_}
    counts.truths += 0 if property_ == "technique" else len(truth)
    counts.right += len(truth & answers.keys())
    counts.unknown += [one for value, one in answers.items() if value not in truth]


def _same(property_: str, value: str) -> str:
    """One spelling of a value: names without organisation and punctuation, refined terms plain."""
    if property_ in ("base_model", "training_data"):
        name = value.partition(" (")[0].rpartition("/")[2]
        return re.sub(r"[^a-z0-9\u3400-\u9fff]", "", name.casefold())
    return REFINES.get(value, value)


def report(title: str, scores: dict[str, Score]) -> None:
    """Print a table, and every answer that a person has to judge."""
    print(f"\n{title}\n{'property':<16}{'answers':>8}{'right':>8}{'precision':>11}{'recall':>8}")
    for property_ in PROPERTIES:
        one = scores[property_]
        answers = one.right + len(one.unknown)
        precision = f"{one.right / answers:.2f}" if answers else "-"
        recall = f"{one.right / one.truths:.2f}" if one.truths else "-"
        print(f"{property_:<16}{answers:>8}{one.right:>8}{precision:>11}{recall:>8}")
    for property_ in PROPERTIES:
        for one_answer in scores[property_].unknown:
            said = f"{property_} = {one_answer.value} [{one_answer.rule}]"
            print(f"? {one_answer.model}: {said}: {one_answer.quote}")


def main() -> None:
    """Score both lists."""
    if len(sys.argv) != 2:
        sys.exit("name the folder of texts: python -m benchmarks.extraction TEXTS")
    texts, curated = Path(sys.argv[1]), read_curated(resource("db/curated"))
    report("Development", score(texts, DEVELOPMENT, curated))
    report("Held out", score(texts, HELD_OUT, curated))
    report("Later, held out until the rules learned from them", score(texts, LATER, curated))


if __name__ == "__main__":
    main()
