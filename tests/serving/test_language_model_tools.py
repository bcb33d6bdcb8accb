"""The tools for language models: each is called by a client of the official SDK."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("mcp", reason="the extra mcp is not installed")

from mcp import Client, StdioServerParameters

from tests.support.catalogs import Loaded
from tests.support.served import run_async, served
from tracker.serving.catalog_thread import CatalogThread
from tracker.serving.mcp_server import mcp_server
from tracker.serving.tools import NAMES

pytestmark = pytest.mark.filterwarnings("default::ResourceWarning")

Call = Callable[..., dict[str, Any]]


def call_all(server: Any, *calls: tuple[str, dict[str, Any]]) -> list[Any]:
    """Call tools of a server one after another with the SDK's own client."""

    async def run() -> list[Any]:
        async with Client(server) as client:
            return [await client.call_tool(name, arguments) for name, arguments in calls]

    return run_async(run)


@pytest.fixture
def call(story: Path) -> Iterator[Call]:
    """Calls a tool on the catalog of the story."""
    catalog = CatalogThread()
    server = mcp_server(catalog, "https://example.org/site/")

    def ask(tool: str, **arguments: Any) -> dict[str, Any]:
        (result,) = call_all(server, (tool, arguments))
        assert not result.is_error, result.content
        found: dict[str, Any] = result.structured_content
        return found

    yield ask
    catalog.close()


EVERY_TOOL: dict[str, dict[str, Any]] = {
    "leaderboard": {"board": "MTEB(eng, v2)"},
    "leaders": {"board": "mteb-english"},
    "history": {"model": "lab/one", "board": "mteb-english"},
    "changes": {"board": "mteb-english"},
    "why": {"model": "mill/two", "board": "MTEB(eng, v2)"},
    "boards": {"words": "english"},
    "model": {"name": "lab/one"},
    "compare": {"models": ["lab/one", "mill/two"]},
    "choose": {"board": "MTEB(eng, v2)", "task_types": "STS"},
    "papers": {"query": "embedding"},
    "check_text": {"text": "lab/one has 512 dimensions."},
    "search": {"words": "lab"},
    "sql": {"query": "select count(*) as n from series"},
}


def test_every_tool_answers_and_only_reads(story: Path) -> None:
    async def run() -> None:
        async with Client(mcp_server(catalog, None)) as client:
            tools = (await client.list_tools()).tools
            assert [tool.name for tool in tools] == list(NAMES)
            assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools)
            for name, arguments in EVERY_TOOL.items():
                result = await client.call_tool(name, arguments)
                found = result.structured_content
                assert not result.is_error and found is not None, name
                assert found["known"] is True
                assert set(found["catalog"]) == {"digest", "data_until"}

    assert set(EVERY_TOOL) == set(NAMES)
    catalog = CatalogThread()
    try:
        run_async(run)
    finally:
        catalog.close()


def test_a_board_has_its_day_origin_and_links(call: Call) -> None:
    found = call("leaderboard", board="mteb-english", as_of="2026-08-20", top=1)
    assert found["answer"].startswith("At the end of 2026-08-20 (UTC) yard/new leads")
    assert (found["board"], found["origin"], found["n_ranked"]) == ("MTEB(eng, v2)", "published", 3)
    assert found["page"] == "https://example.org/site/boards/mteb-eng-v2/"
    assert found["source"]["url"] == "https://example.org/scores/MTEB(eng, v2)"
    (row,) = found["rows"]
    assert (row["rank"], row["model"], row["mean_task"]) == (1, "yard/new", 81.25)


def test_what_is_not_known_is_said(call: Call) -> None:
    assert call("leaderboard", board="no such board")["known"] is False
    missing = call("model", name="lab/nobody")
    assert (missing["known"], "lab/nobody" in missing["message"]) == (False, True)
    assert call("leaderboard", board="mteb-english", as_of="2001-01-01")["known"] is False
    assert "pooling" in call("model", name="lab/one")["not_known"]


def test_how_a_name_was_understood_is_in_the_answer(call: Call) -> None:
    found = call("history", model="lab/onee", board="mteb-english")
    assert found["understood"] == ["no model is called 'lab/onee'; this is lab/one"]


@pytest.mark.parametrize(
    ("tool", "arguments", "message"),
    [
        ("leaderboard", {"as_of": "someday"}, "'someday' is not a date"),
        ("sql", {"query": "delete from model"}, "sql: "),
        ("sql", {"query": "update model set name = 'x'"}, "sql: "),
        ("compare", {"models": ["lab/one", "lab/one"]}, "two different models"),
        ("leaderboard", {"top": 1000}, "less than or equal to 50"),
    ],
)
def test_a_wrong_call_is_refused_in_one_sentence(
    story: Path, tool: str, arguments: dict[str, Any], message: str
) -> None:
    catalog = CatalogThread()
    (result,) = call_all(mcp_server(catalog, None), (tool, arguments))
    catalog.close()
    assert result.is_error
    assert message in result.content[0].text


def test_sql_gives_a_hundred_rows_and_says_that_there_are_more(call: Call) -> None:
    query = "with recursive n(i) as (select 1 union all select i + 1 from n) select i from n"
    found = call("sql", query=query)
    assert [found["rows"][0], len(found["rows"])] == [[1], 100]
    assert found["more"] == "only the first 100 rows"


def test_a_load_is_seen_by_a_server_that_runs(
    own_copy: Callable[[Loaded], Loaded], told: Loaded
) -> None:
    own = own_copy(told)
    catalog = CatalogThread(own.url)
    before = catalog.ask(lambda open_one: open_one)
    assert catalog.ask(lambda open_one: open_one) is before
    own.load()
    assert catalog.ask(lambda open_one: open_one) is not before
    catalog.close()


def test_the_command_serves_stdio(story: Path) -> None:
    start = StdioServerParameters(
        command=sys.executable, args=["-m", "tracker", "mcp"], env=dict(os.environ)
    )
    (result,) = call_all(start, ("boards", {}))
    assert result.structured_content["n"] == 5


def test_the_command_serves_streamable_http(cli: Callable[..., Any], story: Path) -> None:
    with served("mcp", "--http", "--port", "0") as address:
        (result,) = call_all(address, ("leaderboard", {"board": "MTEB(eng, v2)"}))
        port = address.rpartition(":")[2].partition("/")[0]
        refused = cli("mcp", "--http", "--port", port)
    assert result.structured_content["rows"][0]["model"] == "yard/new"
    assert refused.code == 1
    assert refused.err.startswith(f"error: 127.0.0.1 port {port}: Address already in use")
