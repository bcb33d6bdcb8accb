"""Datasette serves an exported catalog with titles, facets, labels and stored questions."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

import tracker


@pytest.mark.filterwarnings("ignore")  # of its own libraries
def test_datasette_serves_an_exported_catalog(
    cli: Callable[..., Any], story: Path, tmp_path: Path
) -> None:
    app = pytest.importorskip("datasette.app", reason="the extra datasette is not installed")
    assert cli("export", "sqlite", str(tmp_path / "out")).code == 0
    metadata = orjson.loads((tmp_path / "out/metadata.json").read_bytes())
    shown = app.Datasette(immutables=[str(tmp_path / "out/catalog.db")], metadata=metadata)
    described = metadata["databases"]["catalog"]

    async def run() -> None:
        await shown.invoke_startup()

        async def ask(path: str) -> Any:
            answer = await shown.client.get(path)
            assert answer.status_code == 200, f"{path}: {answer.text[:300]}"
            return answer.json() if ".json" in path else answer.text

        assert {table["name"] for table in (await ask("/catalog.json"))["tables"]} >= set(
            described["tables"]
        )
        leaders = await ask("/catalog/leaders.json?_shape=array")
        with tracker.open() as catalog:
            for edition in catalog.editions():
                board = catalog.board(edition, collapse_copies=False)
                first = [each["leader"] for each in leaders if each["board"] == edition.name]
                if edition.current:
                    assert first == [board.rows[0].model]
        for name, query in described["queries"].items():
            given = "&".join(f"{word}=x" for word in ("model", "property", "value", "words"))
            assert not (await ask(f"/catalog/{name}.json?{given}"))["error"], query
        page = await ask("/catalog/edition")
        assert "Number of" in page or "tasks" in page
        facets = (await ask("/catalog/edition.json"))["facet_results"]
        assert set(facets) == {"source", "unit", "task_type"}

    asyncio.run(run())


def test_every_described_table_and_facet_exists(
    cli: Callable[..., Any], story: Path, tmp_path: Path
) -> None:
    from tracker.exports.datasette import _FACETS, _LABELS

    assert cli("export", "sqlite", str(tmp_path / "out")).code == 0
    tables = orjson.loads((tmp_path / "out/metadata.json").read_bytes())["databases"]["catalog"][
        "tables"
    ]
    assert set(_FACETS) | set(_LABELS) <= set(tables)
    assert {name: tables[name].get("facets") for name in _FACETS} == _FACETS
    assert {name: tables[name].get("label_column") for name in _LABELS} == _LABELS
