"""One result file: both formats, every older shape, and whatever else a file may hold."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.support.result_repository import result
from tracker.errors import SourceError
from tracker.sources.result_files import ResultScores, UnknownMetricError, parse_scores

METRICS = {
    "sts": ("STS", "cosine_spearman"),
    "retrieval": ("Retrieval", "ndcg_at_10"),
    "pairs": ("Pairs", "max_ap"),
    "similar": ("Similar", "similarity_ap"),
    "cmedqav2-reranking": ("CMedQAv2-reranking", "map"),
    "mlsumclusteringp2p": ("MLSUMClusteringP2P", "v_measure"),
    "xpqaretrieval": ("XPQARetrieval", "ndcg_at_10"),
}
Cells = dict[tuple[str, str], float | None]


def read(told: Any) -> ResultScores:
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    return parse_scores(body, "a/place.json", METRICS)


def cells(told: Any) -> Cells:
    found = read(told)
    return dict(zip(found.cells, found.scores, strict=True))


def older(task: str, **splits: Any) -> dict[str, Any]:
    return {"mteb_dataset_name": task, "mteb_version": "1.1.1", "dataset_revision": "d1"} | splits


def refusal(body: bytes) -> str:
    with pytest.raises(SourceError) as refused:
        read(body)
    return str(refused.value)


# Both formats


def test_the_present_format_is_read_whole() -> None:
    told = result("STS", {"en": 0.25, "de": None}, version="1.30.0", dataset="d1", seconds=2.5)
    assert read(told) == ResultScores(
        "1.11", "STS", "1.30.0", "d1", 2.5, (("test", "en"), ("test", "de")), (0.25, None)
    )


def test_the_older_format_is_read_whole() -> None:
    told = older(
        "retrieval",
        test={"ndcg_at_10": 0.25, "map_at_10": 0.5, "evaluation_time": 2.5},
        dev={"ndcg_at_10": 0.125, "evaluation_time": 0.5},
    )
    assert read(told) == ResultScores(
        "1.0",
        "Retrieval",
        "1.1.1",
        "d1",
        3.0,
        (("test", "default"), ("dev", "default")),
        (0.25, 0.125),
    )


@given(
    st.dictionaries(
        st.sampled_from(["dev", "test"]),
        st.dictionaries(st.sampled_from(["en", "de", "zh-en"]), st.floats(0, 1), min_size=1),
        min_size=1,
    ),
    st.booleans(),
)
def test_both_formats_give_the_same_cells(scores: dict[str, Any], has_main_score: bool) -> None:
    metric = "main_score" if has_main_score else "ndcg_at_10"
    present = result("Retrieval", 0.0) | {
        "scores": {
            split: [{"hf_subset": name, "main_score": value} for name, value in told.items()]
            for split, told in scores.items()
        }
    }
    old = {
        split: {name: {metric: value} for name, value in told.items()} | {"evaluation_time": 1}
        for split, told in scores.items()
    }
    assert cells(older("Retrieval", **old)) == cells(present)


# Older shapes


@pytest.mark.parametrize(
    ("task", "told", "score"),
    [
        ("STS", {"cos_sim": {"spearman": 0.25, "pearson": 0.5}, "dot": {"spearman": 0.1}}, 0.25),
        ("STS", {"cosine_spearman": 0.25}, 0.25),
        ("Pairs", {"cos_sim": {"ap": 0.5}, "max": {"ap": 0.25, "f1": 0.1}}, 0.25),
        ("Similar", {"similarity": {"ap": 0.25}, "max": {"ap": 0.5}}, 0.25),
        ("Retrieval", {"main_score": 0.25, "ndcg_at_10": 0.5}, 0.25),
        ("Retrieval", {"main_score": None, "ndcg_at_10": 0.5}, None),
        ("Retrieval", {"map_at_10": 0.5}, None),
        ("MLSUMClusteringP2P", {"v_measure": 0.25, "v_measures": {"Level 0": [0.1]}}, 0.25),
    ],
)
def test_an_older_main_score_is_found_where_it_stands(
    task: str, told: dict[str, Any], score: float | None
) -> None:
    shown = {"default": score}
    if "similarity" in told:
        # The only group that the publisher takes for a subset where nothing else is one.
        shown = dict.fromkeys(told)
    assert cells(older(task, test=told)) == {("test", name): s for name, s in shown.items()}
    assert cells(older(task, test={"en": told})) == {("test", "en"): score}


@pytest.mark.parametrize(
    ("named", "task"),
    [
        ("sts", "STS"),
        ("RETRIEVAL", "Retrieval"),
        ("CMedQAv2", "CMedQAv2-reranking"),
        ("ScalaDaClassification", "ScalaDaClassification"),
        ("Unheard", "Unheard"),
    ],
)
def test_an_older_task_has_its_present_name(named: str, task: str) -> None:
    assert read(older(named, test={"main_score": 0.5})).task == task


def test_a_task_that_left_the_registry_keeps_its_metric() -> None:
    told = older("ScalaNbClassification", test={"accuracy": 0.25, "f1": 0.5})
    assert cells(told) == {("test", "default"): 0.25}


def test_a_subset_that_was_named_later_has_its_present_name() -> None:
    summaries = older("MLSUMClusteringP2P", test={"v_measure": 0.25})
    assert cells(summaries | {"mteb_version": "1.1.2.dev0"}) == {("test", "fr"): 0.25}
    assert cells(summaries) == {("test", "default"): 0.25}
    french = older("XPQARetrieval", test={"fr": {"ndcg_at_10": 0.25}})
    assert cells(french) == {("test", "fra-fra"): 0.25}


def test_an_older_file_waits_for_a_registry_that_knows_its_task() -> None:
    with pytest.raises(UnknownMetricError) as unknown:
        read(older("Unheard", test={"accuracy": 0.25}))
    assert unknown.value.task == "Unheard"
    assert str(unknown.value) == (
        "result-files: a/place.json: the main metric of the task Unheard is not known;"
        " fetch benchmark-registry, then load again"
    )


# Numbers that JSON does not know

NUMBERS = st.none() | st.floats()
NAMES = st.sampled_from([": NaN", " NaN", '": NaN', "null", " null", "x", 'a "quoted: NaN,"', "é"])


@given(
    st.dictionaries(NAMES, st.dictionaries(NAMES, NUMBERS), max_size=3),
    st.sampled_from([None, 0, 1, 4, "\t"]),
    st.sampled_from([None, (",", ":"), (", ", ": "), (" ,", " :\n")]),
    st.booleans(),
    NAMES,
    NUMBERS,
)
def test_whatever_python_writes_is_read_as_python_reads_it(
    scores: dict[str, Any],
    indent: Any,
    separators: Any,
    is_ascii: bool,
    task: str,
    other: float | None,
) -> None:
    told = result(task, 0.0) | {
        "scores": {
            split: [
                {"hf_subset": name, "others": [other, -1.0], "main_score": value}
                for name, value in subsets.items()
            ]
            for split, subsets in scores.items()
        }
    }
    body = json.dumps(told, indent=indent, separators=separators, ensure_ascii=is_ascii)
    found = read(body.encode())
    assert found.task == task
    assert dict(zip(found.cells, found.scores, strict=True)) == {
        (split, name): number(value)
        for split, subsets in scores.items()
        for name, value in subsets.items()
    }


@given(NUMBERS, NUMBERS)
def test_an_older_file_may_hold_such_numbers_too(score: float | None, other: float | None) -> None:
    told = {"ndcg_at_10": score, "map": other, "evaluation_time": other}
    found = read(older("Retrieval", test=told))
    assert (found.scores, found.evaluation_time) == ((number(score),), number(other))


def number(value: float | None) -> float | None:
    """Not a number and infinite mean that there is none."""
    return value if value is not None and abs(value) < float("inf") else None


# Whatever else a file may hold

_NO_NAME = "a name has NUL or more than 500 characters"


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        (b"", "not JSON: Expecting value: line 1 column 1 (char 0)"),
        (b'{"task_name": "STS", "scor', "not JSON: Unterminated string starting at"),
        (b"\x89PNG\r\n\x1a\n", "not JSON: 'utf-8' codec can't decode byte 0x89"),
        (b"[" * 100_000, "nested too deeply"),
        (b"version https://git-lfs.github.com/spec/v1\n", "not JSON: Expecting value"),
        (b"null", "not a result file: Expected `object`, got `null`"),
        (b"[]", "not a result file: Expected `object`, got `array`"),
        (b"{}", "not a result file: Object missing required field `task_name`"),
        (
            b'{"task_name": "STS", "scores": {"test": [{"main_score": 1}]}}',
            "not a result file: Object missing required field `hf_subset` - at `$.scores[...][0]`",
        ),
        (
            b'{"task_name": "STS", "scores": {"test": [{"hf_subset": "a"}]}}',
            "not a result file: Object missing required field `main_score` - at `$.scores[...][0]`",
        ),
        (
            b'{"task_name": "STS", "scores": {"test": [{"hf_subset": "a", "main_score": "1"}]}}',
            "not a result file: Expected `float | null`, got `str` - at ",
        ),
        (
            b'{"task_name": "STS", "scores": {"test": {"main_score": NaN}}}',
            "not a result file: Expected `array`, got `object` - at `$.scores[...]`",
        ),
        (b'{"task_name": "\\ud800", "scores": {}}', "a name is not text: surrogates not allowed"),
        (
            b'{"task_name": "%b", "scores": {}}' % (b"x" * 501),
            "not a result file: Expected `str` of length <= 500 - at `$.task_name`",
        ),
        (
            b'{"task_name": "STS", "scores": {"%b": []}}' % (b"x" * 501),
            "not a result file: Expected `str` of length <= 500 - at `key` in `$.scores`",
        ),
        (b'{"mteb_dataset_name": "%b"}' % (b"x" * 501), _NO_NAME),
        (b'{"task_name": "a\\u0000", "scores": {}}', _NO_NAME),
        (b'{"mteb_dataset_name": "\\ud800"}', "a name is not text: surrogates not allowed"),
    ],
)
def test_what_is_no_result_file_is_one_clear_line(body: bytes, cause: str) -> None:
    said = refusal(body)
    assert said.startswith(f"result-files: a/place.json: {cause}")
    assert "\n" not in said


@pytest.mark.parametrize(
    ("written", "score"),
    [
        (b"1e999", None),
        (b"-1e999", None),
        (b"9" * 30, 1e30),
        (b"1", 1.0),
        (b"1E-400", 0.0),
        (b"-0.0", 0.0),
    ],
)
def test_a_number_that_fits_no_float_is_none(written: bytes, score: float | None) -> None:
    body = b'{"task_name":"STS","scores":{"test":[{"hf_subset":"a","main_score":%b}]}}' % written
    assert cells(body) == {("test", "a"): score}
    old = b'{"mteb_dataset_name":"STS","test":{"main_score":%b,"evaluation_time":%b}}'
    assert cells(old % (written, written)) == {("test", "default"): score}


@pytest.mark.parametrize("score", [True, "0.5", [0.5], 10**400])
def test_an_older_score_that_is_no_number_is_none(score: Any) -> None:
    assert cells(older("STS", test={"main_score": score})) == {("test", "default"): None}


def test_a_subset_that_a_file_tells_twice_is_there_twice() -> None:
    told = result("STS", 0.25)
    told["scores"]["test"] *= 2
    assert read(told).cells == (("test", "default"), ("test", "default"))


def test_a_byte_order_mark_and_other_encodings_are_read_as_python_reads_them() -> None:
    text = json.dumps(result("STS", 0.25))
    for encoding in ("utf-8-sig", "utf-16", "utf-32-le"):
        assert cells(text.encode(encoding)) == {("test", "default"): 0.25}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
FIELDS = ("task_name", "mteb_dataset_name", "scores", "mteb_version", "test", "evaluation_time")
CELLS = st.lists(st.fixed_dictionaries({}, optional={"hf_subset": JSON, "main_score": JSON}))


def is_told_or_refused(body: bytes) -> None:
    try:
        found = read(body)
    except SourceError as error:
        assert error.place == "a/place.json"
        assert "\n" not in str(error)
    else:
        assert len(found.cells) == len(found.scores)
        assert all(s is None or abs(s) < float("inf") for s in found.scores)
        "".join(text for cell in found.cells for text in cell).encode()


@given(st.binary())
def test_no_bytes_are_a_crash(body: bytes) -> None:
    is_told_or_refused(body)


@given(
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(FIELDS, JSON)
        | {"task_name": st.text() | JSON, "mteb_dataset_name": st.text() | JSON}
        | {"scores": st.dictionaries(st.text(), CELLS | JSON) | JSON},
    )
)
@example({"scores": "\ud800"})
def test_no_json_is_a_crash(told: dict[str, Any]) -> None:
    is_told_or_refused(json.dumps(told).encode("utf-8", "surrogatepass"))


@given(st.integers(0, 400))
def test_a_file_that_was_cut_off_is_refused(length: int) -> None:
    whole = json.dumps(result("STS", {"en": 0.25, "de": float("nan")})).encode()
    assert "not JSON" in refusal(whole[: min(length, len(whole) - 1)])
