"""The verb that checks a text: its formats, its corrections, and what it refuses."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import orjson
import pytest

Run = Callable[..., Any]
HOWTO = Path(__file__).resolve().parents[2] / "site" / "docs" / "howto"

TEXT = """\
---
date: 2024-10-22
---

# Leaders

- NV-Embed-v2 is second on the English MTEB.
- Linq-Embed-Mistral ranks 11th there with 68.2.
"""
SECOND = {
    "start": 39,
    "end": 80,
    "statement": "NV-Embed-v2 is second on the English MTEB",
    "kind": "rank",
    "model": "nvidia/NV-Embed-v2",
    "board": "published/en",
    "claimed": 2,
    "actual": 1,
    "verdict": "true_on_other_days",
    "days": [["2024-09-25", "2024-09-25"], ["2025-01-08", "2025-02-04"]],
    "link": "https://github.com/embeddings-benchmark/leaderboard/commit/",
    "reason": "rank 1 on published/en on 2024-10-22; it held on 2024-09-25, 2025-01-08"
    " to 2025-02-04",
}


@pytest.fixture
def page(seeded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Writes a text into a folder with the bundled data as its home."""
    monkeypatch.chdir(tmp_path)

    def write(text: str) -> str:
        Path("page.md").write_text(text, "utf-8")
        return "page.md"

    return write


def test_json_is_a_list_of_objects_with_fixed_keys(cli: Run, page: Callable[[str], str]) -> None:
    answer = cli("check", page(TEXT), "--format", "json")
    assert answer.code == 0
    (second, *_) = answer.rows
    second["link"] = second["link"][:59]
    assert second == SECOND
    assert all(list(row) == list(SECOND) for row in answer.rows)
    assert "statements" in answer.err


def test_text_names_line_column_verdict_and_reason(cli: Run, page: Callable[[str], str]) -> None:
    lines = cli("check", page(TEXT)).out.splitlines()
    assert lines[0].startswith("page.md:7:3: true on other days: NV-Embed-v2 is second on the")
    assert lines[1] == f"    rank: {SECOND['reason']}"


def test_sarif_points_at_the_lines(cli: Run, page: Callable[[str], str]) -> None:
    found = orjson.loads(cli("check", page(TEXT), "--format", "sarif").out)
    assert (found["version"], len(found["runs"])) == ("2.1.0", 1)
    first = found["runs"][0]["results"][0]
    place = first["locations"][0]["physicalLocation"]
    assert (first["ruleId"], first["level"]) == ("rank", "warning")
    assert place["artifactLocation"] == {"uri": "page.md"}
    assert place["region"] == {
        "startLine": 7, "startColumn": 3, "endLine": 7, "endColumn": 44, "charOffset": 39,
        "charLength": 41,
    }  # fmt: skip


def test_fix_proposes_the_wrong_parts_only(cli: Run, page: Callable[[str], str]) -> None:
    text = TEXT.replace(" there with 68.2", " on the English MTEB with 68.71")
    assert cli("check", page(text), "--fix").out == (
        "--- page.md\n+++ page.md\n"
        "@@ -7 +7 @@\n"
        "-- NV-Embed-v2 is second on the English MTEB.\n"
        "+- NV-Embed-v2 is first on the English MTEB.\n"
        "@@ -8 +8 @@\n"
        "-- Linq-Embed-Mistral ranks 11th on the English MTEB with 68.71.\n"
        "+- Linq-Embed-Mistral ranks 12th on the English MTEB with 68.17.\n"
    )


def test_a_patch_of_a_last_line_without_its_end_says_so(
    cli: Run, page: Callable[[str], str]
) -> None:
    assert cli("check", page("bge-m3 has 768 dimensions."), "--fix").out == (
        "--- page.md\n+++ page.md\n@@ -1 +1 @@\n"
        "-bge-m3 has 768 dimensions.\n\\ No newline at end of file\n"
        "+bge-m3 has 1024 dimensions.\n\\ No newline at end of file\n"
    )


def test_a_patch_keeps_the_byte_order_mark_of_its_file(
    cli: Run, page: Callable[[str], str]
) -> None:
    name = page("\ufeffbge-m3 has 768 dimensions.\n")
    assert cli("check", name, "--fix").out == (
        "--- page.md\n+++ page.md\n@@ -1 +1 @@\n"
        "-\ufeffbge-m3 has 768 dimensions.\n+\ufeffbge-m3 has 1024 dimensions.\n"
    )
    found = orjson.loads(cli("check", name, "--format", "json").out)
    assert [(one["start"], one["end"]) for one in found] == [(1, 26)]


def test_sarif_names_the_file_as_a_uri(cli: Run, page: Callable[[str], str]) -> None:
    Path(page("bge-m3 has 768 dimensions.\n")).rename("a b#1 文.md")
    found = orjson.loads(cli("check", "a b#1 文.md", "--format", "sarif").out)
    place = found["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "a%20b%231%20%E6%96%87.md"}


def test_cite_adds_footnotes_and_changes_nothing_else(cli: Run, page: Callable[[str], str]) -> None:
    text = "NV-Embed-v2 has 7.85B parameters. More words.\n"
    lines = cli("check", page(text), "--cite").out.splitlines()
    assert lines[0] == "NV-Embed-v2 has 7.85B parameters[^tracker-1]. More words."
    assert lines[2].startswith("[^tracker-1]: number of parameters of nvidia/NV-Embed-v2: 7.85B: <")


def test_standard_input_and_strict(
    cli: Run, page: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    page("")
    body = SimpleNamespace(buffer=io.BytesIO("bge-m3 的向量维度为 768。".encode()))
    monkeypatch.setattr("sys.stdin", body)
    answer = cli("check", "-", "--strict", "--format", "table")
    assert answer.code == 1
    assert "false" in answer.out


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("missing.md",), 1, "cannot read missing.md: No such file or directory"),
        (("page.md", "--fix", "--cite"), 2, "choose one"),
        (("page.md", "--date", "soon"), 2, "'soon' is not a date"),
    ],
)
def test_a_wrong_use_is_one_line(
    cli: Run, page: Callable[[str], str], arguments: tuple[str, ...], code: int, message: str
) -> None:
    page(TEXT)
    answer = cli("check", *arguments)
    assert answer.code == code
    assert message in answer.err
    assert answer.err.count("\n") == 1


def test_an_address_is_asked_for_only_online(
    cli: Run, page: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    page("")
    monkeypatch.setenv("TRACKER_OFFLINE", "1")
    answer = cli("check", "https://example.org/post")
    assert answer.code == 1
    assert "offline" in answer.err


@pytest.mark.parametrize("name", ["check-a-text.md", "check-a-text.zh.md"])
def test_the_how_to_shows_what_is_printed(cli: Run, page: Callable[[str], str], name: str) -> None:
    shown = (HOWTO / name).read_text("utf-8")
    text = shown.split("<<'EOF'\n", 1)[1].split("EOF\n", 1)[0]
    printed = shown.split("```text\n", 1)[1].split("```\n", 1)[0]
    assert cli("check", page(text)).out.replace("page.md:", "post.md:") == printed
