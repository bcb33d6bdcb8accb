"""Parts of a board: some of its tasks, or the parts of its tasks that are in one language."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from tracker.common.languages import plain_code
from tracker.ranking.benchmark import BenchmarkDefinition, TaskSelection

Languages = Mapping[str, Mapping[str, tuple[str, ...]]]
"""By language (ISO 639-3, in lower case, without the script) and task, the subsets that are in it,
in the order of the board."""


class Slice(NamedTuple):
    """Which part of a board is asked for; a task counts if it meets every condition."""

    types: frozenset[str] = frozenset()
    """Task types; all if empty."""
    tasks: frozenset[str] = frozenset()
    """Names of tasks; all if empty."""
    language: str | None = None
    """Only the subsets that are in this language, as ISO 639-3 code; all if ``None``."""

    @property
    def is_whole(self) -> bool:
        """Whether it is the whole board."""
        return not self.types and not self.tasks and self.language is None


def narrow(
    definition: BenchmarkDefinition, part: Slice, languages: Languages
) -> BenchmarkDefinition:
    """The definition of a part of a board: fewer tasks, the same rule.

    Args:
        definition: The whole board.
        part: What is asked for.
        languages: Subsets of the board's tasks by language.

    Returns:
        A definition without tasks where nothing of the board is in the slice. Groupings are left
        out: their labels speak of the whole board.
    """
    tasks = tuple(
        narrowed
        for task in definition.tasks
        if (not part.types or task.type in part.types)
        and (not part.tasks or task.task in part.tasks)
        and (narrowed := _in_language(task, part.language, languages)) is not None
    )
    return definition._replace(tasks=tasks, groupings=())


def _in_language(
    task: TaskSelection, language: str | None, languages: Languages
) -> TaskSelection | None:
    """The subsets of a task that are in a language; ``None`` where no subset is."""
    if language is None:
        return task
    subsets = languages.get(language, {}).get(task.task)
    return task._replace(subsets=subsets) if subsets else None


def subset_languages(
    subsets: Collection[str], of_task: Collection[str], by_subset: Mapping[str, Collection[str]]
) -> dict[str, tuple[str, ...]]:
    """Subsets of a task by their languages, in the order in which they are given.

    Args:
        subsets: Those that are asked for.
        of_task: Languages of the task, such as ``deu-Latn``.
        by_subset: Languages by subset where they differ, otherwise empty.
    """
    of_all = _codes(of_task)
    found: dict[str, list[str]] = {}
    for subset in subsets:
        codes = _codes(by_subset[subset]) if subset in by_subset else of_all
        for code in codes:
            found.setdefault(code, []).append(subset)
    return {code: tuple(of_code) for code, of_code in found.items()}


def _codes(languages: Collection[str]) -> frozenset[str]:
    """Codes of languages without their scripts."""
    return frozenset(map(plain_code, languages))
