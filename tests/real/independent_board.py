"""Independent computation of a board from result files, in plain Python.

It imports nothing of the tracker. The rules are those that ``independent_reader`` states; a part
of a board ranks by the same rules over fewer tasks, where a model earns on each task the number of
rows of the whole board less its average rank.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Protocol

from packaging.version import Version

Cells = tuple[tuple[str, str, float | None], ...]
"""Split, subset and main score, in the order of the file."""

_NO_REVISION = (None, "external", "no_revision_available")


class Task(NamedTuple):
    """A task of a benchmark with the cells that count."""

    name: str
    splits: tuple[str, ...]
    subsets: tuple[str, ...]


class Row(NamedTuple):
    """A row of a board; the mean in percent is missing where a task is."""

    rank: int
    name: str
    """Public id on that day."""
    model: str
    """Public id today."""
    points: float
    mean: float | None
    n_tasks: int
    experiment: str
    scores: Mapping[str, float]
    """Whole scores by task, from 0 to 1."""


class File(NamedTuple):
    """A result file of a model that counts."""

    path: str
    name: str
    model: str
    revision: str
    experiment: str
    version: Version | None
    task: str
    cells: Cells


class Rules(Protocol):
    """The part of the registry that computing a board needs."""

    revisions: Mapping[str, str | None]

    def lowest(self, task: str) -> float:
        """The lowest possible value of a task's metric."""


class Board:
    """One board on one day."""

    def __init__(
        self,
        tasks: Iterable[Task],
        registry: Rules,
        files: Iterable[File],
        n_rows: int | None = None,
    ) -> None:
        self._tasks = {task.name: task for task in tasks}
        self._registry = registry
        candidates: dict[tuple[str, str, str], list[tuple[File, Cells]]] = defaultdict(list)
        self._names: dict[str, set[str]] = defaultdict(set)
        for file in files:
            task = self._tasks.get(file.task)
            if task is None:
                continue
            cells = tuple(c for c in file.cells if c[0] in task.splits and c[1] in task.subsets)
            lowest = registry.lowest(file.task)
            if any(s is not None and not lowest <= s <= 1.0 for _, _, s in cells):
                cells = ()
            candidates[file.model, file.experiment, file.task].append((file, cells))
        self._files: dict[str, dict[tuple[str, str], list[Cells]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for (model, experiment, name), rivals in candidates.items():
            file, cells = min(rivals, key=lambda rival: self._precedence(rival[0]))
            if cells:
                self._files[name][model, _varied(experiment)].append(cells)
                self._names[model].add(file.name)
        self._n_rows = n_rows
        self.whole: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
        """Whole scores by task, of each model and experiment."""
        self.ballots: dict[str, dict[str, float]] = {}
        """Scores of all models by task, whole or not."""
        self._count()

    def _precedence(self, file: File) -> tuple[Any, ...]:
        main = self._registry.revisions[file.model]
        no_version = file.version is None
        return (
            file.revision != main or main is None,
            no_version,
            file.revision in _NO_REVISION,
            _Descending(file.version),
            file.revision,
            file.path,
        )

    def _count(self) -> None:
        """Take the whole scores of each row, and the ballots of each task."""
        for name, lines in self._files.items():
            scored = {
                key: [c for cells in several for c in cells if c[2] is not None]
                for key, several in lines.items()
            }
            seen = {cell[:2] for cells in scored.values() for cell in cells}
            needed = len({split for split, _ in seen}) * len({subset for _, subset in seen})
            pooled: dict[str, list[float]] = defaultdict(list)
            for key, cells in scored.items():
                values = [score for _, _, score in cells]
                pooled[key[0]] += values
                if values and len({cell[:2] for cell in cells}) >= needed:
                    self.whole[key][name] = mean(values)
            self.ballots[name] = {model: mean(v) for model, v in pooled.items() if v}

    def rows(self) -> list[Row]:
        """All rows."""
        points: dict[str, float] = defaultdict(float)
        n_rows = len(self.whole) if self._n_rows is None else self._n_rows
        for votes in self.ballots.values():
            for model, place in average_places(votes).items():
                points[model] += n_rows - place
        all_points = sorted((points[model] for model in self._names), reverse=True)
        rows = [
            Row(
                all_points.index(points[model]) + 1,
                self._name(model),
                model,
                points[model],
                100 * mean(list(scores.values())) if len(scores) == len(self._files) else None,
                len(scores),
                experiment,
                scores,
            )
            for (model, experiment), scores in self.whole.items()
        ]
        # The model itself comes before its experiments.
        return sorted(
            rows, key=lambda row: (row.rank, row.model, row.experiment != "{}", row.experiment)
        )

    @property
    def tasks(self) -> list[str]:
        """Tasks that any model ran, in the order of the benchmark."""
        return [name for name in self._tasks if name in self._files]

    def _name(self, model: str) -> str:
        """The name of the day: the present one as soon as any of its files has it."""
        names = self._names[model]
        return model if model in names else min(names)


class _Descending:
    """A version that sorts before the older ones; a missing version sorts after all others."""

    def __init__(self, version: Version | None) -> None:
        self._version = version

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Descending) and self._version == other._version

    def __lt__(self, other: _Descending) -> bool:
        if self._version is None or other._version is None:
            return other._version is None and self._version is not None
        return self._version > other._version


def _varied(experiment: str) -> str:
    """Settings of an experiment, without empty ones."""
    settings = json.loads(experiment)
    return json.dumps({k: v for k, v in settings.items() if v not in (None, "", [], {})})


def mean(values: list[float]) -> float:
    """The mean of numbers that are added one after the other."""
    total = 0.0
    for value in values:
        total += value
    return total / len(values)


def average_places(votes: Mapping[str, float]) -> dict[str, float]:
    """Places by score, the highest first; equal scores share the average of their places."""
    by_score: dict[float, list[str]] = defaultdict(list)
    for model, score in votes.items():
        by_score[score].append(model)
    places = {}
    before = 0
    for score in sorted(by_score, reverse=True):
        equal = by_score[score]
        places |= dict.fromkeys(equal, before + (len(equal) + 1) / 2)
        before += len(equal)
    return places


def varies(row: Row) -> bool:
    """Whether a row is an experiment with a model."""
    return row.experiment != "{}"
