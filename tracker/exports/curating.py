"""Help writing curated files: JSON Schemas for editors, and draft entries of models."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tracker.answers.models import Model
from tracker.common.vocabulary import NOT_DOCUMENTED
from tracker.curated import Curated, read_curated
from tracker.curated.basics import Record
from tracker.curated.library import ComparisonEntry, DatasetsFile
from tracker.curated.organisations import OrganisationsFile
from tracker.curated.records import (
    ANY_GROUP,
    SLUG_GROUPS,
    BoardsFile,
    CorrectionsFile,
    ModelEntry,
    NotesFile,
    PaperEntry,
    RelationsFile,
    VocabularyFile,
)
from tracker.curated.suspects import SuspectsFile
from tracker.errors import UsageError
from tracker.sources import header

FOLDER = "schema"
KINDS: dict[str, type[Record]] = {
    "board": BoardsFile,
    "comparison": ComparisonEntry,
    "correction": CorrectionsFile,
    "dataset": DatasetsFile,
    "model": ModelEntry,
    "note": NotesFile,
    "organisation": OrganisationsFile,
    "paper": PaperEntry,
    "relation": RelationsFile,
    "suspect": SuspectsFile,
    "vocabulary": VocabularyFile,
}
"""Content of a file by name of its schema."""

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
# Properties of a model that its metadata has, with their names in the metadata.
_KNOWN = {
    "released": "release_date",
    "parameters": "parameters",
    "embedding_dimensions": "embedding_dimensions",
    "max_tokens": "max_tokens",
    "licence": "licence",
}
_ASKED = ("pooling", "attention", "objective", "training_data", "innovation")


def schema_files(knowledge: Curated) -> dict[str, str]:
    """Return the text of every schema by file name, with the terms of the vocabulary."""
    files = {}
    for name, kind in KINDS.items():
        schema = {"$schema": _DRAFT, **_lenient(kind.model_json_schema())}
        if kind is ModelEntry:
            schema["$defs"]["FactEntry"]["allOf"] = [
                _words(knowledge, group) for group in SLUG_GROUPS
            ]
        text = json.dumps(schema, indent=1, ensure_ascii=False, sort_keys=True)
        files[f"{name}.json"] = text + "\n"
    return files


def _lenient(part: Any) -> Any:
    """Allow numbers for texts, because the reader takes scalars as they are written."""
    if isinstance(part, list):
        return [_lenient(item) for item in part]
    if not isinstance(part, dict):
        return part
    made = {key: _lenient(value) for key, value in part.items()}
    if made.get("type") == "string" and "enum" not in made:
        made["type"] = ["string", "number"]
    return made


def _words(knowledge: Curated, name: str) -> dict[str, Any]:
    group = SLUG_GROUPS[name]
    slugs = sorted(t.slug for t in knowledge.terms if group in (ANY_GROUP, t.group))
    return {
        "if": {"properties": {"property": {"const": name}}},
        "then": {"properties": {"value": {"enum": [*slugs, NOT_DOCUMENTED]}}},
    }


def write_schemas(folder: Path) -> list[str]:
    """Write the schemas into a curated folder, and return the names of changed ones."""
    target = folder / FOLDER
    target.mkdir(exist_ok=True)
    changed = []
    for name, text in schema_files(read_curated(folder)).items():
        path = target / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(name)
    return changed


def new_model(folder: Path, model: Model) -> Path:
    """Write a draft entry of a model with its metadata in the catalog.

    Properties that a person has to look up are comments, so that the file is valid.

    Raises:
        UsageError: The entry exists, or the catalog has no metadata of the model.
    """
    path = folder / "models" / f"{model.name.replace('/', '__')}.yaml"
    if path.exists():
        raise UsageError(f"{path} exists already", remedy="edit it")
    papers = {paper.arxiv_id for paper in read_curated(folder).papers}
    values = {value.property: value for value in reversed(model.metadata)}
    facts = []
    for name, key in _KNOWN.items():
        value = values.get(key)
        if value is None or not isinstance(value.value, str | int | float):
            continue
        # A recording of a server that nobody else can ask is cited by the page of its source.
        source = value.url or header(value.source).home
        evidence = f"{{source: {_quoted(source)}, confidence: medium}}"
        facts.append(
            f"- {{property: {name}, value: {_quoted(value.value)}, evidence: [{evidence}]}}"
        )
    if not facts:
        raise UsageError(
            f"the catalog has no metadata of {model.name}", remedy="write the entry by hand"
        )
    lines = [
        "# yaml-language-server: $schema=../schema/model.json",
        f"name: {_quoted(model.name)}",
        f"organisation: {_quoted(model.organisation)}",
        "facts:",
        *facts,
    ]
    lines += [
        f"# - {{property: {name}, value: {NOT_DOCUMENTED}, evidence: "
        "[{source: https://…, confidence: high, checked: YYYY-MM}]}"
        for name in _ASKED
    ]
    known = [paper for paper in model.papers if paper.arxiv_id in papers]
    if known:
        lines.append("papers:")
        lines += [
            f"- {{arxiv: '{paper.arxiv_id}', role: {{en: cited for the model, zh: 该模型所引}}}}"
            for paper in known
        ]
    lines += [
        f"# paper without an entry: {paper.arxiv_id}"
        for paper in model.papers
        if paper.arxiv_id not in papers
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _quoted(value: object) -> str:
    """Return a value as a one-line YAML scalar."""
    return json.dumps(str(value), ensure_ascii=False)
