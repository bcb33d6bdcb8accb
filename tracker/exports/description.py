"""What describes an export to people and machines.

``README.md`` is the data dictionary, and the card of a data set on the Hugging Face Hub.
``datapackage.json`` follows the Data Package specification (https://datapackage.org, version 1),
so that tools can check types, keys and checksums. ``SHA256SUMS`` has the checksums of all files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from tracker import __version__
from tracker.catalog.ids import table_of
from tracker.exports import ranks
from tracker.io.files import checksum, write_atomically
from tracker.sources import SOURCES, header

SCHEMA_VERSION = "1"
"""Grows when a table or column of an export changes its meaning or goes away."""
TITLE = "Embedding Tracker: leaderboards of text embeddings through time"
WHAT = (
    "Ranks and means of every model on the MTEB and C-MTEB boards with the days on which they held,"
    " and what is documented of the models, with receipts."
)
LICENCE = "https://github.com/embedding-tracker/embedding-tracker#where-the-data-comes-from"
"""The data come from several sources, each with its own licence."""
CHECKSUMS = "SHA256SUMS"
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


def write_package(
    folder: Path,
    format_: str,
    tables: Sequence[TableDescription],
    data_until: str | None,
    partitions: Sequence[str] = (),
) -> str:
    """Write ``datapackage.json`` beside the tables; returns its name.

    Args:
        folder: The export.
        format_: Format of the tables.
        tables: What they are.
        data_until: The newest moment of the data.
        partitions: Files of the table of ranks, where it has several.
    """
    resources = [
        _resource(folder, format_, table, partitions if table.name == ranks.NAME else ())
        for table in tables
    ]
    package = {
        "profile": "tabular-data-package" if format_ == "csv" else "data-package",
        "name": "embedding-tracker",
        "title": TITLE,
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
    return "datapackage.json"


def write_readme(
    folder: Path,
    files: Mapping[str, str],
    tables: Sequence[TableDescription],
    data_until: str | None,
) -> str:
    """Write ``README.md``; returns its name.

    Args:
        folder: The export.
        files: The file, or the pattern of files, that has each table, by the table's name.
        tables: What they are.
        data_until: The newest moment of the data.
    """
    text = _card(files) + _readme(files, tables, data_until)
    write_atomically(folder / "README.md", text.encode())
    return "README.md"


def write_checksums(folder: Path, files: Sequence[str]) -> str:
    """Write ``SHA256SUMS`` in the format of ``sha256sum``; returns its name."""
    lines = [f"{checksum(folder / name)}  {name}\n" for name in sorted(files)]
    write_atomically(folder / CHECKSUMS, "".join(lines).encode())
    return CHECKSUMS


def _resource(
    folder: Path, format_: str, table: TableDescription, partitions: Sequence[str]
) -> dict[str, Any]:
    name = f"{table.name}.{format_}"
    files = list(partitions) or [name]
    about = {
        "name": table.name,
        "path": list(partitions) or name,
        "title": table.what,
        "format": format_,
        "mediatype": _MEDIA[format_],
        **({"profile": "tabular-data-resource", "encoding": "utf-8"} if format_ == "csv" else {}),
        "bytes": sum((folder / file).stat().st_size for file in files),
    }
    if not partitions:
        about["hash"] = f"sha256:{checksum(folder / name)}"
    return about | {"schema": table.schema}


def _card(files: Mapping[str, str]) -> str:
    """The head of a data set card: what the Hub shows and loads."""
    first = files.get(ranks.NAME)
    lines = [
        "---",
        "pretty_name: Embedding Tracker",
        "license: other",
        "license_name: each-source-its-own",
        f"license_link: {LICENCE}",
        "language: [en, zh]",
        "tags: [embeddings, mteb, leaderboard, benchmark, tabular]",
    ]
    if first and not first.endswith((".db", ".duckdb")):
        lines.append("configs:")
        for name, pattern in files.items():
            default = "\n  default: true" if name == ranks.NAME else ""
            lines.append(f"- config_name: {name}{default}\n  data_files: {pattern}")
    return "\n".join([*lines, "---", "", ""])


def _readme(
    files: Mapping[str, str], tables: Sequence[TableDescription], data_until: str | None
) -> str:
    begin = ""
    if ranks.NAME in files:
        begin = (
            f" Begin with `{ranks.NAME}` (`{files[ranks.NAME]}`): it has the rank of every model on"
            " every board and the days on which it held, and needs no join."
        )
    lines = [
        "# Embedding Tracker: exported catalog",
        "",
        f"Written by Embedding Tracker {__version__}, schema {SCHEMA_VERSION}; data until"
        f" {data_until or 'never'}.{begin}",
        "",
        "Moments are UTC, `YYYY-MM-DDTHH:MM:SSZ`; an interval `valid_from`, `valid_to` holds from"
        " the first moment on and before the second one; a missing `valid_to` still holds. Scores"
        " of boards are fractions or percent, see `unit` in their tables. Missing is empty, never"
        f" 0. `{CHECKSUMS}` has the checksums of all files; verify them with"
        f" `sha256sum -c {CHECKSUMS}`. The schema version grows when a column changes its meaning"
        " or goes away; new columns may come at any time.",
        "",
    ]
    for table in tables:
        lines += [f"## {files[table.name]}", "", table.what, ""]
        lines += ["| column | type | meaning |", "| --- | --- | --- |"]
        lines += [
            f"| {field['name']} | {field['type']} | {field['description'].replace('|', '/')} |"
            for field in table.schema["fields"]
        ]
        lines.append("")
    return "\n".join(lines)
