"""What an answer of the leaderboard means, and which answers mean nothing."""

from __future__ import annotations

import json
import math
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.leaderboard_payloads import TASK, benchmark, board, dumped, model, row
from tracker.errors import SourceError
from tracker.sources import leaderboard_api as api
from tracker.sources.records import BoardRow, BoardState, Edition, Listing, Standing


def test_a_board_is_read_whole() -> None:
    variant = row("org/b", 2, {"T1": 1, "T2": None}, experiments={"z": 1, "a": [True]})
    rows = [
        row("org/b", 3, {"T2": 0.1}, zeroShotPct=-1, trainedOnTasks=[]),
        row("org/a", 1, {"T1": 0.5, "T2": 0.25}, scoresByTaskType={}, trainedOnTasks=None),
        variant,
    ]
    b, a = Listing("org/b", "org/b", ""), Listing("org/a", "org/a", "")
    tried = Listing("org/b", 'org/b {"a":[true],"z":1}', "")
    both, types = '["T1","T2"]', '{"STS":0.5}'
    assert api.parse_scores(dumped(board(rows=rows))) == BoardState(
        edition=Edition(
            "leaderboard-api",
            "B",
            "fraction",
            3,
            ("T1", "T2", "unscored"),
            (("STS", 1), ("Clustering", 1), ("Retrieval", 1)),
        ),
        rows=(
            BoardRow(b, 0.1, None, None, None, types, "[null,0.1,null]", 1, -1, "[]"),
            BoardRow(a, 0.375, None, None, None, "{}", "[0.5,0.25,null]", 2, 95, None),
            BoardRow(tried, 1.0, None, None, None, types, "[1,null,null]", 1, 95, both),
        ),
        standing=Standing((a, tried, b), None),
        records=(),
    )


def test_ranks_are_kept_where_they_are_not_simply_counted() -> None:
    rows = [row(f"org/{c}", rank, {}) for c, rank in zip("dabc", (4, 1, 2, 2), strict=True)]
    standing = api.parse_scores(dumped(board(rows=rows))).standing
    assert [listing.model for listing in standing.listings] == ["org/a", "org/b", "org/c", "org/d"]
    assert standing.ranks == (1, 2, 2, 4)


def test_a_board_without_rows_or_tasks_is_still_a_board() -> None:
    state = api.parse_scores(dumped(board(rows=[], tasks=[], tasksMeta=[])))
    assert state.rows == ()
    assert state.standing == Standing((), None)
    one = api.parse_scores(dumped(board(rows=[row("org/a", 1, {})], tasks=[], tasksMeta=[])))
    assert one.rows[0].task_scores == "[]"


NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)


@given(st.lists(NAMES, unique=True, max_size=5), st.booleans())
def test_the_short_cut_past_model_descriptions_changes_nothing(
    names: list[str], escaped: bool
) -> None:
    awkward = ['},"zeroShotPct":', ',"model":{"name":"', "\\", 'x"y']
    names = list(dict.fromkeys(names + awkward))
    rows = [row(name, number, {"T1": 0.1}) for number, name in enumerate(names, 1)]
    for one in rows:
        one["model"]["citation"] = one["model"]["name"] + '"},"zeroShotPct":1'
    compact = json.dumps(board(rows=rows), ensure_ascii=escaped, separators=(",", ":")).encode()
    spaced = orjson.dumps(board(rows=rows), option=orjson.OPT_INDENT_2)
    state = api.parse_scores(compact)
    assert state == api.parse_scores(spaced)
    assert [one.listing.model for one in state.rows] == names


@pytest.mark.parametrize("field", ["benchmarkName", "tasks", "tasksMeta", "rows"])
def test_a_board_that_lacks_a_required_field_is_refused(field: str) -> None:
    broken = board()
    del broken[field]
    with pytest.raises(SourceError, match=f"the required field '{field}' is missing"):
        api.parse_scores(dumped(broken))


@pytest.mark.parametrize("field", sorted(row("x", 1, {}).keys() - {"experiments", "model"}))
@pytest.mark.parametrize("compact", [True, False])
def test_a_row_that_lacks_a_required_field_is_refused(field: str, compact: bool) -> None:
    broken = board()
    del broken["rows"][1][field]
    body = orjson.dumps(broken) if compact else dumped(broken)
    with pytest.raises(SourceError) as caught:
        api.parse_scores(body)
    expected = f"leaderboard-api: B: row 2 (org/b) lacks the required field '{field}'"
    assert str(caught.value) == expected


