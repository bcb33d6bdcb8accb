"""Whose results a folder of the results repository holds.

Its ``model_meta.json`` says it, while there is one; otherwise its path does. Until August 2024
the folders had no organisation: such a folder belongs to the model of that name whose later
folder holds the same contents.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, delete, func, select

from tracker.catalog.ids import Ids, table_of
from tracker.catalog.results import tables
from tracker.sources.result_files import FolderName, folder_name

SELF_REPORTED = "external"
"""Revision folder of scores that were copied from a model card."""


class _Told(NamedTuple):
    """What one ``model_meta.json`` said from when to when."""

    since: str
    until: str | None
    metadata: dict[str, Any]


def settle_identities(connection: Connection) -> None:
    """Make the identities of all folders anew from their paths and metadata files."""
    folder = table_of(tables.ResultFolderTable)
    told = _metadata(connection)
    began = _beginnings(connection)
    # A folder that never stood says nothing, whatever a load before this one saw of it.
    names = {
        id_: name
        for id_, path in connection.execute(select(folder.c.id, folder.c.path)).all()
        if id_ in began and (name := folder_name(path)) is not None
    }
    owners = _owners(connection, names)
    table = table_of(tables.ResultIdentityTable)
    connection.execute(delete(table))
    ids = Ids(connection, tables.ResultIdentityTable)
    for id_, name in sorted(names.items()):
        owner = owners.get(name.model, name.model.replace("__", "/", 1))
        for values in _identities(name, owner, began[id_], told.get(id_, [])):
            ids.add_values((id_, *values))
    ids.flush()


def _metadata(connection: Connection) -> dict[int, list[_Told]]:
    file, version = table_of(tables.ResultFileTable), table_of(tables.ResultVersionTable)
    content = table_of(tables.ResultContentTable)
    query = (
        select(file.c.folder_id, version.c.valid_from, version.c.valid_to, content.c.properties)
        .select_from(file.join(version, version.c.file_id == file.c.id))
        .join(content, content.c.id == version.c.content_id)
        .where(content.c.kind == "metadata", content.c.outcome == "read")
        .order_by(file.c.folder_id, version.c.valid_from)
    )
    found = defaultdict(list)
    for folder_id, since, until, properties in connection.execute(query):
        found[folder_id].append(_Told(since, until, orjson.loads(properties)))
    return found


def _beginnings(connection: Connection) -> dict[int, str]:
    """When each folder first had a file."""
    file, version = table_of(tables.ResultFileTable), table_of(tables.ResultVersionTable)
    query = (
        select(file.c.folder_id, func.min(version.c.valid_from))
        .select_from(file.join(version, version.c.file_id == file.c.id))
        .group_by(file.c.folder_id)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def _owners(connection: Connection, names: dict[int, FolderName]) -> dict[str, str]:
    """Public ids of the models whose folders have no organisation, where they can be told."""
    with_organisation: dict[str, set[str]] = defaultdict(set)
    for name in names.values():
        if "__" in name.model:
            with_organisation[name.model.partition("__")[2]].add(name.model)
    bare = {name.model for name in names.values() if "__" not in name.model}
    wanted = bare.union(*(with_organisation[model] for model in bare))
    contents = _contents(
        connection, {id_: n.model for id_, n in names.items() if n.model in wanted}
    )
    owners = {}
    for model in bare:
        candidates = sorted(with_organisation[model])
        shared = [len(contents[model] & contents[candidate]) for candidate in candidates]
        if len(candidates) == 1 or (shared and max(shared) > 0):
            owners[model] = candidates[shared.index(max(shared))].replace("__", "/", 1)
    return owners


def _contents(connection: Connection, models: dict[int, str]) -> dict[str, set[int]]:
    """Contents that folders of some models ever had."""
    file, version = table_of(tables.ResultFileTable), table_of(tables.ResultVersionTable)
    query = (
        select(file.c.folder_id, version.c.content_id)
        .select_from(file.join(version, version.c.file_id == file.c.id))
        .where(file.c.folder_id.in_(models))
        .distinct()
    )
    found: dict[str, set[int]] = defaultdict(set)
    for folder_id, content_id in connection.execute(query):
        found[models[folder_id]].add(content_id)
    return found


def _identities(
    name: FolderName, owner: str, began: str, told: Iterable[_Told]
) -> Iterator[tuple[str, str | None, str, str, str, str | None]]:
    """Model, revision, experiment, origin and the interval, one after the other."""
    origin = "self-reported" if name.revision == SELF_REPORTED else "run"
    by_path = (owner, name.revision, "", origin)
    at: str | None = began
    for since, until, metadata in told:
        # What an experiment varies is not told by its path: without metadata it is nobody's.
        if at is not None and at < since and name.experiment is None:
            yield *by_path, at, since
        experiment = metadata["experiment"]
        yield (
            _public_id(metadata["name"]) or owner,
            metadata["revision"] or name.revision,
            orjson.dumps(experiment, option=orjson.OPT_SORT_KEYS).decode() if experiment else "",
            origin,
            since,
            until,
        )
        at = until
    if at is not None and name.experiment is None:
        yield *by_path, at, None


def _public_id(name: str | None) -> str | None:
    """A name as its metadata gives it; some give the name of the folder instead."""
    return name.replace("__", "/", 1) if name and "/" not in name else name
