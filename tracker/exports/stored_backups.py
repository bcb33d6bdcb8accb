"""Backups in an object store: files by their checksum, and an index that is replaced last.

The store has no file twice, the next backup sends only what is new, and one that is killed leaves
the last one whole, because nothing that its index names is overwritten or removed before the new
index is there.
"""

from __future__ import annotations

from pathlib import Path, PurePath, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

import orjson

from tracker.errors import ArchiveError, UsageError
from tracker.exports.backups import MANIFEST, SETTINGS, BackupReport, make_backup, restore_backup
from tracker.exports.uploads import open_store, store_errors
from tracker.io.files import checksum
from tracker.settings import Settings

INDEX = "backup-files.json"
"""Checksum of each file, by its path in a home."""
_FILES = "files"


def store_backup(settings: Settings, target: str) -> BackupReport:
    """Back up a home to an object store; a copy of it is made on this machine first.

    Args:
        settings: Settings, which name the home.
        target: Address that fsspec understands, such as ``s3://bucket/folder``.

    Raises:
        UsageError: The package for the address is missing, or the tracker is offline.
        SourceError: The store refuses or cannot be reached.
    """
    settings.check_online(target)
    store, root = open_store(target)
    with TemporaryDirectory(prefix="tracker-backup-") as local:
        folder = Path(local) / "backup"
        made = make_backup(settings, folder)
        files = {
            path.relative_to(folder).as_posix(): path
            for path in sorted(folder.rglob("*"))
            if path.is_file() and _belongs(path.relative_to(folder))
        }
        digests = {name: checksum(path) for name, path in files.items()}
        with store_errors("backup", target):
            known = {PurePosixPath(place).name for place in store.find(f"{root}/{_FILES}")}
            new = {digest: name for name, digest in digests.items() if digest not in known}
            for digest, name in new.items():
                store.put_file(str(files[name]), f"{root}/{_FILES}/{digest}")
            store.pipe_file(f"{root}/{INDEX}", orjson.dumps(digests))
            for digest in sorted(known - set(digests.values())):
                store.rm_file(f"{root}/{_FILES}/{digest}")
    return BackupReport(made.made_at, len(new), made.catalog)


def restore_from_store(settings: Settings, target: str) -> BackupReport:
    """Copy a backup of an object store into the home of the settings, which must be empty.

    Raises:
        UsageError: There is no backup, the home is not empty, or the tracker is offline.
        ArchiveError: A file of the backup is missing or has other bytes.
        SourceError: The store refuses or cannot be reached.
    """
    settings.check_online(target)
    store, root = open_store(target)
    with TemporaryDirectory(prefix="tracker-restore-") as local:
        folder = Path(local) / "backup"
        for name, digest in _index(store, root, target).items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with store_errors("restore", target):
                if store.exists(f"{root}/{_FILES}/{digest}"):
                    store.get_file(f"{root}/{_FILES}/{digest}", str(path))
            if not path.is_file() or checksum(path) != digest:
                raise ArchiveError(
                    f"{target}: {name} is missing or has other bytes",
                    remedy="run tracker backup again where the home is, or restore another backup",
                )
            if name in SETTINGS:
                path.chmod(0o600)  # they may hold keys
        return restore_backup(settings, folder)


def _index(store: Any, root: str, target: str) -> dict[str, str]:
    """Return the checksums by path; all paths stay below a home."""
    with store_errors("restore", target):
        found = store.exists(f"{root}/{INDEX}") and store.cat_file(f"{root}/{INDEX}")
    try:
        named = {str(name): str(digest) for name, digest in orjson.loads(found or b"{}").items()}
    except (ValueError, AttributeError):
        named = {}
    if MANIFEST not in named or not all(map(_is_harmless, named, named.values())):
        raise UsageError(
            f"{target}: no backup: {INDEX} is missing or damaged",
            remedy="name an address that tracker backup has written to",
        )
    return named


def _is_harmless(name: str, digest: str) -> bool:
    path = PurePosixPath(name)
    return _belongs(path) and ".." not in path.parts and "\0" not in name and digest.isalnum()


def _belongs(path: PurePath) -> bool:
    """Whether a file of a folder is part of its backup."""
    return path.parts[:1] == ("db",) or path.as_posix() in (MANIFEST, *SETTINGS)
