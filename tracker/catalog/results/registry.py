"""Registries in the catalog: what each version of mteb says boards, tasks and models are.

A registry is stored once and never changed; a board that it defines is an edition like those that
are published, and the same one where the task list is the same.
"""

from __future__ import annotations

import orjson
from sqlalchemy import Connection

from tracker.catalog.documents import Report, one_document
from tracker.catalog.ids import Ids, Names
from tracker.catalog.queries import all_rows
from tracker.catalog.results.registry_queries import registries
from tracker.catalog.results.tables import BoardDefinition, Registry, RegistryModel, RegistryTask
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
    """Bring in the archived registries that the catalog does not have.

    Args:
        connection: The load's transaction.
        names: Its names; new ones are written at once.
        snapshots: Its snapshots.
        archive: Raw bytes.
        report: Receives what could not be read.

    Returns:
        How many registries were read.
    """
    seen = [
        seen_once(o.seen_at, o.origin.url, None, o.origin.sha256) for o in archive.observations(_ID)
    ]
    if not seen:
        return 0
    stream_id = names.stream(_ID, benchmark_registry.STREAM)
    stored = {one.digest for one in registries(connection)}
    read = 0
    lost: set[str] = set()
    for digest in sorted({run.digest for run in seen} - stored):
        registry = None
        with one_document(_ID, benchmark_registry.STREAM, report):
            registry = benchmark_registry.parse(archive.read(digest))
        if registry is None:
            lost.add(digest)
            continue
        store(connection, names, registry, digest)
        read += 1
    runs = merge([*seen, *snapshots.of(stream_id)])
    snapshots.save(stream_id, [run for run in runs if run.digest not in lost])
    return read


def store(
    connection: Connection, names: Names, registry: benchmark_registry.Registry, digest: str
) -> None:
    """Write one registry that the catalog does not have.

    Args:
        connection: The transaction.
        names: Editions that the registry defines are added to these, and written.
        registry: What the export says.
        digest: SHA-256 of the export's bytes, hexadecimal.
    """
    kinds = (Registry, BoardDefinition, RegistryTask, RegistryModel)
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
        trained = model.training_tasks
        told = None if trained is None else orjson.dumps(trained).decode()
        models.add(registry_id=id_, **{**model._asdict(), "training_tasks": told})
    names.flush()
    for table in tables:
        table.flush()


def main_metrics(connection: Connection) -> dict[str, tuple[str, str]]:
    """Every task's name and main metric by its name in lower case; the newest registry wins."""
    query = "select name, main_score from registry_task where registry_id = :id"
    found: dict[str, tuple[str, str]] = {}
    for one in registries(connection):
        found |= metrics_by_folded_name(map(tuple, all_rows(connection, query, id=one.id)))
    return found
