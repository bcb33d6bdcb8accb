"""The registry: export from the installed mteb or from a file, and its archive."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
import zstandard

from tests.support.imitation_mteb import IMITATION
from tests.support.registry_exports import export
from tracker.errors import SourceError, UsageError
from tracker.settings import load_settings
from tracker.sources import benchmark_registry as source
from tracker.update.run import FetchOptions, FetchReport
from tracker.update.run import fetch as refresh

LIMIT = 1_000_000


# Exports from a file


@pytest.mark.parametrize(
    "pack", [bytes, gzip.compress, zstandard.ZstdCompressor().compress], ids=["plain", "gz", "zst"]
)
def test_a_file_may_be_packed(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "registry"
    path.write_bytes(pack(export()))
    answer = source.fetch(str(path), python=None, limit=LIMIT)
    assert (answer.stream, answer.url, answer.body) == (
        "registry",
        "https://github.com/embeddings-benchmark/mteb/tree/2.26.24",
        export(),
    )


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (None, "No such file or directory"),
        (gzip.compress(export())[:-12], "Compressed file ended"),
        (zstandard.ZstdCompressor().compress(export())[:9], "not a registry: "),
        (export() + b" " * LIMIT, "larger than 1,000,000 bytes; see TRACKER_MAX_RESPONSE_BYTES"),
        (gzip.compress(b" " * (LIMIT + 1)), "larger than 1,000,000 bytes; see"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(
    tmp_path: Path, content: bytes | None, cause: str
) -> None:
    path = tmp_path / "registry"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SourceError) as caught:
        source.fetch(str(path), python=None, limit=LIMIT)
    assert str(caught.value).startswith(f"benchmark-registry: {path}: {cause}")


# Exports from mteb, which an imitation stands in for


@pytest.fixture
def imitate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Install a package that looks like mteb where the child finds it."""
    import textwrap

    def install(**files: str) -> None:
        for name, text in (IMITATION | files).items():
            path = tmp_path / "site" / "mteb" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text), encoding="utf-8")
        monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))

    return install


def asked(**options: Any) -> bytes:
    body = source.fetch(None, python=None, limit=LIMIT, **options).body
    assert body is not None
    return body


_TASK = {
    "languages": ["eng-Latn"],
    "citation": "@misc{}",
    "main_score": "m",
    "modalities": ["text"],
    "splits": ["test"],
    "type": "STS",
}
_MODEL = {"modalities": ["text"], "model_type": ["dense"]}
_SUBSET = {"task": "T2", "subsets": ["de"]}
_BOARD = {"on_leaderboard": True, "show_zero_shot": True}
EXPORTED = {
    "format": 1,
    "mteb_version": "3.0",
    "benchmarks": [
        {
            **_BOARD,
            "name": "A",
            "tasks": [_SUBSET, "T1"],
            "aggregations": ["mean_task_type"],
            "groupings": [
                {"name": "Length", "groups": [{"label": "short", "tasks": ["T1", _SUBSET]}]}
            ],
            "rank_by": ["mean_task_type"],
            "public_tasks_only": False,
        },
        {
            **_BOARD,
            "name": "Z",
            "tasks": ["T1"],
            "aggregations": ["mean_task"],
            "public_tasks_only": True,
        },
    ],
    "tasks": [
        {
            **_TASK,
            "name": "T1",
            "dataset": {"path": "org/T1", "revision": "1"},
            "is_public": True,
            "subsets": ["default"],
        },
        {
            **_TASK,
            "name": "T2",
            "dataset": {"path": "org/T2", "revision": "1"},
            "is_public": False,
            "subsets": ["en", "de"],
            "subset_languages": {"en": ["eng-Latn"], "de": ["deu-Latf", "deu-Latn"]},
        },
    ],
    "models": [
        {
            **_MODEL,
            "name": "org/a",
            "former_names": ["old/a"],
            "max_tokens": 512,
            "training_datasets": ["T1"],
            "training_tasks": ["T1", "T2"],
        },
        {**_MODEL, "name": "org/b"},
    ],
}


def test_the_installed_mteb_is_exported(imitate: Callable[..., None]) -> None:
    imitate()
    assert orjson.loads(asked()) == EXPORTED


def test_the_same_mteb_gives_the_same_bytes(
    imitate: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    imitate()
    bodies = set()
    for seed in "012":
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        bodies.add(asked())
    assert len(bodies) == 1


@pytest.mark.parametrize(
    ("beginning", "cause"),
    [
        (
            "import socket; socket.create_connection(('127.0.0.1', 9))",
            "mteb printed no registry: OSError: no outside connection is allowed here; pip install",
        ),
        (
            "import torch_that_is_not_there",
            "mteb printed no registry: ModuleNotFoundError: No module named"
            " 'torch_that_is_not_there'; pip install",
        ),
        (
            "import sys; sys.exit()",
            "mteb printed no registry: no error message; pip install",
        ),
        ("import time; time.sleep(60)", "mteb took longer than 0.5 seconds; run it again"),
    ],
)
def test_an_mteb_that_fails_is_told_in_one_line(
    imitate: Callable[..., None], beginning: str, cause: str
) -> None:
    imitate(**{"__init__.py": beginning})
    with pytest.raises(SourceError) as caught:
        asked(seconds=0.5 if "sleep" in beginning else 60)
    assert str(caught.value).startswith(f"benchmark-registry: {sys.executable}: {cause}")


def test_without_mteb_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A module that says of itself that it is not there, wherever the tests run.
    missing = "raise ModuleNotFoundError(\"No module named 'mteb'\", name='mteb')"
    (tmp_path / "mteb.py").write_text(missing, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(SourceError) as caught:
        asked()
    assert str(caught.value) == (
        f"benchmark-registry: {sys.executable}: mteb is not installed;"
        " pip install 'embedding-tracker[registry]', or give an export with --from"
    )


def test_an_interpreter_that_is_not_there_is_named() -> None:
    with pytest.raises(SourceError) as caught:
        source.fetch(None, python=Path("/nowhere/python"), limit=LIMIT)
    assert str(caught.value) == (
        "benchmark-registry: /nowhere/python: No such file or directory;"
        " see TRACKER_REGISTRY_PYTHON"
    )


# The verb


def test_a_fetch_archives_an_export_once(tmp_path: Path) -> None:
    path = tmp_path / "registry.json"
    path.write_bytes(export())
    options = FetchOptions(location=str(path), observed_at="2026-08-20T00:00:00Z")
    counts = [
        (done.new, done.unchanged)
        for done in (
            refresh("benchmark-registry", load_settings(), options),
            refresh("benchmark-registry", load_settings(), options),
        )
    ]
    assert counts == [(1, 0), (0, 1)]


def test_a_registry_has_no_past_to_ask_for() -> None:
    with pytest.raises(UsageError, match="this source has no history"):
        refresh("benchmark-registry", load_settings(), FetchOptions(since="2026-01-01T00:00:00Z"))


def test_an_update_asks_for_the_registry_only_by_name(
    cli: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def note(source_id: str, *_: Any) -> FetchReport:
        asked.append(source_id)
        return FetchReport(source_id)

    monkeypatch.setattr("tracker.update.run.fetch", note)
    monkeypatch.setattr("tracker.update.daily.load_reported", lambda *_: True)
    monkeypatch.setattr("tracker.update.daily.build_reported", lambda *_: None)
    assert cli("update").code == 0
    assert "leaderboard-api" in asked
    assert "benchmark-registry" not in asked
    asked.clear()
    assert cli("update", "--only", "benchmark-registry").code == 0
    assert asked == ["benchmark-registry"]
