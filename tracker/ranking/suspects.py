"""Suspect scores: what in a result file contradicts itself or cannot be.

A finding is a lead to look at, not a verdict: it says what stands in the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from tracker.ranking.metrics import is_possible

Rule = Literal["mrr-at-1", "main-score", "out-of-range"]
"""``mrr-at-1``: MRR@1 is not precision@1, though both ask whether the first document is relevant;
``main-score``: the main score is not the value of the task's main metric in the same file;
``out-of-range``: the main score is outside of its metric's range."""
RULES: tuple[Rule, ...] = ("mrr-at-1", "main-score", "out-of-range")

_ROUNDING = {"mrr-at-1": 1e-3, "main-score": 1e-4}
"""Difference up to which two values count as equal: files round to three digits and more."""
_OWN_DOCUMENT = (
    "queries are documents of the corpus themselves; a query's own document is left out of some"
    " metrics only"
)
_EXCLUDED: dict[tuple[Rule, str], str] = {
    ("mrr-at-1", "ArguAna"): _OWN_DOCUMENT,
    ("mrr-at-1", "Quora"): _OWN_DOCUMENT,
    ("out-of-range", "GPUSpeedTask"): "it measures speed, which has no upper end",
    ("out-of-range", "CPUSpeedTask"): "it measures speed, which has no upper end",
}
"""Reasons why a rule does not hold for some tasks, by the rule and a part of the task's name."""


class Suspect(NamedTuple):
    """One finding in a result file; values are on the scale of the file."""

    rule: Rule
    split: str
    subset: str
    value: float
    expected: float | None
    """The value that it should equal; ``None`` where a range or an unknown metric is meant."""
    metric: str
    """The metric that ``expected`` is a value of."""
    equals: str | None
    """For a main score, another metric of the file that has its value, if any."""


def exclusion(rule: Rule, task: str) -> str | None:
    """Why a rule does not hold for a task; ``None`` if it does."""
    for (excluded, part), reason in _EXCLUDED.items():
        if excluded == rule and part in task:
            return reason
    return None


def suspects(task: str, metric: str | None, scores: Mapping[str, Any]) -> Iterator[Suspect]:
    """Yield the findings in one result file.

    Args:
        task: Name of the task.
        metric: The task's main metric; ``None`` if no registry names it.
        scores: Cells by split, as in the file: each with its subset and its metrics by name.
    """
    for split, cells in scores.items():
        for cell in cells if isinstance(cells, list) else ():
            if isinstance(cell, dict):
                for found in _of_cell(metric, cell):
                    if exclusion(found.rule, task) is None:
                        yield found._replace(split=split, subset=str(cell.get("hf_subset")))


def _of_cell(metric: str | None, cell: Mapping[str, Any]) -> Iterator[Suspect]:
    """Yield the findings in the metrics of one split and subset."""
    values = {name: value for name, value in cell.items() if _is_number(value)}
    main = values.pop("main_score", None)
    reciprocal, precision = values.get("mrr_at_1"), values.get("precision_at_1")
    if (
        reciprocal is not None
        and precision is not None
        and abs(reciprocal - precision) > _ROUNDING["mrr-at-1"]
    ):
        yield Suspect("mrr-at-1", "", "", reciprocal, precision, "precision_at_1", None)
    if main is None or metric is None:
        return
    if not is_possible(main, metric):
        yield Suspect("out-of-range", "", "", main, None, metric, None)
    same = [name for name, value in values.items() if abs(value - main) <= _ROUNDING["main-score"]]
    if (metric in values and metric not in same) or (values and not same):
        equals = min(same, default=None)
        yield Suspect("main-score", "", "", main, values.get(metric), metric, equals)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
