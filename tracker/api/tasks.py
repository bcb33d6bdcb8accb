"""Questions about single tasks: what they are, who leads them, and who was trained on them."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.api.questions import Questions
from tracker.common.deferred_imports import deferred_imports
from tracker.common.times import When
from tracker.insights.boards.query import BoardQuery

with deferred_imports(globals()):
    import polars as pl

    from tracker.answers.boards import EditionInfo
    from tracker.answers.contamination import Contamination
    from tracker.answers.frames import frame_of
    from tracker.answers.tasks import Task, TaskInfo
    from tracker.insights.boards import contamination
    from tracker.insights.tasks import infos, tables


class TaskQuestions(Questions):
    """Tasks of the registry and their tables."""

    def task_list(
        self,
        *,
        language: str | None = None,
        type: str | None = None,  # noqa: A002
        domain: str | None = None,
        board: str | None = None,
        all_tasks: bool = False,
    ) -> tuple[TaskInfo, ...]:
        """Tasks of the present boards, by name, with what the registry says of them.

        Args:
            language: Only tasks with this language: an ISO 639 code, or a name in English or
                Chinese.
            type: Only this task type.
            domain: Only this domain, for example ``Legal``.
            board: Only tasks of this board; of a series its newest edition.
            all_tasks: Also tasks that no present board uses.

        Raises:
            NotFoundError: There is no such type, domain or board.
            UsageError: There is no such language.
            NoDataError: The catalog has no registry.
        """
        return infos.matching_infos(
            self._reader,
            language=language,
            type_=type,
            domain=domain,
            board=board,
            all_tasks=all_tasks,
        )

    def tasks(
        self,
        *,
        language: str | None = None,
        type: str | None = None,  # noqa: A002
        domain: str | None = None,
        board: str | None = None,
        all_tasks: bool = False,
    ) -> pl.DataFrame:
        """The same as a frame, one row a task."""
        found = self.task_list(
            language=language, type=type, domain=domain, board=board, all_tasks=all_tasks
        )
        return frame_of("tasks", found)

    def task(self, name: str, as_of: When = None, *, board: str | None = None) -> Task:
        """A task on a day: what it is, its whole table, its leaders, and who was trained on it.

        Args:
            name: Name of the task, in any case.
            as_of: The day; now by default.
            board: Count the splits and subsets that this board counts; by default those that most
                present boards count.

        Raises:
            NotFoundError: There is no such task, or the board does not use it.
            NoDataError: The catalog has no registry.
        """
        return tables.read_task(self._reader, name, as_of, board)

    def contamination_report(
        self,
        board: str | EditionInfo,
        as_of: When = None,
        *,
        type: str | None = None,  # noqa: A002
    ) -> Contamination:
        """Which models of a board were trained on its tasks, by whose word.

        A model that declares no training data is never counted as untrained.

        Args:
            board: Name of an edition or a series.
            as_of: The day of the board; declarations are those of today.
            type: Only tasks of these types, separated by commas.

        Raises:
            NotFoundError: There is no such board or type.
            NoDataError: Nothing is known of the board for that day, or the catalog has no registry.
        """
        return contamination.read_contamination(self._reader, BoardQuery(board, as_of, type=type))

    def contamination(
        self,
        board: str | EditionInfo,
        as_of: When = None,
        *,
        type: str | None = None,  # noqa: A002
    ) -> pl.DataFrame:
        """The same as a frame, one row a model; ``cells_to_polars`` has each model and task."""
        return self.contamination_report(board, as_of, type=type).to_polars()

    def all_tasks(self) -> Iterator[Task]:
        """The tasks of the present boards with their tables now, by name.

        Raises:
            NoDataError: The catalog has no registry.
        """
        return tables.read_present_tasks(self._reader)
