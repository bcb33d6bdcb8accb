"""Load candidates from archived texts; read again only what changed; show them in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.support.catalogs import CURATED, Loaded, words
from tracker.api import Catalog, open_catalog
from tracker.catalog.engine import open_engine
from tracker.catalog.knowledge.reading_order import models_by_weight, papers_of_models
from tracker.catalog.knowledge.rows import cited_ids
from tracker.catalog.loader import LoadReport
from tracker.curated import EvidenceEntry, FactEntry, ModelEntry, TermEntry
from tracker.snapshots.store import Archive
from tracker.sources import model_cards
from tracker.sources.records import Fetched

AT = "2026-01-02T03:04:05Z"
REVISION = "a" * 40
KNOWN = replace(
    CURATED,
    terms=tuple(
        TermEntry(group=group, slug=slug, label=words(slug), definition=words(slug), cues=(cue,))
        for group, slug, cue in (
            ("pooling", "mean", "mean pooling"),
            ("pooling", "last-token", "last-token pooling"),
        )
    ),
    models=(
        ModelEntry(
            name="lab/one",
            organisation="Lab",
            facts=(
                FactEntry(
                    property="pooling",
                    value="last-token",
                    evidence=(EvidenceEntry(source="https://example.org/x", confidence="high"),),
                ),
            ),
        ),
    ),
)


def put(
    archive: Path,
    files: dict[str, bytes],
    *,
    at: str = AT,
    named: tuple[str, ...] = (),
    tags: tuple[str, ...] = (),
    model: str = "lab/one",
) -> None:
    """Archive a model's documents as a fetch does."""
    siblings = [{"rfilename": name} for name in (*files, *named)]
    info = {"id": model, "sha": REVISION, "siblings": siblings, "tags": list(tags)}
    store = Archive(archive)
    for name, body in (*files.items(), (model_cards.INFO, orjson.dumps(info))):
        url = f"https://hub.example/{model}/resolve/{REVISION}/{name}"
        store.add("model-cards", "own", Fetched(f"{model}/{name}", url, body, at))


@pytest.fixture
def loaded(tmp_path: Path, blank: Path) -> Loaded:
    return Loaded.fresh(tmp_path / "catalog", blank).knowing(KNOWN)


def lines(loaded: Loaded) -> list[tuple[Any, ...]]:
    with open_catalog(loaded.url) as catalog:
        frame = catalog.evidence("lab/one")
    return frame.select("property", "value", "kind", "confidence", "conflict", "quote").rows()


CURATED_LINE = ("pooling", "last-token", "curated", "high", True, None)
DECISION = (
    "pooling: last-token (curated) holds, not mean (config, 1_Pooling/config.json:"
    " pooling_mode_mean_tokens): what people checked counts more than what was read"
)
FILES = {
    "README.md": b"---\nlicense: mit\n---\nWe use mean pooling.\n",
    "1_Pooling/config.json": b'{"pooling_mode_mean_tokens": true}',
}


def test_read_lines_appear_beside_curated_ones_with_the_decision(
    loaded: Loaded,
) -> None:
    put(loaded.archive, FILES)
    report = loaded.load()
    assert (report.texts, report.findings) == (3, [])  # the tags are the third
    assert lines(loaded) == [
        ("licence", "mit", "card", "high", False, "license: mit"),
        CURATED_LINE,
        ("pooling", "mean", "config", "high", True, "pooling_mode_mean_tokens: true"),
        ("pooling", "mean", "card", "high", True, "We use mean pooling."),
    ]
    with Catalog(loaded.url, _settings()) as catalog:
        frame = catalog.evidence("lab/one")
        sources = frame.get_column("source").to_list()
        (fact,) = catalog.model("lab/one").facts  # what was read changes no curated fact
        assert fact.value == "last-token"
    assert sources[0] == f"https://hub.example/lab/one/blob/{REVISION}/README.md"
    assert frame.get_column("decision").to_list() == [None, DECISION, DECISION, DECISION]


def _settings() -> Any:
    from tracker.settings import load_settings

    return load_settings()


