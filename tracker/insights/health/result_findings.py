"""Findings in result files: unknown models, impossible scores, doubled files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from statistics import fmean, median

import orjson

from tracker.answers.health import Finding
from tracker.catalog.boards import state_queries
from tracker.catalog.identity import absence_queries as why_queries
from tracker.catalog.results.queries import has_results, main_scores
from tracker.catalog.results.registry_queries import newest_models
from tracker.common.text import enumerated
from tracker.insights.models.names import by_own_name, likely_model
from tracker.insights.reader import Reader
from tracker.ranking.metrics import is_possible, lowest_score
from tracker.ranking.revisions import version_order

_SHOWN = 3
_NEAR = 0.25
"""How far from the usual score of its task a file in percent may be, on the scale 0 to 1."""
_NOW = "9"
"""Sorts after every moment."""


def unattributed_folders(reader: Reader) -> Iterator[Finding]:
    """Yield models with results, present or past, that are not in the registry."""
    boards: dict[str, list[str]] = defaultdict(list)
    ends: dict[str, str] = {}
    for row in state_queries.board_states(reader.connection):
        for model, _, until in orjson.loads(row.unattributed):
            boards[model].append(row.board)
            ends[model] = max(ends.get(model, ""), until or _NOW)
    registered = by_own_name(newest_models(reader.connection))
    for model, names in sorted(boards.items(), key=lambda item: (ends[item[0]] != _NOW, item[0])):
        near = likely_model(model, registered)
        likely = f"; likely {near}" if near else ""
        listed = enumerated(sorted(names), _SHOWN)
        is_present = ends[model] == _NOW
        places = (
            f"it would be on {listed}"
            if is_present
            else f"until {ends[model][:10]} it would have been on {listed}"
        )
        yield Finding(
            "unattributed-results",
            "warning" if is_present else "info",
            model,
            f"no registry model has this name{likely}; {places}",
            "say in db/curated/relations.yaml which model it is, or fetch a newer registry",
        )


def impossible_scores(reader: Reader) -> Iterator[Finding]:
    """Yield scores outside of their metric's range in present files; they do not count."""
    if not has_results(reader.connection):
        return
    metrics = main_scores(reader.connection)
    wrong: list[tuple[str, str, list[float]]] = []
    others: dict[str, list[list[float]]] = defaultdict(list)
    lowest = {task: lowest_score(metric) for task, metric in metrics.items()}
    for path, task, stored in why_queries.present_scores(reader.connection):
        scores = [score for score in orjson.loads(stored) if score is not None]
        if task not in metrics or not scores:
            continue
        if min(scores) >= lowest[task] and max(scores) <= 1.0:
            others[task].append(scores)
        else:
            wrong.append((path, task, scores))
    for path, task, scores in wrong:
        metric = metrics[task]
        worst = max((s for s in scores if not is_possible(s, metric)), key=abs)
        percent = _is_percent(scores, metric, [fmean(other) for other in others.get(task, ())])
        guess = "; the whole file looks like percent" if percent else ""
        yield Finding(
            "impossible-score",
            "warning",
            path,
            f"{task}: {metric} is {worst:g}, outside of its range{guess}; the score does not count",
            "the file in the results repository has to be corrected",
        )


def _is_percent(scores: Sequence[float], metric: str | None, others: Sequence[float]) -> bool:
    """Whether a hundredth of a file's scores is possible and near the usual score of its task.

    Args:
        scores: All scores of the file.
        metric: The metric of its task.
        others: Mean scores of the task's other files.
    """
    hundredths = [score / 100 for score in scores]
    is_near = others and abs(fmean(hundredths) - median(others)) <= _NEAR
    return bool(is_near) and all(is_possible(score, metric) for score in hundredths)


def duplicate_files(reader: Reader) -> Iterator[Finding]:
    """Yield files of a task beside another one in the same folder that counts."""
    rows = why_queries.duplicate_files(reader.connection)
    for (folder, task), found in groupby(rows, key=attrgetter("folder", "task")):
        files = list(found)
        places = version_order(file.mteb_version for file in files)
        counted = min(files, key=lambda file: (-places.get(file.mteb_version, -1), file.name))
        for file in files:
            if file is not counted:
                yield Finding(
                    "doubled-file",
                    "info",
                    f"{folder}/{file.name}",
                    f"{task} is taken from {counted.name} of the same folder: the latest"
                    " evaluator version, then the first name",
                    "one of them has to be removed from the results repository",
                )


def surplus_tasks(reader: Reader) -> Iterator[Finding]:
    """Yield rows with scores for more tasks than their board has; only its own tasks count."""
    for row in why_queries.surplus_rows(reader.connection):
        yield Finding(
            "surplus-task",
            "info",
            f"{row.board} {row.valid_from}",
            f"{row.model} has scores for {row.n_tasks} of {row.total} tasks",
            "the answer lists a task that is not the board's: see its task list",
        )
