"""A task's history equals the states of a board of this one task."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.support.histories import (
    MOMENTS,
    REVISIONS,
    A,
    B,
    History,
    content_scores,
    histories,
    holds,
)
from tests.support.raw_results import benchmark
from tracker.ranking.benchmark import TaskSelection
from tracker.ranking.states import board_states
from tracker.ranking.task_history import task_history
from tracker.ranking.timelines import task_results


@given(histories(), st.sampled_from([A, B]))
def test_a_task_equals_a_board_of_one_task(history: History, task: TaskSelection) -> None:
    alone = benchmark(task, aggregations=("mean_task",), rank_by=("mean_task",))
    results = [r for r in task_results(history.files, REVISIONS, {}) if r.task == task.task]
    scores = content_scores(history.select(alone))
    expected, found = board_states(results, scores, alone, {}), task_history(results, scores)
    rows = {(r.key, r.values.mean_task, r.since, r.until) for r in expected.rows}
    assert set(found.scores) == rows
    for at in MOMENTS:
        ranking = [r for r in expected.rankings if holds(r.since, r.until, at)]
        ranks = [(rank, key) for r in ranking for key, rank in zip(r.rows, r.ranks, strict=True)]
        assert [(rank, row.key) for rank, row in found.at(at)] == ranks
        tops = [top for top in found.tops if holds(top.since, top.until, at)]
        leaders = [key for top in tops for key in top.leaders]
        assert leaders == [key for rank, key in ranks if rank == 1]
        if leaders:
            others = [key for _, key in ranks if key.model != leaders[0].model]
            assert tops[0].second == next(iter(others), None)
