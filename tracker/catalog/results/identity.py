"""Determine the model of each folder of the results repository.

It is the model in the folder's ``model_meta.json``, while there is one, otherwise the one in its
path. Until August 2024 paths had no organisation: such a folder belongs to the model of that name
whose later folder has the same contents.
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


class _Metadata(NamedTuple):
    """The content of one ``model_meta.json``, with its interval."""

    since: str
    until: str | None
    values: dict[str, Any]


def rewrite_identities(connection: Connection) -> None:
    """Rewrite the identities of all folders from their paths and metadata files."""
    folder = table_of(tables.ResultFolderTable)
    metadata = _metadata(connection)
    began = _beginnings(connection)
    # A folder without any version is a leftover of an earlier load.
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
        for values in _identities(name, owner, began[id_], metadata.get(id_, [])):
            ids.add_values((id_, *values))
    ids.flush()


def _metadata(connection: Connection) -> dict[int, list[_Metadata]]:
    """Read the metadata of each folder, oldest first."""
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
        found[folder_id].append(_Metadata(since, until, orjson.loads(properties)))
    return found


def _beginnings(connection: Connection) -> dict[int, str]:
    """Return the moment of the first file of each folder."""
    file, version = table_of(tables.ResultFileTable), table_of(tables.ResultVersionTable)
    query = (
        select(file.c.folder_id, func.min(version.c.valid_from))
        .select_from(file.join(version, version.c.file_id == file.c.id))
        .group_by(file.c.folder_id)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def _owners(connection: Connection, names: dict[int, FolderName]) -> dict[str, str]:
    """Find the public ids of models whose folders have no organisation, by folder name."""
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
    """Return all contents that the folders of some models have or had, by model."""
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
    name: FolderName, owner: str, began: str, metadata: Iterable[_Metadata]
) -> Iterator[tuple[str, str | None, str, str, str, str | None]]:
    """Yield model, revision, experiment, origin and interval, oldest first."""
    origin = "self-reported" if name.revision == SELF_REPORTED else "run"
    by_path = (owner, name.revision, "", origin)
    at: str | None = began
    for since, until, values in metadata:
        # The settings of an experiment are not in its path, so it needs metadata.
        if at is not None and at < since and name.experiment is None:
            yield *by_path, at, since
        experiment = values["experiment"]
        yield (
            _public_id(values["name"]) or owner,
            values["revision"] or name.revision,
            orjson.dumps(experiment, option=orjson.OPT_SORT_KEYS).decode() if experiment else "",
            origin,
            since,
            until,
        )
        at = until
    if at is not None and name.experiment is None:
        yield *by_path, at, None


def _public_id(name: str | None) -> str | None:
    """Return the public id for a name in metadata, which may be the name of the folder."""
    return name.replace("__", "/", 1) if name and "/" not in name else name
