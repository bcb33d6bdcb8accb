"""Models side by side: what differs first, then what they share; nothing invented."""

from __future__ import annotations

from tracker.answers.common import Bilingual
from tracker.answers.models import Evidence, Fact, MetadataValue, Model, PaperLink
from tracker.insights.models.compare import compare_models

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