def test_unknown_fields_are_ignored() -> None:
    extended = board()
    extended["novelty"] = {"x": [1]}
    for one in extended["rows"]:
        one["novelty"] = one["model"]["novelty"] = "?"
    assert api.parse_scores(dumped(extended)) == api.parse_scores(dumped(board()))


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"rank": 0}, "'rank' is 0"),
        ({"rank": "1"}, "'rank' is '1'"),
        ({"rank": 1.5}, "'rank' is 1.5"),
        ({"rank": True}, "'rank' is True"),
        ({"rank": None}, "'rank' is None"),
        ({"meanTask": 37.5}, "'meanTask' is 37.5"),
        ({"meanTaskType": "0.5"}, "'meanTaskType' is 0.5"),
        ({"meanPublic": True}, "'meanPublic' is True"),
        ({"meanPrivate": -1.5}, "'meanPrivate' is -1.5"),
        ({"scoresByTaskType": {"STS": 50}}, "'scoresByTaskType' of STS is 50"),
        ({"scoresByTaskType": []}, "'scoresByTaskType' is not an object"),
        ({"scoresByTask": {"T1": 1.01}}, "'scoresByTask' of T1 is 1.01"),
        ({"scoresByTask": {"T1": [0.5]}}, "'scoresByTask' of T1 is [0.5]"),
        ({"scoresByTask": None}, "'scoresByTask' is not an object"),
        ({"scoresByTask": {"T9": 0.5}}, "'scoresByTask' has T9, which 'tasksMeta' does not list"),
        ({"zeroShotPct": 12.5}, "'zeroShotPct' is 12.5"),
        ({"trainedOnTasks": "T1"}, "'trainedOnTasks' is not a list of names"),
        ({"trainedOnTasks": [1]}, "'trainedOnTasks' is not a list of names"),
        ({"model": {"name": ""}}, "lacks the required field 'model.name'"),
        ({"model": {"name": 7}}, "lacks the required field 'model.name'"),
        ({"model": None}, "lacks the required field 'model.name'"),
    ],
)
def test_a_value_that_cannot_be_right_is_refused(changes: dict[str, Any], place: str) -> None:
    broken = board()
    broken["rows"][1] |= changes
    with pytest.raises(SourceError) as caught:
        api.parse_scores(dumped(broken))
    assert str(caught.value).startswith("leaderboard-api: B: row 2")
    assert place in str(caught.value)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_refused(bad: float) -> None:
    broken = board()
    broken["rows"][0]["scoresByTask"]["T1"] = bad
    with pytest.raises(SourceError, match="not JSON"):
        api.parse_scores(dumped(broken))
    with pytest.raises(SourceError):
        api.parse_scores(dumped(board()).replace(b"0.25", b"1e999"))


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b'"x"', b"\xff\xfe", b'{"rows": ['])
def test_what_is_no_board_is_refused(body: bytes) -> None:
    with pytest.raises(SourceError):
        api.parse_scores(body)


def test_one_line_twice_is_refused() -> None:
    twice = board(rows=[row("org/a", 1, {}), row("org/a", 2, {})])
    with pytest.raises(SourceError, match="B: org/a is listed twice"):
        api.parse_scores(dumped(twice))


def test_models_keep_what_is_said_of_them() -> None:
    described = model(
        embeddingDim=4096, citation="@misc{x}", trainingDatasets=["b", "a"], icon="no"
    )
    (record,) = api.parse_models(dumped([described]))
    assert record.listing == Listing("org/a", "org/a", "")
    assert record.properties == (
        '{"citation":"@misc{x}","embeddingDim":4096,"trainingDatasets":["b","a"]}'
    )


def test_benchmarks_and_tasks_are_read_whole() -> None:
    (info,) = api.parse_benchmarks(dumped([benchmark("B") | {"newVersion": ["C"]}]))
    assert info == api.BenchmarkInfo(
        name="B",
        display_name="B",
        reference=None,
        citation=None,
        languages=("English",),
        task_types=("STS",),
        tasks=("T1", "T2"),
        domains=(),
        modalities=(),
        aggregations=("mean_task",),
        show_zero_shot=True,
        num_models=2,
        new_version=("C",),
        displayed=True,
    )
    (task,) = api.parse_tasks(dumped([TASK]))
    assert task == api.TaskInfo("T1", "STS", "cosine", ("English",), (), True, None, None, None)


@pytest.mark.parametrize(
    ("parse", "entry"),
    [(api.parse_models, model()), (api.parse_benchmarks, benchmark("B")), (api.parse_tasks, TASK)],
)
def test_lists_name_what_they_lack(parse: Any, entry: dict[str, Any]) -> None:
    with pytest.raises(SourceError, match="not a list"):
        parse(b"{}")
    with pytest.raises(SourceError, match="listed twice"):
        parse(dumped([entry, entry]))
    field = list(entry)[1]
    with pytest.raises(SourceError, match=f"the required field '{field}' of {entry['name']}"):
        parse(dumped([{key: value for key, value in entry.items() if key != field}]))
