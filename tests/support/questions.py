"""Thirty questions that people ask before they choose a model, from ``questions.yaml``."""

from __future__ import annotations

import argparse
import shlex
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("questions.yaml")


def parser() -> argparse.ArgumentParser:
    """The options that questions use."""
    options = argparse.ArgumentParser(exit_on_error=False)
    options.add_argument("verb")
    options.add_argument("names", nargs="*")
    for name in (
        "as-of", "type", "tasks", "language", "max-parameters", "max-memory", "licence", "org",
        "pooling", "base", "released-since", "rank-by", "sort", "board", "rule", "domain",
    ):  # fmt: skip
        options.add_argument(f"--{name}")
    for name in (
        "open-weights", "commercial", "untrained-only", "no-instructions", "intervals",
        "complete-only", "front", "dropped",
    ):  # fmt: skip
        options.add_argument(f"--{name}", action="store_true")
    options.add_argument("--task", action="append", default=[])
    options.add_argument("--min-context", type=int)
    options.add_argument("--top", type=int)
    return options


@dataclass(frozen=True)
class Question:
    """A question with its command, as in ``questions.yaml``."""

    en: str
    zh: str
    command: str
    page: str
    board: str | None = None
    """Name of the board in the registry, where the command has a word for it."""
    language: str | None = None
    """ISO 639-3 code, where the command has a word for it."""
    answer: str | None = None
    """Model, or task, of the first row over all public results."""

    @property
    def words(self) -> list[str]:
        """The words of the command after ``tracker``."""
        return shlex.split(self.command)

    @cached_property
    def asked(self) -> argparse.Namespace:
        """Its options."""
        return parser().parse_args(self.words)


def read_questions() -> list[Question]:
    """The thirty questions."""
    entries = yaml.safe_load(FILE.read_text("utf-8"))["questions"]
    return [Question(**entry) for entry in entries]
