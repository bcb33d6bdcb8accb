"""Coverage: what is documented of the present leaders and of the seed models."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from tracker.answers.boards import EditionInfo, LeaderboardRow
from tracker.answers.coverage import (
    Coverage,
    CoverageCell,
    CoverageCount,
    CoverageRow,
    ReceiptCount,
)
from tracker.answers.models import WRONG_STATES, Evidence, Fact, NoPaper, PaperLink
from tracker.common.vocabulary import NOT_DOCUMENTED
from tracker.errors import NoDataError, NotFoundError
from tracker.insights.boards.board import read_board
from tracker.insights.boards.query import BoardQuery
from tracker.insights.models.model import (
    read_facts,
    read_missing_papers,
    read_paper_links,
    read_present_ids,
)
from tracker.insights.models.names import read_names
from tracker.insights.reader import Reader, memoised

BOARDS = ("MTEB(eng, v2)", "MTEB(cmn, v1)", "MTEB(Multilingual, v2)")
TOP = 50
SEED = "seed"
UNION = "all"
CATALOG = "catalog"
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
"""Models of the notes that the project started from."""
PROPERTIES = ("pooling", "base_model", "training_data", "innovation", "paper")


@memoised
def read_coverage(reader: Reader) -> Coverage:
    """Read what is documented of each model among the present leaders and the seed models.

    A model counts under its present name, a copy as its original.
    """
    groups = dict(_groups(reader))
    members: dict[int, list[str]] = {}
    for group, models in groups.items():
        for model in models:
            members.setdefault(model, []).append(group)
    names = {id_: (row.name, row.slug) for id_, row in read_names(reader).items()}
    facts = read_facts(reader)
    papers = read_paper_links(reader)
    missing = read_missing_papers(reader)
    rows = {
        model: CoverageRow(
            *names[model],
            tuple(own),
            (
                *(_cell(name, facts.get(model, ())) for name in PROPERTIES[:-1]),
                _paper_cell(papers.get(model, ()), missing.get(model)),
            ),
        )
        for model, own in members.items()
    }
    counts = [
        _count(group, place, [rows[model] for model in models])
        for group, models in [*groups.items(), (UNION, list(rows))]
        for place in range(len(PROPERTIES))
    ]
    ordered = sorted(rows.values(), key=lambda row: row.model.casefold())
    receipts = tuple(
        _receipt_count(group, models, facts)
        for group, models in [*groups.items(), (UNION, list(rows)), (CATALOG, list(facts))]
    )
    return Coverage(tuple(ordered), tuple(counts), receipts)


def read_first_fifty(reader: Reader) -> Iterator[tuple[str, EditionInfo, list[LeaderboardRow]]]:
    """Yield the present first ranks of the three series whose board this catalog has."""
    for board in BOARDS:
        try:
            shown = read_board(reader, BoardQuery(board, top=TOP))
        except (NoDataError, NotFoundError):
            continue
        yield board, shown.edition, [row for row in shown.rows if row.rank is not None]


def _groups(reader: Reader) -> Iterator[tuple[str, list[int]]]:
    present = read_present_ids(reader)
    ids = {row.name: id_ for id_, row in read_names(reader).items()}
    for board, _, rows in read_first_fifty(reader):
        found = [ids[row.model] for row in rows]
        yield board, list(dict.fromkeys(present.get(model, model) for model in found))
    yield SEED, [ids[name] for name in SEED_MODELS if name in ids]


def _cell(name: str, facts: Iterable[Fact]) -> CoverageCell:
    own = [fact for fact in facts if fact.property == name]
    documented = [fact for fact in own if fact.value != NOT_DOCUMENTED]
    if documented:
        receipts = tuple(e for fact in documented for e in fact.evidence)
        return CoverageCell(name, "documented", None, receipts)
    looked = [e for fact in own for e in fact.evidence]
    days = [e.date for e in looked if e.date]
    if days:
        return CoverageCell(name, NOT_DOCUMENTED, max(days), tuple(looked))
    return CoverageCell(name, "unknown", None, ())


def _paper_cell(papers: Iterable[PaperLink], missing: NoPaper | None) -> CoverageCell:
    """The cell for papers; a curated search without result precedes papers cited in BibTeX."""
    if missing is not None:
        source, checked = missing.source or "", missing.checked
        evidence = Evidence("primary", source, None, "high", checked, missing.text.en)
        return CoverageCell("paper", NOT_DOCUMENTED, checked, (evidence,))
    receipts = tuple(
        Evidence(
            "primary" if p.reason == "curated" else "registry", p.url, None, "high", None, p.reason
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


def _receipt_count(
    group: str, models: Iterable[int], facts: Mapping[int, tuple[Fact, ...]]
) -> ReceiptCount:
    marks = Counter(
        evidence.mark
        for model in models
        for fact in facts.get(model, ())
        for evidence in fact.evidence
    )
    return ReceiptCount(
        group=group,
        n=marks.total(),
        verified=marks["verified"],
        registry=marks["registry"],
        unchecked=marks["unchecked"],
        secondary=marks["secondary"],
        inherited=marks["inherited"],
        wrong=sum(marks[state] for state in WRONG_STATES),
    )
