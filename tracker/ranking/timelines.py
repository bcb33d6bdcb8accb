"""Which contents count for a model on a task, from when to when, over a whole history.

This is independent of any board: :mod:`tracker.ranking.states` reads it for all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from tracker.ranking.revisions import precedences, shown_experiment


class FileVersion(NamedTuple):
    """A result file for as long as it had one content and one owner."""

    file: str
    """Path; of files with equal precedence the first by path counts."""
    task: str
    content: int
    model: str
    """Public id under which the model is ranked."""
    name: str
    """Public id that the results repository gave the model then."""
    revision: str | None
    experiment: str
    """JSON object of what an experiment varies; empty for none."""
    mteb_version: str | None
    since: str
    until: str | None


class CellVersion(NamedTuple):
    """The contents that count for one line of a board on one task, for as long as they did."""

    model: str
    experiment: str
    """What the experiment really varies; empty for a run of the model itself."""
    task: str
    contents: tuple[int, ...]
    """One, or several where a model and experiments that vary nothing have a file each."""
    name: str
    since: str
    until: str | None


_Span = tuple[str, str | None, tuple[int, ...], str]
"""Since, until, contents and name."""


def cell_versions(
    files: Iterable[FileVersion],
    revisions: Mapping[str, str | None],
    order_of_names: Mapping[str, int],
) -> Iterator[CellVersion]:
    """Follow the choice of :func:`tracker.ranking.revisions.speaking_files` through time.

    Args:
        files: All versions of the files of registered models.
        revisions: The revision that the registry names, by model.
        order_of_names: Of several names of a model that are in use at once, the one with the
            highest number is shown; 0 where it is not listed.
    """
    listed = list(files)
    ranks = precedences(listed, revisions)
    by_run: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for number, file in enumerate(listed):
        by_run[file.model, file.experiment, file.task].append(number)
    by_line: dict[tuple[str, str, str], list[list[_Span]]] = defaultdict(list)
    for (model, experiment, task), numbers in by_run.items():
        spans = _winners([listed[n] for n in numbers], [ranks[n] for n in numbers])
        by_line[model, shown_experiment(experiment), task].append(spans)
    for (model, experiment, task), runs in by_line.items():
        spans = runs[0] if len(runs) == 1 else _together(runs, order_of_names)
        for since, until, contents, name in spans:
            yield CellVersion(model, experiment, task, contents, name, since, until)


def _winners(files: list[FileVersion], ranks: list[tuple[int, ...]]) -> list[_Span]:
    """The file that counts at each time, equal neighbours joined."""
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


def _together(runs: list[list[_Span]], order_of_names: Mapping[str, int]) -> list[_Span]:
    """Runs that make one line: at each time the contents of all that have one."""
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
    """Add a span that begins where the last one ends, or later; equal neighbours become one."""
    if spans and spans[-1][1] == span[0] and spans[-1][2:] == span[2:]:
        spans[-1] = (spans[-1][0], *span[1:])
    else:
        spans.append(span)
