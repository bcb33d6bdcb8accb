"""Check the integrity of a home: archived bytes, clones and catalog."""

from __future__ import annotations

from tracker.errors import SourceError
from tracker.settings import Settings
from tracker.snapshots.store import Archive
from tracker.sources import SOURCES, find_source
from tracker.sources.protocol import ClonedSource


def verify(settings: Settings) -> list[str]:
    """Check all archived bytes, all objects of the clones, and the catalog.

    Returns:
        One line per problem; empty if there is none.
    """
    from tracker.catalog.integrity import catalog_damage

    lines = [f"{d.place}: {d.cause}" for d in Archive(settings.archive).verify()]
    for source_id in SOURCES:
        clone = settings.clones / source_id
        if (clone / "HEAD").is_file() and isinstance(
            source := find_source(source_id), ClonedSource
        ):
            try:
                source.check(clone)
            except SourceError as error:
                lines.append(str(error))
    return lines + catalog_damage(settings.catalog_url)
