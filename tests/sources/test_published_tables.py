"""What a line of the published boards means: identity, tasks, editions, numbers, mistakes."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.boards import TYPES, anchor, line, overall, tasks
from tracker.errors import SourceError
from tracker.sources._published_names import model_id, task_name
from tracker.sources.published_boards import TableReader, edition_name
from tracker.sources.records import BoardState, Edition, Listing, Standing

HUB = "https://huggingface.co/"
PLACE = "5012f8123456:boards_data/en/data_overall/default.jsonl"


def read(body: bytes, task_type: str | None = None) -> BoardState:
    return TableReader("en", task_type).read(body, PLACE)


# Identity


@pytest.mark.parametrize(
    ("link", "label", "model"),
    [
        (f"{HUB}nvidia/NV-Embed-v2", "NV-Embed-v2", "nvidia/NV-Embed-v2"),
        # Variants share a repository: the display text tells them apart.
        (
            f"{HUB}nomic-ai/nomic-embed-text-v1.5",
            "nomic-embed-text-v1.5-256",
            "nomic-ai/nomic-embed-text-v1.5-256",
        ),
        ("https://github.com/yixuantt/InstructX", "InstructX", "yixuantt/InstructX"),
        ("https://openai.com/blog", "text-embedding-3-large", "openai/text-embedding-3-large"),
        ("https://docs.voyageai.com/embeddings/", "voyage-3-m-exp", "voyageai/voyage-3-m-exp"),
        (
            "https://cloud.google.com/vertex-ai/docs",
            "text-embedding-004",
            "google/text-embedding-004",
        ),
        ("https://docs.mistral.ai/guides/embeddings", "mistral-embed", "mistralai/mistral-embed"),
        ("https://www.elastic.co/guide/x", "elser-v2", "elastic/elser-v2"),
        ("https://docs.aws.amazon.com/x", "titan-embed-text-v1", "amazon/titan-embed-text-v1"),
        ("https://help.aliyun.com/x", "OpenSearch-text-hybrid", "aliyun/OpenSearch-text-hybrid"),
        ("https://platform.baichuan-ai.com/docs", "text-embedding", "baichuan-ai/text-embedding"),
        (f"{HUB}bert-base-uncased", "bert-base-uncased", "google-bert/bert-base-uncased"),
        (f"{HUB}xlm-roberta-base", "xlm-roberta-base", "FacebookAI/xlm-roberta-base"),
        (f"{HUB}xlm-roberta-large", "xlm-roberta-large", "FacebookAI/xlm-roberta-large"),
        ("https://en.wikipedia.org/wiki/Okapi_BM25", "bm25", "unknown/bm25"),
        (
            f"{HUB}spaces/mteb/leaderboard",
            "text2vec-base-multilingual",
            "unknown/text2vec-base-multilingual",
        ),
        (f"{HUB}other-bare-name", "other-bare-name", "unknown/other-bare-name"),
        ("", "nameless", "unknown/nameless"),
        ("https://HuggingFace.co/lab/x", "x", "lab/x"),
    ],
)  # fmt: skip
def test_the_organisation_comes_from_the_link_and_the_name_from_the_text(
    link: str, label: str, model: str
) -> None:
    assert model_id(link, label) == model
    state = read(overall([("x", 60.0)]).replace(
        orjson.dumps(anchor("x")).replace(b"/", b"\\/"),
        orjson.dumps(anchor("x", label=label, link=link)).replace(b"/", b"\\/"),
    ))  # fmt: skip
    assert state.rows[0].listing == Listing(model, label, link)


def test_one_display_name_of_two_houses_is_two_models() -> None:
    state = read(overall([("house/x-GGUF", 60.0), ("mill/x-GGUF", 60.0)]))
    assert [row.listing.model for row in state.rows] == ["house/x-GGUF", "mill/x-GGUF"]


# Tasks and editions


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("PawsX (fr)", "PawsXPairClassification (fr)"),
        ("PawsXPairClassification (fr)", "PawsXPairClassification (fr)"),
        ("RiaNewsRetrieval (rus-Cyrl)", "RiaNewsRetrieval"),
        ("STS22 (rus-Cyrl)", "STS22 (ru)"),
        ("MIRACLRetrieval (rus-Cyrl)", "MIRACLRetrieval (ru)"),
        ("STS22 (ru)", "STS22 (ru)"),
        ("AppsRetrieval (eng-Latn-python-Code)", "AppsRetrieval (eng-Latn-python)"),
        ("CosQA (python-Code)", "CosQA (python)"),
        ("STS22 (en)", "STS22 (en)"),
        ("Tatoeba (ara-eng)", "Tatoeba (ara-eng)"),
    ],
)
def test_a_renamed_task_keeps_one_name(printed: str, name: str) -> None:
    assert task_name(printed) == name
    assert task_name(name) == name


def test_a_table_of_renamed_tasks_is_the_same_edition() -> None:
    reader = TableReader("ru", "STS")
    before = reader.read(
        tasks([("lab/one", {"RUParaPhraserSTS (rus-Cyrl)": 50.0, "B": 40.0})]), "a"
    )
    after = reader.read(tasks([("lab/one", {"RUParaPhraserSTS": 50.0, "B": 40.0})]), "b")
    assert before.edition == after.edition
    assert before.rows == after.rows


def test_another_number_of_tasks_is_another_edition() -> None:
    reader = TableReader("ru", None)
    sixteen = reader.read(overall([("lab/one", 60.0)], {"STS": 2, "Retrieval": 14}), "a")
    more = reader.read(overall([("lab/one", 60.0)], {"STS": 3, "Retrieval": 20}), "b")
    assert sixteen.edition == Edition(
        "published-boards", "published/ru", "percent", 16, (), (("STS", 2), ("Retrieval", 14))
    )
    assert (more.edition.name, more.edition.n_tasks) == ("published/ru", 23)


def test_leftovers_of_pandas_change_nothing() -> None:
    entries = [("lab/one", {"A": 50.0, "B": 40.0})]
    reader = TableReader("en", "STS")
    plain, indexed, levelled = (
        reader.read(tasks(entries, index=index, level_0=level), "x")
        for index, level in ((False, False), (True, False), (True, True))
    )
    assert plain == indexed == levelled


def test_a_table_of_one_task_type_has_the_scores_in_the_order_of_its_tasks() -> None:
    body = tasks([("lab/one", {"B": 40.0, "A": 50.5}), ("lab/two", {"B": "", "A": 10.0})])
    state = read(body, "STS")
    assert state.edition == Edition(
        "published-boards", "published/en/STS", "percent", 2, ("A", "B"), (("STS", 2),)
    )
    one, two = state.rows
    assert (one.mean_task, one.task_types, one.task_scores, one.n_tasks) == (
        45.25,
        '{"STS":45.25}',
        "[50.5,40.0]",
        2,
    )
    assert (two.mean_task, two.task_types, two.task_scores, two.n_tasks) == (
        None,
        "{}",
        "[10.0,null]",
        1,
    )


def test_the_only_task_of_a_table_is_its_average() -> None:
    state = read(tasks([("lab/one", {"A": 51.5}), ("lab/two", {"A": ""})], average=False), "STS")
    assert [row.mean_task for row in state.rows] == [51.5, None]
    assert [one.model for one in state.standing.listings] == ["lab/one"]


def test_a_line_without_an_average_is_listed_and_not_ranked() -> None:
    state = read(overall([("lab/one", 60.0), ("lab/two", 50.0), ("lab/none", "")]))
    assert [row.listing.model for row in state.rows] == ["lab/one", "lab/two", "lab/none"]
    assert state.standing == Standing(tuple(row.listing for row in state.rows[:2]), None)
    assert state.rows[2].n_tasks is None
    assert state.rows[0].n_tasks == sum(TYPES.values())


def test_printed_ranks_with_gaps_are_kept_as_printed() -> None:
    state = read(overall([("lab/one", 60.0), ("lab/two", 50.0)], ranks=[1, 3]))
    assert state.standing.ranks == (1, 3)


def test_names_of_editions() -> None:
    assert edition_name("en", None) == "published/en"
    assert edition_name("en", "STS") == "published/en/STS"


# Numbers


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"Max Tokens": "N/A"}, {}),
        ({"Max Tokens": 1_000_000}, {"Max Tokens": 1_000_000}),
        ({"Max Tokens": ""}, {}),
        ({"Embedding Dimensions": -1}, {}),
        ({"Memory Usage (GB, fp32)": "28.36"}, {"Memory Usage (GB, fp32)": 28.36}),
        ({"Model Size (Million Parameters)": 7851.0}, {"Model Size (Million Parameters)": 7851}),
        ({"Model Size (Million Parameters)": None}, {}),
        ({"Max Tokens": "nan"}, {}),
        ({"Max Tokens": "inf"}, {}),
        ({"Max Tokens": True}, {}),
        ({"Max Tokens": "1e300"}, {}),
        ({"Embedding Dimensions": 2**63}, {}),
        ({"Embedding Dimensions": 1e300}, {}),
    ],
)
def test_a_property_is_a_number_or_nothing(given: dict[str, Any], kept: dict[str, Any]) -> None:
    blank = dict.fromkeys(
        ["Model Size (Million Parameters)", "Memory Usage (GB, fp32)", "Embedding Dimensions",
         "Max Tokens"], "",
    )  # fmt: skip
    state = read(overall([("lab/one", 60.0)], **(blank | given)))
    found = [orjson.loads(record.properties) for record in state.records]
    assert found == ([kept] if kept else [])


def test_scores_may_be_negative_and_whole_numbers_are_numbers() -> None:
    state = read(tasks([("lab/one", {"A": -29.47, "B": 100})]), "STS")
    assert state.rows[0].task_scores == "[-29.47,100.0]"


# Mistakes are one line that names commit, path and line

GOOD = overall([("lab/one", 60.0), ("lab/two", 50.0)]).splitlines()


def second(**changes: Any) -> bytes:
    fields = orjson.loads(GOOD[1])
    for name, value in changes.items():
        if value is ...:
            del fields[name]
        else:
            fields[name] = value
    return orjson.dumps(fields)


AVERAGE = f"Average ({sum(TYPES.values())} datasets)"


@pytest.mark.parametrize(
    ("wrong", "cause"),
    [
        (b"", "not a JSON line"),
        (b"{", "not a JSON line"),
        (b"[1, 2]", "not a JSON object"),
        (b'{"Model": "\xff"}', "not a JSON line"),
        (second(Model="no link"), "Model is not the expected link"),
        (second(Model=""), "Model is not the expected link"),
        (second(Model=anchor("a/b", link="http://[half")), "Model is not the expected link"),
        (second(**{AVERAGE: "sixty"}), "unexpected value: 'sixty' is not a number"),
        (second(**{AVERAGE: True}), "unexpected value: True is not a number"),
        (second(**{AVERAGE: ...}), "the columns differ from those of the first line"),
        (
            second(**{"STS Average (2 datasets)": ...}),
            "the columns differ from those of the first line",
        ),
        (second(Further=1.0), "the columns differ from those of the first line"),
        (second(Rank=...), "the columns differ from those of the first line"),
        (second(Rank="second"), "a row has no valid rank"),
        (second(Rank=0), "a row has no valid rank"),
        (second(Rank=2**60), "a row has no valid rank"),
        (GOOD[1].replace(b'"Rank":2', b'"Rank":' + b"9" * 5000), "not a JSON line"),
        (second(Model=anchor("lab/" + "x" * 501)), "Model is not the expected link"),
        (second(**{AVERAGE: 1e300}), "unexpected value: 1e+300 is not a score"),
        (second(**{AVERAGE: 10**18}), "unexpected value: 1000000000000000000 is not a score"),
        (GOOD[0], "lab/one is listed twice"),
    ],
)
def test_a_wrong_line_names_its_place(wrong: bytes, cause: str) -> None:
    with pytest.raises(SourceError) as raised:
        read(GOOD[0] + b"\n" + wrong + b"\n")
    assert str(raised.value).startswith(f"published-boards: {PLACE}:2: {cause}")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        (b"", "the table is empty"),
        (b"{}", "the column Model or Rank is missing"),
        (b"\n", "not a JSON line"),
        (b"version https://git-lfs.github.com/spec/v1\n", "not a JSON line"),
        (b'{"Rank": 1}\n', "the column Model or Rank is missing"),
        (line(1, "lab/one", {"Unknown": 1.0}), "unknown columns in an overall table"),
        (tasks([("lab/one", {"A": 1.0, "B": 2.0})]), "unknown columns in an overall table"),
        (line(1, "lab/one", {}), "unknown columns in an overall table"),
    ],
)
def test_a_table_of_another_shape_is_refused(body: bytes, cause: str) -> None:
    with pytest.raises(SourceError, match=cause) as raised:
        read(body)
    assert PLACE in str(raised.value)


def test_several_tasks_without_an_average_are_refused() -> None:
    body = tasks([("lab/one", {"A": 1.0, "B": 2.0})], average=False)
    with pytest.raises(SourceError, match="the column Average is missing"):
        read(body, "STS")


def test_two_spellings_of_one_task_in_a_table_are_refused() -> None:
    body = tasks([("lab/one", {"A (rus-Cyrl)": 1.0, "A": 2.0})])
    with pytest.raises(SourceError, match="two columns have the same task"):
        read(body, "STS")


def test_a_mistake_in_one_version_does_not_touch_the_next() -> None:
    reader = TableReader("en", None)
    first = reader.read(b"\n".join(GOOD), PLACE)
    with pytest.raises(SourceError):
        reader.read(GOOD[0] + b"\n{", PLACE)
    assert reader.read(b"\n".join(GOOD), PLACE) == first


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(garbage: bytes) -> None:
    for body in (garbage, GOOD[0] + b"\n" + garbage, GOOD[0][:-1] + b"," + garbage + b"}"):
        try:
            read(body)
        except SourceError as error:
            assert "\n" not in str(error)


@given(st.text(min_size=1, max_size=300))
def test_any_name_comes_through_as_it_was_printed(name: str) -> None:
    if any(0xD800 <= ord(c) < 0xE000 for c in name):
        return
    body = overall([("lab/one", 60.0)])
    mine = orjson.dumps(anchor("lab/one", label=name))
    state = read(body.replace(orjson.dumps(anchor("lab/one")).replace(b"/", b"\\/"), mine))
    assert state.rows[0].listing == Listing(f"lab/{name}", name, f"{HUB}lab/one")
