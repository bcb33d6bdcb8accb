"""What an answer of the leaderboard means, and which answers mean nothing."""

from __future__ import annotations

import json
import math
from itertools import product
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


NAMES = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40
)


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
        ({"meanTask": 37.5}, "'meanTask' is 37.5"),
        ({"meanTaskType": "0.5"}, "'meanTaskType' is '0.5'"),
        ({"meanPublic": True}, "'meanPublic' is True"),
        ({"meanPrivate": -1.5}, "'meanPrivate' is -1.5"),
        ({"scoresByTaskType": {"STS": 50}}, "'scoresByTaskType' of STS is 50"),
        ({"scoresByTaskType": []}, "'scoresByTaskType' is not an object"),
        ({"scoresByTask": {"T1": 1.01}}, "'scoresByTask' of T1 is 1.01"),
        ({"scoresByTask": {"T1": [0.5]}}, "'scoresByTask' of T1 is [0.5]"),
        ({"scoresByTask": None}, "'scoresByTask' is not an object"),
        ({"scoresByTask": {"T9": 0.5}}, "'scoresByTask' has T9, which 'tasksMeta' does not list"),
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


HUGE = 9223372036854775808
NAMES_EXPECTED = "a list of texts of at most 500 characters without NUL"


@pytest.mark.parametrize(
    ("field", "value", "cause"),
    [
        *(
            ("rank", value, f"is {value!r}, not a whole number from 1 to 1,000,000")
            for value in (0, -1, HUGE, 1_000_001, "1", 1.5, True, None, [1], {"a": 1})
        ),
        *(
            ("zeroShotPct", value, f"is {value!r}, not -1 or a whole percentage from 0 to 100")
            for value in (HUGE, -HUGE, -2, 101, 12.5, "95", True, [95])
        ),
        *(
            ("trainedOnTasks", value, f"is {value!r}, not {NAMES_EXPECTED}")
            for value in ("T1", [1], [None], {"T1": 1}, True, 5, ["T\0"])
        ),
    ],
)
def test_a_value_of_a_row_that_cannot_be_meant_is_left_out_and_reported(
    field: str, value: Any, cause: str
) -> None:
    changed = board()
    changed["rows"][0][field] = value
    found: list[SourceError] = []
    state = api.parse_scores(dumped(changed), found.append)
    good = api.parse_scores(dumped(board()))
    (error,) = found
    assert (error.place, error.cause) == ("B", f"{field!r} of row 1 (org/a) {cause}; left out")
    if field == "rank":
        assert state == good._replace(standing=Standing(good.standing.listings[1:], (2,)))
    else:
        at = {"zeroShotPct": "zero_shot_pct", "trainedOnTasks": "trained_on"}[field]
        assert state == good._replace(rows=(good.rows[0]._replace(**{at: None}), good.rows[1]))


def test_shares_and_ranks_that_real_answers_have_are_kept() -> None:
    rows = [row("org/a", 398, {}, zeroShotPct=-1), row("org/b", 2, {}, zeroShotPct=None)]
    found: list[SourceError] = []
    state = api.parse_scores(dumped(board(rows=rows)), found.append)
    assert (state.standing.ranks, [r.zero_shot_pct for r in state.rows]) == ((2, 398), [-1, None])
    assert found == []


def test_a_field_that_is_wrong_in_most_rows_rejects_the_board() -> None:
    changed = board()
    for one in changed["rows"]:
        one["rank"] = HUGE
    with pytest.raises(SourceError, match="most values of 'rank' are wrong"):
        api.parse_scores(dumped(changed))


