"""The live leaderboard: what is asked for, what an answer means, and which answers are refused."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from tests.support.leaderboard_payloads import benchmark, board, dumped, payload
from tests.support.loopback import Fault, LeaderboardServer
from tracker.io.http import HostUnavailableError, Session
from tracker.io.validators import Validators
from tracker.settings import Settings
from tracker.sources import FetchFailure
from tracker.sources import leaderboard_api as api
from tracker.sources.records import Fetched

HOSTILE = [
    "MTEB(eng, v2)",
    "a/b/../../etc/passwd",
    "<script>alert('x')</script>",
    'quote " and \\ back',
    "right\u202eto\u200fleft",
    "100%25?x=1#y&z;+ ~",
    "中文 排行榜",
    "x" * 300,
]


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture
def asked() -> Iterator[Session]:
    settings = Settings(retries=1, read_timeout=0.2)
    with api.open_session(settings, sleep=lambda _: None) as session:
        yield session


def outline(answers: list[Fetched | FetchFailure]) -> list[str]:
    return [("! " if isinstance(one, FetchFailure) else "") + one.stream for one in answers]


LISTS = ["benchmarks", "models", "tasks"]


# What is asked for


def test_lists_come_first_and_then_the_boards_that_were_named(asked: Session) -> None:
    with LeaderboardServer(payload("A", "hidden B", "C")) as server:
        answers = list(api.fetch(asked, server.url, boards=["C", "hidden B", "C"]))
        paths = [f"{seen.path}?{seen.query}" for seen in server.log]
    assert outline(answers) == [*LISTS, "scores/C", "scores/hidden B"]
    assert paths[0] == "/v1/benchmarks?include_hidden=true"
    last = answers[-1]
    assert isinstance(last, Fetched)
    assert last.url == f"{server.url}/benchmarks/hidden%20B/scores"
    assert last.body == dumped(board("hidden B"))
    assert last.etag
    assert last.last_modified


def test_everything_means_every_listed_board(asked: Session) -> None:
    with LeaderboardServer(payload("A", "hidden B")) as server:
        answers = list(api.fetch(asked, server.url, boards=[], everything=True))
    assert outline(answers) == [*LISTS, "scores/A", "scores/hidden B"]


def test_an_unchanged_source_sends_no_body(asked: Session) -> None:
    with LeaderboardServer(payload("A")) as server:
        first = list(api.fetch(asked, server.url, boards=["A"]))
        known = {one.url: Validators(one.etag, one.last_modified) for one in first}
        names = first[0].body
        again = list(
            api.fetch(
                asked,
                server.url,
                boards=[],
                everything=True,
                validators=known,
                last_benchmarks=names,
            )
        )
        full = list(api.fetch(asked, server.url, boards=["A"], validators=known))
    assert [(one.stream, one.body) for one in again] == [
        *((name, None) for name in LISTS),
        ("scores/A", None),
    ]
    # Without the archived list the names of the boards are needed, so it is asked for in full.
    assert full[0].body == names


def test_an_unknown_board_gets_the_nearest_names(asked: Session) -> None:
    with LeaderboardServer(payload("MTEB(eng, v2)", "MTEB(cmn, v1)", "BEIR")) as server:
        answers = list(api.fetch(asked, server.url, boards=["mteb(eng,v2)", "BEIR"]))
    assert outline(answers) == [*LISTS, "! scores/mteb(eng,v2)", "scores/BEIR"]
    line = str(answers[3].error)
    assert (
        "there is no board 'mteb(eng,v2)'; did you mean 'MTEB(eng, v2)' or 'MTEB(cmn, v1)'?" in line
    )


def test_a_failing_board_does_not_stop_the_others(asked: Session) -> None:
    names = ["A", "B", "C", "D", "E", "F"]
    with LeaderboardServer(payload(*names)) as server:
        server.fail_board("A", Fault(status=500))
        server.fail_board("B", Fault(hang=3))
        server.fail_board("C", Fault(truncate=True))
        server.fail_board("D", Fault(body=b"<html>"))
        answers = list(api.fetch(asked, server.url, boards=names))
    failed = ["! scores/A", "! scores/B", "! scores/C", "! scores/D"]
    assert outline(answers) == [*LISTS, *failed, "scores/E", "scores/F"]
    for answer in answers[3:7]:
        assert answer.url in str(answer.error)


def test_a_server_that_fails_all_along_is_left_in_peace(asked: Session) -> None:
    names = [f"B{number}" for number in range(20)]
    with LeaderboardServer(payload(*names)) as server:
        for name in names:
            server.fail_board(name, Fault(status=500))
        answers = list(api.fetch(asked, server.url, boards=names))
    assert len(answers) == len(LISTS) + api.FAILURES_IN_A_ROW


def test_a_host_that_turns_us_away_is_not_asked_for_the_rest(asked: Session) -> None:
    with LeaderboardServer(payload("A", "B")) as server:
        server.fail("/v1/models", Fault(status=429, headers={"Retry-After": "3600"}))
        answers = list(api.fetch(asked, server.url, boards=["A", "B"]))
        assert len(server.log) == 2
    assert outline(answers) == ["benchmarks", "! models"]
    assert isinstance(answers[1].error, HostUnavailableError)


def test_only_the_first_request_waits_for_a_sleeping_server(asked: Session) -> None:
    with LeaderboardServer(payload("A")) as server:
        server.fail("/v1/benchmarks", Fault(status=503), times=6)
        server.fail("/v1/models", Fault(status=503))
        answers = list(api.fetch(asked, server.url, boards=["A"]))
    assert outline(answers) == ["benchmarks", "! models", "tasks", "scores/A"]


def test_offline_is_one_failure_and_no_request() -> None:
    with (
        LeaderboardServer(payload("A")) as server,
        api.open_session(Settings(offline=True)) as session,
    ):
        answers = list(api.fetch(session, server.url, boards=["A"]))
        assert server.log == []
    assert outline(answers) == ["! benchmarks"]


# Names are hostile


@given(st.one_of(st.sampled_from(HOSTILE), st.text(min_size=1, max_size=300)))
def test_a_name_is_one_part_of_the_path_and_comes_back_whole(name: str) -> None:
    if name in (".", "..") or any(0xD800 <= ord(c) < 0xE000 for c in name):
        return
    sent = requests.Request("GET", api.scores_url("http://h/v1/", name)).prepare().url
    parts = urlsplit(sent)
    assert parts.path == f"/v1/benchmarks/{quote(name, safe='')}/scores"
    assert (parts.query, parts.fragment) == ("", "")
    assert unquote(parts.path.split("/")[3]) == name


def test_hostile_names_reach_the_server_as_they_are(asked: Session) -> None:
    with LeaderboardServer(payload(*HOSTILE, "..")) as server:
        answers = list(api.fetch(asked, server.url, boards=[], everything=True))
    found = [json.loads(one.body)["benchmarkName"] for one in answers[3:-1]]
    assert found == HOSTILE
    assert outline(answers)[-1] == "! scores/.."


# An archived copy in a local folder


def folder(path: Path, *names: str) -> Path:
    (path / "scores").mkdir()
    what = payload(*names)
    scores = what.pop("scores")
    what |= {f"scores/{quote(name, safe='')}": body for name, body in scores.items()}
    for stem, body in what.items():
        (path / f"{stem}.json.gz").write_bytes(gzip.compress(dumped(body)))
    return path


@pytest.mark.parametrize("as_uri", [False, True])
def test_an_archived_copy_is_read_like_a_server(
    tmp_path: Path, asked: Session, as_uri: bool
) -> None:
    root = folder(tmp_path, "A, with/slash", "B")
    place = root.as_uri() if as_uri else str(root)
    answers = list(api.fetch(asked, place, boards=[], everything=True))
    assert outline(answers) == [*LISTS, "scores/A, with/slash", "scores/B"]
    assert answers[3].body == dumped(board("A, with/slash"))
    assert answers[3].url == (root / "scores" / "A%2C%20with%2Fslash.json.gz").as_uri()


def test_an_archived_copy_with_damage_names_the_file(tmp_path: Path, asked: Session) -> None:
    root = folder(tmp_path, "cut", "rotten", "gone", "fine")
    cut = root / "scores" / "cut.json.gz"
    cut.write_bytes(cut.read_bytes()[:-9])
    (root / "scores" / "rotten.json.gz").write_bytes(b"not gzip at all")
    (root / "scores" / "gone.json.gz").unlink()
    answers = list(api.fetch(asked, str(root), boards=["cut", "rotten", "gone", "fine"]))
    assert outline(answers)[3:] == [
        "! scores/cut",
        "! scores/rotten",
        "! scores/gone",
        "scores/fine",
    ]
    lines = [str(one.error) for one in answers[3:6]]
    assert lines[0] == f"leaderboard-api: {cut}: truncated gzip"
    assert "rotten.json.gz: damaged gzip" in lines[1]
    assert lines[2].endswith("gone.json.gz: No such file or directory")


def test_a_name_too_long_for_a_file_is_a_clear_failure(tmp_path: Path, asked: Session) -> None:
    names = [".", "..", "中" * 300]
    root = folder(tmp_path, "fine")
    listed = dumped([benchmark(name) for name in names])
    (root / "benchmarks.json.gz").write_bytes(gzip.compress(listed))
    answers = list(api.fetch(asked, str(root), boards=[], everything=True))
    assert [one.error.cause for one in answers[3:]] == [
        "No such file or directory",
        "No such file or directory",
        "File name too long",
    ]
    assert all(one.error.place.startswith(str(root / "scores")) for one in answers[3:])


def test_a_folder_that_is_not_there_is_one_failure(tmp_path: Path, asked: Session) -> None:
    (failure,) = api.fetch(asked, str(tmp_path / "gone"), boards=["A", "B"])
    assert str(failure.error) == f"leaderboard-api: {tmp_path / 'gone'}: no such folder"
