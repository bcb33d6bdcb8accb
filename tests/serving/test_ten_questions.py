"""Ten questions that a language model answers wrongly from memory, asked through the tools.

The bundled data hold the answers, so they are the same in every fresh clone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

pytest.importorskip("mcp", reason="the extra mcp is not installed")

from mcp import Client

from tests.support.served import run_async
from tracker.serving.catalog_thread import CatalogThread
from tracker.serving.mcp_server import mcp_server

Found = dict[str, Any]


@pytest.fixture(scope="module")
def answers(bundled_url: str) -> Iterator[list[Found]]:
    """Answers of the tools to all questions, in one session."""
    catalog = CatalogThread(bundled_url)

    async def ask() -> list[Found]:
        found = []
        async with Client(mcp_server(catalog, None)) as client:
            for _, tool, arguments, _ in QUESTIONS:
                result = await client.call_tool(tool, arguments)
                assert not result.is_error, result.content
                assert result.structured_content is not None
                found.append(result.structured_content)
        return found

    yield run_async(ask)
    catalog.close()


def values_of(found: Found, name: str) -> list[str]:
    return [fact["value"] for fact in found["method"] if fact["property"] == name]


QUESTIONS: list[tuple[str, str, Found, Callable[[Found], object]]] = [
    (
        "Who led MTEB in March 2025?",
        "leaders",
        {"board": "mteb-english", "since": "2025-03", "until": "2025-03"},
        lambda found: (
            [(row["model"], row["from_day"], row["until_day"]) for row in found["rows"]]
            == [
                ("google/gemini-embedding-exp-03-07", "2025-03-07", "2025-04-28"),
                ("Linq-AI-Research/Linq-Embed-Mistral", "2025-02-05", "2025-03-06"),
            ]
        ),
    ),
    (
        "Is NV-Embed-v2 still first?",
        "why",
        {"model": "NV-Embed-v2", "board": "mteb-english", "as_of": "2026-08-20"},
        lambda found: found["answer"] == "nvidia/NV-Embed-v2 has rank 23 of 333 on MTEB(eng, v2).",
    ),
    (
        "When did NV-Embed-v2 lead?",
        "leaders",
        {"board": "mteb-english", "since": "2024-08-30", "until": "2025-01-07"},
        lambda found: (
            [(row["model"], row["from_day"], row["until_day"]) for row in found["rows"]]
            == [("nvidia/NV-Embed-v2", "2024-08-30", "2025-01-07")]
        ),
    ),
    (
        "What pools Qwen3-Embedding?",
        "model",
        {"name": "Qwen3-Embedding-8B"},
        lambda found: values_of(found, "pooling") == ["eos"],
    ),
    (
        "May NV-Embed-v2 be used commercially?",
        "model",
        {"name": "nvidia/NV-Embed-v2"},
        lambda found: values_of(found, "licence") == ["cc-by-nc-4.0"],
    ),
    (
        "How many tasks has the present English board?",
        "leaderboard",
        {"board": "mteb-english", "as_of": "2025-06-01", "top": 1},
        lambda found: (found["board"], found["n_tasks"]) == ("MTEB(eng, v2)", 41),
    ),
    (
        "How long may an input of bge-m3 be: 512 tokens?",
        "check_text",
        {"text": "bge-m3 has a context of 512 tokens."},
        lambda found: (
            [(row["verdict"], row["actual"]) for row in found["rows"]] == [("false", "8192")]
        ),
    ),
    (
        "Was text-embedding-3-large the leader of MTEB in October 2024?",
        "check_text",
        {"text": "text-embedding-3-large is first on MTEB.", "date": "2024-10-22"},
        lambda found: [row["verdict"] for row in found["rows"]] == ["false"],
    ),
    (
        "Who leads the Chinese board?",
        "leaderboard",
        {"board": "C-MTEB", "as_of": "2026-08-20", "top": 1},
        lambda found: (
            (found["board"], found["rows"][0]["model"])
            == ("MTEB(cmn, v1)", "Kingsoft-LLM/QZhou-Embedding-Zh")
        ),
    ),
    (
        "How good is acme/embed-9000?",
        "model",
        {"name": "acme/embed-9000"},
        lambda found: found["known"] is False,
    ),
]


@pytest.mark.parametrize("number", range(10), ids=lambda number: QUESTIONS[number][0])
def test_the_tools_know_better(answers: list[Found], number: int) -> None:
    *_, is_right = QUESTIONS[number]
    assert is_right(answers[number]), answers[number]


def test_answers_are_small(answers: list[Found]) -> None:
    import orjson

    sizes = [len(orjson.dumps(found)) for found in answers]
    assert max(sizes) <= 10_000