@pytest.mark.parametrize(
    "changes",
    [
        {"model": {"name": "x" * 1_000_000}},
        {"model": {"name": "org/a\0"}},
        {"model": {"name": "😀" * 500}, "experiments": {"x": "y"}},
        {"experiments": {"x": "y" * 2000}},
    ],
)
def test_a_row_with_a_name_that_no_database_keeps_is_left_out(changes: dict[str, Any]) -> None:
    changed = board()
    changed["rows"][0] |= changes
    found: list[SourceError] = []
    state = api.parse_scores(dumped(changed), found.append)
    assert [one.listing.model for one in state.rows] == ["org/b"]
    assert len(found) == 1
    assert len(str(found[0])) < 500


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("field", "depth"),
    [
        *product(("rank", "zeroShotPct", "trainedOnTasks"), (21, 254, 900, 5000)),
        *product(("experiments",), (255, 900, 5000)),
    ],
)
def test_a_board_that_is_nested_too_deep_is_rejected(field: str, depth: int) -> None:
    changed = board()
    changed["rows"][0][field] = "HERE"
    body = dumped(changed).replace(b'"HERE"', b"[" * depth + b"1" + b"]" * depth)
    with pytest.raises(SourceError, match=r"levels|not JSON"):
        api.parse_scores(body)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("totalParamsB", ["xxxx", [1], -1, 1e30, HUGE, True, {}]),
        ("embeddingDim", ["4096", 0, -1, 1.5, HUGE, [1, 2], False]),
        ("maxTokens", ["512", -1, 1e30, [], True]),
        ("memoryUsageMb", ["1", -0.5, 1e300]),
        ("languages", [5, "eng", [1], [None], {"a": 1}, True]),
        ("trainingDatasets", [True, 5, "NQ", [["NQ"]], {"NQ": 1}]),
        ("openWeights", ["true", 1, []]),
        ("releaseDate", [20240101, "soon", "2024-13-01", "2024-1-1", "x" * 1_000_000, []]),
        ("license", [5, [], True, "x" * 501]),
        ("citation", [5, "x" * 100_001]),
        ("publicTrainingData", [5, []]),
    ],
)
def test_a_property_of_a_wrong_kind_is_left_out_and_reported(field: str, values: list[Any]) -> None:
    for value in values:
        found: list[SourceError] = []
        entries = [model(**{field: value}, adaptedFrom="org/base"), model("org/b")]
        record, other = api.parse_models(dumped(entries), found.append)
        assert record.properties == '{"adaptedFrom":"org/base"}', value
        assert (other.properties, len(found)) == ("{}", 1)
        assert found[0].cause.startswith(f"{field!r} of org/a is ")
        assert len(str(found[0])) < 500


def test_a_list_that_is_nested_too_deep_is_rejected() -> None:
    for depth in (21, 254, 900, 1100):
        entry = model(trainingDatasets="HERE")
        body = dumped([entry, model("org/b")])
        body = body.replace(b'"HERE"', b"[" * depth + b"1" + b"]" * depth)
        with pytest.raises(SourceError, match=r"of org/a has more than 20|not JSON"):
            api.parse_models(body)


def test_an_entry_with_a_name_of_any_length_is_left_out() -> None:
    found: list[SourceError] = []
    entries = dumped([model("x" * 1_000_000), model("org/b")])
    assert [one.listing.model for one in api.parse_models(entries, found.append)] == ["org/b"]
    assert len(str(found[0])) < 500


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    return [path, *(place for key, one in inner for place in _places(one, (*path, key)))]


def _is_storable(value: object) -> bool:
    """Whether SQLite takes a value as it is."""
    if isinstance(value, tuple):
        return all(map(_is_storable, value))
    if isinstance(value, str):
        return len(value.encode()) < 10_000
    return value is None or isinstance(value, float) or -(2**63) <= value < 2**63  # type: ignore


@given(st.data())
def test_whatever_stands_anywhere_in_an_answer_it_is_read_or_rejected(data: st.DataObject) -> None:
    parse, entry = data.draw(
        st.sampled_from(
            [
                (api.parse_scores, board()),
                (api.parse_models, [model(trainingDatasets=["a"]), model("org/b")]),
                (api.parse_benchmarks, [benchmark("B"), benchmark("C")]),
                (api.parse_tasks, [TASK, TASK | {"name": "T2"}]),
            ]
        )
    )
    junk = data.draw(JUNK)
    *path, last = data.draw(st.sampled_from(_places(entry)[1:]))
    changed: Any = json.loads(json.dumps(entry))
    target = changed
    for key in path:
        target = target[key]
    target[last] = junk
    found: list[SourceError] = []
    try:
        records = parse(dumped(changed), found.append)
    except SourceError as error:
        assert len(str(error)) < 2000
        return
    assert _is_storable(tuple(records))


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
