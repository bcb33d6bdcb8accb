"""Raw scores of a board as frames, read once for all dates."""

from __future__ import annotations

from typing import NamedTuple

import orjson
import polars as pl
from sqlalchemy import Connection

from tracker.catalog.registry_queries import StoredRegistry, definition_of
from tracker.catalog.result_queries import RawResults, raw_results, registry_models
from tracker.definitions import BenchmarkDefinition
from tracker.ranking.recompute import Recomputed, recompute
from tracker.ranking.task_scores import SelectedScores, select_listed_scores

_FILES = {
    "file_id": pl.Int64,
    "task": pl.String,
    "content_id": pl.Int64,
    "model": pl.String,
    "revision": pl.String,
    "experiment": pl.String,
    "mteb_version": pl.String,
    "valid_from": pl.String,
    "valid_to": pl.String,
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
    """All files of registered models on the board's tasks, with their intervals."""
    selected: SelectedScores
    models: RegisteredModels

    def at(self, moment: str) -> Recomputed:
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
        began = pl.col("valid_from") <= moment
        stands = pl.col("valid_to").is_null() | (pl.col("valid_to") > moment)
        return self.files.filter(began & stands)


class RawScores:
    """The boards of one open catalog; each is read once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._boards: dict[int, RawBoard] = {}
        self._models: dict[int, RegisteredModels] = {}

    def board(self, edition_id: int) -> RawBoard | None:
        """A board with all its raw scores; ``None`` where no registry defines it."""
        if edition_id not in self._boards:
            found = definition_of(self._connection, edition_id)
            if found is None:
                return None
            registry, definition = found
            models = self._registered(registry.id)
            raw = raw_results(self._connection, [task.task for task in definition.tasks])
            files = pl.DataFrame(raw.files, schema=_FILES, orient="row")
            self._boards[edition_id] = RawBoard(
                registry,
                definition,
                files.filter(pl.col("model").is_in(list(models.revisions))),
                select_listed_scores(_contents(raw), _layouts(raw), definition),
                models,
            )
        return self._boards[edition_id]

    def _registered(self, registry_id: int) -> RegisteredModels:
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


def _contents(raw: RawResults) -> pl.DataFrame:
    """Which task each content tells of, its layout, and its scores in the layout's order."""
    schema = {
        "content_id": pl.Int64,
        "task": pl.String,
        "layout_id": pl.Int64,
        "scores": pl.String,
    }
    contents = pl.DataFrame(raw.contents, schema=schema, orient="row")
    return contents.with_columns(pl.col("scores").str.json_decode(pl.List(pl.Float64)))


def _layouts(raw: RawResults) -> pl.DataFrame:
    """The cells of each layout, in its order."""
    cells = [
        (layout, split, subset)
        for layout, told in raw.layouts
        for split, subset in orjson.loads(told)
    ]
    schema = {"layout_id": pl.Int64, "split": pl.String, "subset": pl.String}
    return pl.DataFrame(cells, schema=schema, orient="row")
