"""Thirty questions: each command gives the answer that raw files give, computed apart.

The scores are invented, the models, tasks and boards those of the registry; ``tests/real`` asks the
same of the published results.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.real.comparing import differences
from tests.real.independent_answers import Answers
from tests.real.independent_reader import Reader
from tests.support.catalogs import Loaded
from tests.support.invented_results import invent
from tests.support.questions import Question, read_questions
from tests.support.shared import curated_once, made_once
from tests.support.state_worlds import put_registry
from tracker.api import open_catalog
from tracker.catalog.starter import REGISTRY
from tracker.common.paths import resource
from tracker.pages.views.dated import dated_days
from tracker.sources import benchmark_registry

QUESTIONS = read_questions()
BOARDS = sorted({asked.board for asked in QUESTIONS if asked.board})
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def invented(tmp_path_factory: pytest.TempPathFactory, blank: Path) -> Path:
    """A folder with a results repository and a home that was loaded from it."""

    def make(folder: Path) -> None:
        results = invent(folder, BOARDS)
        made = Loaded.fresh(folder / "home" / "db", blank)
        made = made.knowing(curated_once(resource("db/curated")))
        export = benchmark_registry.read_export(resource("db/starter") / REGISTRY, 1 << 28)
        put_registry(made, export)
        made.take_results(results)
        made.load()

    return made_once(tmp_path_factory, "invented", make)


@pytest.fixture(scope="session")
def answers(invented: Path) -> Answers:
    """The independent answers."""
    return Answers(Reader(invented / "results.git", BOARDS))


def test_there_are_thirty_questions_in_both_languages() -> None:
    texts = [text for asked in QUESTIONS for text in (asked.en, asked.zh)]
    assert (len(QUESTIONS), len(set(texts))) == (30, 60)


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: asked.en)
def test_a_command_gives_the_answer_of_the_raw_files(
    cli: Callable[..., Any],
    invented: Path,
    answers: Answers,
    monkeypatch: pytest.MonkeyPatch,
    asked: Question,
) -> None:
    expected = answers.answer(asked)
    monkeypatch.setenv("TRACKER_HOME", str(invented / "home"))
    answer = cli(*asked.words, "--format", "json")
    assert (answer.code, expected != []) == (0, True)
    assert differences(asked, expected, answer.rows) == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_documentation_has_each_question_with_command_and_page(language: str) -> None:
    name = "thirty-questions.md" if language == "en" else f"thirty-questions.{language}.md"
    text = (ROOT / "site/docs/howto" / name).read_text("utf-8")
    entry = re.compile(
        r"\*\*(\d+)\. (.+)\*\* `(\S+)` \((?:page|页面) `(\S+)`\)\n\n```sh\ntracker (.+)\n```"
    )
    assert entry.findall(text) == [
        (str(number), getattr(asked, language), asked.answer, asked.page, asked.command)
        for number, asked in enumerate(QUESTIONS, 1)
    ]


def test_each_page_of_a_question_is_one_that_the_site_has(invented: Path, built: Path) -> None:
    with open_catalog(invented / "home/db/catalog.db") as catalog:
        editions = {edition for edition in catalog.editions() if edition.current}
        pages = {f"tasks/{task.slug}/" for task in catalog.task_list()}
        for edition in editions:
            days = dated_days(edition, catalog.leader_list(edition))
            kinds = ("", "trained/", *(f"as-of/{day}/" for day in days))
            pages |= {f"boards/{edition.slug}/{kind}" for kind in kinds}
    # Pages of no single board and task are those of every site.
    pages |= {f"{path.parent.name}/" for path in built.glob("*/index.html")}
    assert {urlsplit(asked.page).path for asked in QUESTIONS} <= pages
    series = {edition.series for edition in editions}
    for asked in QUESTIONS:
        parts = urlsplit(asked.page)
        if parts.path == "choose/":
            given = parse_qs(parts.query, strict_parsing=True)
            assert given.keys() <= {"board", "type", "language", *readers()}
            assert set(given["board"]) <= series


def readers() -> set[str]:
    """Names of conditions that the page of choices reads from its address."""
    text = (ROOT / "site/docs/assets/choose_rules.js").read_text("utf-8")
    block = text.partition("const readers = {")[2].partition("};")[0]
    return set(re.findall(r'^    "?([\w-]+)"?:', block, re.MULTILINE))
