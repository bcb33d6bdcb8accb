"""The list of sources: what every entry has, and that one entry adds a source."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support import toy_source
from tracker.catalog.loader import Loader, Stored
from tracker.curated import Curated
from tracker.errors import SourceError, UsageError
from tracker.settings import Settings
from tracker.snapshots.store import Archive
from tracker.sources import ON_REQUEST, SOURCES, Entry, find_source, header
from tracker.sources.protocol import ClonedSource
from tracker.sources.records import SourceHeader


@pytest.mark.parametrize("source_id", SOURCES)
def test_every_source_has_a_header_of_its_own(source_id: str) -> None:
    found = header(source_id)
    assert isinstance(found, SourceHeader)
    assert found.id == source_id
    assert all((found.title, found.licence, found.home, found.politeness))
    assert found.refresh_hours > 0
    assert callable(find_source(source_id).refresh)


def test_clones_are_checked_and_three_sources_wait_for_a_request() -> None:
    cloned = {source for source in SOURCES if isinstance(find_source(source), ClonedSource)}
    assert cloned == {"published-boards", "result-files"}
    assert {"benchmark-registry", "language-model", "private-boards"} == ON_REQUEST
    assert [source for source in SOURCES if header(source).ended] == ["published-boards"]


def test_an_unknown_source_gets_the_nearest_id() -> None:
    with pytest.raises(UsageError) as caught:
        header("leaderbord_api")
    assert str(caught.value) == ("unknown source 'leaderbord_api'; did you mean 'leaderboard-api'?")


# A new source


@pytest.fixture
def toy(cli: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Add a source by one entry in the list, to a home with an empty catalog."""
    monkeypatch.setenv("TRACKER_STARTER", "0")
    monkeypatch.setattr("tracker.update.run.read_curated", lambda _: Curated())
    entry = Entry(toy_source.__name__, loader=f"{__name__}.load_toy")
    monkeypatch.setitem(SOURCES, "toy", entry)
    assert cli("load", "toy").code == 0


def load_toy(loader: Loader, stored: Stored) -> None:
    """Report the archived text as a finding."""
    for origin in stored.archive.latest("toy").values():
        loader.finding(SourceError("toy", stored.archive.read(origin.sha256).decode()))


def status_of_toy(cli: Callable[..., Any]) -> dict[str, Any]:
    (row,) = (row for row in cli("status", "--format", "json").rows if row["source"] == "toy")
    return {name: row[name] for name in ("title", "state", "failure", "rejected")}


@pytest.mark.usefixtures("toy")
def test_one_entry_adds_a_source_that_is_fetched_shown_loaded_and_verified(
    cli: Callable[..., Any], tmp_path: Path
) -> None:
    text = tmp_path / "text.txt"
    text.write_text("first")
    assert status_of_toy(cli)["state"] == "never"
    told = [cli("fetch", "toy", "--from", str(text)).err.splitlines()[-1] for _ in range(2)]
    assert told == ["toy: 1 new, 0 unchanged", "toy: 0 new, 1 unchanged"]
    fresh = {"title": "A text file", "state": "fresh", "failure": None, "rejected": 0}
    assert status_of_toy(cli) == fresh

    loaded = cli("load", "toy")
    assert (loaded.code, loaded.err.splitlines()[-1]) == (1, "error: toy: first")

    assert cli("verify").code == 0
    (path,) = Settings().archive.glob("objects/*/*.zst")
    path.write_bytes(b"damaged")
    damaged = cli("verify")
    assert (damaged.code, "error: toy: text" in damaged.err) == (1, True)


@pytest.mark.usefixtures("toy")
def test_a_failing_new_source_is_shown_as_failing(cli: Callable[..., Any], tmp_path: Path) -> None:
    missing = tmp_path / "missing.txt"
    assert cli("fetch", "toy", "--from", str(missing)).code == 1
    assert status_of_toy(cli) == {
        "title": "A text file",
        "state": "failing",
        "failure": f"toy: {missing}: No such file or directory",
        "rejected": 0,
    }
    assert Archive(Settings().archive).latest("toy") == {}


def test_options_that_do_not_fit_a_source_are_wrong_usage(cli: Callable[..., Any]) -> None:
    answer = cli("fetch", "web-pages", "--since", "2025-01-01")
    assert (answer.code, answer.err.splitlines()[-1]) == (
        2,
        "error: web-pages: this source has no history: --since and --until are not supported",
    )
