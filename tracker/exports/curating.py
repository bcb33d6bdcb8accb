"""Help for those who write curated files: JSON Schemas for editors, and entries to start from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tracker.answers.models import Model
from tracker.common.vocabulary import NOT_DOCUMENTED
from tracker.curated import Curated, read_curated
from tracker.curated.basics import Record
from tracker.curated.library import ComparisonEntry, DatasetsFile
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
from tracker.errors import UsageError

FOLDER = "schema"
KINDS: dict[str, type[Record]] = {
    "board": BoardsFile,
    "comparison": ComparisonEntry,
    "correction": CorrectionsFile,
    "dataset": DatasetsFile,
    "model": ModelEntry,
    "note": NotesFile,
    "paper": PaperEntry,
    "relation": RelationsFile,
    "vocabulary": VocabularyFile,
}
"""What each schema describes: the content of one file."""

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
# Properties of a model that its metadata tells, and under which name.
_KNOWN = {
    "released": "release_date",
    "parameters": "parameters",
    "embedding_dimensions": "embedding_dimensions",
    "max_tokens": "max_tokens",
    "licence": "licence",
}
_ASKED = ("pooling", "attention", "objective", "training_data", "innovation")


def schema_files(knowledge: Curated) -> dict[str, str]:
    """The text of every schema by file name; models know the vocabulary's words."""
    files = {}
    for name, kind in KINDS.items():
        schema = {"$schema": _DRAFT, **_lenient(kind.model_json_schema())}
        if kind is ModelEntry:
            schema["$defs"]["FactEntry"]["allOf"] = [_words(knowledge, one) for one in SLUG_GROUPS]
        text = json.dumps(schema, indent=1, ensure_ascii=False, sort_keys=True)
        files[f"{name}.json"] = text + "\n"
    return files


def _lenient(part: Any) -> Any:
    """Let a text be a number as well: the reader takes scalars as they are written."""
    if isinstance(part, list):
        return [_lenient(one) for one in part]
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
    """Write the schemas of a curated folder below it; returns the names of those that changed."""
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
    """Write an entry to start from, with what the catalog knows of a model.

    What people have to look for stands there as a comment, so that the file is right as it is.

    Raises:
        UsageError: There is an entry already, or the catalog knows nothing with a source.
    """
    path = folder / "models" / f"{model.name.replace('/', '__')}.yaml"
    if path.exists():
        raise UsageError(f"{path} exists", remedy="edit it")
    papers = {paper.arxiv_id for paper in read_curated(folder).papers}
    values = {value.property: value for value in reversed(model.metadata)}
    facts = []
    for name, key in _KNOWN.items():
        value = values.get(key)
        if value is None or not isinstance(value.value, str | int | float):
            continue
        evidence = f"{{source: {_quoted(value.url)}, confidence: medium}}"
        facts.append(
            f"- {{property: {name}, value: {_quoted(value.value)}, evidence: [{evidence}]}}"
        )
    if not facts:
        raise UsageError(
            f"nothing is known of {model.name} to start from", remedy="write the entry by hand"
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
    """A value as a YAML scalar of one line."""
    return json.dumps(str(value), ensure_ascii=False)
