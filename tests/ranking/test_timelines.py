"""Contents that count over a history: the same choice as at each moment alone."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import Any

from hypothesis import given, settings

from tests.support.campaigns import examples
from tests.support.histories import MOMENTS, REVISIONS, History, histories, holds
from tracker.ranking.revisions import normalized_experiments, preferred_files
from tracker.ranking.timelines import ResultFileVersion, TaskResult, task_results

ORDER = {"m": 1, "n": 1, "o": 1, "p": 1}
"""Present names; all others are former."""
Key = tuple[str, str, str]


def chosen(history: History, at: str) -> dict[Key, list[int]]:
    """The contents that count at a moment, by model, experiment and task, from its files alone."""
    found: dict[Key, list[int]] = defaultdict(list)
    for row in normalized_experiments(preferred_files(history.at(at), REVISIONS)).iter_rows(
        named=True
    ):
        found[row["model"], row["experiment"], row["task"]].append(row["content_id"])
    return {key: sorted(contents) for key, contents in found.items()}


def results_of(history: History) -> list[TaskResult]:
    return list(task_results(history.files, REVISIONS, ORDER))


@settings(max_examples=examples(30))
@given(histories())
def test_the_history_equals_the_choice_at_each_moment(history: History) -> None:
    results = results_of(history)
    for at in MOMENTS:
        now = [result for result in results if holds(result.since, result.until, at)]
        found = {(c.model, c.experiment, c.task): sorted(c.contents) for c in now}
        assert len(found) == len(now)
        assert found == chosen(history, at)


@given(histories())
def test_a_row_has_the_name_of_one_of_its_files(history: History) -> None:
    names: dict[int, str] = {file.content: file.name for file in history.files}
    for result in results_of(history):
        assert result.name in {names[content] for content in result.contents}


@given(histories())
def test_intervals_of_a_result_do_not_overlap_and_differ(history: History) -> None:
    by_key: dict[Key, list[TaskResult]] = defaultdict(list)
    for result in results_of(history):
        by_key[result.model, result.experiment, result.task].append(result)
    for versions in by_key.values():
        for before, after in pairwise(versions):
            assert before.until is not None
            assert before.until <= after.since
            same = (before.contents, before.name) == (after.contents, after.name)
            assert not same or before.until < after.since


def file(path: str, content: int, **changes: Any) -> ResultFileVersion:
    plain = ResultFileVersion(path, "A", content, "m", "m", "main", "", "2.0.0", MOMENTS[0], None)
    return plain._replace(**changes)


def spans(*files: ResultFileVersion) -> list[tuple[Any, ...]]:
    found = task_results(files, {"m": "main"}, {"m": 1})
    return [
        (c.experiment, c.contents, c.name, c.since[8:10], c.until and c.until[8:10]) for c in found
    ]


def test_another_revision_counts_while_the_preferred_is_absent() -> None:
    assert spans(
        file("m/main/A", 1, until=MOMENTS[2]),
        file("m/older/A", 2, revision="older", since=MOMENTS[1]),
        file("m/main/A", 3, since=MOMENTS[4]),
    ) == [
        ("", (1,), "m", "01", "03"),
        ("", (2,), "m", "03", "05"),
        ("", (3,), "m", "05", None),
    ]


def test_a_run_with_empty_settings_shares_the_row_of_the_model() -> None:
    empty = file("m/main/x/A", 2, experiment='{"model_kwargs":{}}', since=MOMENTS[1])
    assert spans(file("m/main/A", 1, until=MOMENTS[3]), empty) == [
        ("", (1,), "m", "01", "02"),
        ("", (1, 2), "m", "02", "04"),
        ("", (2,), "m", "04", None),
    ]


def test_the_present_one_of_two_names_in_use_is_shown() -> None:
    former = file("former/main/A", 1, name="former")
    empty = file("m/main/x/A", 2, experiment='{"seed":null}', since=MOMENTS[1])
    assert spans(former, empty) == [
        ("", (1,), "former", "01", "02"),
        ("", (1, 2), "m", "02", None),
    ]
