"""Store registries: the boards, tasks and models defined by each version of mteb.

A registry is stored once and never changed. A board that it defines is an edition, the same one as
a published edition with the same task list.
"""

from __future__ import annotations

import orjson
from sqlalchemy import Connection

from tracker.catalog.documents import Report, one_document
from tracker.catalog.ids import Ids, Names
from tracker.catalog.queries import all_rows
from tracker.catalog.results.registry_queries import registries
from tracker.catalog.results.tables import (
    BoardDefinitionTable,
    RegistryModelTable,
    RegistryTable,
    RegistryTaskTable,
)
from tracker.catalog.snapshot_runs import Snapshots, merge, seen_once
from tracker.snapshots.store import Archive
from tracker.sources import benchmark_registry
from tracker.sources.benchmark_registry import metrics_by_folded_name

_ID = benchmark_registry.HEADER.id


def load_registries(
    connection: Connection,
    names: Names,
    snapshots: Snapshots,
    archive: Archive,
    report: Report,
) -> int:
    """Store the archived registries that the catalog does not have.

    Args:
        connection: The transaction of the load.
        names: Ids of the load; new names are written at once.
        snapshots: Snapshots of the load.
        archive: Raw bytes.
        report: Called with what could not be read.

    Returns:
        The number of registries that were read.
    """
    seen = [
        seen_once(o.seen_at, o.origin.url, None, o.origin.sha256) for o in archive.observations(_ID)
    ]
    if not seen:
        return 0
    stream_id = names.stream(_ID, benchmark_registry.STREAM)
    stored = {registry.digest for registry in registries(connection)}
    read = 0
    unreadable: set[str] = set()
    for digest in sorted({run.digest for run in seen} - stored):
        registry = None
        with one_document(_ID, benchmark_registry.STREAM, report):
            registry = benchmark_registry.parse(archive.read(digest))
        if registry is None:
            unreadable.add(digest)
            continue
        store(connection, names, registry, digest)
        read += 1
    runs = merge([*seen, *snapshots.of(stream_id)])
    snapshots.save(stream_id, [run for run in runs if run.digest not in unreadable])
    return read


def store(
    connection: Connection, names: Names, registry: benchmark_registry.Registry, digest: str
) -> None:
    """Write a registry that the catalog does not have.

    Args:
        connection: The transaction.
        names: Ids of the load; the editions of the registry are added and written.
        registry: The parsed export.
        digest: SHA-256 of the export's bytes, hexadecimal.
    """
    kinds = (RegistryTable, BoardDefinitionTable, RegistryTaskTable, RegistryModelTable)
    own, definitions, tasks, models = tables = [Ids(connection, kind) for kind in kinds]
    id_ = own.add(
        mteb_version=registry.mteb_version,
        digest=digest,
        stream_id=names.stream(_ID, benchmark_registry.STREAM),
    )
    for benchmark in registry.benchmarks:
        definitions.add(
            registry_id=id_,
            edition_id=names.edition(benchmark.edition),
            definition=benchmark.definition.to_json(),
            properties=benchmark.properties,
        )
    for task in registry.tasks:
        tasks.add(registry_id=id_, **task._asdict())
    for model in registry.models:
        tasks_ = model.training_tasks
        encoded = None if tasks_ is None else orjson.dumps(tasks_).decode()
        models.add(registry_id=id_, **{**model._asdict(), "training_tasks": encoded})
    names.flush()
    for table in tables:
        table.flush()


def main_metrics(connection: Connection) -> dict[str, tuple[str, str]]:
    """Return name and main metric of each task in its newest registry, by lower-case name."""
    query = "select name, main_score from registry_task where registry_id = :id"
    found: dict[str, tuple[str, str]] = {}
    for registry in registries(connection):
        found |= metrics_by_folded_name(map(tuple, all_rows(connection, query, id=registry.id)))
    return found
