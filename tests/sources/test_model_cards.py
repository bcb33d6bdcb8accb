"""The Hub: what is asked for, at which pace, and what of a stranger's card is believed."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from time import sleep
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.loopback import Fault
from tests.support.loopback_hub import HubModel, HubServer
from tracker.errors import SourceError
from tracker.io.http import Session
from tracker.io.validators import Validators
from tracker.settings import Settings
from tracker.snapshots.store import Archive
from tracker.sources import FetchFailure, model_cards
from tracker.sources.model_cards import ModelInfo, parse_card, parse_config, parse_info
from tracker.sources.records import Fetched

CARD = b"---\nlicense: mit\nbase_model: lab/base\n---\n# One\n"
POOLING = b'{"pooling_mode_mean_tokens": true, "word_embedding_dimension": 8}'
ONE = HubModel(
    {"README.md": CARD, "1_Pooling/config.json": POOLING, "model.safetensors": b"x" * 100},
    tags=("license:mit", "arxiv:2405.17428", "base_model:lab/base", "base_model:finetune:lab/base"),
)
INFO = ModelInfo(
    model="lab/one",
    hub_id="lab/one",
    revision="a" * 40,
    documents=("README.md", "1_Pooling/config.json"),
    licence="mit",
    base_models=("lab/base",),
    papers=("2405.17428",),
    base_kinds=(("lab/base", "finetune"),),
)


@pytest.fixture(autouse=True)
def _nobody_is_logged_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.setattr("huggingface_hub.get_token", lambda: None)


def session(pause: float = 0, **options: Any) -> Session:
    settings = Settings(hub_seconds_between_requests=pause, retries=1, read_timeout=2)
    options.setdefault("sleep", lambda _: None)
    return model_cards.open_session(settings, **options)


def told(answers: list[Fetched | FetchFailure]) -> list[str]:
    return [
        f"! {one.error.cause}" if isinstance(one, FetchFailure) else one.stream for one in answers
    ]


def ask(
    server: HubServer,
    *models: str,
    known: dict[str, Validators] | None = None,
    revisions: dict[str, str] | None = None,
    budget: int = 100,
) -> list[Fetched | FetchFailure]:
    return list(
        model_cards.fetch(
            session(), server.url, models, known or {}, revisions or {}, budget=budget
        )
    )


# What is asked for


def test_a_model_is_its_small_files_and_then_its_information() -> None:
    with HubServer({"lab/one": ONE}) as server:
        answers = ask(server, "lab/one")
        assert told(answers) == [
            "lab/one/README.md",
            "lab/one/1_Pooling/config.json",
            "lab/one/info.json",
        ]
        assert server.asked() == ["lab/one", "lab/one/README.md", "lab/one/1_Pooling/config.json"]
        card, _, info = answers
        assert isinstance(card, Fetched)
        assert isinstance(info, Fetched)
        assert (card.body, card.url) == (CARD, f"{server.url}/lab/one/resolve/{'a' * 40}/README.md")
        assert parse_info("lab/one", info.body or b"") == INFO


def test_a_revision_that_is_archived_is_not_asked_for_again() -> None:
    with HubServer({"lab/one": ONE}) as server:
        assert told(ask(server, "lab/one", revisions={"lab/one": "a" * 40})) == [
            "lab/one/info.json"
        ]
        assert server.asked() == ["lab/one"]


def test_a_file_that_stayed_the_same_in_a_new_revision_is_not_sent_again() -> None:
    with HubServer({"lab/one": ONE}) as server:
        card = next(iter(ask(server, "lab/one")))
        assert isinstance(card, Fetched)
        server.models["lab/one"] = HubModel(ONE.files, revision="b" * 40)
        known = {"lab/one/README.md": Validators(card.etag, card.last_modified)}
        again = ask(server, "lab/one", known=known, revisions={"lab/one": "a" * 40})
        assert [one.body is None for one in again if isinstance(one, Fetched)] == [
            True,
            False,
            False,
        ]


@pytest.mark.parametrize("status", [401, 403, 404])
def test_what_the_hub_does_not_show_is_remembered(status: int) -> None:
    with HubServer({}) as server:
        server.fail("/api/models/openai/text-embedding-3-large", Fault(status=status))
        (answer,) = ask(server, "openai/text-embedding-3-large")
        assert isinstance(answer, Fetched)
        assert answer.stream == "openai/text-embedding-3-large/absent.json"
        assert orjson.loads(answer.body or b"") == {"status": status}


def test_a_run_stops_at_its_budget_with_whole_models_only() -> None:
    with HubServer({"lab/one": ONE, "lab/two": ONE}) as server:
        assert told(ask(server, "lab/one", "lab/two", budget=5)) == [
            "lab/one/README.md",
            "lab/one/1_Pooling/config.json",
            "lab/one/info.json",
        ]
        assert len(server.log) == 4


def test_a_file_that_fails_for_now_leaves_its_model_for_the_next_run() -> None:
    with HubServer({"lab/one": ONE, "lab/two": ONE}) as server:
        server.fail(f"/lab/one/resolve/{'a' * 40}/README.md", Fault(status=503))
        assert told(ask(server, "lab/one", "lab/two")) == [
            "! answered 503 Service Unavailable (2 attempts)",
            "lab/one/1_Pooling/config.json",
            "lab/two/README.md",
            "lab/two/1_Pooling/config.json",
            "lab/two/info.json",
        ]


def test_a_file_beyond_the_limit_is_told_once_and_never_asked_for_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(model_cards, "LARGEST_DOCUMENT", 1000)
    huge = HubModel({"README.md": b"x" * 1001, "config.json": b"{}"})
    with HubServer({"lab/one": huge}) as server:
        answers = ask(server, "lab/one")
        assert told(answers) == [
            "! the answer is larger than 1,000 bytes",
            "lab/one/config.json",
            "lab/one/info.json",
        ]
        assert isinstance(answers[0], FetchFailure)
        # Its limit is the source's own: no setting would let it in.
        assert answers[0].error.remedy.startswith("the other documents are fetched without it")


def test_a_host_that_turns_us_away_is_left_alone() -> None:
    with HubServer({"lab/one": ONE, "lab/two": ONE}) as server:
        server.fail("/api/models/lab/one", Fault(status=429, headers={"Retry-After": "9999"}))
        (answer,) = ask(server, "lab/one", "lab/two")
        assert isinstance(answer, FetchFailure)
        assert server.asked() == ["lab/one"]


def test_requests_keep_their_distance() -> None:
    with HubServer({"lab/one": ONE, "lab/two": ONE}) as server:
        asked = session(0.05, sleep=sleep)
        list(model_cards.fetch(asked, server.url, ["lab/one", "lab/two"], {}, {}, budget=100))
        times = [seen.at for seen in server.log]
        assert len(times) == 6
        assert all(b - a >= 0.05 for a, b in pairwise(times))


def test_a_token_goes_to_the_hub_and_into_no_message(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("huggingface_hub.get_token", lambda: "hf_secret")
    with HubServer({"lab/one": ONE}) as server, caplog.at_level(0):
        server.fail("/api/models/lab/two", Fault(status=401))
        answers = ask(server, "lab/one", "lab/two", "lab/one")
        assert server.log[0].headers["authorization"] == "Bearer hf_secret"
        # A token that is refused says nothing of the model, and the run goes no further.
        assert told(answers)[-1] == "! answered 401 Unauthorized"
        assert server.asked()[-1] == "lab/two"
        assert "hf_secret" not in caplog.text + repr(answers)


def test_the_endpoint_is_that_of_the_hubs_own_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "https://mirror.example")
    assert model_cards.endpoint() == "https://mirror.example"


@pytest.mark.parametrize(
    ("name", "known"),
    [("lab/one", True), ("lab/One.v2_x-1", True), ("one", False), ("lab/../x", False),
     ("lab/one two", False), ("../etc", False), ("lab/one?x", False)],
)  # fmt: skip
def test_only_names_that_the_hub_could_have_are_asked_for(name: str, known: bool) -> None:
    assert model_cards.is_hub_name(name) is known


# What is read of the answers


def test_front_matter_is_plain_texts_of_the_keys_that_matter() -> None:
    card = parse_card(
        "x",
        b"\xef\xbb\xbf---\r\nlicense: no\r\ndatasets:\r\n- a/b\r\n- c: d\r\n"
        b"other: !!python/object:os.system x\r\n"
        b"model-index: [{name: x}]\r\n---\r\nText \xe6\xb1\xa0\r\n",
    )
    assert dict(card.front) == {"license": ("no",), "datasets": ("a/b",)}
    assert card.text == "\nText 池\r\n"


def test_a_card_without_front_matter_is_all_text() -> None:
    card = parse_card("x", b"# Title\n---\ntext\n")
    assert (dict(card.front), card.text) == ({}, "# Title\n---\ntext\n")


BOMB = b"---\na: &a [x, x]\n" + b"".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n".encode()
    for a, b in zip("abcdefghijklmnopqrstuvwxy", "bcdefghijklmnopqrstuvwxyz", strict=True)
)


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        (b"PK\x03\x04\0\0", "binary, not text"),
        (b"---\n" + b"a" * 1_000_100, "the front matter is larger than 1,000,000 bytes"),
    ],
)
def test_a_card_that_is_not_text_is_one_clear_finding(body: bytes, cause: str) -> None:
    with pytest.raises(SourceError) as caught:
        parse_card("lab/one/README.md", body)
    assert caught.value.cause.startswith(cause)
    assert caught.value.place.startswith("lab/one/README.md")
    assert caught.value.remedy.startswith("the publisher has to fix it")


@pytest.mark.parametrize(
    ("body", "place", "cause"),
    [
        (
            BOMB + b"---\nText\n",
            "lab/one/README.md",
            "the front matter has more than 40 levels or 200 aliases",
        ),
        (
            b"---\na: " + b"[" * 5000 + b"\n---\nText\n",
            "lab/one/README.md",
            "the front matter has more than 40 levels or 200 aliases",
        ),
        (
            b"---\na: [\n---\nText\n",
            "lab/one/README.md:3",
            "the front matter is not YAML here: did not find expected node content",
        ),
        (
            b"---\na: @\n---\nText\n",
            "lab/one/README.md:2",
            "the front matter is not YAML here: found character that cannot start any token",
        ),
        ("Text\n".encode("utf-16"), "lab/one/README.md", "not UTF-8 text: read as UTF-16"),
    ],
)
def test_front_matter_that_cannot_be_read_costs_no_text(
    body: bytes, place: str, cause: str
) -> None:
    card = parse_card("lab/one/README.md", body)
    assert [(finding.place, finding.cause) for finding in card.findings] == [(place, cause)]
    assert (dict(card.front), card.text.strip()) == ({}, "Text")


FIELDS = b"license: mit\nbase_model: lab/base\n"


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (b"---\n" + FIELDS + b"\ttags: [x]\n---\n", 4),
        (b"---\n" + FIELDS + b"tags:\n\t- x\n---\n", 5),
        (b"---\ntitle: A: b\n" + FIELDS + b"---\n", 2),
        (b"---\n" + FIELDS + b"pipeline_tag: @x\n---\n", 4),
        (b"---\n" + FIELDS + b"---\nCaf\xe9\n", 5),
        (b"---\nauthor: Caf\xe9\n" + FIELDS + b"---\n", 2),
        (b"---\n" + FIELDS + b"datasets: [a/b\n---\n", 5),
    ],
)
def test_one_bad_place_in_front_matter_costs_its_value_only(body: bytes, line: int) -> None:
    card = parse_card("lab/one/README.md", body)
    assert [finding.place for finding in card.findings] == [f"lab/one/README.md:{line}"]
    assert {key: card.front[key] for key in ("license", "base_model")} == {
        "license": ("mit",),
        "base_model": ("lab/base",),
    }


@pytest.mark.parametrize("before", [b"\n", b"\r\n \r\n", b"\xef\xbb\xbf\n"])
def test_empty_lines_before_front_matter_are_ignored(before: bytes) -> None:
    card = parse_card("x", before + b"---\n" + FIELDS + b"---\nText\n")
    assert (card.front["license"], card.text.strip(), card.findings) == (("mit",), "Text", ())


@given(st.binary(max_size=300))
def test_any_bytes_are_a_card_or_a_finding(noise: bytes) -> None:
    for body in (noise, b"---\n" + noise + b"\n---\n"):
        try:
            card = parse_card("x", body)
        except SourceError:
            continue
        try:
            text = body.decode("utf-8-sig")
        except UnicodeDecodeError:
            assert card.findings
        else:
            assert text.endswith(card.text)


@pytest.mark.parametrize("body", [b"", b"x", b"1", b'{"a": NaN}', b"\xff"])
def test_a_configuration_is_an_object_or_an_array(body: bytes) -> None:
    with pytest.raises(SourceError):
        parse_config("x", body)
    assert parse_config("x", b"[]") == []


@pytest.mark.parametrize(
    "told_wrong",
    [{"sha": 1}, {"sha": "../x"}, {"siblings": None}, {"siblings": [{}]}, {"id": "a/../b"}],
)
def test_information_with_something_else_in_it_is_refused(told_wrong: dict[str, object]) -> None:
    good = {"id": "lab/one", "sha": "a" * 40, "siblings": []}
    with pytest.raises(SourceError):
        parse_info("lab/one", orjson.dumps(good | told_wrong))


# A whole run


def test_a_run_archives_what_changed_and_asks_for_nothing_twice(
    cli: Callable[..., Any], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_STARTER", "0")
    monkeypatch.setenv("TRACKER_HUB_SECONDS_BETWEEN_REQUESTS", "0")
    monkeypatch.setattr(
        "tracker.catalog.knowledge.reading_order.models_by_weight", lambda _: ["lab/one", "x/y"]
    )
    with HubServer({"lab/one": ONE}) as server:
        first = cli("fetch", "model-cards", "--from", server.url)
        assert (first.code, first.err.splitlines()[-1]) == (0, "model-cards: 4 new, 0 unchanged")
        assert sorted(Archive(Settings().archive).latest("model-cards")) == [
            "lab/one/1_Pooling/config.json",
            "lab/one/README.md",
            "lab/one/info.json",
            "x/y/absent.json",
        ]
        again = cli("fetch", "model-cards", "--from", server.url)
        assert (again.code, again.err.splitlines()[-1]) == (0, "model-cards: 0 new, 0 unchanged")
        assert len(server.log) == 4
