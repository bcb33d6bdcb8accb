"""How much is documented of the models that matter: the present leaders and the first notes'."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import polars as pl
from sqlalchemy import Connection

from tracker.answers.boards import Evidence, Fact, NoPaper, PaperLink
from tracker.answers.methods import Coverage, CoverageCell, CoverageCount, CoverageRow
from tracker.catalog.knowledge import queries as knowledge_queries
from tracker.catalog.results.raw_scores import RawScores
from tracker.common.times import now_text
from tracker.common.vocabulary import NOT_DOCUMENTED
from tracker.errors import NoDataError, NotFoundError
from tracker.insights.boards.board import read_board
from tracker.insights.boards.editions import Shelf
from tracker.insights.boards.query import BoardQuery
from tracker.insights.memo import once
from tracker.insights.models.model import (
    read_facts,
    read_missing_papers,
    read_paper_links,
    read_present_ids,
)
from tracker.insights.models.names import read_names

BOARDS = ("MTEB(eng, v2)", "MTEB(cmn, v1)", "MTEB(Multilingual, v2)")
TOP = 50
SEED = "seed"
UNION = "all"
SEED_MODELS = (
    "nvidia/NV-Embed-v2",
    "Alibaba-NLP/gte-Qwen2-7B-instruct",
    "Linq-AI-Research/Linq-Embed-Mistral",
    "TencentBAC/Conan-embedding-v1",
    "lier007/xiaobu-embedding-v2",
    "hkunlp/instructor-base",
    "hkunlp/instructor-large",
    "hkunlp/instructor-xl",
    "openai/cpt-text",
    "openai/text-embedding-ada-002",
    "openai/text-embedding-3-small",
    "openai/text-embedding-3-large",
)
"""The models of the notes that the project grew from."""
PROPERTIES = ("pooling", "base_model", "training_data", "innovation", "paper")

_IN_REGISTRY = {"base_model": "adapted_from", "training_data": "training_datasets"}
"""Under which key the registry says the same."""


@once
def read_coverage(connection: Connection, shelf: Shelf, raw: RawScores) -> Coverage:
    """What is documented of each model of the present tops and of the first notes.

    A model counts as what it is: known under its present name, a copy as its original.
    """
    groups = dict(_groups(connection, shelf, raw))
    members: dict[int, list[str]] = {}
    for group, models in groups.items():
        for model in models:
            members.setdefault(model, []).append(group)
    names = {id_: (row.name, row.slug) for id_, row in read_names(connection).items()}
    facts = read_facts(connection)
    papers = read_paper_links(connection)
    registry, told = knowledge_queries.registry_words(connection)
    missing = read_missing_papers(connection)
    rows = {
        model: CoverageRow(
            *names[model],
            tuple(its),
            (
                *(
                    _cell(name, facts.get(model, ()), registry, told.get(names[model][0], {}))
                    for name in PROPERTIES[:-1]
                ),
                _paper_cell(papers.get(model, ()), missing.get(model)),
            ),
        )
        for model, its in members.items()
    }
    counts = [
        _count(group, place, [rows[model] for model in models])
        for group, models in [*groups.items(), (UNION, list(rows))]
        for place in range(len(PROPERTIES))
    ]
    ordered = sorted(rows.values(), key=lambda row: row.model.casefold())
    return Coverage(tuple(ordered), tuple(counts))


def _groups(
    connection: Connection, shelf: Shelf, raw: RawScores
) -> Iterator[tuple[str, list[int]]]:
    present = read_present_ids(connection)
    ids = {row.name: id_ for id_, row in read_names(connection).items()}
    for board in BOARDS:
        try:
            shown = read_board(connection, shelf, raw, BoardQuery(board, top=TOP), now_text())
        except (NoDataError, NotFoundError):
            continue  # a catalog may hold other boards
        found = [ids[row.model] for row in shown.rows if row.rank is not None]
        yield board, list(dict.fromkeys(present.get(model, model) for model in found))
    yield SEED, [ids[name] for name in SEED_MODELS if name in ids]


def _cell(
    name: str, facts: Iterable[Fact], registry: str, told_there: Mapping[str, object]
) -> CoverageCell:
    """What people wrote; where they wrote nothing, what the model's entry in the registry says."""
    own = [fact for fact in facts if fact.property == name]
    told = [fact for fact in own if fact.value != NOT_DOCUMENTED]
    if told:
        receipts = tuple(e for fact in told for e in fact.evidence)
        return CoverageCell(name, "documented", None, receipts)
    looked = [e for fact in own for e in fact.evidence]
    days = [e.date for e in looked if e.date]
    if days:
        return CoverageCell(name, NOT_DOCUMENTED, max(days), tuple(looked))
    if not own and told_there.get(_IN_REGISTRY.get(name, "")):
        receipt = Evidence("registry", registry, _IN_REGISTRY[name], "medium", None, None)
        return CoverageCell(name, "documented", None, (receipt,))
    return CoverageCell(name, "unknown", None, ())


def _paper_cell(papers: Iterable[PaperLink], missing: NoPaper | None) -> CoverageCell:
    """A paper, or that people found none; what they found goes before what a BibTeX cites."""
    if missing is not None:
        source, checked = missing.source or "", missing.checked
        evidence = Evidence("curated", source, None, "high", checked, missing.text.en)
        return CoverageCell("paper", NOT_DOCUMENTED, checked, (evidence,))
    receipts = tuple(
        Evidence(
            "curated" if p.reason == "curated" else "registry", p.url, None, "high", None, p.reason
        )
        for p in papers
    )
    return CoverageCell("paper", "documented" if receipts else "unknown", None, receipts)


def _count(group: str, place: int, rows: list[CoverageRow]) -> CoverageCount:
    states = [row.cells[place].state for row in rows]
    return CoverageCount(
        group=group,
        property=PROPERTIES[place],
        n=len(rows),
        documented=states.count("documented"),
        not_documented=states.count(NOT_DOCUMENTED),
        unknown=states.count("unknown"),
    )


def coverage_frame(coverage: Coverage) -> pl.DataFrame:
    """Counts and shares in percent, one line a group and property."""
    records: list[Mapping[str, object]] = [
        {
            "group": count.group,
            "property": count.property,
            "models": count.n,
            "documented": count.documented,
            "not_documented": count.not_documented,
            "unknown": count.unknown,
            "documented_pct": 100 * count.documented / count.n if count.n else None,
            "answered_pct": 100 * (count.documented + count.not_documented) / count.n
            if count.n
            else None,
        }
        for count in coverage.counts
    ]
    schema: dict[str, type[pl.DataType]] = {"group": pl.String, "property": pl.String}
    schema |= dict.fromkeys(("models", "documented", "not_documented", "unknown"), pl.Int64)
    schema |= dict.fromkeys(("documented_pct", "answered_pct"), pl.Float64)
    return pl.DataFrame(records, schema=schema)
