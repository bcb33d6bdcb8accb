"""The site and the JSON API on loopback: the answers are those of Python, and are described."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
import requests
from jsonschema import Draft202012Validator

pytest.importorskip("starlette", reason="the extra serve is not installed")
pytest.importorskip("uvicorn", reason="the extra serve is not installed")

import uvicorn

from tests.support.served import served
from tracker.answers.frames import frame_of
from tracker.exports.frames import frame_json
from tracker.serving.catalog_thread import CatalogThread
from tracker.serving.endpoints import ENDPOINTS
from tracker.serving.openapi import openapi
from tracker.serving.web import web_app

Run = Callable[..., Any]

ASKED: dict[str, dict[str, Any]] = {
    "boards": {},
    "leaderboard": {"board": "MTEB(eng, v2)", "as_of": "2026-08-20", "complete_only": "true"},
    "leaders": {"board": "mteb-english", "since": "2024"},
    "history": {"board": "mteb-english", "model": "lab/one"},
    "changes": {"board": "mteb-english", "since": "2024-07-01", "until": "2024-09-30"},
    "why": {"model": "mill/two", "board": "MTEB(eng, v2)"},
    "choose": {"board": "MTEB(eng, v2)", "type": "STS=2", "max_parameters": "1B"},
    "compare": {"names": ["lab/one", "mill/two"]},
    "models": {"organisation": "lab"},
    "lineage": {"model": "lab/one"},
    "evidence": {"model": "lab/one"},
    "papers": {},
    "datasets": {},
    "techniques": {},
    "search": {"text": "lab", "limit": "3"},
    "status": {},
    "doctor": {},
    "coverage": {},
    "sql": {"query": "select slug from series order by slug"},
    "model": {"name": "lab/one"},
}
"""Questions that the catalog of the story can answer."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like that of a built site."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "zh").mkdir()
    for name in ("index.html", "404.html", "zh/index.html"):
        (folder / name).write_text(f"<title>{name}</title>")
    return folder


@pytest.fixture(scope="module")
def address(told: Any, site: Path) -> Iterator[str]:
    """A server of the story's catalog and a site, in a thread of the test process."""
    catalog = CatalogThread(told.url)
    app = web_app(catalog, site, host="127.0.0.1")
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()
    catalog.close()


@pytest.mark.parametrize("name", ASKED)
def test_an_answer_is_that_of_python_and_as_described(
    address: str, told: Any, home: Path, name: str
) -> None:
    answer = requests.get(f"{address}/api/v1/{name}", params=ASKED[name], timeout=30)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    found = answer.json()
    endpoint = ENDPOINTS[name]
    given = {k: v if isinstance(v, list) else [v] for k, v in ASKED[name].items()}
    positional, named = endpoint.arguments(given)
    with told.open() as catalog:
        expected = getattr(catalog, endpoint.function.__name__)(*positional, **named)
        assert found["catalog"] == {"digest": catalog.digest, "data_until": catalog.data_until}
    if endpoint.shape == "rows":
        if isinstance(expected, tuple):
            expected = frame_of(name, expected)
        elif hasattr(expected, "to_polars"):
            expected = expected.to_polars()
        assert found["rows"] == orjson.loads(frame_json(expected))
    else:
        assert found["value"] == orjson.loads(orjson.dumps(expected))
    described = openapi()
    content = described["paths"][f"/api/v1/{name}"]["get"]["responses"]["200"]["content"]
    schema = content["application/json"]["schema"] | {"components": described["components"]}
    Draft202012Validator(schema).validate(found)


def test_a_text_is_checked_by_post(address: str, told: Any, home: Path) -> None:
    asked = {"text": "lab/one has 512 dimensions.", "date": "2026-08-20"}
    answer = requests.post(f"{address}/api/v1/check", json=asked, timeout=30)
    with told.open() as catalog:
        expected = catalog.check(asked["text"], date=asked["date"]).to_polars()
    assert answer.json()["rows"] == orjson.loads(frame_json(expected))
    assert [row["verdict"] for row in answer.json()["rows"]] == ["true"]


