"""Result files and their scores as data frames."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cached_property, partial
from typing import Generic, TypeVar

import orjson
import polars as pl
from sqlalchemy import Connection

from tracker.catalog.identity.originals import present_names, registry_renames
from tracker.catalog.results.queries import (
    main_scores,
    raw_contents,
    raw_identities,
    raw_layouts,
    raw_versions,
)
from tracker.ranking.metrics import lowest_score

_VERSIONS = {
    "folder_id": pl.Int64,
    "file": pl.String,
    "task": pl.String,
    "content_id": pl.Int64,
    "blob": pl.String,
    "mteb_version": pl.String,
    "valid_from": pl.String,
    "valid_to": pl.String,
}
_IDENTITIES = {
    "folder_id": pl.Int64,
    "folder": pl.String,
    "name": pl.String,
    "revision": pl.String,
    "experiment": pl.String,
    "since": pl.String,
    "until": pl.String,
}
_CONTENTS = {
    "content_id": pl.Int64,
    "task": pl.String,
    "layout_id": pl.Int64,
    "scores": pl.String,
}
LAYOUTS = {"layout_id": pl.Int64, "split": pl.String, "subset": pl.String}
"""Columns of the cells of layouts."""

_Key = TypeVar("_Key")


class _Table(Generic[_Key]):
    """Rows by a key, those of each key read once."""

    def __init__(self, key: str, read: Callable[[Sequence[_Key]], pl.DataFrame]) -> None:
        self._key = key
        self._read = read
        self._known: set[_Key] = set()
        self._rows = read(())

    def of(self, keys: Collection[_Key]) -> pl.DataFrame:
        """Return the rows of some keys, in any order."""
        new = [key for key in dict.fromkeys(keys) if key not in self._known]
        if new:
            self._rows = pl.concat([self._rows, self._read(new)])
            self._known.update(new)
        return self._rows.filter(pl.col(self._key).is_in(list(keys)))


class RawTables:
    """Files and scores of tasks; boards share most of their tasks, and each is read once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @cached_property
    def _identities(self) -> pl.DataFrame:
        rows = raw_identities(self._connection)
        return pl.DataFrame(rows, schema=_IDENTITIES, orient="row")

    @cached_property
    def _versions(self) -> _Table[str]:
        return _Table("task", self._read_versions)

    @cached_property
    def _contents(self) -> _Table[str]:
        return _Table("task", partial(read_contents, self._connection))

    @cached_property
    def _layouts(self) -> _Table[int]:
        return _Table("layout_id", partial(read_layouts, self._connection))

    @cached_property
    def _present(self) -> dict[str, str]:
        return present_names(self._connection)

    @cached_property
    def _renames(self) -> dict[str, tuple[str, str]]:
        return registry_renames(self._connection)

    @cached_property
    def lowest(self) -> dict[str, float]:
        """The lowest possible score of each registered task."""
        return {
            task: lowest_score(metric) for task, metric in main_scores(self._connection).items()
        }

    def files(self, tasks: Collection[str]) -> pl.DataFrame:
        """Return all versions of the result files with scores of some tasks.

        Returns:
            One row per interval in which content and model of a file were the same: ``file_id``
            (numbered in order of the paths, so that among equally preferred files the first by
            path counts), ``path``, ``task``, ``content_id``, ``blob``, ``model`` and ``name``
            (both the public id in the results repository), ``revision``, ``experiment``,
            ``mteb_version``, ``valid_from`` and ``valid_to``.
        """
        number = pl.col("path").rank("dense").cast(pl.Int64)
        return self._versions.of(tasks).with_columns(file_id=number)

    def _read_versions(self, tasks: Sequence[str]) -> pl.DataFrame:
        """Read what ``files`` returns, without numbers."""
        rows = raw_versions(self._connection, tasks)
        is_later = pl.col("valid_to").is_null() | (pl.col("since") < pl.col("valid_to"))
        is_earlier = pl.col("until").is_null() | (pl.col("until") > pl.col("valid_from"))
        return (
            pl.LazyFrame(rows, schema=_VERSIONS, orient="row")
            .join(self._identities.lazy(), on="folder_id")
            .filter(is_later & is_earlier)
            .select(
                "task",
                "content_id",
                "blob",
                "name",
                "revision",
                "experiment",
                "mteb_version",
                path=pl.concat_str("folder", pl.lit("/"), "file"),
                model="name",
                valid_from=pl.max_horizontal("valid_from", "since"),
                # The earlier end; a missing one is open and comes after every other.
                valid_to=pl.min_horizontal("valid_to", "until"),
            )
            .collect()
        )

    def with_present_names(self, files: pl.DataFrame) -> pl.DataFrame:
        """Replace ``model`` by the present name of the model.

        ``name`` follows the registry where it renamed a model whose folder stayed: a file counts
        under the former name until the first commit after the change, and under the new one from
        then on.
        """
        present = self._present
        if not present:
            return files
        model = pl.col("model").replace_strict(
            list(present), list(present.values()), default=pl.col("model"), return_dtype=pl.String
        )
        files = files.with_columns(model=model)
        for former, (name, at) in self._renames.items():
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

    def contents(self, tasks: Collection[str]) -> pl.DataFrame:
        """Return the contents of some tasks, as ``read_contents`` reads them."""
        return self._contents.of(tasks)

    def layouts_of(self, contents: pl.DataFrame) -> pl.DataFrame:
        """Return the cells of the layouts of contents: ``layout_id``, ``split``, ``subset``."""
        return self._layouts.of(contents["layout_id"].unique().to_list())


def read_contents(
    connection: Connection, tasks: Sequence[str], only: Collection[int] | None = None
) -> pl.DataFrame:
    """Read the contents of some tasks.

    Args:
        connection: The catalog.
        tasks: Names of the tasks.
        only: Ids of the wanted contents; all by default.

    Returns:
        ``content_id``, ``task``, ``layout_id`` and ``scores`` (list in the layout's order).
    """
    rows: Iterable[tuple[int, str, int, str]] = raw_contents(connection, tasks)
    if only is not None:
        rows = [row for row in rows if row[0] in only]
    contents = pl.DataFrame(list(rows), schema=_CONTENTS, orient="row")
    return contents.with_columns(pl.col("scores").str.json_decode(pl.List(pl.Float64)))


def read_layouts(connection: Connection, ids: Sequence[int]) -> pl.DataFrame:
    """Read the cells of some layouts: ``layout_id``, ``split`` and ``subset``."""
    cells = [
        (layout, split, subset)
        for layout, listed in raw_layouts(connection, ids)
        for split, subset in orjson.loads(listed)
    ]
    return pl.DataFrame(cells, schema=LAYOUTS, orient="row")
