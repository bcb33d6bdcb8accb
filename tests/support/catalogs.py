"""Catalogs for tests: load them, and compare two of them by names instead of ids."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from tests.support.leaderboard_payloads import dumped
from tracker.api import Catalog
from tracker.catalog.comparing import named_tables
from tracker.catalog.engine import open_engine
from tracker.catalog.load import load
from tracker.catalog.loader import LoadReport
from tracker.curated import BilingualText, Curated, PublishedBoard, RelationEntry, SeriesEntry
from tracker.git import clone as git
from tracker.settings import Settings
from tracker.snapshots.origin import Origin, Sighting
from tracker.snapshots.store import Archive
from tracker.sources import SOURCES, leaderboard_api, published_boards, result_files
from tracker.sources.records import Fetched


def words(english: str, chinese: str = "中文") -> BilingualText:
    """A bilingual text."""
    return BilingualText(en=english, zh=chinese)


def relation(kind: str, model: str, of: str) -> RelationEntry:
    """A curated relation between two models."""
    return RelationEntry(
        kind=kind,  # type: ignore[arg-type]
        model=model,
        of=of,
        reason=words("a person says so"),
        source="https://example.org/receipt",
    )


CURATED = Curated(
    series=(
        SeriesEntry(
            slug="mteb-english",
            title=words("English"),
            editions=("published/en", "MTEB(eng, v1)", "MTEB(eng, v2)"),
        ),
        SeriesEntry(
            slug="c-mteb", title=words("Chinese"), editions=("published/zh", "MTEB(cmn, v1)")
        ),
    ),
    boards=(
        PublishedBoard(folder="law", title=words("Law"), series="law", main_table="Retrieval"),
    ),
)
"""Two series of two sources each, and one board without an overall table."""


@dataclass(frozen=True)
class Loaded:
    """A catalog file with its archive and clones."""

    path: Path
    archive: Path
    clones: Path
    curated: Curated = CURATED
    address: str = ""
    """Address of the catalog where it is not the file."""

    @classmethod
    def fresh(
        cls, folder: Path, blank: Path, archive: Path | None = None, clones: Path | None = None
    ) -> Loaded:
        """Make an empty catalog in a folder of its own."""
        folder.mkdir(parents=True)
        shutil.copyfile(blank, folder / "catalog.db")
        return cls(
            folder / "catalog.db", archive or folder / "snapshots", clones or folder / "clones"
        )

    @property
    def url(self) -> str:
        """The catalog's address."""
        return self.address or f"sqlite:///{self.path}"

    def at(self, address: str) -> Loaded:
        """The same archive and clones with a catalog elsewhere."""
        return replace(self, address=address)

    def remove(self) -> None:
        """Remove the catalog, so that it can be created anew."""
        if not self.address:
            self.path.unlink()
            return
        engine = open_engine(self.address, read_only=False)
        with engine.begin() as connection:
            connection.execute(text("drop schema public cascade"))
            connection.execute(text("create schema public"))
        engine.dispose()

    @property
    def clone(self) -> Path:
        """Clone of the published boards."""
        return self.clones / published_boards.HEADER.id

    def knowing(self, curated: Curated) -> Loaded:
        """The same catalog with other curated knowledge."""
        return replace(self, curated=curated)

    def take(
        self, repository: Path | str, since: str | None = None, until: str | None = None
    ) -> None:
        """Update the clone from a repository, like a fetch."""
        published_boards.update(str(repository), self.clone)
        git.set_window(self.clone, since, until)

    def take_results(
        self,
        location: Path | str,
        since: str | None = None,
        until: str | None = None,
        *,
        seen_at: str = "2025-06-01T00:00:00Z",
    ) -> None:
        """Update the clone of the results from a repository, or add a plain folder to it."""
        clone = self.clones / result_files.HEADER.id
        result_files.update(str(location), clone, seen_at=seen_at, since=since, until=until)

    def put(self, stream: str, body: object, at: str) -> Origin | Sighting | None:
        """Archive an answer of the live leaderboard as seen at a moment."""
        content = body if isinstance(body, bytes) else dumped(body)
        answer = Fetched(stream, url=f"https://example.org/{stream}", body=content, fetched_at=at)
        header = leaderboard_api.HEADER
        return Archive(self.archive).add(header.id, header.licence, answer, observed_at=at)

    def load(self, *sources: str, through: Engine | None = None) -> LoadReport:
        """Load archive and clones."""
        engine = through or open_engine(self.url, read_only=False)
        try:
            return load(
                engine,
                archive=Archive(self.archive),
                clones=self.clones,
                curated=self.curated,
                sources=sources or list(SOURCES),
            )
        finally:
            engine.dispose()

    def open(self) -> Catalog:
        """The catalog for reading."""
        return Catalog(self.url, Settings())

    def dump(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything in the catalog, without ids."""
        return dump(self.url)


def dump(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of all tables, sorted, with names instead of ids."""
    engine = open_engine(url, read_only=True)
    try:
        with engine.connect() as connection:
            return {t.name: sorted(t.rows, key=repr) for t in named_tables(connection)}
    finally:
        engine.dispose()