def test_a_text_is_read_again_only_after_a_change(loaded: Loaded) -> None:
    put(loaded.archive, FILES)
    assert loaded.load().texts == 3
    assert loaded.load().texts == 0
    put(loaded.archive, FILES | {"README.md": b"Nothing."}, at="2026-02-02T03:04:05Z")
    assert loaded.load().texts == 1
    assert len(lines(loaded)) == 2
    fewer = loaded.knowing(replace(KNOWN, terms=KNOWN.terms[:1]))
    assert fewer.load().texts == 1  # the card, not the configuration


def test_a_more_specific_value_is_not_a_contradiction(loaded: Loaded) -> None:
    put(loaded.archive, {"1_Pooling/config.json": b'{"pooling_mode_lasttoken": true}'})
    loaded.load()
    assert [line[4] for line in lines(loaded)] == [False, False]


def test_papers_of_hub_tags_are_shown_and_fetched(loaded: Loaded) -> None:
    put(loaded.archive, {}, tags=("arxiv:2405.17428", "base_model:lab/base", "license:mit", "en"))
    loaded.load()
    assert [line[:3] for line in lines(loaded)] == [
        ("base_model", "lab/base", "card"),
        ("licence", "mit", "card"),
        ("paper", "2405.17428", "card"),
        ("pooling", "last-token", "curated"),
    ]
    engine = open_engine(loaded.url, read_only=True)
    with engine.connect() as connection:
        assert cited_ids(connection) == ["2405.17428"]
        assert models_by_weight(connection) == ["lab/one"]
        assert papers_of_models(connection) == []
    engine.dispose()


def findings(report: LoadReport) -> list[tuple[str, str]]:
    return [(one.place, one.cause) for one in report.findings]


def test_each_unreadable_part_is_one_finding_on_every_load(
    loaded: Loaded,
) -> None:
    files = {
        "README.md": b"---\na: [\n---\nWe use mean pooling.\n",
        "config.json": b"\xff",
        "modules.json": b'[{"type": "x.Normalize"}]',
    }
    put(loaded.archive, files, named=("sentence_bert_config.json",))
    for _ in range(2):
        found = findings(loaded.load())
        assert [place for place, _ in found] == [
            "lab/one/sentence_bert_config.json",
            "lab/one/README.md:3",
            "lab/one/config.json",
        ]
    assert [line[:3] for line in lines(loaded)] == [
        ("normalisation", "unit-length", "config"),
        ("pooling", "last-token", "curated"),
        ("pooling", "mean", "card"),
    ]


def test_a_changed_file_has_its_neighbours_read_again(loaded: Loaded) -> None:
    chain = (
        b'[{"path": "1_Pooling", "type": "st.Pooling"}, {"path": "2_Dense", "type": "st.Dense"}]'
    )
    files = {
        "modules.json": chain,
        "1_Pooling/config.json": b'{"word_embedding_dimension": 1536}',
        "2_Dense/config.json": b'{"out_features": 1024}',
    }
    put(loaded.archive, files)
    assert loaded.load().texts == 4
    widths = [line[1:4] for line in lines(loaded) if line[0] == "embedding_dimensions"]
    assert widths == [("1024", "config", "high"), ("1536", "config", "low")]
    changed = {**files, "2_Dense/config.json": b'{"out_features": 256}'}
    put(loaded.archive, changed, at="2026-02-02T03:04:05Z")
    assert loaded.load().texts == 3  # all configuration files, as they are read together


def test_a_partly_fetched_model_is_not_read(loaded: Loaded) -> None:
    store = Archive(loaded.archive)
    url = f"https://hub.example/lab/one/resolve/{REVISION}/README.md"
    store.add("model-cards", "own", Fetched("lab/one/README.md", url, b"We use mean pooling.", AT))
    assert loaded.load().texts == 0


def test_the_command_shows_the_same(loaded: Loaded, cli: Callable[..., Any]) -> None:
    put(loaded.archive, FILES)
    loaded.load()
    answer = cli("evidence", "lab/one", "--format", "json", "--db", loaded.url)
    assert answer.code == 0
    assert [row["value"] for row in answer.rows] == ["mit", "last-token", "mean", "mean"]
    assert cli("evidence", "lab/one", "--db", loaded.url).err == DECISION + "\n"
    assert cli("evidence", "lab/missing", "--db", loaded.url).code == 1
