"""Every state of a board through time, each computed from the one before it.

A commit changes some scores. Only tasks with a changed score are ranked again, and only lines
with a changed score get new means. The result equals :func:`tracker.ranking.recompute.recompute`
at each moment; a test compares them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from math import fsum
from operator import itemgetter
from typing import NamedTuple

from tracker.ranking.benchmark import BenchmarkDefinition
from tracker.ranking.task_state import ContentScore, TaskState, average_ranks
from tracker.ranking.timelines import CellVersion
from tracker.ranking.zero_shot import zero_shot_percent

TOP = 20
"""Lines that decide which tasks are common: all tasks that each of them has."""
_DIGITS = 12
"""By which means are compared: a sum in another order is the same number."""
_COMMON_DIGITS = 8


class Line(NamedTuple):
    """One line of a board under the name that it had at the time."""

    model: str
    """Public id under which the registry knows the model."""
    name: str
    """Public id that the results repository gave the model then."""
    experiment: str


class Values(NamedTuple):
    """What a board shows of a line; scores from 0 to 1."""

    mean_task: float | None
    mean_task_type: float | None
    mean_public: float | None
    mean_private: float | None
    task_types: tuple[tuple[str, float], ...]
    n_tasks: int
    zero_shot_pct: int
    """-1 where the model declares no training data."""


class Row(NamedTuple):
    """A line with its values for as long as they held."""

    line: Line
    values: Values
    since: str
    until: str | None


class Ranking(NamedTuple):
    """The ranking of a board for as long as it held."""

    lines: tuple[Line, ...]
    """Ranked lines, best first, equals by name."""
    ranks: tuple[int, ...]
    points: tuple[float, ...] | None
    """Borda points; ``None`` where the board ranks by means."""
    n_tasks: int
    """Tasks that counted: those that any model had run."""
    common: CommonTasks | None
    """Set where one of the first lines has no mean over all tasks."""
    since: str
    until: str | None


class CommonTasks(NamedTuple):
    """A mean over the tasks that all of the first lines have."""

    missing: tuple[str, ...]
    """Tasks that do not count in it."""
    means: tuple[float | None, ...]
    """By line, in the order of the ranking; ``None`` where a line lacks any of these tasks."""


class BoardStates(NamedTuple):
    """All states of a board from a moment on."""

    rows: list[Row]
    rankings: list[Ranking]


def board_states(
    cells: Iterable[CellVersion],
    scores: Mapping[int, ContentScore],
    definition: BenchmarkDefinition,
    training_tasks: Mapping[str, frozenset[str] | None],
    *,
    since: str = "",
) -> BoardStates:
    """Compute all states of a board that ranks by Borda count over tasks, or by means.

    Args:
        cells: What counts for each line on each task, over the whole history; cells of other
            tasks are left out, and so are contents without a score.
        scores: By content; an impossible score has no entry.
        definition: The board; it has no mean over subsets.
        training_tasks: Tasks that a model was trained on; ``None`` where it is not declared.
        since: Begin with the state of this moment instead of the first one.
    """
    board = _Board(definition, scores, training_tasks)
    places = {task.task: place for place, task in enumerate(definition.tasks)}
    events: list[tuple[str, int, str, str, str, tuple[int, ...]]] = []
    for cell in cells:
        place = places.get(cell.task)
        contents = tuple(content for content in cell.contents if content in scores)
        if place is None or not contents or (cell.until is not None and cell.until <= since):
            continue
        key = (place, cell.model, cell.experiment, cell.name)
        events.append((max(cell.since, since), *key, contents))
        if cell.until is not None:
            events.append((cell.until, *key, ()))
    # What ends at a moment comes before what begins: a cell that changes does both.
    events.sort(key=lambda event: (event[0], bool(event[5])))
    for at, group in groupby(events, key=itemgetter(0)):
        for _, place, model, experiment, name, contents in group:
            board.change(place, model, experiment, name, contents)
        board.settle(at)
    board.finish()
    return BoardStates(board.rows, board.rankings)


class _Board:
    """A board while it is followed through time."""

    def __init__(
        self,
        definition: BenchmarkDefinition,
        scores: Mapping[int, ContentScore],
        training_tasks: Mapping[str, frozenset[str] | None],
    ) -> None:
        self._definition = definition
        self._scores = scores
        self._training_tasks = training_tasks
        self._tasks = [TaskState(scores) for _ in definition.tasks]
        self._lines: dict[tuple[str, str], _Line] = {}
        self._models: dict[str, _Model] = {}
        self._counted: list[int] = []
        self._touched_tasks: set[int] = set()
        self._touched_lines: set[tuple[str, str]] = set()
        self._zero_shot: dict[str, int] = {}
        self._open_rows: dict[Line, tuple[Values, str]] = {}
        self.rows: list[Row] = []
        self.rankings: list[Ranking] = []

    def change(
        self, place: int, model: str, experiment: str, name: str, contents: tuple[int, ...]
    ) -> None:
        """Let some contents count for a line on a task; none where it has no result any more."""
        key = (model, experiment)
        line = self._lines.setdefault(key, _Line())
        if contents:
            self._tasks[place].contents[key] = contents
            line.names[name] += 1
        else:
            self._tasks[place].contents.pop(key, None)
            line.names[name] -= 1
        self._touched_tasks.add(place)
        self._touched_lines.add(key)

    def settle(self, at: str) -> None:
        """Compute what follows from the changes of one moment, and note what is new."""
        definition = self._definition
        for place in self._touched_tasks:
            self._score_task(place)
        counted = [
            place
            for place, task in enumerate(self._tasks)
            if task.contents
            and (definition.tasks[place].is_public or not definition.public_tasks_only)
        ]
        if counted != self._counted:
            self._touched_tasks |= set(self._counted) ^ set(counted)
            self._counted = counted
            self._touched_lines = set(self._lines)
            self._zero_shot = {}
        counts = set(counted)
        for place in self._touched_tasks:
            self._rank_task(place, counts=place in counts)
        for key in self._touched_lines:
            line = self._lines[key]
            line.values = self._values(key[0], line)
        self._touched_tasks, self._touched_lines = set(), set()
        self._note(at)

    def _score_task(self, place: int) -> None:
        """Score the lines of a task; a line whose score changed is touched as well."""
        scores = self._tasks[place].line_scores()
        for key in self._tasks[place].scores.keys() | scores.keys():
            score = scores.get(key)
            if self._lines[key].scores.get(place) != score:
                self._touched_lines.add(key)
                if score is None:
                    self._lines[key].scores.pop(place, None)
                else:
                    self._lines[key].scores[place] = score
        self._tasks[place].scores = scores

    def _rank_task(self, place: int, *, counts: bool) -> None:
        """Rank all models on a task, and bring their sums of ranks up to it."""
        task = self._tasks[place]
        ballots = task.ballots() if counts else {}
        ranks = average_ranks(ballots)
        for model in task.ranks.keys() | ranks.keys():
            held = self._models.setdefault(model, _Model())
            before, now = task.ranks.get(model), ranks.get(model)
            held.n_ballots += (now is not None) - (before is not None)
            held.rank_sum += (now or 0.0) - (before or 0.0)
        present = {model for model, _ in task.contents} if counts else set()
        for model in task.present - present:
            self._models[model].n_present -= 1
        for model in present - task.present:
            self._models.setdefault(model, _Model()).n_present += 1
        task.ranks, task.present = ranks, present

    def _values(self, model: str, line: _Line) -> Values | None:
        """What the board shows of a line; ``None`` where it has no score that counts."""
        definition, counted = self._definition, self._counted
        found = [line.scores.get(place) for place in counted]
        n_tasks = len(found) - found.count(None)
        if not n_tasks:
            return None
        by_type: dict[str, list[float | None]] = defaultdict(list)
        public: list[float | None] = []
        private: list[float | None] = []
        for place, score in zip(counted, found, strict=True):
            task = definition.tasks[place]
            by_type[task.type].append(score)
            (public if task.is_public else private).append(score)
        types = {kind: _mean(scores) for kind, scores in by_type.items()}
        shown = definition.aggregations
        mean_task_type = _mean(list(types.values())) if "mean_task_type" in shown else None
        is_split = "public_private" in shown
        if model not in self._zero_shot:
            names = [definition.tasks[place].task for place in counted]
            training = self._training_tasks.get(model)
            self._zero_shot[model] = zero_shot_percent(training, names)
        return Values(
            _mean(found) if "mean_task" in shown else mean_task_type,
            mean_task_type,
            _mean(public) if is_split else None,
            _mean(private) if is_split else None,
            tuple((kind, mean) for kind, mean in types.items() if mean is not None)
            if "task_types" in shown
            else (),
            n_tasks,
            self._zero_shot[model],
        )

    def _note(self, at: str) -> None:
        """Begin and end the rows and the ranking that this moment changes."""
        shown = {key: line for key, line in self._lines.items() if line.values is not None}
        names = {key: Line(key[0], line.name, key[1]) for key, line in shown.items()}
        now = {names[key]: line.values for key, line in shown.items()}
        for row in [row for row, held in self._open_rows.items() if now.get(row) != held[0]]:
            values, began = self._open_rows.pop(row)
            if began != at:
                self.rows.append(Row(row, values, began, at))
        for row, new in now.items():
            if new is not None and row not in self._open_rows:
                self._open_rows[row] = (new, at)
        ranking = self._ranking(shown, names, at)
        last = self.rankings[-1] if self.rankings else None
        if last is not None and last.until is None and last[:5] == ranking[:5]:
            return
        if last is not None and last.until is None:
            self.rankings[-1] = last._replace(until=at)
        if ranking.lines or now:
            self.rankings.append(ranking)

    def finish(self) -> None:
        """Note the rows that hold to the end."""
        for line, (values, since) in self._open_rows.items():
            self.rows.append(Row(line, values, since, None))

    def _ranking(
        self,
        shown: Mapping[tuple[str, str], _Line],
        names: Mapping[tuple[str, str], Line],
        at: str,
    ) -> Ranking:
        rule = self._definition.rank_by
        ranks = _mean_ranks(shown, rule) if rule else self._borda_ranks(shown)
        order = sorted(ranks, key=lambda key: (ranks[key], names[key]))
        n = len(shown)
        points = None
        if not rule:
            points = tuple(self._models[key[0]].points(n) for key in order)
        return Ranking(
            tuple(names[key] for key in order),
            tuple(ranks[key] for key in order),
            points,
            len(self._counted),
            self._common([shown[key] for key in order]),
            at,
            None,
        )

    def _borda_ranks(self, shown: Mapping[tuple[str, str], _Line]) -> dict[tuple[str, str], int]:
        """Ranks by points among all models with a result, also those without a whole score."""
        n = len(shown)
        points = {name: model.points(n) for name, model in self._models.items() if model.n_present}
        ordered = sorted(-value for value in points.values())
        return {key: 1 + bisect_left(ordered, -points[key[0]]) for key in shown}

    def _common(self, ordered: Sequence[_Line]) -> CommonTasks | None:
        if "mean_task" not in self._definition.aggregations:
            return None
        top = ordered[:TOP]
        common = [place for place in self._counted if all(place in line.scores for line in top)]
        if len(common) == len(self._counted) or not common:
            return None
        means = []
        for line in ordered:
            mean = _mean([line.scores.get(place) for place in common])
            means.append(None if mean is None else round(mean, _COMMON_DIGITS))
        tasks, held = self._definition.tasks, set(common)
        missing = tuple(tasks[place].task for place in self._counted if place not in held)
        return CommonTasks(missing, tuple(means))


class _Line:
    """Scores of a line while it is followed."""

    def __init__(self) -> None:
        self.names: dict[str, int] = defaultdict(int)
        """By name, how many tasks have it."""
        self.scores: dict[int, float] = {}
        self.values: Values | None = None

    @property
    def name(self) -> str:
        """The name that most tasks have; they change in one commit."""
        return max(self.names, key=lambda name: (self.names[name], name))


class _Model:
    """Sums of a model's ranks over the tasks that count."""

    def __init__(self) -> None:
        self.rank_sum = 0.0
        self.n_ballots = 0
        self.n_present = 0
        """Tasks on which it has a result, whole or not."""

    def points(self, n_lines: int) -> float:
        """Borda points: on each task as many as the board has lines, less the rank there."""
        return n_lines * self.n_ballots - self.rank_sum


def _mean(scores: Sequence[float | None]) -> float | None:
    """The mean of some scores; missing where one of them is, or there is none."""
    present = [score for score in scores if score is not None]
    if not present or len(present) < len(scores):
        return None
    return fsum(present) / len(present)


def _mean_ranks(
    shown: Mapping[tuple[str, str], _Line], columns: Sequence[str]
) -> dict[tuple[str, str], int]:
    """Ranks by some means, the first before the others; without any of them there is no rank."""
    keys: dict[tuple[str, str], tuple[tuple[bool, float], ...]] = {}
    for key, line in shown.items():
        means = [getattr(line.values, column) for column in columns]
        if any(mean is not None for mean in means):
            keys[key] = tuple(
                (mean is None, 0.0 if mean is None else -round(mean, _DIGITS)) for mean in means
            )
    ordered = sorted(keys.values())
    return {key: 1 + bisect_left(ordered, value) for key, value in keys.items()}
