"""Claims: self-reported scores beside runs of the same model, task, split and subset."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

import orjson

from tracker.answers.common import ResultCommit
from tracker.answers.models import Claim
from tracker.catalog.results import changes as result_changes
from tracker.catalog.results.queries import first_result_at
from tracker.catalog.results.registry_queries import newest_models
from tracker.errors import NoDataError
from tracker.insights.models.names import read_model_names
from tracker.insights.reader import Reader
from tracker.ranking.revisions import version_order
from tracker.sources.result_files import HEADER


class Statement(NamedTuple):
    """One score of one file, for as long as the file had it."""

    task: str
    split: str
    subset: str
    origin: str
    """``self-reported`` or ``run``."""
    score: float
    """0 to 1."""
    revision: str | None
    mteb_version: str | None
    since: str
    until: str | None


def read_claims(reader: Reader, name: str) -> tuple[Claim, ...]:
    """Read the claims of one model, present and past.

    Args:
        reader: The open catalog.
        name: Public id of the model, in any case.

    Raises:
        NoDataError: The catalog has no result files.
        NotFoundError: There is no such model; the nearest names are suggested.
    """
    if first_result_at(reader.connection) is None:
        raise NoDataError(
            "the catalog has no result files",
            remedy="run: tracker fetch result-files, then: tracker load",
        )
    model = read_model_names(reader, with_results=True).named(name)
    revision = _registry_revisions(reader).get(model)
    return pair(model, _statements(reader, model), revision, _commits(reader))


def read_all_claims(reader: Reader) -> Iterator[tuple[str, tuple[Claim, ...]]]:
    """Read the claims of every model that has any, by public id; none without result files."""
    revisions, commits = _registry_revisions(reader), _commits(reader)
    for model in result_changes.claiming_models(reader.connection):
        found = pair(model, _statements(reader, model), revisions.get(model), commits)
        if found:
            yield model, found


def pair(
    model: str,
    statements: Iterable[Statement],
    revision: str | None,
    commits: dict[str, ResultCommit],
) -> tuple[Claim, ...]:
    """Pair the self-reported score and the run that count for each task, split and subset.

    A present statement counts before a past one, and of past ones the last. Among several runs the
    revision that the registry names comes first, then the latest evaluator version, then the
    latest file.

    Args:
        model: Public id.
        statements: All scores of this model.
        revision: The revision that the registry names.
        commits: The commit of every moment.

    Returns:
        One claim for each task, split and subset that has both; the largest difference first.
    """
    by_cell: dict[tuple[str, str, str], list[Statement]] = defaultdict(list)
    for statement in statements:
        by_cell[statement.task, statement.split, statement.subset].append(statement)
    found = []
    for (task, split, subset), own in by_cell.items():
        reports = [s for s in own if s.origin != "run"]
        runs = [s for s in own if s.origin == "run"]
        if not reports or not runs:
            continue
        reported, measured = _counting(reports, revision), _counting(runs, revision)
        found.append(
            Claim(
                model=model,
                task=task,
                split=split,
                subset=subset,
                self_reported=reported.score * 100,
                measured=measured.score * 100,
                difference=(measured.score - reported.score) * 100,
                present=reported.until is None and measured.until is None,
                self_reported_until=reported.until,
                self_reported_mteb_version=reported.mteb_version,
                self_reported_commit=commits[reported.since],
                measured_until=measured.until,
                measured_revision=measured.revision,
                measured_mteb_version=measured.mteb_version,
                measured_commit=commits[measured.since],
            )
        )
    return tuple(sorted(found, key=lambda c: (-abs(c.difference), c.task, c.split, c.subset)))


def _counting(statements: Sequence[Statement], revision: str | None) -> Statement:
    if len(statements) == 1:
        return statements[0]
    places = version_order(s.mteb_version for s in statements)

    def precedence(statement: Statement) -> tuple[bool, str, bool, int, str]:
        return (
            statement.until is None,
            statement.until or "",
            revision is not None and statement.revision == revision,
            places.get(statement.mteb_version or "", -1),
            statement.since,
        )

    return max(statements, key=precedence)


def _statements(reader: Reader, model: str) -> Iterator[Statement]:
    cells_of = cache(orjson.loads)  # most files of a task have the same cells
    rows = result_changes.reported_and_run_results(reader.connection, model)
    for task, origin, revision, version, since, until, cells, scores in rows:
        for (split, subset), score in zip(cells_of(cells), orjson.loads(scores), strict=True):
            if score is not None:
                yield Statement(task, split, subset, origin, score, revision, version, since, until)


def _registry_revisions(reader: Reader) -> dict[str, str | None]:
    return {name: row.revision for name, row in newest_models(reader.connection).items()}


def _commits(reader: Reader) -> dict[str, ResultCommit]:
    found = result_changes.commits(reader.connection, HEADER.id)
    return {at: ResultCommit(at, *commit) for at, commit in found.items()}
