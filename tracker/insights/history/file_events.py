"""Events of result files by model: from the files, or from the events that the starter has."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tracker.answers.common import ResultCommit
from tracker.catalog.results import changes as result_changes
from tracker.catalog.results.queries import first_commit_at
from tracker.catalog.results.stored_files import has_stored_files, stored_events
from tracker.insights.history.causes import Event, History, classify, events
from tracker.insights.history.file_history import read_file_history
from tracker.insights.models.names import read_names, read_present
from tracker.insights.reader import Reader
from tracker.sources.result_files import HEADER


class FileEvent(NamedTuple):
    """One event of a result file of a task."""

    at: str
    task: str
    about: Event | str
    """The event, which has yet to be classified, or its stored cause."""


@dataclass(frozen=True)
class FileEvents:
    """Events of result files in a time span."""

    by_model: Mapping[str, Sequence[FileEvent]]
    """By present model in lower case; without events of experiments, which no board lists."""
    commits: Mapping[str, tuple[str, str, str | None]]
    """Commit, address and message by moment."""
    first_at: str
    """Moment of the first state of the repository; nothing is known of results before it."""
    history: History | None
    """The files behind the events; ``None`` where the events are stored."""

    def causes(self, own: Iterable[FileEvent]) -> tuple[str, ...]:
        """The causes of some events, the most frequent first."""
        # Only here: a window has a hundred times as many events as those of changed rows.
        count = Counter(self._cause(event) for event in own)
        return tuple(sorted(count, key=lambda cause: (-count[cause], cause)))

    def _cause(self, event: FileEvent) -> str:
        if isinstance(event.about, str):
            return event.about
        assert self.history is not None
        return classify(event.about, self.history)

    def commits_of(self, own: Iterable[FileEvent]) -> tuple[ResultCommit, ...]:
        """The commits of some events, the latest first."""
        moments = sorted({event.at for event in own}, reverse=True)
        return tuple(ResultCommit(at, *self.commits[at]) for at in moments)


def read_file_events(
    reader: Reader, since: str, until: str, tasks: Iterable[str]
) -> FileEvents | None:
    """Read the events of some tasks' files; ``None`` where neither files nor events are stored.

    Args:
        reader: The open catalog.
        since: The window begins after this moment.
        until: Its end.
        tasks: Names of the tasks.
    """
    history = read_file_history(reader, since, until, sorted(tasks))
    if history is not None:
        found, first_at = events_by_model(reader, history, since, until), history.first_at
    elif has_stored_files(reader.connection):
        stored_from = first_commit_at(reader.connection)
        assert stored_from is not None  # the starter has each commit of its events
        found, first_at = _stored_by_model(reader, since, until), stored_from
    else:
        return None
    by_model: dict[str, list[FileEvent]] = defaultdict(list)
    for model, event in found:
        by_model[model.casefold()].append(event)
    commits = result_changes.commits(reader.connection, HEADER.id)
    return FileEvents(by_model, commits, first_at, history)


def events_by_model(
    reader: Reader, history: History, since: str, until: str
) -> Iterator[tuple[str, FileEvent]]:
    """Yield present models with the events of their files, to be classified."""
    present = _present_names(reader)
    for event in events(history, since, until):
        sides = [v for v in (event.before, event.after) if v is not None and not v.experiment]
        for model, task in {(present.get(v.model, v.model), v.task) for v in sides}:
            yield model, FileEvent(event.at, task, event)


def _stored_by_model(reader: Reader, since: str, until: str) -> Iterator[tuple[str, FileEvent]]:
    present = _present_names(reader)
    for at, model, cause, tasks in stored_events(reader.connection, since, until):
        for task in tasks:
            yield present.get(model, model), FileEvent(at, task, cause)


def _present_names(reader: Reader) -> dict[str, str]:
    names = read_names(reader)
    return {names[old].name: names[new].name for old, new in read_present(reader).items()}
