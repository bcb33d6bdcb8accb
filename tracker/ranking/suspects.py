"""Suspect scores of one result file: what in it contradicts itself or cannot be.

A finding is a lead to look at, not a verdict: it says what stands in the file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

import msgspec
import orjson

from tracker.ranking.metrics import is_possible
from tracker.ranking.suspect_rules import Rule

_ROUNDING = {"mrr-at-1": 1e-3, "main-score": 1e-4}
"""Difference up to which two values count as equal: files round to three digits and more."""


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


class FileScan:
    """Find the suspect scores in the bytes of result files.

    Most files agree with themselves, which the few values that the rules compare show; only the
    others are parsed as a whole.

    Args:
        metrics: Main metric of each task.
    """

    def __init__(self, metrics: Mapping[str, str]) -> None:
        self._metrics = metrics
        names = sorted({*metrics.values()} - {"mrr_at_1", "precision_at_1", "main_score"})
        self._fields = {name: f"metric_{number}" for number, name in enumerate(names)}
        self._fields |= {name: name for name in ("mrr_at_1", "precision_at_1", "main_score")}
        self._decode = _decoder(self._fields)

    def __call__(self, task: str, body: bytes | None) -> list[Suspect]:
        """Return the findings in a file; none if it is missing or no file of the present format.

        Args:
            task: The task of the file.
            body: Its bytes; ``None`` if they are not there.
        """
        if body is None:
            return []
        metric = self._metrics.get(task)
        field = None if metric is None else self._fields[metric]
        # Python's json writes NaN, which is no JSON.
        plain = body.replace(b" NaN", b"null") if b" NaN" in body else body
        with suppress(ValueError, RecursionError):
            cells = self._decode(plain)
            if all(_agrees(cell, metric, field) for part in cells.scores.values() for cell in part):
                return []
        return list(suspects(metric, _scores(plain)))


def _decoder(fields: Mapping[str, str]) -> Any:
    """A decoder of the values that the rules compare."""
    kind = float | None
    names: list[tuple[str, Any, Any]] = [(field, kind, None) for field in fields.values()]
    cell = msgspec.defstruct(
        "Cell",
        names,
        rename={field: name for name, field in fields.items()},
        gc=False,
    )
    return msgspec.json.Decoder(
        msgspec.defstruct("File", [("scores", dict[str, list[cell]])])  # type: ignore[valid-type]
    ).decode


def _agrees(cell: Any, metric: str | None, field: str | None) -> bool:
    """Whether a cell has no finding for sure."""
    reciprocal, precision, main = cell.mrr_at_1, cell.precision_at_1, cell.main_score
    if reciprocal is not None and precision is not None and _differ(reciprocal, precision):
        return False
    if main is None or field is None:
        return True
    value = getattr(cell, field)
    return (value is not None and abs(value - main) <= _ROUNDING["main-score"]) and is_possible(
        main, metric
    )


def _differ(reciprocal: float, precision: float) -> bool:
    return abs(reciprocal - precision) > _ROUNDING["mrr-at-1"]


def _scores(body: bytes) -> Mapping[str, Any]:
    """The scores in a file's bytes; none if it is no JSON or of the older format."""
    try:
        data = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    scores = data.get("scores") if isinstance(data, dict) else None
    return scores if isinstance(scores, dict) else {}


def suspects(
    metric: str | None, scores: Mapping[str, Any], excluded: Collection[Rule] = ()
) -> Iterator[Suspect]:
    """Yield the findings in one result file.

    Args:
        metric: The task's main metric; ``None`` if no registry names it.
        scores: Cells by split, as in the file: each with its subset and its metrics by name.
        excluded: Rules that do not hold for the task.
    """
    for split, cells in scores.items():
        for cell in cells if isinstance(cells, list) else ():
            if isinstance(cell, dict):
                for found in _of_cell(metric, cell):
                    if found.rule not in excluded:
                        yield found._replace(split=split, subset=str(cell.get("hf_subset")))


def _of_cell(metric: str | None, cell: Mapping[str, Any]) -> Iterator[Suspect]:
    """Yield the findings in the metrics of one split and subset."""
    values = {name: value for name, value in cell.items() if _is_number(value)}
    main = values.pop("main_score", None)
    reciprocal, precision = values.get("mrr_at_1"), values.get("precision_at_1")
    if reciprocal is not None and precision is not None and _differ(reciprocal, precision):
        yield Suspect("mrr-at-1", "", "", reciprocal, precision, "precision_at_1", None)
    if main is None or metric is None:
        return
    if not is_possible(main, metric):
        yield Suspect("out-of-range", "", "", main, None, metric, None)
    gaps = {name: abs(value - main) for name, value in values.items()}
    same = {name: gap for name, gap in gaps.items() if gap <= _ROUNDING["main-score"]}
    if (metric in values and metric not in same) or (values and not same):
        # Rounded files repeat one value under several names: the nearest is the one meant.
        equals = min(same, key=lambda name: (same[name], name), default=None)
        yield Suspect("main-score", "", "", main, values.get(metric), metric, equals)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
