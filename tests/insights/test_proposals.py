"""Models to curate next: those that the first fifty of boards lack most come first."""

from __future__ import annotations

from collections.abc import Callable

from tests.evidence.test_evidence_loading import FILES, KNOWN, put
from tests.support.catalogs import Loaded
from tracker.answers.coverage import Coverage, CoverageCell, CoverageRow, Proposal
from tracker.answers.frames import frame_of
from tracker.catalog.engine import open_engine
from tracker.insights.methods.proposals import read_proposals
from tracker.insights.reader import Reader

BOARDS = ("MTEB(eng, v2)", "MTEB(cmn, v1)")


def row(model: str, groups: tuple[str, ...], **states: str) -> CoverageRow:
    cells = tuple(CoverageCell(name, state, None, ()) for name, state in states.items())
    return CoverageRow(model, model, groups, cells)


def test_models_are_ordered_by_what_boards_lack(new_catalog: Callable[..., Loaded]) -> None:
    loaded = new_catalog().knowing(KNOWN)
    put(loaded.archive, FILES)
    loaded.load()
    coverage = Coverage(
        rows=(
            row("lab/complete", BOARDS, pooling="documented", paper="not-documented"),
            row("a/seed", ("seed",), pooling="unknown", paper="unknown"),
            row("a/two", BOARDS[:1], pooling="unknown", paper="unknown"),
            row("b/both", BOARDS, pooling="unknown", paper="unknown"),
            row("lab/one", BOARDS[:1], pooling="unknown", paper="unknown"),
        ),
        counts=(),
    )
    engine = open_engine(loaded.url, read_only=True)
    with engine.connect() as connection:
        found = read_proposals(Reader(connection), coverage)
    engine.dispose()
    missing = ("pooling", "paper")
    assert (
        found
        == (
            Proposal("b/both", 4, missing, (), BOARDS),
            Proposal("lab/one", 2, missing, ("pooling",), BOARDS[:1]),  # it only has to be accepted
            Proposal("a/seed", 2, missing, (), ()),
            Proposal("a/two", 2, missing, (), BOARDS[:1]),
        )
    )
    assert frame_of("proposals", found).columns == ["model", "lack", "missing", "ready", "boards"]
    assert frame_of("proposals", ()).height == 0
