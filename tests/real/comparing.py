"""Compare an independent answer with what a command printed as JSON."""

from __future__ import annotations

import re
from typing import Any

from tests.real.independent_answers import Answer
from tests.support.questions import Question

_EQUAL = 1e-8
_SAMPLED = {"rank_low": 1.0, "rank_high": 1.0, "mean_low": 0.25, "mean_high": 0.25}
"""Largest difference between bounds of two bootstraps with other random numbers."""
_THOUSANDTH = 1.1e-3
"""A choice counts in thousandths of a percent; the order of a sum decides the last of them."""
_DIFFERENCE_BOUNDS = 0.15


def differences(question: Question, expected: Answer, printed: Any) -> list[str]:
    """Differences of a printed answer from the expected one, a text for each value."""
    rows = printed_rows(question, printed)
    if len(rows) != len(expected):
        there, wanted = ({_key(row) for row in some} for some in (rows, expected))
        return [
            f"{len(rows)} rows instead of {len(expected)}",
            *(f"not expected: {key}" for key in sorted(there - wanted, key=str)),
            *(f"missing: {key}" for key in sorted(wanted - there, key=str)),
        ]
    # Models of equal rank may stand in any order.
    pairs = zip(sorted(rows, key=_order), sorted(expected, key=_order), strict=True)
    within = _THOUSANDTH if question.asked.verb == "choose" else _EQUAL
    return [
        f"{_key(wanted)} {name}: {row.get(name)!r} instead of {value!r}"
        for row, wanted in pairs
        for name, value in wanted.items()
        if not _is_equal(name, row.get(name), value, within)
    ]


def printed_rows(question: Question, printed: Any) -> Answer:
    """The rows of a printed answer, with the keys of the expected one."""
    if question.asked.verb == "task":
        return list(printed["rows"])
    if question.asked.verb == "compare":
        return list(_compared(question, printed))
    return list(printed)


def _compared(question: Question, printed: Any) -> Answer:
    """The rank, means and differences of two models."""
    by_name = {row["property"].rpartition(": ")[2]: row for row in printed}
    first, second = question.asked.names
    rows: Answer = []
    for name in ("rank", "mean_task", "mean_task_type", "n_tasks"):
        values = [by_name[name][model] for model in (first, second)]
        rows.append({"property": name, "values": [None if v is None else float(v) for v in values]})
    bounds = by_name[f"mean less that of {first}"][second]
    ahead = by_name[f"tasks ahead of {first}"][second]
    rows.append(
        {"property": "difference", "values": [float(n) for n in re.findall(r"[+-][\d.]+", bounds)]}
    )
    rows.append({"property": "ahead", "values": [float(n) for n in ahead.split("/")]})
    return rows


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    names = ("limit", "path", "subset", "name", "model_now", "model", "property")
    return tuple(row[name] for name in names if row.get(name) is not None)


def _order(row: dict[str, Any]) -> tuple[Any, ...]:
    return (row.get("rank") is None, row.get("rank") or 0, str(_key(row)))


def _is_equal(name: str, value: Any, expected: Any, within: float) -> bool:
    if isinstance(expected, dict):
        known = {kind: mean for kind, mean in (value or {}).items() if mean is not None}
        return known.keys() == expected.keys() and all(
            _is_equal(kind, known[kind], mean, within) for kind, mean in expected.items()
        )
    if name == "values":
        return all(map(_is_close, value, expected))
    if name == "conditions":
        return sorted(value) == sorted(expected)
    if isinstance(expected, float) or name in _SAMPLED:
        if value is None or expected is None:
            return value is expected
        return abs(value - expected) <= _SAMPLED.get(name, within)
    return bool(value == expected)


def _is_close(value: float | None, expected: float | None) -> bool:
    if value is None or expected is None:
        return value is expected
    return abs(value - expected) <= _DIFFERENCE_BOUNDS


def first_answer(question: Question, rows: Answer) -> str:
    """The model or task that an answer names first; of two that are compared, the better one."""
    first = rows[0]
    if question.asked.verb == "compare":
        one, other = first["values"]
        return str(question.asked.names[other < one])
    if question.asked.verb == "lint":
        return str(first["path"].split("/")[1].replace("__", "/"))
    return str(first.get("model") or first.get("model_now") or first["name"])
