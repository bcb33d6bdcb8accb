"""What describes an export to people and machines: ``README.md`` and ``datapackage.json``.

The second follows the Data Package specification (https://datapackage.org, version 1), so that
tools can check types, keys and checksums.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from tracker import __version__
from tracker.catalog.ids import table_of
from tracker.exports import ranks
from tracker.io.files import write_atomically
from tracker.sources import SOURCES, header

SCHEMA_VERSION = "1"
"""Grows when a table or column of an export changes its meaning or goes away."""
_TYPES = {int: "integer", float: "number", bool: "boolean"}
_MEDIA = {
    "csv": "text/csv",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
}


@dataclass(frozen=True)
class TableDescription:
    """A table as it is described."""

    name: str
    what: str
    schema: Mapping[str, Any]
    """A Table Schema: fields with type and meaning, primary and foreign keys."""


def describe_table(model: Any) -> TableDescription:
    """Describe a table of the catalog from its class."""
    table = table_of(model)
    fields = [
        {
            "name": column.name,
            "type": _TYPES.get(column.type.python_type, "string"),
            "description": model.model_fields[column.name].description or "",
        }
        for column in table.c
    ]
    keys = [
        {
            "fields": list(key.column_keys),
            "reference": {
                "resource": key.elements[0].target_fullname.partition(".")[0],
                "fields": [element.target_fullname.partition(".")[2] for element in key.elements],
            },
        }
        for key in table.foreign_key_constraints
    ]
    keys.sort(key=lambda key: list(key["fields"]))
    schema = {"fields": fields, "primaryKey": [column.name for column in table.primary_key]}
    what = " ".join((model.__doc__ or "").split("\n\n")[0].split())
    return TableDescription(table.name, what, schema | ({"foreignKeys": keys} if keys else {}))


def describe_ranks() -> TableDescription:
    """Describe the table of ranks."""
    types = {"Date": "date", "Int64": "integer", "Float64": "number", "Boolean": "boolean"}
    fields = [
        {"name": name, "type": types.get(str(type_), "string"), "description": what}
        for name, (type_, what) in ranks.COLUMNS.items()
    ]
    what = "Rank and means of every model on every board, with the days on which they held."
    return TableDescription(ranks.NAME, what, {"fields": fields})


def write_description(
    folder: Path, format_: str, tables: Sequence[TableDescription], data_until: str | None
) -> int:
    """Write both files beside the tables; returns their number."""
    resources = [_resource(folder / f"{table.name}.{format_}", format_, table) for table in tables]
    package = {
        "profile": "tabular-data-package" if format_ == "csv" else "data-package",
        "name": "embedding-tracker",
        "title": "Embedding Tracker: leaderboards of text embeddings through time",
        "version": __version__,
        "schema_version": SCHEMA_VERSION,
        "data_until": data_until,
        "sources": [
            {"title": f"{its.title} ({its.licence})", "path": its.home}
            for its in map(header, SOURCES)
        ],
        "resources": resources,
    }
    document = orjson.dumps(package, option=orjson.OPT_INDENT_2)
    write_atomically(folder / "datapackage.json", document + b"\n")
    write_atomically(folder / "README.md", _readme(format_, tables, data_until).encode())
    return 2


def _resource(path: Path, format_: str, table: TableDescription) -> dict[str, Any]:
    content = path.read_bytes()
    return {
        "name": table.name,
        "path": path.name,
        "title": table.what,
        "format": format_,
        "mediatype": _MEDIA[format_],
        **({"profile": "tabular-data-resource", "encoding": "utf-8"} if format_ == "csv" else {}),
        "bytes": len(content),
        "hash": f"sha256:{sha256(content).hexdigest()}",
        "schema": table.schema,
    }


def _readme(format_: str, tables: Sequence[TableDescription], data_until: str | None) -> str:
    lines = [
        "# Embedding Tracker: exported catalog",
        "",
        f"Written by Embedding Tracker {__version__}, schema {SCHEMA_VERSION}; data until"
        f" {data_until or 'never'}. Begin with `{ranks.NAME}.{format_}`: it has the rank of every"
        " model on every board and the days on which it held, and needs no join.",
        "",
        "Moments are UTC, `YYYY-MM-DDTHH:MM:SSZ`; an interval `valid_from`, `valid_to` holds from"
        " the first moment on and before the second one; a missing `valid_to` still holds. Scores"
        " of boards are fractions or percent, see `unit` in their tables. Missing is empty, never"
        " 0. Types, meanings, keys and checksums of all columns are in `datapackage.json`.",
        "",
    ]
    for table in tables:
        lines += [f"## {table.name}.{format_}", "", table.what, ""]
        lines += ["| column | type | meaning |", "| --- | --- | --- |"]
        lines += [
            f"| {field['name']} | {field['type']} | {field['description'].replace('|', '/')} |"
            for field in table.schema["fields"]
        ]
        lines.append("")
    return "\n".join(lines)