def test_an_unchanged_answer_is_not_sent_again(address: str) -> None:
    first = requests.get(f"{address}/api/v1/boards", timeout=30)
    tag = first.headers["etag"]
    for known in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        again = requests.get(
            f"{address}/api/v1/boards", headers={"If-None-Match": known}, timeout=30
        )
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    other = requests.get(f"{address}/api/v1/boards", headers={"If-None-Match": '"x"'}, timeout=30)
    assert (other.status_code, other.content) == (200, first.content)


@pytest.mark.parametrize(
    ("path", "status", "error"),
    [
        ("leaderboard", 400, "leaderboard needs the parameter board"),
        ("leaderboard?board=x&tpo=3", 400, "leaderboard has no parameter 'tpo'"),
        ("leaderboard?board=mteb-english&top=three", 400, "parameter top: 'three'"),
        ("leaderboard?board=mteb-english&complete_only=maybe", 400, "parameter complete_only"),
        ("leaderboard?board=a&board=b", 400, "parameter board is given 2 times"),
        ("leaderboard?board=mteb-english&as_of=someday", 400, "'someday' is not a date"),
        ("leaderboard?board=nonsense", 404, "no board called 'nonsense'"),
        ("leaderboard?board=mteb-english&as_of=2001-01-01", 404, ""),
        ("sql?query=delete+from+model", 400, "sql: "),
        ("sql?query=select+1&seconds=9999", 400, "sql has no parameter 'seconds'"),
        ("modle?name=x", 404, "the API has no 'modle'"),
        ("check?text=x", 405, "check is asked with POST"),
    ],
)
def test_a_wrong_question_is_refused_in_one_line(
    address: str, path: str, status: int, error: str
) -> None:
    answer = requests.get(f"{address}/api/v1/{path}", timeout=30)
    assert answer.status_code == status
    found = answer.json()
    assert set(found) == {"error", "remedy"}
    assert found["error"].startswith(error)
    assert "\n" not in found["error"]


def test_a_body_has_to_be_a_short_json_object(address: str) -> None:
    for body in (b"no json", b"[]", b'{"text": "%b"}' % (b"x" * 1_100_000)):
        answer = requests.post(f"{address}/api/v1/check", data=body, timeout=30)
        assert answer.status_code == 400


def test_nothing_can_be_changed(address: str) -> None:
    for method in ("PUT", "DELETE", "PATCH"):
        assert requests.request(method, f"{address}/api/v1/boards", timeout=30).status_code == 405


def test_another_host_name_is_refused_on_loopback(address: str) -> None:
    answer = requests.get(f"{address}/api/v1/boards", headers={"Host": "evil.example"}, timeout=30)
    assert answer.status_code == 400


def test_every_question_is_described(address: str) -> None:
    described = requests.get(f"{address}/api/v1/openapi.json", timeout=30).json()
    listed = requests.get(f"{address}/api/v1", timeout=30).json()["questions"]
    assert set(described["paths"]) == {f"/api/v1/{name}" for name in ENDPOINTS}
    assert set(listed) == set(ENDPOINTS)
    for path in described["paths"].values():
        (operation,) = path.values()
        assert operation["summary"]
        for parameter in operation.get("parameters", ()):
            assert set(parameter) == {"name", "in", "required", "description", "schema"}


def test_the_site_is_served_beside_the_api(address: str, site: Path) -> None:
    home_page = requests.get(f"{address}/zh/", timeout=30)
    assert home_page.content == (site / "zh" / "index.html").read_bytes()
    tag = {"If-None-Match": home_page.headers["etag"]}
    assert requests.get(f"{address}/zh/", headers=tag, timeout=30).status_code == 304
    missing = requests.get(f"{address}/no/such/page/", timeout=30)
    assert (missing.status_code, missing.content) == (404, (site / "404.html").read_bytes())


def test_the_command_serves_without_a_site(story: Path) -> None:
    with served("serve", "--port", "0") as address:
        answer = requests.get(f"{address}api/v1/boards", timeout=60)
        assert requests.get(address, timeout=60).status_code == 404
    assert len(answer.json()["rows"]) == 5
