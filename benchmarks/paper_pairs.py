"""Measure the discovery of papers on 50 known pairs and 50 known non-pairs.

``python -m benchmarks.paper_pairs`` draws them with a fixed seed. A known pair is a paper and a
model that the curated knowledge says it describes. A known non-pair is a paper and a model that it
does not describe: first those that cite it for a technique, a dataset or a base, which are the
hard ones, then models of other accounts. First by titles alone, as no abstract is kept, among the
names of all models that the bundled starter lists; then with the BibTeX of the registry too, as a
load does it.
"""

from __future__ import annotations

import random
from collections.abc import Collection
from typing import NamedTuple

import orjson
import polars as pl
import zstandard

from tracker.common.arxiv_ids import find_ids
from tracker.common.paths import resource
from tracker.curated import Curated, read_curated
from tracker.evidence.paper_names import WEAK, Written, proposals

N = 50
SEED = 20261130
_DESCRIBES = "describes the model"
Pair = tuple[str, str]
"""arXiv id and public id."""


class Outcome(NamedTuple):
    """Number of pairs that were proposed."""

    title: str
    proposed: int
    of: int
    examples: tuple[str, ...]
    """Pairs where the rules are wrong."""


def known_pairs(knowledge: Curated, chance: random.Random) -> list[Pair]:
    """Draw papers with a model that they describe."""
    found = sorted(
        {
            (paper.arxiv, model.name)
            for model in knowledge.models
            for paper in model.papers
            if paper.role.en.startswith(_DESCRIBES)
        }
    )
    return chance.sample(found, min(N, len(found)))


def known_non_pairs(
    knowledge: Curated, names: Collection[str], chance: random.Random
) -> list[Pair]:
    """Draw papers with a model that they do not describe, those that cite it first."""
    described = {
        paper.arxiv for pair in knowledge.models for paper in pair.papers
        if paper.role.en.startswith(_DESCRIBES)
    }  # fmt: skip
    own = {(paper.arxiv, model.name) for model in knowledge.models for paper in model.papers}
    hard = sorted(
        {
            (paper.arxiv, model.name)
            for model in knowledge.models
            for paper in model.papers
            if "technique" in paper.role.en or "cites" in paper.role.en
        }
    )
    accounts = {arxiv: {m.partition("/")[0] for a, m in own if a == arxiv} for arxiv in described}
    easy: list[tuple[str, str]] = []
    while len(easy) < N:
        arxiv, model = chance.choice(sorted(described)), chance.choice(sorted(names))
        if model.partition("/")[0] not in accounts[arxiv]:
            easy.append((arxiv, model))
    return [*chance.sample(hard, min(N // 2, len(hard))), *easy][:N]


def measure() -> list[Outcome]:
    """Count how many known pairs and known non-pairs the rules propose."""
    knowledge = read_curated(resource("db/curated"))
    names = set(pl.read_parquet(resource("db/starter") / "model.parquet")["name"].to_list())
    names |= {model.name for model in knowledge.models}
    chance = random.Random(SEED)
    pairs, others = known_pairs(knowledge, chance), known_non_pairs(knowledge, names, chance)
    papers = [Written(paper.arxiv_id, paper.title, "") for paper in knowledge.papers]
    found = list(proposals(papers, names))
    any_strength = {(one.arxiv_id, one.model) for one in found}
    sure = {(one.arxiv_id, one.model) for one in found if one.strength != WEAK}
    cited = _cited()
    ways = (
        ("titles, strong or medium", sure),
        ("titles, any strength", any_strength),
        ("titles and the registry's BibTeX", any_strength | cited),
    )
    outcomes = []
    for title, proposed in ways:
        missed = tuple(f"{a} {m}" for a, m in pairs if (a, m) not in proposed)
        wrong = tuple(f"{a} {m}" for a, m in others if (a, m) in proposed)
        outcomes.append(
            Outcome(f"known pairs, {title}", len(pairs) - len(missed), len(pairs), missed)
        )
        outcomes.append(Outcome(f"known non-pairs, {title}", len(wrong), len(others), wrong))
    return outcomes


def _cited() -> set[Pair]:
    """Papers in the BibTeX of the registry's entries of models."""
    body = zstandard.decompress((resource("db/starter") / "registry.json.zst").read_bytes())
    entries = orjson.loads(body)["models"]
    return {
        (arxiv, entry["name"])
        for entry in entries
        for arxiv in find_ids(entry.get("citation") or "")
    }


if __name__ == "__main__":
    for outcome in measure():
        print(f"{outcome.title}: {outcome.proposed} of {outcome.of} proposed")
        for example in outcome.examples:
            print(f"    {example}")
