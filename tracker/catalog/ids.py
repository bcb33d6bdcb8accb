"""Assign ids during a load, and resolve names to ids.

The load is the only writer, so it assigns ids itself and inserts many rows at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import orjson
from sqlalchemy import Connection, bindparam, delete, func, select, union, update
from sqlmodel import SQLModel

from tracker.catalog import tables
from tracker.catalog.dialects import dialect_of
from tracker.common.text import model_slug, short_hash, slugify
from tracker.curated import Curated
from tracker.sources import records

Key = TypeVar("Key")
Values = tuple[Any, ...]
_REGISTRY = "benchmark-registry"


def table_of(model: type[SQLModel]) -> Any:
    """Return the SQLAlchemy table of a SQLModel class."""
    return model.__table__  # type: ignore[attr-defined]


def insert_rows(connection: Connection, model: type[SQLModel], rows: list[Values]) -> None:
    """Insert rows of plain values in the way that is fastest for the database.

    Args:
        connection: The transaction of the load.
        model: The table.
        rows: Values of all columns, in table order.
    """
    if not rows:
        return
    dialect_of(connection).insert_rows(connection, table_of(model), rows)


class Ids:
    """Assigns the ids of one table, and buffers its new rows."""

    def __init__(self, connection: Connection, model: type[SQLModel]) -> None:
        self._connection = connection
        self._model = model
        table = table_of(model)
        self.columns = [column.name for column in table.c][1:]
        """All columns except the id, which is the first."""
        self._next: int | None = None
        """Id of the next row; read from the table when the first one comes."""
        self._rows: list[Values] = []

    def add(self, **values: Any) -> int:
        """Add a row and return its id."""
        return self.add_values([values[name] for name in self.columns])

    def add_values(self, values: Iterable[Any]) -> int:
        """Add a row with its values in the order of ``columns``, and return its id."""
        if self._next is None:
            newest = select(func.max(table_of(self._model).c.id))
            self._next = (self._connection.execute(newest).scalar() or 0) + 1
        added = self._next
        self._rows.append((added, *values))
        self._next = added + 1
        return added

    def flush(self) -> None:
        """Insert the new rows."""
        rows, self._rows = self._rows, []
        insert_rows(self._connection, self._model, rows)


def task_list_digest(edition: records.Edition) -> str:
    """Return a digest of the task list, which distinguishes editions with the same name."""
    identity = orjson.dumps([edition.name, edition.tasks, edition.task_types])
    return hashlib.sha256(identity).hexdigest()


class Names:
    """Ids by name, of the catalog and of new rows of a load."""

    def __init__(self, connection: Connection, curated: Curated) -> None:
        self._connection = connection
        self._streams = Ids(connection, tables.StreamTable)
        self._models = Ids(connection, tables.ModelTable)
        self._listings = Ids(connection, tables.ListingTable)
        self._series = Ids(connection, tables.SeriesTable)
        self._editions = Ids(connection, tables.EditionTable)

        def known(model: type[SQLModel], *columns: str) -> dict[Any, int]:
            table = table_of(model)
            chosen = [table.c[column] for column in columns]
            rows = connection.execute(select(table.c.id, *chosen)).all()
            return {(row[1] if len(columns) == 1 else tuple(row[1:])): row[0] for row in rows}

        self.streams: dict[tuple[str, str], int] = known(tables.StreamTable, "source", "name")
        self.models: dict[str, int] = known(tables.ModelTable, "name")
        self.listings: dict[tuple[int, str, str], int] = known(
            tables.ListingTable, "model_id", "label", "link"
        )
        self.series: dict[str, int] = known(tables.SeriesTable, "slug")
        self.editions: dict[tuple[str, str], int] = known(tables.EditionTable, "name", "digest")
        found = table_of(tables.EditionTable).c
        chosen = select(found.id).where(found.source == _REGISTRY)
        self._defined_only = set(connection.execute(chosen).scalars())
        """Editions with a registry as their source, until a publisher of the board is loaded."""
        self._new_sources: list[dict[str, Any]] = []
        self._listing_ids: dict[records.Listing, int] = {}
        self._edition_ids: dict[records.Edition, int] = {}
        self._curated_series = {
            name: (series, position)
            for series in curated.series
            for position, name in enumerate(series.editions)
        }
        self._own_titles: dict[str, tuple[str, str]] = {}
        self._main_tables = {
            f"published/{board.folder}/{board.main_table}" for board in curated.boards
        }

    def stream(self, source: str, name: str) -> int:
        """Return the id of a stream."""
        return _get(
            self.streams, (source, name), lambda: self._streams.add(source=source, name=name)
        )

    def model(self, name: str) -> int:
        """Return the id of a model by its public id."""
        # The slug is assigned at the end of the load; until then it is a unique placeholder.
        return _get(self.models, name, lambda: self._models.add(name=name, slug=f"?{name}"))

    def listing(self, listing: records.Listing) -> int:
        """Return the id of a listing."""
        found = self._listing_ids.get(listing)
        if found is None:
            model_id = self.model(listing.model)
            found = self._listing_ids[listing] = _get(
                self.listings,
                (model_id, listing.label, listing.link),
                lambda: self._listings.add(
                    model_id=model_id, label=listing.label, link=listing.link
                ),
            )
        return found

    def listing_ids(self, listings: Sequence[records.Listing]) -> list[int]:
        """Return the ids of many listings."""
        found = [self._listing_ids.get(listing) for listing in listings]
        return [
            self.listing(listing) if id_ is None else id_
            for id_, listing in zip(found, listings, strict=True)
        ]

    def edition(self, edition: records.Edition) -> int:
        """Return the id of an edition; without a curated series it has its own."""
        found = self._edition_ids.get(edition)
        if found is None:
            digest = task_list_digest(edition)
            found = self._edition_ids[edition] = _get(
                self.editions, (edition.name, digest), lambda: self._new_edition(edition, digest)
            )
            if edition.source != _REGISTRY and found in self._defined_only:
                self._defined_only.remove(found)
                self._new_sources.append({"b_id": found, "b_source": edition.source})
        return found

    def _new_edition(self, edition: records.Edition, digest: str) -> int:
        series_id, position = self._series_of(edition.name)
        parts = edition.name.split("/")
        is_type_table = edition.source == "published-boards" and len(parts) == 3
        id_ = self._editions.add(
            series_id=series_id,
            position=position,
            source=edition.source,
            name=edition.name,
            slug=f"?{digest}",
            unit=edition.unit,
            n_tasks=edition.n_tasks,
            tasks=orjson.dumps(edition.tasks).decode(),
            task_types=orjson.dumps(edition.task_types).decode(),
            task_type=parts[2] if is_type_table else None,
            speaks=not is_type_table or edition.name in self._main_tables,
            digest=digest,
        )
        if edition.source == _REGISTRY:
            self._defined_only.add(id_)
        return id_

    def title(self, board: str, en: str, zh: str) -> None:
        """Give the series of a board without curated files its titles."""
        self._own_titles[board] = (en, zh)
        if known := self.series.get(slugify(board)):
            table = table_of(tables.SeriesTable)
            statement = update(table).where(table.c.id == known)
            self._connection.execute(statement.values(title_en=en, title_zh=zh))

    def forget_board(self, source: str, stream: str, board: str) -> None:
        """Delete everything that a stream said, with the editions of its board.

        Args:
            source: Id of the source.
            stream: Name of the stream.
            board: Name of the editions.
        """
        stream_id = self.streams.pop((source, stream), None)
        if stream_id is None:
            return
        slug = slugify(board)
        for model in (
            tables.BoardRowTable,
            tables.StandingTable,
            tables.ModelRecordTable,
            tables.SnapshotTable,
        ):
            table = table_of(model)
            self._connection.execute(delete(table).where(table.c.stream_id == stream_id))
        edition, series = table_of(tables.EditionTable), table_of(tables.SeriesTable)
        own = table_of(tables.StreamTable)
        self._connection.execute(delete(edition).where(edition.c.name == board))
        self._connection.execute(delete(series).where(series.c.slug == slug))
        self._connection.execute(delete(own).where(own.c.id == stream_id))
        self.editions = {key: id_ for key, id_ in self.editions.items() if key[0] != board}
        self.series.pop(slug, None)

    def _series_of(self, name: str) -> tuple[int, int]:
        # A table of one task type belongs to the series of its board.
        board = "/".join(name.split("/")[:2]) if name.startswith("published/") else name
        curated = self._curated_series.get(name) or self._curated_series.get(board)
        if curated:
            series, position = curated
            slug, en, zh = series.slug, series.title.en, series.title.zh
        else:
            slug, position = slugify(board), 0
            en, zh = self._own_titles.get(board, (board, board))
        series_id = _get(
            self.series, slug, lambda: self._series.add(slug=slug, title_en=en, title_zh=zh)
        )
        return series_id, position

    def flush(self) -> None:
        """Insert all new rows."""
        for ids in (self._streams, self._models, self._listings, self._series, self._editions):
            ids.flush()
        if self._new_sources:
            table = table_of(tables.EditionTable)
            statement = update(table).where(table.c.id == bindparam("b_id"))
            statement = statement.values(source=bindparam("b_source"))
            self._connection.execute(statement, self._new_sources)
            self._new_sources = []

    def delete_unused(self) -> None:
        """Delete listings and models without references, so that earlier loads leave no trace."""
        self.flush()
        for target in (tables.ListingTable, tables.ModelTable):
            table = table_of(target)
            users = [
                select(key.parent).where(key.parent.is_not(None))
                for other in SQLModel.metadata.tables.values()
                for key in other.foreign_keys
                if key.references(table)
            ]
            self._connection.execute(delete(table).where(table.c.id.not_in(union(*users))))
        known = table_of(tables.ModelTable)
        left = set(self._connection.execute(select(known.c.name)).scalars())
        self.models = {name: id_ for name, id_ in self.models.items() if name in left}

    def assign_slugs(self) -> None:
        """Assign the slugs of models and editions, which depend only on the set of names.

        If two names have the same slug, the first one in alphabetical order keeps it.
        """
        table = table_of(tables.ModelTable)
        wanted = _unique(
            ((name, model_slug(name)) for name in self.models), lambda name: short_hash(name)
        )
        self._rename(table, {self.models[name]: slug for name, slug in wanted.items()})
        table = table_of(tables.EditionTable)
        rows = self._connection.execute(
            select(table.c.id, table.c.name, table.c.n_tasks, table.c.digest)
        )
        editions = [tuple(row) for row in rows]
        names = [name for _, name, _, _ in editions]
        slugs = {
            (name, digest): slugify(name) + (f"-{n}" if names.count(name) > 1 else "")
            for _, name, n, digest in editions
        }
        unique = _unique(slugs.items(), lambda key: key[1][:6])
        self._rename(table, {id_: unique[name, digest] for id_, name, _, digest in editions})

    def _rename(self, table: Any, wanted: dict[int, str]) -> None:
        present = {
            row.id: row.slug for row in self._connection.execute(select(table.c.id, table.c.slug))
        }
        changed = {id_: slug for id_, slug in wanted.items() if present[id_] != slug}
        if not changed:
            return
        steps = [changed]
        if not set(changed.values()).isdisjoint(present.values()):
            # Slugs are unique and may move between names, so placeholders come first.
            steps.insert(0, {id_: f"??{id_}" for id_ in changed})
        statement = (
            update(table).where(table.c.id == bindparam("b_id")).values(slug=bindparam("b_slug"))
        )
        for step in steps:
            rows = [{"b_id": id_, "b_slug": slug} for id_, slug in step.items()]
            self._connection.execute(statement, rows)


def _get(known: dict[Key, int], key: Key, make: Callable[[], int]) -> int:
    found = known.get(key)
    if found is None:
        found = known[key] = make()
    return found


def _unique(slugs: Iterable[tuple[Key, str]], suffix: Callable[[Key], str]) -> dict[Key, str]:
    taken: set[str] = set()
    settled: dict[Key, str] = {}
    for key, slug in sorted(slugs, key=lambda item: (item[1], item[0])):
        unique = slug if slug not in taken else f"{slug}-{suffix(key)}"
        taken.add(unique)
        settled[key] = unique
    return settled


class KeyedIds:
    """Ids of a table with one unique text column."""

    def __init__(self, connection: Connection, model: type[SQLModel], column: str) -> None:
        table = table_of(model)
        self._ids = Ids(connection, model)
        self.known: dict[str, int] = {
            key: id_ for id_, key in connection.execute(select(table.c.id, table.c[column])).all()
        }

    def id(self, key: str, **values: Any) -> int:
        """Return the id of a key; a new key is added as a row with these values."""
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = self._ids.add(**values)
        return found

    def flush(self) -> None:
        """Insert the new rows."""
        self._ids.flush()
