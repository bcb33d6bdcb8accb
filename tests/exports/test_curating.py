"""JSON Schemas of the curated files: current, and true of every file that ships."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tracker.common.paths import resource
from tracker.curated import Curated
from tracker.exports.curating import FOLDER, KINDS, schema_files, write_schemas

CURATED = resource("db/curated")
KIND_OF = {f"{kind}s": kind for kind in KINDS} | {"vocabulary": "vocabulary"}


def files() -> list[Path]:
    return sorted(CURATED.rglob("*.yaml"))


def test_the_schemas_are_current(shipped: Curated) -> None:
    made = schema_files(shipped)
    stored = {p.name: p.read_text(encoding="utf-8") for p in (CURATED / FOLDER).iterdir()}
    assert stored == made, "run: tracker curate schema"


def test_writing_them_again_changes_nothing(tmp_path: Path) -> None:
    import shutil

    shutil.copytree(CURATED, tmp_path / "curated")
    assert write_schemas(tmp_path / "curated") == []
    (tmp_path / "curated" / FOLDER / "model.json").unlink()
    assert write_schemas(tmp_path / "curated") == ["model.json"]


def test_every_file_tells_editors_its_schema() -> None:
    for path in files():
        top = path.relative_to(CURATED).parts[0].removesuffix(".yaml")
        up = "../" if path.parent != CURATED else ""
        first = path.read_text(encoding="utf-8").partition("\n")[0]
        wanted = f"# yaml-language-server: $schema={up}{FOLDER}/{KIND_OF[top]}.json"
        assert first == wanted, path.name


def plain(value: Any) -> Any:
    """Scalars as they are written, but for the two truth values."""
    if isinstance(value, dict):
        # Terms of a receipt are texts, also when they read like a truth value.
        return {key: part if key == "shows" else plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    return {"true": True, "false": False}.get(value, value)


def test_every_file_that_ships_fits_its_schema() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    validators = {
        kind: jsonschema.Draft202012Validator(
            json.loads((CURATED / FOLDER / f"{kind}.json").read_text("utf-8"))
        )
        for kind in set(KIND_OF.values())
    }
    # The loader makes texts of all scalars and nothing else.
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    for path in files():
        top = path.relative_to(CURATED).parts[0].removesuffix(".yaml")
        content = plain(yaml.load(path.read_text("utf-8"), Loader=loader))
        found = [error.message for error in validators[KIND_OF[top]].iter_errors(content)]
        assert found == [], path.name


def test_editors_complete_the_words_of_a_property() -> None:
    schema = json.loads((CURATED / FOLDER / "model.json").read_text("utf-8"))
    rules = {
        rule["if"]["properties"]["property"]["const"]: rule["then"]["properties"]["value"]["enum"]
        for rule in schema["$defs"]["FactEntry"]["allOf"]
    }
    assert "last-token" in rules["pooling"]
    assert "last-token" not in rules["attention"]
    assert "not-documented" in rules["pooling"]
