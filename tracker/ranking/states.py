"""Compute all states of a board over its history, each from the state before it.

A commit changes some scores. Only tasks with a changed score are ranked again, and only rows with
a changed score get new means. A test shows that the result equals
:func:`tracker.ranking.recompute.recompute` at each moment.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from math import fsum
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracker.ranking.benchmark import BenchmarkDefinition
from tracker.ranking.rank_table import RankTable
from tracker.ranking.row_state import RowState, RowValues
from tracker.ranking.task_state import ContentScore, SharedTasks, TaskState
from tracker.ranking.timelines import TaskResult
from tracker.ranking.zero_shot import zero_shot_percent

TOP = 20
"""Number of leading rows that decide which tasks are common: those that each of them has."""
_DIGITS = 12
"""Means are compared to this many digits, since the order of a sum changes the last bits."""
_COMMON_DIGITS = 8


class RowKey(NamedTuple):
    """Identity of a row of a board, with the name of the model at the time."""

    model: str
    """Public id under which the registry knows the model."""
    name: str
    """Public id of the model in the results repository at the time."""
    experiment: str
    """Normalised settings of the experiment; empty for a run of the model itself."""


class RowInterval(NamedTuple):
    """The values of a row, with the interval in which they held."""

    key: RowKey
    values: RowValues
    since: str
    until: str | None
    """``None`` for an open interval."""


class Ranking(NamedTuple):
    """The ranking of a board, with the interval in which it held."""

    rows: tuple[RowKey, ...]
    """Ranked rows, best first, equal ones by name. Arrays keep a long history small."""
    ranks: array[int]
    points: array[float] | None
    """Borda points; ``None`` if the board ranks by means."""
    n_tasks: int
    """Number of tasks that counted: those that any model had run."""
    common: CommonTaskMeans | None
    """Present if one of the leading rows has no mean over all tasks."""
    since: str
    until: str | None
    """``None`` for an open interval."""


class CommonTaskMeans(NamedTuple):
    """Means over the tasks that all leading rows have."""

    missing: tuple[str, ...]
    """Tasks that are left out."""
    means: tuple[float | None, ...]
    """By row, in the order of the ranking; ``None`` if a row lacks any of the common tasks."""


class BoardStates(NamedTuple):
    """All states of a board, or those from a moment on."""

    rows: list[RowInterval]
    rankings: list[Ranking]


def board_states(
    results: Iterable[TaskResult],
    scores: Mapping[int, ContentScore],
    definition: BenchmarkDefinition,
    training_tasks: Mapping[str, frozenset[str] | None],
    *,
    since: str = "",
    shared: SharedTasks | None = None,
) -> BoardStates:
    """Compute all states of a board that ranks by Borda count over tasks or by means.

    Args:
        results: The contents that count for each row on each task, over the whole history. Other
            tasks and contents without a score are ignored.
        scores: By content; impossible scores are left out.
        definition: The board; a mean over subsets is not supported.
        training_tasks: Tasks that a model was trained on; ``None`` if it does not declare them.
        since: Begin with the state of this moment instead of the first one.
        shared: What other boards computed of the same tasks, results and models.
    """
    places = {task.task: place for place, task in enumerate(definition.tasks)}
    events: list[tuple[str, int, str, str, str, tuple[int, ...]]] = []
    for result in results:
        place = places.get(result.task)
        contents = tuple(content for content in result.contents if content in scores)
        if place is None or not contents or (result.until is not None and result.until <= since):
            continue
        key = (place, result.model, result.experiment, result.name)
        events.append((max(result.since, since), *key, contents))
        if result.until is not None:
            events.append((result.until, *key, ()))
    # At one moment ends come before beginnings, since a changed result has both.
    events.sort(key=lambda event: (event[0], bool(event[5])))
    models = (event[2] for event in events)
    board = _BoardReplay(definition, scores, training_tasks, shared, models)
    for at, group in groupby(events, key=itemgetter(0)):
        for _, place, model, experiment, name, contents in group:
            board.set_contents(place, model, experiment, name, contents)
        board.update(at)
    board.finish()
    return BoardStates(board.rows, board.rankings)


class _BoardReplay:
    """The current state of a board while its events are replayed in order."""

    def __init__(
        self,
        definition: BenchmarkDefinition,
        scores: Mapping[int, ContentScore],
        training_tasks: Mapping[str, frozenset[str] | None],
        shared: SharedTasks | None,
        models: Iterable[str],
    ) -> None:
        self._definition = definition
        self._shared = shared
        self._scores = scores
        self._training_tasks = training_tasks
        self._tasks = [TaskState(scores) for _ in definition.tasks]
        self._rows: dict[tuple[str, str], RowState] = {}
        """By model and experiment."""
        self._ranks = RankTable(models, len(definition.tasks))
        self._counted: list[int] = []
        """Positions of the tasks that count, see :attr:`Ranking.n_tasks`."""
        self._touched_tasks: set[int] = set()
        self._touched_rows: set[tuple[str, str]] = set()
        self._zero_shot: dict[str, int] = {}
        self._shown: dict[tuple[str, str], RowInterval] = {}
        """Rows that the board has, with their open intervals."""
        self._order: list[RowKey] = []
        """Rows that the board has, sorted."""
        self._columns = array("q")
        """Their columns in the table of ranks."""
        self._common: set[int] = set()
        """Positions of the tasks of the last :class:`CommonTaskMeans`."""
        self._common_means: dict[tuple[str, str], float | None] = {}
        """Means over them of rows that have not changed since."""
        self.rows: list[RowInterval] = []
        self.rankings: list[Ranking] = []

    def set_contents(
        self, place: int, model: str, experiment: str, name: str, contents: tuple[int, ...]
    ) -> None:
        """Set the contents that count for a row on a task; none if it has no result any more."""
        key = (model, experiment)
        row = self._rows.setdefault(key, RowState())
        self._tasks[place].put(key, contents)
        row.names[name] += 1 if contents else -1
        self._touched_tasks.add(place)
        self._touched_rows.add(key)

    def update(self, at: str) -> None:
        """Recompute what the changes of one moment affect, and record the new intervals."""
        for place in self._touched_tasks:
            self._score_task(place, at)
        self._update_counted()
        for place in self._touched_tasks.intersection(self._counted):
            self._rank_task(place, at)
        for key in self._touched_rows:
            row = self._rows[key]
            row.values = self._values(key[0], row)
            self._common_means.pop(key, None)
        self._record_rows(at)
        self._record_ranking(at)
        self._touched_tasks, self._touched_rows = set(), set()

    def _update_counted(self) -> None:
        """Find the tasks that count; if they changed, every row is recomputed."""
        definition = self._definition
        counted = [
            place
            for place, task in enumerate(self._tasks)
            if task.contents
            and (definition.tasks[place].is_public or not definition.public_tasks_only)
        ]
        if counted != self._counted:
            self._touched_tasks |= set(self._counted) ^ set(counted)
            self._counted = counted
            self._ranks.count(counted)
            self._touched_rows = set(self._rows)
            self._zero_shot = {}

    def _score_task(self, place: int, at: str) -> None:
        """Score the rows of a task, and mark rows whose score changed."""
        task = self._tasks[place]
        changed: Mapping[tuple[str, str], float | None]
        if self._shared is None:
            changed = task.rescore()
        else:
            scores = self._shared.row_scores(self._definition.tasks[place], at, task)
            rows = task.scores.keys() | scores.keys()
            changed = {k: scores.get(k) for k in rows if task.scores.get(k) != scores.get(k)}
            task.scores = scores
        self._touched_rows |= changed.keys()
        for key, score in changed.items():
            if score is None:
                self._rows[key].scores.pop(place, None)
            else:
                self._rows[key].scores[place] = score

    def _rank_task(self, place: int, at: str) -> None:
        """Rank all models on a task that counts."""
        task = self._tasks[place]
        changed = task.changed_ballots()
        self._ranks.set_present(place, {model: model in task.rows_of for model in changed})
        if self._shared is None:
            self._ranks.change_ballots(place, changed)
        else:
            ranks = self._shared.ranks(self._definition.tasks[place], at, task)
            self._ranks.set_ranks(place, ranks)

    def _values(self, model: str, row: RowState) -> RowValues | None:
        """Compute the values of a row; ``None`` if it has no score that counts."""
        definition, counted = self._definition, self._counted
        scores = [row.scores.get(place) for place in counted]
        n_tasks = len(scores) - scores.count(None)
        if not n_tasks:
            return None
        by_type: dict[str, list[float | None]] = defaultdict(list)
        public: list[float | None] = []
        private: list[float | None] = []
        for place, score in zip(counted, scores, strict=True):
            task = definition.tasks[place]
            by_type[task.type].append(score)
            (public if task.is_public else private).append(score)
        types = {kind: _mean(of_type) for kind, of_type in by_type.items()}
        shown = definition.aggregations
        mean_task_type = _mean(list(types.values())) if "mean_task_type" in shown else None
        is_split = "public_private" in shown
        return RowValues(
            _mean(scores) if "mean_task" in shown else mean_task_type,
            mean_task_type,
            _mean(public) if is_split else None,
            _mean(private) if is_split else None,
            tuple((kind, mean) for kind, mean in types.items() if mean is not None)
            if "task_types" in shown
            else (),
            n_tasks,
            self._zero_shot_percent(model),
        )

    def _zero_shot_percent(self, model: str) -> int:
        if model not in self._zero_shot:
            names = [self._definition.tasks[place].task for place in self._counted]
            training = self._training_tasks.get(model)
            self._zero_shot[model] = zero_shot_percent(training, names)
        return self._zero_shot[model]

    def _record_rows(self, at: str) -> None:
        """Close and open the intervals of the rows that change at a moment."""
        for key in sorted(self._touched_rows):
            row, held = self._rows[key], self._shown.pop(key, None)
            now = None if row.values is None else RowKey(key[0], row.name, key[1])
            if held is not None and (held.key, held.values) == (now, row.values):
                self._shown[key] = held
                continue
            if held is not None:
                self.rows.append(held._replace(until=at))
            if now is not None and row.values is not None:
                self._shown[key] = RowInterval(now, row.values, at, None)
            self._rename(held and held.key, now)

    def _rename(self, before: RowKey | None, now: RowKey | None) -> None:
        """Keep the rows of the board sorted; ``None`` is a row that it does not have."""
        if before == now:
            return
        if before is not None:
            place = bisect_left(self._order, before)
            del self._order[place], self._columns[place]
        if now is not None:
            place = bisect_left(self._order, now)
            self._order.insert(place, now)
            self._columns.insert(place, self._ranks.columns[now.model])

    def finish(self) -> None:
        """Record the rows that are still open."""
        self.rows.extend(self._shown.values())

    def _record_ranking(self, at: str) -> None:
        """Close and open the interval of the ranking if it changes at a moment."""
        ranking = self._ranking(at)
        last = self.rankings[-1] if self.rankings else None
        if last is not None and last.until is None:
            # A board without rows is no state, even if no row of the last one had a rank.
            if self._shown and last[:5] == ranking[:5]:
                return
            self.rankings[-1] = last._replace(until=at)
        if self._shown:
            self.rankings.append(ranking)

    def _ranking(self, at: str) -> Ranking:
        rule = self._definition.rank_by
        points = None
        if rule:
            values = [self._shown[key.model, key.experiment].values for key in self._order]
            ranks = _mean_ranks(values, rule)
        else:
            of_models = self._ranks.points(len(self._order))
            points = of_models[np.asarray(self._columns)]
            ranks = _borda_ranks(points, of_models)
        order = np.argsort(ranks, kind="stable")
        order = order[ranks[order] > 0]
        rows = tuple(map(self._order.__getitem__, order.tolist()))
        return Ranking(
            rows,
            array("i", ranks[order].astype("i").tobytes()),
            None if points is None else array("d", points[order].tobytes()),
            len(self._counted),
            self._common_task_means(rows),
            at,
            None,
        )

    def _common_task_means(self, ordered: Sequence[RowKey]) -> CommonTaskMeans | None:
        if "mean_task" not in self._definition.aggregations:
            return None
        top = [self._rows[key.model, key.experiment].scores for key in ordered[:TOP]]
        common = set(self._counted).intersection(*top)
        if len(common) == len(self._counted) or not common:
            return None
        if common != self._common:
            self._common, self._common_means = common, {}
        places, known = sorted(common), self._common_means
        for key in ordered:
            row = (key.model, key.experiment)
            if row not in known:
                scores = self._rows[row].scores
                mean = _mean([scores.get(place) for place in places])
                known[row] = None if mean is None else round(mean, _COMMON_DIGITS)
        tasks = self._definition.tasks
        missing = tuple(tasks[place].task for place in self._counted if place not in common)
        means = tuple([known[key.model, key.experiment] for key in ordered])
        return CommonTaskMeans(missing, means)


def _mean(scores: Sequence[float | None]) -> float | None:
    """Average some scores; missing if one of them is missing or there are none."""
    present = [score for score in scores if score is not None]
    if not present or len(present) < len(scores):
        return None
    return fsum(present) / len(present)


def _borda_ranks(points: NDArray[np.float64], of_models: NDArray[np.float64]) -> NDArray[np.int64]:
    """Rank by points among all models with a result, also those without a whole score."""
    ordered = np.sort(-of_models[~np.isnan(of_models)])
    return 1 + ordered.searchsorted(-points, "left")


def _mean_ranks(rows: Sequence[RowValues], columns: Sequence[str]) -> NDArray[np.int64]:
    """Rank by some means, most significant first; 0 for rows without any of them."""
    keys: list[tuple[tuple[bool, float], ...] | None] = []
    for row in rows:
        means = [getattr(row, column) for column in columns]
        ranked = tuple(
            (mean is None, 0.0 if mean is None else -round(mean, _DIGITS)) for mean in means
        )
        keys.append(ranked if any(mean is not None for mean in means) else None)
    ordered = sorted(key for key in keys if key is not None)
    return np.array([0 if key is None else 1 + bisect_left(ordered, key) for key in keys], int)
