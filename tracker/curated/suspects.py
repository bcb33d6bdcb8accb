"""The curated file on suspect scores: excluded tasks, and wrong evaluator versions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import model_validator

from tracker.curated.basics import BilingualText, Day, Link, Pattern, Record, Text, wrong
from tracker.curated.document import Document
from tracker.ranking.suspect_rules import EvaluatorError, Exclusion, RuleBook, Words

FILE = "suspects.yaml"

Version = Annotated[str, Pattern(r"\d+(\.\d+)+", "a version such as 2.18.19")]


class ExclusionEntry(Record):
    """Tasks for which a rule does not hold."""

    rule: Literal["mrr-at-1", "main-score", "out-of-range", "evaluator", "equal", "siblings",
                  "dataset-revision"]  # fmt: skip
    tasks: tuple[Text, ...]
    """Names, or patterns such as ``*ArguAna*``."""
    reason: BilingualText
    source: Link
    """Where the reason can be read, at a fixed version."""
    checked: Day


class EvaluatorEntry(Record):
    """Evaluator versions that a report says compute some tasks wrongly."""

    tasks: tuple[Text, ...]
    """Names or patterns."""
    first: Version | None = None
    """First wrong version; all earlier ones by default."""
    last: Version | None = None
    """Last version that the report names as wrong."""
    fixed: Version | None = None
    """First version with the repair."""
    what: BilingualText
    source: Link
    """The report."""
    checked: Day

    @model_validator(mode="after")
    def _one_end(self) -> EvaluatorEntry:
        if self.last is not None and self.fixed is not None:
            raise wrong("both last and fixed", "keep the one that the report gives")
        return self


class SuspectsFile(Record):
    """The layout of ``suspects.yaml``."""

    excluded: tuple[ExclusionEntry, ...] = ()
    evaluators: tuple[EvaluatorEntry, ...] = ()

    def rule_book(self) -> RuleBook:
        """The same for the rules."""
        return RuleBook(
            tuple(
                Exclusion(entry.rule, entry.tasks, _words(entry.reason), entry.source)
                for entry in self.excluded
            ),
            tuple(
                EvaluatorError(
                    entry.tasks, entry.first, entry.last, entry.fixed, _words(entry.what),
                    entry.source,
                )
                for entry in self.evaluators
            ),
        )  # fmt: skip


def read_suspects_file(folder: Path) -> SuspectsFile:
    """Read ``suspects.yaml`` of a curated folder; nothing is excluded where there is none.

    Raises:
        CuratedError: The first mistake in the file.
    """
    path = folder / FILE
    return Document(path).read(SuspectsFile) if path.is_file() else SuspectsFile()


def _words(text: BilingualText) -> Words:
    return Words(text.en, text.zh)
