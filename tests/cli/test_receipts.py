"""``tracker curate verify``: receipts against archived sources, and what it keeps on record."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.curated_folder import FILES
from tracker.receipts.records import FILE, Located, SourceRecord, read_records
from tracker.snapshots.store import Archive
from tracker.sources.records import Fetched

COMMIT = "a905523d0111f999360b312bd4a601a0a97a0e1c"
SOURCE = f"https://github.com/o/r/blob/{COMMIT}/README.md"
FACTS = """\
name: acme/one
organisation: Acme
sources: {readme: '%s'}
facts:
- property: pooling
  value: last-token
  evidence: [{source: readme, locator: Usage, shows: [%s], confidence: high}]
"""


@pytest.fixture
def curated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of curated knowledge with one receipt, and no network."""
    folder = tmp_path / "curated"
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
    (folder / "models" / "acme__one.yaml").write_text(FACTS % (SOURCE, "last token"))
    monkeypatch.setenv("TRACKER_CURATED", str(folder))
    monkeypatch.setenv("TRACKER_OFFLINE", "1")
    return folder


@pytest.fixture
def archived(home: Path) -> None:
    """The cited source in the archive of the home."""
    answer = Fetched(SOURCE, SOURCE, b"# Usage\nthe last token\n", "2026-01-02T00:00:00Z")
    Archive(home / "db" / "snapshots").add("cited-sources", "own", answer)


@pytest.mark.usefixtures("archived")
def test_a_receipt_that_holds_is_kept_on_record(cli: Callable[..., Any], curated: Path) -> None:
    answer = cli("curate", "verify", "--all", "-f", "json")
    assert answer.code == 0
    assert [(row["model"], row["state"], row["position"]) for row in answer.rows] == [
        ("acme/one", "verified", "L2")
    ]
    assert "1 verified" in answer.err
    (record,) = read_records(curated).values()
    assert (record.source, record.read, record.size) == (SOURCE, "2026-01-02", 23)
    assert record.located == (Located("Usage", ("last token",), "L2"),)


@pytest.mark.usefixtures("archived")
def test_a_receipt_made_wrong_is_caught(cli: Callable[..., Any], curated: Path) -> None:
    cli("curate", "verify")
    (curated / "models" / "acme__one.yaml").write_text(FACTS % (SOURCE, "mean pooling"))
    answer = cli("curate", "verify", "-f", "json")
    assert answer.code == 1
    (row,) = answer.rows
    assert (row["state"], row["reason"]) == ("not-there", "not in the source: mean pooling")


def test_a_receipt_made_wrong_is_caught_by_the_record_alone(
    cli: Callable[..., Any], curated: Path
) -> None:
    record = SourceRecord(SOURCE, "2026-01-02", "ab", 9, None, (Located("Usage", ("mean",)),))
    from tracker.exports.receipts import write_records

    assert write_records(curated, [record])
    assert not write_records(curated, [record])
    answer = cli("curate", "verify", "-f", "json")
    assert (answer.code, answer.rows[0]["state"]) == (1, "not-there")


def test_what_nobody_could_read_is_unchecked_and_no_failure(
    cli: Callable[..., Any], curated: Path
) -> None:
    answer = cli("curate", "verify")
    assert (answer.code, (curated / FILE).exists()) == (0, True)
    assert "1 unchecked" in answer.err


def test_only_the_chosen_models_and_sources_are_judged(
    cli: Callable[..., Any], curated: Path
) -> None:
    assert curated.is_dir()
    for option in (("--model", "other"), ("--source", "arxiv.org")):
        answer = cli("curate", "verify", "--all", "-f", "json", *option)
        assert (answer.code, answer.rows) == (0, [])


def test_a_copy_verifies_and_is_named(
    cli: Callable[..., Any], curated: Path, tmp_path: Path
) -> None:
    file = tmp_path / "copy.md"
    file.write_text("# Usage\nthe last token\n")
    kept_at = "https://example.org/mirror/README.md"
    assert cli("curate", "copy", SOURCE, str(file), "--server", kept_at).code == 0
    assert cli("curate", "verify").code == 0
    (record,) = read_records(curated).values()
    assert (record.copy, record.located[0].position) == (kept_at, "L2")
    answer = cli("curate", "copy", "https://example.org/x", str(file), "--server", kept_at)
    assert (answer.code, "no receipt cites" in answer.err) == (2, True)
    answer = cli("curate", "copy", SOURCE, str(tmp_path / "none"), "--server", kept_at)
    assert answer.code == 2
