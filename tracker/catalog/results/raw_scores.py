"""Raw scores of boards as frames, read once for all dates."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Literal, NamedTuple

import orjson
import polars as pl
from sqlalchemy import Connection

from tracker.catalog.models.originals import present_names, registry_renames
from tracker.catalog.results.queries import (
    main_scores,
    raw_contents,
    raw_files,
    raw_layouts,
    registry_models,
)
from tracker.catalog.results.registry_queries import StoredRegistry, definition_of
from tracker.ranking.benchmark import BenchmarkDefinition
from tracker.ranking.metrics import lowest_score
from tracker.ranking.recompute import ComputedBoard, recompute
from tracker.ranking.task_scores import SelectedScores, select_scores

Identity = Literal["resolved", "registry"]
"""``resolved``: one model through all its names, without impossible scores; ``registry``: by
spelling alone and with every score, as the publisher's server does."""
IDENTITIES: tuple[Identity, ...] = ("resolved", "registry")

_FILES = {
    "path": pl.String,
    "task": pl.String,
    "content_id": pl.Int64,
    "name": pl.String,
    "revision": pl.String,
    "experiment": pl.String,
    "mteb_version": pl.String,
    "valid_from": pl.String,
    "valid_to": pl.String,
}
_CONTENTS = {
    "content_id": pl.Int64,
    "task": pl.String,
    "layout_id": pl.Int64,
    "scores": pl.String,
}


class RegisteredModels(NamedTuple):
    """What a registry says of models, as the ranking needs it."""

    revisions: dict[str, str | None]
    training_tasks: dict[str, frozenset[str] | None]
    properties: dict[str, str]
    """JSON objects."""


class RawBoard(NamedTuple):
    """All that is needed to compute one board at any moment."""

    registry: StoredRegistry
    definition: BenchmarkDefinition
    files: pl.DataFrame
    """All files of registered models on the board's tasks, with their intervals. ``model`` is the
    name in the registry, ``name`` the one that the results repository gave the model then."""
    selected: SelectedScores
    models: RegisteredModels

    def at(self, moment: str) -> ComputedBoard:
        """The board as it stood at a moment."""
        return recompute(
            self.files_at(moment),
            self.selected,
            self.definition,
            self.models.revisions,
            self.models.training_tasks,
        )

    def files_at(self, moment: str) -> pl.DataFrame:
        """The files that stood at a moment."""
        return standing_at(self.files, moment)


def standing_at(files: pl.DataFrame, moment: str) -> pl.DataFrame:
    """The rows whose interval holds at a moment."""
    began = pl.col("valid_from") <= moment
    holds = pl.col("valid_to").is_null() | (pl.col("valid_to") > moment)
    return files.filter(began & holds)


class RawScores:
    """The boards of one open catalog; each is read once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._boards: dict[tuple[int, Identity], RawBoard] = {}
        self._models: dict[int, RegisteredModels] = {}

    def board(self, edition_id: int, identity: Identity = "resolved") -> RawBoard | None:
        """A board with all its raw scores; ``None`` where no registry defines it."""
        key = (edition_id, identity)
        if key not in self._boards:
            found = definition_of(self._connection, edition_id)
            if found is None:
                return None
            registry, definition = found
            models = self.registered(registry.id)
            tasks = [task.task for task in definition.tasks]
            files = read_files(self._connection, tasks)
            if identity == "resolved":
                files = with_present_names(self._connection, files)
            lowest = lowest_scores(self._connection) if identity == "resolved" else None
            self._boards[key] = RawBoard(
                registry,
                definition,
                files.filter(pl.col("model").is_in(list(models.revisions))),
                select_scores(
                    read_contents(self._connection, tasks),
                    read_layouts(self._connection, tasks),
                    definition,
                    lowest,
                ),
                models,
            )
        return self._boards[key]

    def registered(self, registry_id: int) -> RegisteredModels:
        """The models of a registry."""
        if registry_id not in self._models:
            rows = registry_models(self._connection, registry_id)
            self._models[registry_id] = RegisteredModels(
                {row.name: row.revision for row in rows},
                {
                    row.name: None
                    if row.training_tasks is None
                    else frozenset(orjson.loads(row.training_tasks))
                    for row in rows
                },
                {row.name: row.properties for row in rows},
            )
        return self._models[registry_id]


def read_files(connection: Connection, tasks: Sequence[str]) -> pl.DataFrame:
    """All versions of the result files of some tasks that have scores.

    Returns:
        ``file_id`` (numbers in the order of the paths, so that of equal files the first by path
        counts), ``path``, ``task``, ``content_id``, ``model`` and ``name`` (both the public id
        that the repository gives), ``revision``, ``experiment``, ``mteb_version``, ``valid_from``
        and ``valid_to``.
    """
    files = pl.DataFrame(raw_files(connection, tasks), schema=_FILES, orient="row")
    return files.with_columns(
        file_id=pl.col("path").rank("dense").cast(pl.Int64), model=pl.col("name")
    )


def with_present_names(connection: Connection, files: pl.DataFrame) -> pl.DataFrame:
    """The same files with every model under its present name.

    ``name`` follows the registry where it renamed a model whose folder stayed: a file counts under
    the former name until the first commit after the change, and under the new one from then on.
    """
    present = present_names(connection)
    if not present:
        return files
    model = pl.col("model").replace_strict(
        list(present), list(present.values()), default=pl.col("model"), return_dtype=pl.String
    )
    files = files.with_columns(model=model)
    for former, (name, at) in registry_renames(connection).items():
        is_later = pl.col("valid_to").is_null() | (pl.col("valid_to") > at)
        is_named = pl.col("name") == former
        later = files.filter(is_named & is_later).with_columns(
            name=pl.lit(name), valid_from=pl.max_horizontal("valid_from", pl.lit(at))
        )
        if not later.is_empty():
            ends = pl.when(is_named & is_later).then(pl.lit(at)).otherwise("valid_to")
            earlier = files.filter(~(is_named & (pl.col("valid_from") >= at)))
            files = pl.concat([earlier.with_columns(valid_to=ends), later])
    return files


def lowest_scores(connection: Connection) -> dict[str, float]:
    """The lowest possible score of every task that a registry knows."""
    return {task: lowest_score(metric) for task, metric in main_scores(connection).items()}


def read_contents(
    connection: Connection, tasks: Sequence[str], only: Collection[int] | None = None
) -> pl.DataFrame:
    """What each content says: its task, its layout, and its scores in the layout's order.

    Args:
        connection: The catalog.
        tasks: Those whose contents are read.
        only: Ids of the contents that are wanted; all of them by default.
    """
    rows: Iterable[tuple[int, str, int, str]] = raw_contents(connection, tasks)
    if only is not None:
        rows = [row for row in rows if row[0] in only]
    contents = pl.DataFrame(list(rows), schema=_CONTENTS, orient="row")
    return contents.with_columns(pl.col("scores").str.json_decode(pl.List(pl.Float64)))


def read_layouts(connection: Connection, tasks: Sequence[str]) -> pl.DataFrame:
    """The cells of each layout, in its order."""
    cells = [
        (layout, split, subset)
        for layout, told in raw_layouts(connection, tasks)
        for split, subset in orjson.loads(told)
    ]
    schema = {"layout_id": pl.Int64, "split": pl.String, "subset": pl.String}
    return pl.DataFrame(cells, schema=schema, orient="row")
