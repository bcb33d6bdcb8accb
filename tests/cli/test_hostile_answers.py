"""Everything that has a name has a hostile one: the output of every reading command is harmless."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bibtexparser
import pytest

from tests.support.catalogs import Loaded
from tests.support.hostile_world import BOARD, LIVE, PLAIN, TEXTS, model_names, names
from tracker.api import Catalog

Run = Callable[..., Any]
MODELS, TASKS = model_names(), names("task")
COMMANDS: dict[str, tuple[str, ...]] = {
    "boards": ("boards",),
    "board": ("leaderboard", LIVE),
    "computed board": ("leaderboard", BOARD),
    "choose": ("choose", LIVE),
    "history": ("history", LIVE, MODELS[0]),
    "leaders": ("leaders", LIVE),
    "changes": ("changes",),
    "why": ("why", MODELS[0], BOARD),
    "task": ("task", TASKS[0]),
    "tasks": ("tasks",),
    "contamination": ("contamination", BOARD),
    "claims": ("claims", MODELS[0]),
    "models": ("models",),
    "model": ("model", MODELS[0]),
    "lineage": ("lineage", MODELS[1]),
    "compare": ("compare", MODELS[0], MODELS[1]),
    "papers": ("papers",),
    "paper": ("paper", "2405.00010"),
    "status": ("status",),
    "doctor": ("doctor",),
    "lint": ("lint",),
    "search": ("search", "Zq7"),
    "datasets": ("datasets",),
    "dataset": ("dataset", "dataset-0"),
    "organisations": ("organisations",),
    "techniques": ("techniques",),
    "technique": ("technique", "term-0"),
    "bases": ("bases",),
    "evidence": ("evidence", PLAIN[0]),
    "sql": ("sql", "select name from task union select name from edition"),
}
FORMULA = re.compile(r"[=+@\t\r-](?![\d.]+$)")


@pytest.fixture
def hostile_home(home: Path, hostile: Loaded) -> Path:
    """The isolated home with the hostile catalog, for tests that only read it."""
    (home / "db").mkdir(parents=True)
    (home / "db" / "catalog.db").symlink_to(hostile.path)
    (home / "db" / "snapshots").symlink_to(hostile.archive)
    (home / "db" / "clones").symlink_to(hostile.clones)
    return home


def controls(text: str) -> set[str]:
    """Characters that a terminal obeys or that turn text around."""
    return {c for c in text if unicodedata.category(c)[0] == "C" and c not in "\n\u200d"}


@pytest.mark.usefixtures("hostile_home")
@pytest.mark.parametrize("command", COMMANDS)
def test_every_format_of_an_answer_is_whole_and_harmless(cli: Run, command: str) -> None:
    asked = COMMANDS[command]
    for format_ in ("table", "markdown"):
        answer = cli(*asked, "-f", format_)
        assert (answer.code, answer.out != "") == (0, True), answer.err
        assert controls(answer.out + answer.err) == set(), (format_, answer.out)
    assert not re.search(r"(?<!\\)<(script|img|javascript)", answer.out)
    assert not re.search(r"(?<!\\)\]\(\s*<?javascript:", answer.out)
    json.loads(cli(*asked, "-f", "json").out)
    for excel in ((), ("--excel",)):
        text = cli(*asked, "-f", "csv", *excel).out
        rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
        assert len({len(row) for row in rows}) == 1
    assert [cell for row in rows for cell in row if FORMULA.match(cell)] == []


@pytest.mark.usefixtures("hostile_home")
@pytest.mark.parametrize("text", TEXTS)
def test_an_unknown_hostile_name_is_one_harmless_line_everywhere(cli: Run, text: str) -> None:
    unknown = TEXTS[text] + " unknown"
    asked = [
        ("leaderboard", unknown), ("history", LIVE, unknown), ("why", unknown, LIVE),
        ("task", unknown), ("model", unknown), ("paper", unknown), ("dataset", unknown),
        ("organisations", unknown), ("technique", unknown), ("bibtex", unknown),
        ("leaderboard", LIVE, "--as-of", unknown), ("sql", f"select {unknown}"),
    ]  # fmt: skip
    for command, *arguments in asked:
        answer = (
            cli(command, "--", *arguments)
            if "--as-of" not in arguments
            else cli(command, *arguments)
        )
        assert (answer.code in (1, 2), answer.out) == (True, ""), (command, answer)
        assert len(answer.err.splitlines()) <= 2, answer.err
        assert len(answer.err) < 3_000
        assert controls(answer.err) == set(), (command, answer.err)


@pytest.mark.usefixtures("hostile_home")
def test_references_of_hostile_papers_can_be_read(cli: Run) -> None:
    papers = [f"2405.{n:05}" for n in range(10, 10 + len(TEXTS))]
    text = cli("bibtex", *papers, "--format", "bibtex").out
    library = bibtexparser.parse_string(text)
    assert (len(library.entries), library.failed_blocks) == (len(papers), [])
    assert {frozenset(entry.fields_dict) for entry in library.entries} == {
        frozenset(library.entries[0].fields_dict)
    }
    assert controls(text) == set()
    items = json.loads(cli("bibtex", *papers, "--format", "csl-json").out)
    assert len(items) == len(papers)
    assert controls(json.dumps(items, ensure_ascii=False)) == set()
    lines = [line for line in cli("bibtex", *papers, "--format", "ris").out.split("\n") if line]
    assert [line for line in lines if not re.match(r"[A-Z][A-Z0-9]  - ", line)] == []
    assert sum(line.startswith("TY") for line in lines) == len(papers)


@pytest.mark.usefixtures("hostile_home")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_note_holds_no_markup_of_a_name(cli: Run, language: str) -> None:
    note = cli("note", "--lang", language)
    assert note.code == 0, note.err
    assert controls(note.out) == set()
    assert not re.search(r"(?<!\\)<(script|img|javascript)", note.out)


def test_every_model_can_be_asked_for_by_its_name(hostile: Loaded) -> None:
    with hostile.open() as catalog:
        assert isinstance(catalog, Catalog)
        for name in MODELS:
            assert catalog.model(name).name == name
        for name in TASKS:
            assert catalog.task(name).info.name == name
