"""``metadata.json``: how Datasette shows an exported catalog.

Titles, descriptions of columns, facets, labels of rows that others refer to, stored questions; see
https://docs.datasette.io/en/stable/metadata.html.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracker.catalog.stored_questions import STORED_QUESTIONS
from tracker.exports.description import LICENCE, TITLE, WHAT, TableDescription

NAME = "metadata.json"
_FACETS = {
    "edition": ["source", "unit", "task_type"],
    "fact": ["property"],
    "evidence": ["kind", "confidence"],
    "paper": ["withdrawn"],
    "relation": ["kind", "status"],
    "term": ["group"],
    "dataset": ["kind"],
}
"""Columns of few values, by table."""
_LABELS = {
    "model": "name",
    "edition": "name",
    "series": "slug",
    "paper": "title",
    "listing": "label",
    "stream": "name",
    "dataset": "name",
    "result_task": "name",
}
"""The column that stands for a row where another table refers to it."""


def datasette_metadata(
    tables: Sequence[TableDescription], database: str, data_until: str | None, home: str
) -> dict[str, Any]:
    """Return the document.

    Args:
        tables: Tables of the database.
        database: Name of the file without its ending.
        data_until: The newest moment of the data.
        home: Address of the project.
    """
    return {
        "title": TITLE,
        "description": f"{WHAT} Data until {data_until or 'never'}. Moments are UTC; a row with"
        " valid_from and valid_to holds from the first on and before the second; missing is null."
        " Scores are fractions or percent, as the column unit of edition says.",
        "license": "each source its own",
        "license_url": LICENCE,
        "source": "Embedding Tracker",
        "source_url": home,
        "databases": {
            database: {
                "tables": {str(table.name): _table(table) for table in tables},
                "queries": {
                    question.name: {
                        "title": question.title,
                        "description": question.about,
                        "sql": question.sql,
                    }
                    for question in STORED_QUESTIONS
                },
            }
        },
    }


def _table(table: TableDescription) -> dict[str, Any]:
    columns = {str(field["name"]): field["description"] for field in table.schema["fields"]}
    found: dict[str, Any] = {"description": table.what, "columns": columns}
    if facets := [name for name in _FACETS.get(table.name, ()) if name in columns]:
        found["facets"] = facets
    if (label := _LABELS.get(table.name)) in columns:
        found["label_column"] = label
    if table.name.startswith("result_") or table.name == "search_entry":
        found["hidden"] = True
    return found
