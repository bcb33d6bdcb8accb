"""Everything that has a name has a hostile one: API, tools and notices stay well formed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.catalogs import Loaded
from tests.support.hostile_world import BOARD, LIVE, TEXTS, model_names

pytest.importorskip("starlette", reason="the extra serve is not installed")
pytest.importorskip("mcp", reason="the extra mcp is not installed")

from mcp import Client
from starlette.testclient import TestClient

from tests.support.served import run_async
from tracker.serving.catalog_thread import CatalogThread
from tracker.serving.mcp_server import mcp_server
from tracker.serving.web import web_app
from tracker.update.watch_events import events
from tracker.update.watch_rules import Rule

MODELS = model_names()
PATHS: dict[str, dict[str, Any]] = {
    "boards": {},
    "leaderboard": {"board": LIVE},
    "leaders": {"board": LIVE},
    "history": {"board": LIVE, "model": MODELS[0]},
    "changes": {"board": LIVE},
    "why": {"model": MODELS[0], "board": BOARD},
    "choose": {"board": LIVE},
    "compare": {"names": MODELS[:2]},
    "models": {},
    "papers": {},
    "datasets": {},
    "techniques": {},
    "search": {"text": "Zq7"},
    "doctor": {},
}
TOOLS: dict[str, dict[str, Any]] = {
    "leaderboard": {"board": LIVE},
    "leaders": {"board": LIVE},
    "history": {"model": MODELS[0], "board": LIVE},
    "changes": {"board": LIVE},
    "why": {"model": MODELS[0], "board": BOARD},
    "boards": {},
    "model": {"name": MODELS[0]},
    "compare": {"models": MODELS[:2]},
    "choose": {"board": LIVE},
    "papers": {"query": "Zq7paper"},
    "check_text": {"text": f"{MODELS[0]} has 8 dimensions."},
    "search": {"words": "Zq7"},
    "sql": {"query": "select name from model"},
}


@pytest.fixture(scope="module")
def catalog(hostile: Loaded) -> Any:
    opened = CatalogThread(hostile.url)
    yield opened
    opened.close()


def test_every_answer_of_the_api_is_json_with_the_names_as_they_are(
    catalog: CatalogThread, home: Path
) -> None:
    home.mkdir()
    (home / "index.html").write_text("")
    client = TestClient(web_app(catalog, home, host="testserver"))
    for path, asked in PATHS.items():
        answer = client.get(f"/api/v1/{path}", params=asked)
        assert answer.status_code == 200, (path, answer.text)
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["x-content-type-options"] == "nosniff"
        answer.json()
    rows = client.get("/api/v1/leaderboard", params={"board": LIVE}).json()["rows"]
    assert {row["model"] for row in rows} == set(MODELS)
    for text in TEXTS.values():
        answer = client.get("/api/v1/model", params={"name": f"{text} unknown"})
        assert (answer.status_code, "error" in answer.json()) == (404, True)


def test_every_tool_answers_about_hostile_names(catalog: CatalogThread, home: Path) -> None:
    async def run() -> list[Any]:
        async with Client(mcp_server(catalog, "https://example.org/site/")) as client:
            return [await client.call_tool(name, asked) for name, asked in TOOLS.items()]

    for name, result in zip(TOOLS, run_async(run), strict=True):
        assert not result.is_error, (name, result.content)
        json.dumps(result.structured_content)


def test_a_notice_is_one_line_an_event(hostile: Loaded, home: Path) -> None:
    rules = [
        Rule(name="lead", when="leader-changed", board="c-mteb"),
        Rule(name="top", when="entered-top", board=LIVE, top=21),
        Rule(name="passed", when="passed", board=LIVE, model=MODELS[0]),
        *(
            Rule(name="paper", when="paper-matched", technique=f"term-{n}")
            for n in range(len(TEXTS))
        ),
    ]
    with hostile.open() as opened:
        texts = [event.text for rule in rules for event in events(opened, rule, "", "9")]
    assert len(texts) > len(TEXTS)
    assert [text for text in texts if not text.isprintable()] == []
