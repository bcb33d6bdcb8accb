"""The thirty questions, each answered from the published result files as by its command.

By default those of the bundle; ``TRACKER_RESULTS`` and ``TRACKER_FULL_HOME`` name all of them and a
home that was loaded from them, for which ``questions.yaml`` has the first row of each answer.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.real import (
    independent_answers,
    independent_board,
    independent_conditions,
    independent_draws,
)
from tests.real.comparing import differences, first_answer
from tests.real.independent_answers import Answers
from tests.real.independent_reader import Reader
from tests.real.raw_boards import FULL_HOME, HAS_RESULTS, NO_RESULTS, WHOLE
from tests.support.questions import Question, read_questions

QUESTIONS = read_questions()


@pytest.fixture(scope="module")
def answers(results: Path) -> Answers:
    return Answers(Reader(results, sorted({one.board for one in QUESTIONS if one.board})))


@pytest.mark.skipif(not HAS_RESULTS, reason=NO_RESULTS)
@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: asked.en)
def test_a_command_gives_the_answer_of_the_published_files(
    cli: Callable[..., Any],
    catalog_file: Path,
    answers: Answers,
    monkeypatch: pytest.MonkeyPatch,
    asked: Question,
) -> None:
    expected = answers.answer(asked)
    monkeypatch.setenv("TRACKER_HOME", str(catalog_file.parents[1]))
    answer = cli(*asked.words, "--format", "json", "--db", str(catalog_file))
    if not expected:
        # The bundle has no result of some tasks.
        assert not (WHOLE and FULL_HOME)
        assert answer.code == 1 or answer.rows == []
        return
    assert differences(asked, expected, answer.rows) == []
    if WHOLE and FULL_HOME:
        assert first_answer(asked, expected) == asked.answer


@pytest.mark.parametrize(
    "module",
    [independent_answers, independent_board, independent_conditions, independent_draws],
    ids=lambda module: module.__name__.rpartition(".")[2],
)
def test_independent_answers_import_nothing_of_the_tracker(module: ModuleType) -> None:
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    names = {
        name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
    }
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    own = {name for name in names if name.startswith(("tests.real.independent", "tests.support."))}
    assert {name.partition(".")[0] for name in names - own} <= {
        *sys.stdlib_module_names, "packaging", "yaml",
    }  # fmt: skip
    assert own & {name for name in own if name.startswith("tests.support.")} <= {
        "tests.support.questions"
    }
