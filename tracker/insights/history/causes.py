"""Classify events of result files by cause, from the history of the files alone.

Every event of a file has exactly one cause. The rules are tried in the order of ``classify``; an
event that none of them explains is ``unexplained``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from itertools import pairwise
from typing import Literal, NamedTuple

Cause = Literal[
    "new_model",
    "new_result",
    "restored",
    "rerun",
    "corrected",
    "self_report_replaced",
    "renamed_model",
    "renamed_task",
    "removed",
    "mass_edit",
    "unexplained",
]
Cells = Mapping[tuple[str, str], float | None]
"""Main scores, 0 to 1, by split and subset."""

MASS_MODELS = 25
MASS_FILES = 1000
"""A commit that changed or removed results of this many models or files is a mass edit.

In the history until August 2026 no commit lies between 18 and 33 models, nor between 678 and 1,056
files.
"""
_NOISE = 1e-11
"""Scores that differ by less are the same number written in another way."""


class Version(NamedTuple):
    """One version of a file, for as long as it was there."""

    file: int
    folder: int
    model: str
    revision: str | None
    experiment: str
    """What an experiment varies; empty for the model itself."""
    origin: str
    """``run`` or ``self-reported``."""
    task: str
    content: int
    mteb_version: str | None
    dataset_revision: str | None
    since: str
    until: str | None

    @property
    def owner(self) -> tuple[str, str, str]:
        """Model, experiment and task of the result, without the revision."""
        return (self.model, self.experiment, self.task)

    def is_there_before(self, at: str) -> bool:
        """Whether it was there immediately before a moment."""
        return self.since < at and (self.until is None or self.until >= at)

    def is_there_at(self, at: str) -> bool:
        """Whether it is there at a moment and after it."""
        return self.since <= at and (self.until is None or self.until > at)


class Event(NamedTuple):
    """One event of a file: it appeared, changed or was removed."""

    at: str
    before: Version | None
    after: Version | None

    @property
    def subject(self) -> Version:
        """The version that says whose result it is: the later one, if there is one."""
        found = self.after or self.before
        assert found is not None
        return found


class History:
    """Index of versions by file, folder, content and owner."""

    def __init__(
        self,
        versions: Iterable[Version],
        cells: Mapping[int, Cells],
        beginnings: Mapping[str, str],
        mass_moments: Set[str],
        first_at: str,
    ) -> None:
        """Index what the rules look up.

        Args:
            versions: Versions that began or ended, and all that share a file, a content, or model
                and task with one of them.
            cells: Scores by content id; contents that could not be read are missing.
            beginnings: When each model had its first result file.
            mass_moments: Moments of the commits that are mass edits.
            first_at: Moment of the repository's first state; its files did not appear then.
        """
        self.cells = cells
        self.beginnings = beginnings
        self.mass_moments = mass_moments
        self.first_at = first_at
        self.by_file: dict[int, list[Version]] = defaultdict(list)
        self.by_folder: dict[int, list[Version]] = defaultdict(list)
        self.by_content: dict[int, list[Version]] = defaultdict(list)
        self.by_owner: dict[tuple[str, str, str], list[Version]] = defaultdict(list)
        for version in sorted(versions, key=lambda v: (v.since, v.file)):
            self.by_file[version.file].append(version)
            self.by_folder[version.folder].append(version)
            self.by_content[version.content].append(version)
            self.by_owner[version.owner].append(version)

    def same_numbers(self, one: Version, other: Version) -> bool:
        """Whether two versions have the same scores, as far as both can be read."""
        if one.content == other.content:
            return True
        ours, theirs = self.cells.get(one.content), self.cells.get(other.content)
        if not ours or not theirs or ours.keys() != theirs.keys():
            return False
        return all(_same(ours[cell], theirs[cell]) for cell in ours)


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= _NOISE


def events(history: History, since: str, until: str) -> Iterator[Event]:
    """Yield events of scores after one moment and until another, file by file.

    A file rewritten with the same scores under the same task is not an event, nor is one whose
    scores could be read neither before nor after.
    """
    start = max(since, history.first_at)
    for versions in history.by_file.values():
        for event in _file_events(versions):
            if start < event.at <= until and _is_of_numbers(history, event):
                yield event


def _file_events(versions: list[Version]) -> Iterator[Event]:
    yield Event(versions[0].since, None, versions[0])
    for one, next_one in pairwise(versions):
        if one.until == next_one.since:
            yield Event(next_one.since, one, next_one)
            continue
        if one.until is not None:
            yield Event(one.until, one, None)
        yield Event(next_one.since, None, next_one)
    if versions[-1].until is not None:
        yield Event(versions[-1].until, versions[-1], None)


def _is_of_numbers(history: History, event: Event) -> bool:
    before, after = event.before, event.after
    if not any(v is not None and v.content in history.cells for v in (before, after)):
        return False
    if before is None or after is None:
        return True
    return before.task != after.task or not history.same_numbers(before, after)


def classify(event: Event, history: History) -> Cause:
    """The cause of an event; every event has one."""
    if event.before is not None and event.after is not None:
        return _why_changed(event.before, event.after, history)
    if event.after is not None:
        return _why_appeared(event.after, history)
    assert event.before is not None
    return _why_vanished(event.before, event.at, history)


def _why_changed(before: Version, after: Version, history: History) -> Cause:
    if before.task != after.task and history.same_numbers(before, after):
        return "renamed_task"
    if after.since in history.mass_moments:
        return "mass_edit"
    if before.content not in history.cells or after.content not in history.cells:
        return "unexplained"
    if _is_other_run(before, after):
        return "rerun"
    return "corrected"


def _is_other_run(before: Version, after: Version) -> bool:
    """Whether revision or versions say that the model was evaluated again."""
    return (before.revision, before.mteb_version, before.dataset_revision) != (
        after.revision,
        after.mteb_version,
        after.dataset_revision,
    )


def _why_appeared(after: Version, history: History) -> Cause:
    at = after.since
    same_content = [v for v in history.by_content[after.content] if v.folder != after.folder]
    if any(v.until == at or _is_namesake_before(v, after) for v in same_content):
        return "renamed_model"
    ended_here = [v for v in history.by_folder[after.folder] if v.until == at]
    if any(v.file != after.file and history.same_numbers(v, after) for v in ended_here):
        return "renamed_task"
    if history.beginnings.get(after.model, at) == at:
        return "new_model"
    earlier = [v for v in history.by_file[after.file] if v.since < at]
    if earlier:
        if history.same_numbers(earlier[-1], after):
            return "restored"
        return "rerun" if _is_other_run(earlier[-1], after) else "corrected"
    if after.origin == "run":
        others = [v for v in history.by_owner[after.owner] if v.since < at]
        if any(v.origin == "run" for v in others):
            return "rerun"
        if any(v.is_there_before(at) for v in others):
            return "self_report_replaced"
    return "new_result"


def _is_namesake_before(other: Version, after: Version) -> bool:
    """Whether a folder with the same model name had the content earlier."""
    return other.since < after.since and _name_part(other.model) == _name_part(after.model)


def _name_part(model: str) -> str:
    return model.rpartition("/")[2].casefold()


def _why_vanished(before: Version, at: str, history: History) -> Cause:
    same_content = [v for v in history.by_content[before.content] if v.folder != before.folder]
    if any(v.since == at for v in same_content):
        return "renamed_model"
    begun_here = [v for v in history.by_folder[before.folder] if v.since == at]
    if any(v.file != before.file and history.same_numbers(before, v) for v in begun_here):
        return "renamed_task"
    if at in history.mass_moments:
        return "mass_edit"
    name = _name_part(before.model)
    if any(v.is_there_at(at) and _name_part(v.model) == name for v in same_content):
        return "renamed_model"
    runs = [
        v
        for v in history.by_owner[before.owner]
        if v.file != before.file and v.origin == "run" and v.is_there_at(at)
    ]
    if runs and before.origin != "run":
        return "self_report_replaced"
    if any(v.since == at for v in runs):
        return "rerun"
    return "removed"
