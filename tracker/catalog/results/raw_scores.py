"""Raw scores of boards as data frames, read once for all moments."""

from __future__ import annotations

from typing import Literal, NamedTuple

import orjson
from sqlalchemy import Connection

from tracker.catalog.results.queries import registry_models
from tracker.catalog.results.registry_queries import (
    StoredRegistry,
    definition_of,
    present_models,
    registered_tasks,
)
from tracker.common.deferred_imports import deferred_imports
from tracker.ranking.benchmark import BenchmarkDefinition
from tracker.ranking.slices import Languages, Slice, narrow, subset_languages

with deferred_imports(globals()):
    import polars as pl

    from tracker.catalog.results.raw_tables import RawTables
    from tracker.ranking.recompute import ComputedBoard, count_rows, recompute
    from tracker.ranking.task_scores import SelectedScores, of_tasks, select_scores

Identity = Literal["resolved", "registry"]
"""``resolved``: former names count for the present one, impossible scores are left out;
``registry``: each name counts alone, with all scores, like on the publisher's server."""
IDENTITIES: tuple[Identity, ...] = ("resolved", "registry")


def as_identity(name: str) -> Identity:
    """Return an identity by a name that was checked to be one."""
    return "registry" if name == "registry" else "resolved"


class RegisteredModels(NamedTuple):
    """The models of a registry, by name."""

    revisions: dict[str, str | None]
    """The revision whose results count; ``None`` if not declared."""
    training_tasks: dict[str, frozenset[str] | None]
    """``None`` if not declared."""
    properties: dict[str, str]
    """JSON objects."""


class RawBoard(NamedTuple):
    """Everything needed to compute one board at any moment."""

    registry: StoredRegistry
    definition: BenchmarkDefinition
    files: pl.DataFrame
    """All versions of files of registered models on the board's tasks. ``model`` is the name in
    the registry, ``name`` the one in the results repository at the time."""
    selected: SelectedScores
    models: RegisteredModels

    def at(self, moment: str, n_rows: int | None = None) -> ComputedBoard:
        """Compute the board at a moment; ``n_rows`` as for :func:`recompute`."""
        return recompute(
            self.files_at(moment),
            self.selected,
            self.definition,
            self.models.revisions,
            self.models.training_tasks,
            n_rows,
        )

    def count_rows(self, moment: str) -> int:
        """Number of rows of the board at a moment."""
        files = self.files_at(moment)
        return count_rows(files, self.selected, self.definition, self.models.revisions)

    def files_at(self, moment: str) -> pl.DataFrame:
        """Return the files of a moment."""
        return holding_at(self.files, moment)


def holding_at(files: pl.DataFrame, moment: str) -> pl.DataFrame:
    """Return the rows whose interval (``valid_from``, ``valid_to``) holds at a moment."""
    began = pl.col("valid_from") <= moment
    holds = pl.col("valid_to").is_null() | (pl.col("valid_to") > moment)
    return files.filter(began & holds)


