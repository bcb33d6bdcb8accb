"""Intervals in which a result file counts for a model on a task, over a whole history.

They depend on no board; :mod:`tracker.ranking.states` computes every board from them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from tracker.ranking.revisions import normalized_experiment, precedences


class ResultFileVersion(NamedTuple):
    """A result file, for the interval in which its content and its model were the same."""

    file: str
    """Path; among equally preferred files the first by path counts."""
    task: str
    content: int
    """Content id."""
    model: str
    """Public id under which the model is ranked."""
    name: str
    """Public id of the model in the results repository at the time."""
    revision: str | None
    """``None`` if not declared."""
    experiment: str
    """JSON object of the experiment's settings; empty for none."""
    mteb_version: str | None
    """``None`` if not declared."""
    since: str
    until: str | None
    """``None`` for an open interval."""


class TaskResult(NamedTuple):
    """The contents that count for one row of a board on one task, with their interval."""

    model: str
    experiment: str
    """Normalised settings of the experiment; empty for a run of the model itself."""
    task: str
    contents: tuple[int, ...]
    """One, or several if a model and its experiments without settings have a file each."""
    name: str
    """Public id of the model in the results repository at the time."""
    since: str
    until: str | None


_Span = tuple[str, str | None, tuple[int, ...], str]
"""Since, until, contents and name."""


def task_results(
    files: Iterable[ResultFileVersion],
    revisions: Mapping[str, str | None],
    order_of_names: Mapping[str, int],
) -> Iterator[TaskResult]:
    """Choose like :func:`tracker.ranking.revisions.preferred_files` at every moment.

    Args:
        files: All versions of the files of registered models.
        revisions: The revision that the registry names, by model.
        order_of_names: If several names of a model are in use at once, the one with the highest
            number is shown; 0 if it is not listed.
    """
    listed = list(files)
    ranks = precedences(listed, revisions)
    by_run: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for number, file in enumerate(listed):
        by_run[file.model, file.experiment, file.task].append(number)
    by_row: dict[tuple[str, str, str], list[list[_Span]]] = defaultdict(list)
    for (model, experiment, task), numbers in by_run.items():
        spans = _preferred([listed[n] for n in numbers], [ranks[n] for n in numbers])
        by_row[model, normalized_experiment(experiment), task].append(spans)
    for (model, experiment, task), runs in by_row.items():
        spans = runs[0] if len(runs) == 1 else _merged(runs, order_of_names)
        for since, until, contents, name in spans:
            yield TaskResult(model, experiment, task, contents, name, since, until)


def _preferred(files: list[ResultFileVersion], ranks: list[tuple[int, ...]]) -> list[_Span]:
    """Find the preferred file at each time; adjacent spans with equal content are joined."""
    if len(files) == 1:
        only = files[0]
        return [(only.since, only.until, (only.content,), only.name)]
    order = sorted(
        range(len(files)),
        key=lambda n: (
            *(-part for part in ranks[n]),
            files[n].revision is not None,
            files[n].revision or "",
            files[n].file,
        ),
    )
    found: list[_Span] = []
    moments = sorted(_moments((f.since, f.until) for f in files))
    for at, after in zip(moments, [*moments[1:], None], strict=True):
        for n in order:
            file = files[n]
            if file.since <= at and (file.until is None or file.until > at):
                _append(found, (at, after, (file.content,), file.name))
                break
    return found


def _merged(runs: list[list[_Span]], order_of_names: Mapping[str, int]) -> list[_Span]:
    """Merge the runs of one row: at each time the contents of all runs that have one."""
    found: list[_Span] = []
    moments = sorted(_moments((since, until) for run in runs for since, until, *_ in run))
    for at, after in zip(moments, [*moments[1:], None], strict=True):
        holding = [
            span
            for run in runs
            for span in run
            if span[0] <= at and (span[1] is None or span[1] > at)
        ]
        if holding:
            contents = tuple(content for span in holding for content in span[2])
            name = max((span[3] for span in holding), key=lambda n: (order_of_names.get(n, 0), n))
            _append(found, (at, after, contents, name))
    return found


def _moments(spans: Iterable[tuple[str, str | None]]) -> set[str]:
    return {moment for span in spans for moment in span if moment is not None}


def _append(spans: list[_Span], span: _Span) -> None:
    """Append a span that begins where the last one ends or later; join it if it is equal."""
    if spans and spans[-1][1] == span[0] and spans[-1][2:] == span[2:]:
        spans[-1] = (spans[-1][0], *span[1:])
    else:
        spans.append(span)
