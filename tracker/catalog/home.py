"""Create or migrate the catalog of a home on first use."""

from __future__ import annotations

from tracker.catalog.engine import (
    explained,
    migrate,
    newest_revision,
    open_engine,
    reading,
    revision,
    sqlite_path,
)
from tracker.common.paths import resource
from tracker.io.files import remove_leftovers
from tracker.settings import Settings


def ensure_catalog(settings: Settings, *, for_writing: bool) -> None:
    """Ensure that the catalog of the settings exists and has the newest schema.

    Args:
        settings: Where it is, and whether an empty home is seeded.
        for_writing: Create an empty catalog if the starter is switched off; readers get an
            error instead.
    """
    url = settings.catalog_url
    path = sqlite_path(url)
    if path is not None and for_writing:
        remove_leftovers(path.parent, path.name)
    exists = path.is_file() if path is not None else _has_schema(url)
    if exists:
        # Opening for writing may change the file, which has to be checked before.
        if for_writing and _revision(url) != newest_revision():
            engine = open_engine(url, read_only=False)
            try:
                with explained(url):
                    migrate(engine)
            finally:
                engine.dispose()
        return
    if not settings.starter and not for_writing:
        return
    # Only here: a reader of an existing catalog needs neither the tables nor the curated files.
    from tracker.catalog.starter import create
    from tracker.curated import read_curated

    create(
        url,
        starter=resource("db/starter") if settings.starter else None,
        curated=read_curated(settings.curated),
    )


def _has_schema(url: str) -> bool:
    return _revision(url) is not None


def _revision(url: str) -> str | None:
    with reading(url) as connection:
        return revision(connection)
