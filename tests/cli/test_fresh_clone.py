"""Thirty short questions, each answered by one command in a fresh clone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.fresh_clone_questions import QUESTIONS, Question


def test_there_are_thirty_short_questions_in_both_languages() -> None:
    texts = [text for asked in QUESTIONS for text in (asked.en, asked.zh)]
    assert (len(QUESTIONS), len(set(texts))) == (30, 60)


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: asked.en)
def test_one_command_answers_the_question(
    cli: Callable[..., Any], bundled: Path, asked: Question
) -> None:
    answer = cli(*asked.command, "--format", "json", "--db", str(bundled))
    assert answer.code == 0
    first = answer.rows[0] if isinstance(answer.rows, list) else answer.rows
    assert first[asked.at] == asked.answer
