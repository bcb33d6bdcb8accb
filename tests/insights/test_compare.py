"""Models side by side: what differs first, then what they share; nothing invented."""

from __future__ import annotations

from dataclasses import replace

from tests.support.fake_catalog import FakeCatalog
from tracker.answers.common import Bilingual
from tracker.answers.models import Evidence, Fact, MetadataValue, Model, PaperLink
from tracker.insights.models.compare import compare_models, rows_by_model

RECEIPT = (Evidence("curated", "https://example.org", None, "high", None, None),)


def fact(name: str, en: str, zh: str) -> Fact:
    return Fact(name, en, Bilingual(en, zh), None, None, RECEIPT)


def model(name: str, size: int, *facts: Fact, papers: tuple[str, ...] = ()) -> Model:
    known = (
        MetadataValue("parameters", size, "leaderboard-api", "2026-06-01T00:00:00Z", ""),
        MetadataValue("licence", "mit", "leaderboard-api", "2026-06-01T00:00:00Z", ""),
    )
    links = tuple(PaperLink(p, None, None, "curated", None, "") for p in papers)
    return Model(name, name, name.partition("/")[0], (), None, (), known, facts, links, None, ())


def test_what_differs_stands_before_what_is_shared() -> None:
    mean = fact("pooling", "Mean pooling", "均值池化")
    last = fact("pooling", "Last-token pooling", "末位词元池化")
    one = model("a/one", 7, mean, fact("training_data", "MEDI", "MEDI"), papers=("2212.09741",))
    two = model("b/two", 7, last)
    found = compare_models([one, two], None, "zh")
    assert found.models == ("a/one", "b/two")
    assert [(row.property, row.values, row.differs) for row in found.rows] == [
        ("pooling", ("均值池化", "末位词元池化"), True),
        ("training_data", ("MEDI", None), True),
        ("papers", ("2212.09741", None), True),
        ("parameters", ("7", "7"), False),
        ("licence", ("mit", "mit"), False),
    ]


def test_a_property_of_nobody_is_left_out() -> None:
    found = compare_models([model("a/one", 1), model("b/two", 2)], None, "en")
    assert [row.property for row in found.rows] == ["parameters", "licence"]


def test_a_row_is_found_by_the_present_name() -> None:
    board = FakeCatalog().board("MTEB(eng, v2)")
    first, *others = board.rows
    renamed = replace(first, model="old/name", model_now="new/name", label="old/name")
    found = rows_by_model(replace(board, rows=(renamed, *others)))
    assert found["new/name"] == renamed
    assert "old/name" not in found


def test_a_model_comes_before_its_experiments() -> None:
    board = FakeCatalog().board("MTEB(eng, v2)")
    row = board.rows[0]
    one, other = (replace(row, label=f"{row.model} ({n})", rank=n) for n in (1, 3))
    for rows in ((one, row, other), (row, one, other), (one, other, row)):
        assert rows_by_model(replace(board, rows=rows)) == {row.model_now or row.model: row}