class RawScores:
    """Cache of the raw boards of one open catalog."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.tables = RawTables(connection)
        self._boards: dict[tuple[int, Identity], RawBoard] = {}
        self._parts: dict[tuple[int, Identity, Slice], RawBoard] = {}
        self._models: dict[tuple[int, Identity], RegisteredModels] = {}
        self._languages_of: dict[tuple[int, str], Languages] = {}

    def board(self, edition_id: int, identity: Identity = "resolved") -> RawBoard | None:
        """Return a board with its raw scores; ``None`` if no registry defines it."""
        key = (edition_id, identity)
        if key not in self._boards:
            found = definition_of(self._connection, edition_id)
            if found is None:
                return None
            registry, definition = found
            names = [task.task for task in definition.tasks]
            files = self.tables.files(names)
            if identity == "resolved":
                files = self.tables.with_present_names(files)
            models = self.registered(registry.id, identity)
            self._boards[key] = RawBoard(
                registry,
                definition,
                files.filter(pl.col("model").is_in(list(models.revisions))),
                self._selected(definition, identity),
                models,
            )
        return self._boards[key]

    def part(
        self, edition_id: int, part: Slice, identity: Identity = "resolved"
    ) -> RawBoard | None:
        """A part of a board as a board of its own; it has no tasks where nothing is in the part."""
        whole = self.board(edition_id, identity)
        if whole is None or part.is_whole:
            return whole
        key = (edition_id, identity, part)
        if key not in self._parts:
            languages = (
                self._languages(whole.registry.id, whole.definition) if part.language else {}
            )
            definition = narrow(whole.definition, part, languages)
            names = [task.task for task in definition.tasks]
            self._parts[key] = whole._replace(
                definition=definition,
                files=whole.files.filter(pl.col("task").is_in(names)),
                selected=self._selected(definition, identity)
                if part.language
                else of_tasks(whole.selected, whole.definition, definition),
            )
        return self._parts[key]

    def without(self, board: RawBoard, cells: pl.DataFrame, identity: Identity) -> RawBoard:
        """A board without some scores.

        Args:
            board: The board, or a part of one.
            cells: ``path``, ``content_id``, ``split`` and ``subset`` of the scores that are to be
                missing; a file with a null split loses all. Another file with the same content
                keeps its scores.
            identity: That of the board.
        """
        # A copy without these scores for each file; negative ids are of no stored content.
        copies = cells.select("path", "content_id").unique(maintain_order=True)
        copies = copies.with_columns(copy_id=-1 - pl.int_range(pl.len(), dtype=pl.Int64))
        same = ["path", "content_id"]
        files = board.files.join(copies, on=same, how="left", maintain_order="left").with_columns(
            content_id=pl.coalesce("copy_id", "content_id")
        )
        out = cells.join(copies, on=same).select("copy_id", "content_id", "split", "subset")
        return board._replace(
            files=files.drop("copy_id"), selected=self._selected(board.definition, identity, out)
        )

    def _selected(
        self,
        definition: BenchmarkDefinition,
        identity: Identity,
        without: pl.DataFrame | None = None,
    ) -> SelectedScores:
        names = [task.task for task in definition.tasks]
        contents = self.tables.contents(names)
        layouts = self.tables.layouts_of(contents)
        if without is not None:
            contents = pl.concat([contents, _blanked(contents, layouts, without)])
        return select_scores(
            contents,
            layouts,
            definition,
            self.tables.lowest if identity == "resolved" else None,
        )

    def _languages(self, registry_id: int, definition: BenchmarkDefinition) -> Languages:
        """Languages of the subsets that a board counts."""
        key = (registry_id, definition.name)
        if key not in self._languages_of:
            self._languages_of[key] = self._read_languages(registry_id, definition)
        return self._languages_of[key]

    def _read_languages(self, registry_id: int, definition: BenchmarkDefinition) -> Languages:
        names = [task.task for task in definition.tasks]
        told = registered_tasks(self._connection, registry_id, names)
        found: dict[str, dict[str, tuple[str, ...]]] = {}
        for task in definition.tasks:
            if task.task in told:
                of_subsets = subset_languages(
                    task.subsets,
                    told[task.task].get("languages", ()),
                    told[task.task].get("subset_languages", {}),
                )
                for language, subsets in of_subsets.items():
                    found.setdefault(language, {})[task.task] = subsets
        return found

    def registered(self, registry_id: int, identity: Identity = "resolved") -> RegisteredModels:
        """Return the models of a registry; resolved ones also under their present names."""
        key = (registry_id, identity)
        if key not in self._models:
            rows = (
                present_models(self._connection, registry_id)
                if identity == "resolved"
                else {row.name: row for row in registry_models(self._connection, registry_id)}
            )
            self._models[key] = RegisteredModels(
                {name: row.revision for name, row in rows.items()},
                {
                    name: None
                    if row.training_tasks is None
                    else frozenset(orjson.loads(row.training_tasks))
                    for name, row in rows.items()
                },
                {name: row.properties for name, row in rows.items()},
            )
        return self._models[key]


def _blanked(contents: pl.DataFrame, layouts: pl.DataFrame, without: pl.DataFrame) -> pl.DataFrame:
    """Copies of contents in which some scores are null.

    Args:
        contents: As ``read_contents`` reads them.
        layouts: The cells of their layouts.
        without: ``copy_id``, ``content_id``, ``split`` and ``subset`` of these scores.
    """
    copies = without.select("copy_id", "content_id").unique(maintain_order=True)
    whole = without.filter(pl.col("split").is_null()).select("copy_id").unique()
    listed = layouts.group_by("layout_id", maintain_order=True).agg("split", "subset")
    cells = (
        contents.join(copies, on="content_id", maintain_order="right")
        .join(listed, on="layout_id", maintain_order="left")
        .explode("scores", "split", "subset")
        .join(
            without.drop("content_id").unique().with_columns(is_out=True),
            on=["copy_id", "split", "subset"],
            how="left",
            maintain_order="left",
        )
        .join(whole.with_columns(all_out=True), on="copy_id", how="left", maintain_order="left")
    )
    is_out = pl.col("is_out").fill_null(False) | pl.col("all_out").fill_null(False)
    kept = cells.with_columns(scores=pl.when(~is_out).then("scores"))
    grouped = kept.group_by("copy_id", "task", "layout_id", maintain_order=True).agg("scores")
    return grouped.rename({"copy_id": "content_id"}).select(contents.columns)
