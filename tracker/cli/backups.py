"""``tracker backup`` and ``tracker restore``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tracker.cli.output import say


def backup(
    folder: Annotated[
        str,
        typer.Argument(
            metavar="FOLDER",
            help="New or empty folder, or an earlier backup; or s3://BUCKET/FOLDER (extra s3).",
        ),
    ],
) -> None:
    """Copy catalog, archive, clones and settings; also while a run writes.

    tracker.toml is copied as well, with the keys that it may hold.
    """
    from tracker.exports.backups import make_backup
    from tracker.exports.stored_backups import store_backup
    from tracker.exports.uploads import is_remote
    from tracker.settings import load_settings

    settings = load_settings()
    if is_remote(folder):
        report = store_backup(settings, folder)
    else:
        report = make_backup(settings, Path(folder))
    say(f"{report.files} files copied to {folder}")
    if not report.catalog:
        say("note: without a catalog; tracker load makes it from the archive")


def restore(
    folder: Annotated[
        str,
        typer.Argument(
            metavar="FOLDER", help="Folder or address s3://… that tracker backup has written to."
        ),
    ],
) -> None:
    """Copy a backup into an empty home, and verify every byte of it.

    With TRACKER_DATABASE_URL the rows of the catalog go to that database.
    """
    from tracker.exports.backups import restore_backup
    from tracker.exports.stored_backups import restore_from_store
    from tracker.exports.uploads import is_remote
    from tracker.settings import load_settings
    from tracker.update import integrity

    settings = load_settings()
    if is_remote(folder):
        report = restore_from_store(settings, folder)
    else:
        report = restore_backup(settings, Path(folder))
    say(f"{report.files} files of {report.made_at} in {settings.home}")
    lines = integrity.verify(settings)
    for line in lines:
        say(f"error: {line}")
    say(f"{len(lines)} damaged" if lines else "all is well")
    raise typer.Exit(1 if lines else 0)
