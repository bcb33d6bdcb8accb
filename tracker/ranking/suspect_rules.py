"""Rules on suspect scores: their names, excluded tasks, and wrong evaluator versions."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Literal, NamedTuple

from packaging.version import InvalidVersion, Version

Rule = Literal[
    "mrr-at-1", "main-score", "out-of-range", "evaluator", "equal", "siblings", "dataset-revision"
]
"""``mrr-at-1``: MRR@1 is not precision@1, though both ask whether the first document is relevant;
``main-score``: the main score is not the value of the task's main metric in the same file;
``out-of-range``: the main score is outside of its metric's range;
``evaluator``: the file was written by an evaluator version that is reported to be wrong;
``equal``: the score equals that of another model to the last digit;
``siblings``: the score is farther from those of the model's siblings than 99 % of siblings are;
``dataset-revision``: results of one task come from several revisions of its dataset."""
RULES: tuple[Rule, ...] = (
    "mrr-at-1", "main-score", "out-of-range", "evaluator", "equal", "siblings", "dataset-revision",
)  # fmt: skip
OF_SCORES: tuple[Rule, ...] = RULES[:-1]
"""Rules whose findings are about a score; a changed dataset revision is about a task."""


class Words(NamedTuple):
    """One text in both languages."""

    en: str
    zh: str


class Exclusion(NamedTuple):
    """Tasks for which a rule does not hold."""

    rule: Rule
    tasks: tuple[str, ...]
    """Names, or patterns such as ``*ArguAna*``."""
    reason: Words
    source: str


class EvaluatorError(NamedTuple):
    """Evaluator versions that are reported to compute some tasks wrongly."""

    tasks: tuple[str, ...]
    first: str | None
    """First wrong version; ``None`` for all earlier ones."""
    last: str | None
    """Last version that is known to be wrong; ``None`` if ``fixed`` says when it ends."""
    fixed: str | None
    """First version that is right again; ``None`` with ``last`` or where nothing changed."""
    what: Words
    source: str

    def holds(self, task: str, version: str | None) -> bool:
        """Whether a result of a task, written by an evaluator version, has the error."""
        if not _matches(task, self.tasks):
            return False
        if self.first is self.last is self.fixed is None:
            return True
        try:
            own = Version(version or "")
        except InvalidVersion:
            return False
        return (
            (self.first is None or own >= Version(self.first))
            and (self.last is None or own <= Version(self.last))
            and (self.fixed is None or own < Version(self.fixed))
        )


class RuleBook(NamedTuple):
    """Excluded tasks and known evaluator errors."""

    excluded: tuple[Exclusion, ...] = ()
    evaluators: tuple[EvaluatorError, ...] = ()

    def exclusion(self, rule: str, task: str) -> Exclusion | None:
        """Why a rule does not hold for a task; ``None`` if it does."""
        found = (one for one in self.excluded if one.rule == rule and _matches(task, one.tasks))
        return next(found, None)

    def applies(self, rule: str, task: str) -> bool:
        """Whether a rule holds for a task."""
        return self.exclusion(rule, task) is None

    def evaluator_error(self, task: str, version: str | None) -> EvaluatorError | None:
        """The reported error of the evaluator that wrote a result, if any."""
        if not self.applies("evaluator", task):
            return None
        return next((one for one in self.evaluators if one.holds(task, version)), None)


def _matches(task: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(task, pattern) for pattern in patterns)
