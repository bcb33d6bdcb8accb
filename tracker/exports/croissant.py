"""``croissant.json``: the description of an export in the Croissant format of MLCommons.

See https://docs.mlcommons.org/croissant/docs/croissant-spec.html, version 1.0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tracker import __version__
from tracker.exports.description import LICENCE, TITLE, WHAT, TableDescription

_TYPES = {
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
    "string": "sc:Text",
}
_MEDIA = {"csv": "text/csv", "parquet": "application/x-parquet"}
FORMATS = tuple(_MEDIA)
_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def croissant(
    format_: str,
    tables: Sequence[TableDescription],
    digests: Mapping[str, str],
    data_until: str | None,
    home: str,
) -> dict[str, Any]:
    """Return the document.

    Args:
        format_: ``csv`` or ``parquet``.
        tables: The tables with one file each.
        digests: SHA-256 of each file, by its name.
        data_until: The newest moment of the data.
        home: Address of the project.
    """
    day = (data_until or "1970-01-01")[:10]
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "embedding-tracker",
        "description": f"{TITLE}. {WHAT}",
        "version": __version__,
        "datePublished": day,
        "license": LICENCE,
        "url": home,
        "creator": {"@type": "Organization", "name": "Embedding Tracker", "url": home},
        "keywords": ["text embeddings", "MTEB", "C-MTEB", "leaderboard", "history"],
        "isLiveDataset": True,
        "citeAs": "@misc{embedding-tracker, author = {{Embedding Tracker}}, title = {Leaderboards"
        f" of text embeddings through time}}, year = {{{day[:4]}}}, note = {{Data until {day}}}}}",
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": f"{table.name}.{format_}",
                "name": f"{table.name}.{format_}",
                "description": table.what,
                "contentUrl": f"{table.name}.{format_}",
                "encodingFormat": _MEDIA[format_],
                "sha256": digests[f"{table.name}.{format_}"],
            }
            for table in tables
        ],
        "recordSet": [_records(format_, table) for table in tables],
    }


def _records(format_: str, table: TableDescription) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.what,
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{table.name}/{field['name']}",
                "name": field["name"],
                "description": field["description"],
                "dataType": _TYPES[field["type"]],
                "source": {
                    "fileObject": {"@id": f"{table.name}.{format_}"},
                    "extract": {"column": field["name"]},
                },
            }
            for field in table.schema["fields"]
        ],
    }
