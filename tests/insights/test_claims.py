"""Which self-reported score is put beside which run."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tracker.answers.common import ResultCommit
from tracker.answers.frames import frame_of
from tracker.answers.models import Claim
from tracker.insights.models.claims import Statement, pair

DAYS = [f"2025-01-{day:02}T00:00:00Z" for day in range(1, 8)]
COMMITS = {at: ResultCommit(at, f"c{at}", f"https://example.org/{at}", "m") for at in DAYS}
REPORTED = Statement("A", "test", "en", "self-reported", 0.75, "external", None, DAYS[0], None)
RUN = Statement("A", "test", "en", "run", 0.5, "r1", "1.9", DAYS[1], None)


def paired(*statements: Statement, revision: str | None = None) -> tuple[Claim, ...]:
    return pair("lab/m", statements, revision, COMMITS)


def claim(**told: Any) -> Claim:
    values: dict[str, Any] = {
        "model": "lab/m",
        "task": "A",
        "split": "test",
        "subset": "en",
        "self_reported": 75.0,
        "measured": 50.0,
        "difference": -25.0,
        "present": True,
        "self_reported_until": None,
        "self_reported_mteb_version": None,
        "self_reported_commit": COMMITS[DAYS[0]],
        "measured_until": None,
        "measured_revision": "r1",
        "measured_mteb_version": "1.9",
        "measured_commit": COMMITS[DAYS[1]],
    }
    return Claim(**values | told)


def test_a_self_report_and_a_run_of_the_same_data_make_a_claim() -> None:
    assert paired(REPORTED, RUN) == (claim(),)


def test_another_task_split_or_subset_is_no_claim() -> None:
    for other in ({"task": "B"}, {"split": "dev"}, {"subset": "fr"}):
        assert paired(REPORTED, RUN._replace(**other)) == ()


def test_one_of_both_alone_is_no_claim() -> None:
    assert paired(REPORTED) == paired(RUN) == paired() == ()


def test_a_self_report_that_is_gone_is_a_claim_of_the_past() -> None:
    assert paired(REPORTED._replace(until=DAYS[2]), RUN) == (
        claim(present=False, self_reported_until=DAYS[2]),
    )


def test_the_revision_that_the_registry_names_speaks_before_a_later_evaluator() -> None:
    later = RUN._replace(score=0.25, revision="r2", mteb_version="2.0")
    assert paired(REPORTED, RUN, later, revision="r1") == (claim(),)
    assert [c.measured_revision for c in paired(REPORTED, RUN, later)] == ["r2"]


def test_evaluator_versions_compare_as_versions() -> None:
    later = RUN._replace(score=0.25, revision="r2", mteb_version="1.10")
    assert [c.measured_revision for c in paired(REPORTED, RUN, later)] == ["r2"]


def test_what_stands_speaks_before_what_is_gone() -> None:
    gone = RUN._replace(score=0.25, revision="main", until=DAYS[3])
    assert paired(REPORTED, RUN, gone, revision="main") == (claim(),)


def test_the_largest_difference_comes_first() -> None:
    near = [s._replace(subset="fr", score=0.5) for s in (REPORTED, RUN)]
    assert [c.subset for c in paired(*near, REPORTED, RUN)] == ["en", "fr"]


def test_a_frame_has_moments_and_ids_of_both_commits() -> None:
    assert frame_of("claims", paired(REPORTED, RUN)).to_dicts() == [
        {
            "model": "lab/m",
            "task": "A",
            "split": "test",
            "subset": "en",
            "self_reported": 75.0,
            "measured": 50.0,
            "difference": -25.0,
            "present": True,
            "self_reported_until": None,
            "self_reported_mteb_version": None,
            "measured_revision": "r1",
            "measured_until": None,
            "measured_mteb_version": "1.9",
            "self_reported_at": datetime(2025, 1, 1, tzinfo=UTC),
            "self_reported_commit": f"c{DAYS[0]}",
            "measured_at": datetime(2025, 1, 2, tzinfo=UTC),
            "measured_commit": f"c{DAYS[1]}",
        }
    ]
    assert frame_of("claims", ()).schema == frame_of("claims", paired(REPORTED, RUN)).schema


@given(
    st.lists(
        st.builds(
            Statement,
            task=st.sampled_from("AB"),
            split=st.just("test"),
            subset=st.sampled_from(["en", "fr"]),
            origin=st.sampled_from(["run", "self-reported"]),
            score=st.floats(0, 1),
            revision=st.sampled_from(["r1", "r2", None]),
            mteb_version=st.sampled_from(["1.9", "1.10", "free text", None]),
            since=st.sampled_from(DAYS),
            until=st.none() | st.just("2025-02-01T00:00:00Z"),
        )
    )
)
def test_each_cell_with_both_has_one_claim_with_their_difference(its: list[Statement]) -> None:
    found = paired(*its)
    sides = [{s[:3] for s in its if (s.origin == "run") is is_run} for is_run in (True, False)]
    assert sorted((c.task, c.split, c.subset) for c in found) == sorted(sides[0] & sides[1])
    for one in found:
        assert abs(one.self_reported + one.difference - one.measured) < 1e-9
