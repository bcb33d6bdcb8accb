"""What in the result files a person should look at: names, scores and doubled files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import orjson
from sqlalchemy import Connection

from tracker.answers.health import Finding
from tracker.catalog.boards import state_queries
from tracker.catalog.models import absence_queries as why_queries
from tracker.catalog.results.queries import has_results, main_scores
from tracker.insights.models.names import likely_model
from tracker.ranking.metrics import is_possible, lowest_score

_SHOWN = 3


def unattributed_folders(connection: Connection) -> Iterator[Finding]:
    """Models with present results that no model of the registry claims."""
    boards: dict[str, list[str]] = defaultdict(list)
    for row in state_queries.board_states(connection):
        for model in orjson.loads(row.unattributed):
            boards[model].append(row.board)
    registered = [name for name, _ in state_queries.newest_registry_models(connection)]
    for model, names in sorted(boards.items()):
        near = likely_model(model, registered)
        likely = f"; likely {near}" if near else ""
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        yield Finding(
            "unattributed-results",
            "warning",
            model,
            f"no registry model has this name{likely}; it would stand on"
            f" {', '.join(sorted(names)[:_SHOWN])}{more}",
            "say in db/curated/relations.yaml which model it is, or fetch a newer registry",
        )


def impossible_scores(connection: Connection) -> Iterator[Finding]:
    """Scores outside of their metric's range in the files that stand now; they do not count."""
    if not has_results(connection):
        return
    metrics = main_scores(connection)
    for row in why_queries.present_scores(connection):
        metric = metrics.get(row.task)
        if metric is None:
            continue
        scores = [score for score in orjson.loads(row.scores) if score is not None]
        wrong = [score for score in scores if not is_possible(score, metric)]
        if not wrong:
            continue
        worst = max(wrong, key=abs)
        percent = all(lowest_score(metric) <= score / 100 <= 1 for score in scores)
        guess = "; the whole file looks like percent" if percent and max(scores) > 1 else ""
        yield Finding(
            "impossible-score",
            "warning",
            row.path,
            f"{row.task}: {metric} is {worst:g}, outside of its range{guess};"
            " the score does not count",
            "the file in the results repository has to be corrected",
        )


def duplicate_files(connection: Connection) -> Iterator[Finding]:
    """Several files of one task in one folder: the first by name counts."""
    for row in why_queries.duplicate_files(connection):
        yield Finding(
            "doubled-file",
            "info",
            f"{row.folder}/{row.last}",
            f"{row.task} is in {row.first} of the same folder, too; the first by name counts",
            "one of them has to be removed from the results repository",
        )


def surplus_tasks(connection: Connection) -> Iterator[Finding]:
    """Rows with scores for more tasks than their board has; only its own tasks are counted."""
    for row in why_queries.surplus_rows(connection):
        yield Finding(
            "surplus-task",
            "info",
            f"{row.board} {row.valid_from}",
            f"{row.model} has scores for {row.n_tasks} of {row.total} tasks",
            "the answer lists a task that is not the board's: see its task list",
        )
