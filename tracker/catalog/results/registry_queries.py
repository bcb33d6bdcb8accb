"""Queries on the stored registries and their definitions of boards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import orjson
from packaging.version import Version
from sqlalchemy import Connection, String, bindparam, text

from tracker.catalog.identity.originals import by_present_name, present_names
from tracker.catalog.queries import all_rows
from tracker.catalog.results.queries import registry_models
from tracker.ranking.benchmark import BenchmarkDefinition, definition_from_json


class StoredRegistry(NamedTuple):
    """A registry in the catalog."""

    id: int
    mteb_version: str
    digest: str


def registries(connection: Connection) -> list[StoredRegistry]:
    """Return all registries, oldest version first.

    Of two exports of one version, the one seen last is newer.
    """
    rows = connection.execute(
        text(
            """
            select r.id, r.mteb_version, r.digest,
                   (select max(n.last_seen_at) from snapshot n
                     where n.stream_id = r.stream_id and n.digest = r.digest) as seen
              from registry r
            """
        )
    )
    ordered = sorted(rows, key=lambda r: (Version(r.mteb_version), r.seen or "", r.digest))
    return [StoredRegistry(row.id, row.mteb_version, row.digest) for row in ordered]


def newest_registry(connection: Connection) -> StoredRegistry | None:
    """Return the registry that counts: of the highest version, not the one that was stored last."""
    return next(reversed(registries(connection)), None)


def definition_of(
    connection: Connection, edition_id: int
) -> tuple[StoredRegistry, BenchmarkDefinition] | None:
    """Return the definition of a board in the newest registry that has this edition."""
    rows = all_rows(
        connection,
        "select registry_id, id from board_definition where edition_id = :edition_id",
        edition_id=edition_id,
    )
    by_registry = {row.registry_id: row.id for row in rows}
    defining = [registry for registry in registries(connection) if registry.id in by_registry]
    if not defining:
        return None
    (chosen,) = all_rows(
        connection,
        "select definition from board_definition where id = :id",
        id=by_registry[defining[-1].id],
    )
    return defining[-1], definition_from_json(chosen.definition)


def registered_models(connection: Connection) -> set[str]:
    """Return the names that the newest registry has for models, without present names."""
    newest = newest_registry(connection)
    return {row.name for row in registry_models(connection, newest.id)} if newest else set()


def present_models(connection: Connection, registry_id: int) -> dict[str, Any]:
    """Return ``name, revision, training_tasks, properties`` of the models of a registry.

    The keys are public ids: those of the registry, and present names of models that it knows
    under a former one.
    """
    rows = {row.name: row for row in registry_models(connection, registry_id)}
    return by_present_name(rows, present_names(connection))


def newest_models(connection: Connection) -> dict[str, Any]:
    """Return ``present_models`` of the newest registry; empty if there is none."""
    newest = newest_registry(connection)
    return present_models(connection, newest.id) if newest else {}


def registered_tasks(
    connection: Connection, registry_id: int, names: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """What a registry says of some tasks: subsets, languages, domains, dataset and so on."""
    chosen = text(
        "select name, properties from registry_task"
        " where registry_id = :registry_id and name in :names"
    ).bindparams(bindparam("names", expanding=True, type_=String))
    rows = connection.execute(chosen, {"registry_id": registry_id, "names": list(names)})
    return {name: orjson.loads(properties) for name, properties in rows}


class RegisteredTask(NamedTuple):
    """A task of a registry."""

    name: str
    type: str
    metric: str
    """Name of its main metric."""
    is_public: bool
    properties: dict[str, Any]
    """Subsets, splits, languages, domains, dataset and so on."""


def all_registered_tasks(connection: Connection, registry_id: int) -> list[RegisteredTask]:
    """All tasks of a registry, by name."""
    rows = all_rows(
        connection,
        "select name, type, main_score, is_public, properties from registry_task"
        " where registry_id = :id order by name",
        id=registry_id,
    )
    return [
        RegisteredTask(row.name, row.type, row.main_score, bool(row.is_public), properties)
        for row in rows
        if (properties := orjson.loads(row.properties)) is not None
    ]
