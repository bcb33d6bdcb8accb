"""What tasks are, and which of them a question means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from tracker.answers.tasks import TaskBoard, TaskInfo
from tracker.catalog.results.registry_queries import (
    RegisteredTask,
    StoredRegistry,
    all_registered_tasks,
    definition_of,
    newest_registry,
)
from tracker.common.checks import check_type
from tracker.common.languages import language_code, plain_code
from tracker.common.text import did_you_mean, short_hash, slugify
from tracker.errors import NoDataError, NotFoundError
from tracker.insights.reader import Reader, memoised


@memoised
def known_registry(reader: Reader) -> StoredRegistry:
    """The newest registry, which there must be.

    Raises:
        NoDataError: The catalog has none.
    """
    newest = newest_registry(reader.connection)
    if newest is None:
        raise NoDataError(
            "no registry says what tasks there are",
            remedy="run: tracker fetch benchmark-registry, then tracker load",
        )
    return newest


@memoised
def read_infos(reader: Reader) -> Mapping[str, TaskInfo]:
    """Read all tasks of the newest registry by name.

    Raises:
        NoDataError: The catalog has no registry.
    """
    registry = known_registry(reader)
    boards = _boards(reader)
    tasks = all_registered_tasks(reader.connection, registry.id)
    slugs = _slugs(task.name for task in tasks)
    named = f"mteb {registry.mteb_version}"
    return {
        task.name: _info(task, slugs[task.name], tuple(boards.get(task.name, ())), named)
        for task in tasks
    }


def find_info(reader: Reader, name: str) -> TaskInfo:
    """Find a task by name or slug, in any case.

    Raises:
        NotFoundError: There is none; the nearest names are suggested.
        NoDataError: The catalog has no registry.
        UsageError: The name is not text.
    """
    check_type("task", name, str)
    known = read_infos(reader)
    if name in known:
        return known[name]
    folded = name.casefold().strip()
    for info in known.values():
        if folded in (info.name.casefold(), info.slug):
            return info
    raise NotFoundError(
        f"no task called {name!r}", remedy=did_you_mean(name, known, "see: tracker tasks")
    )


def matching_infos(
    reader: Reader,
    *,
    language: str | None = None,
    type_: str | None = None,
    domain: str | None = None,
    board: str | None = None,
    all_tasks: bool = False,
) -> tuple[TaskInfo, ...]:
    """Find the tasks that meet every condition, by name.

    Args:
        reader: The open catalog.
        language: An ISO 639 code, or a name in English or Chinese.
        type_: A task type, in any case.
        domain: A domain, in any case.
        board: A board that uses the task; of a series its newest edition.
        all_tasks: Also tasks that no present board uses.

    Raises:
        NotFoundError: There is no such type, domain or board.
        UsageError: There is no such language.
        NoDataError: The catalog has no registry.
    """
    known = list(read_infos(reader).values())
    found = [info for info in known if all_tasks or info.n_boards or board is not None]
    if language is not None:
        code = language_code(language)
        found = [info for info in found if code in map(plain_code, info.languages)]
    if type_ is not None:
        kind = _spelled(type_, {info.type for info in known}, "task type")
        found = [info for info in found if info.type == kind]
    if domain is not None:
        place = _spelled(domain, {one for info in known for one in info.domains}, "domain")
        found = [info for info in found if place in info.domains]
    if board is not None:
        slug = reader.editions.named(board)[-1].slug
        found = [info for info in found if slug in {used.slug for used in info.boards}]
    return tuple(found)


def _spelled(name: str, known: set[str], what: str) -> str:
    """The known name that is meant, in any case."""
    folded = name.casefold().strip()
    for one in known:
        if one.casefold() == folded:
            return one
    raise NotFoundError(f"no {what} called {name!r}", remedy=did_you_mean(name, sorted(known)))


def _boards(reader: Reader) -> dict[str, list[TaskBoard]]:
    """The boards that use each task, present ones first."""
    found: dict[str, list[TaskBoard]] = defaultdict(list)
    for edition in sorted(reader.editions.editions, key=lambda edition: not edition.current):
        defined = definition_of(reader.connection, reader.editions.ids[edition.slug])
        for task in defined[1].tasks if defined else ():
            found[task.task].append(
                TaskBoard(
                    edition.name,
                    edition.slug,
                    edition.title,
                    edition.current,
                    task.splits,
                    task.subsets,
                )
            )
    return found


def _slugs(names: Iterable[str]) -> dict[str, str]:
    """Slugs by name; names that differ in case or punctuation alone get a hash."""
    by_slug: dict[str, list[str]] = defaultdict(list)
    for name in names:
        by_slug[slugify(name)].append(name)
    return {
        name: slug if len(same) == 1 else f"{slug}-{short_hash(name)}"
        for slug, same in by_slug.items()
        for name in same
    }


def _info(
    task: RegisteredTask, slug: str, boards: tuple[TaskBoard, ...], registry: str
) -> TaskInfo:
    told = task.properties
    dataset = told.get("dataset") or {}
    return TaskInfo(
        name=task.name,
        slug=slug,
        type=task.type,
        metric=task.metric,
        public=task.is_public,
        languages=tuple(told.get("languages", ())),
        domains=tuple(told.get("domains", ())),
        modalities=tuple(told.get("modalities", ())),
        dataset=dataset.get("path"),
        revision=dataset.get("revision"),
        reference=told.get("reference"),
        splits=tuple(told.get("splits", ())),
        subsets=tuple(told.get("subsets", ())),
        adapted_from=tuple(told.get("adapted_from", ())),
        superseded_by=told.get("superseded_by"),
        boards=boards,
        registry=registry,
    )
