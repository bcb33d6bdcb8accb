"""Backups of a home: whole while a run writes, and restored only into an empty home.

A backup has the layout of a home, so a copy that was made can also be used as one. Everything
that refers to something else is read before it and written after it: the catalog before the
archive that it was made from, logs and references before the objects that they name. Objects
never change, so the next backup into the same folder copies only new ones, and a backup that is
killed leaves the last one whole.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson

from tracker.catalog.copying import copy_catalog
from tracker.catalog.engine import catalog_url, sqlite_path
from tracker.catalog.sqlite_file import copy_file, record_checksum
from tracker.common.times import now_text
from tracker.errors import ArchiveError, TrackerError, UsageError
from tracker.io.files import checksum, remove_leftovers, replacing, write_atomically
from tracker.io.locks import writing
from tracker.settings import Settings

MANIFEST = "backup.json"
SETTINGS = ("tracker.toml", "watch.toml")
_CATALOG = Path("db", "catalog.db")
_UNFINISHED = re.compile(r"\.lock$|\.new(-\w+)?$|tmp_|\.tmp-|incoming-|\.unfinished")
_ATTEMPTS = 3
"""Git may replace packs while they are copied; then the clone is copied again."""


@dataclass(frozen=True)
class BackupReport:
    """Contents of a backup or of a restored home."""

    made_at: str
    files: int
    """Files that were copied; those of an earlier backup stay."""
    catalog: bool
    """Whether it has the catalog."""


def make_backup(settings: Settings, folder: Path) -> BackupReport:
    """Copy catalog, archive, clones and settings of a home, also while a run writes to it.

    A catalog on a server is copied row by row into the file that a home has.

    Args:
        settings: Settings, which name the home.
        folder: A new or empty folder, or one with an earlier backup.

    Raises:
        UsageError: The folder is the home, or has something else in it.
        TrackerError: Something cannot be read or written.
    """
    folder = folder.expanduser().resolve()
    if folder == settings.home or settings.home / "db" in (folder, *folder.parents):
        raise UsageError(f"{folder}: a part of the home itself", remedy="name another folder")
    if (folder / "db").exists() and not (folder / MANIFEST).exists() and _holds_data(folder):
        raise UsageError(f"{folder}: not a backup", remedy="name an empty folder")
    is_on_server = sqlite_path(settings.catalog_url) is None
    if not is_on_server and not _holds_data(settings.home):
        raise UsageError(f"{settings.home}: nothing to back up", remedy="run: tracker update")
    with writing(folder), _explained(folder):
        remove_leftovers(folder, "db/*")
        is_first = not (folder / MANIFEST).exists()
        if is_first:
            write_atomically(folder / MANIFEST, b'{"finished":false}\n')
        digest = _copy_catalog(settings, folder / _CATALOG)
        copied = _copy_archive(settings.archive, folder / "db" / "snapshots")
        copied += _copy_clones(settings.clones, folder / "db" / "clones")
        for name in SETTINGS:
            if (settings.home / name).is_file():
                _copy(settings.home / name, folder / name)
        made = {"finished": True, "made_at": now_text(), "catalog": digest}
        write_atomically(folder / MANIFEST, orjson.dumps(made) + b"\n")
    return BackupReport(str(made["made_at"]), copied + (digest is not None), digest is not None)


def restore_backup(settings: Settings, folder: Path) -> BackupReport:
    """Copy a backup into the home of the settings, which must have no data yet.

    Where the catalog of the settings is on a server, its rows go there.

    Raises:
        UsageError: The folder has no whole backup, or the home is not empty.
        TrackerError: Something cannot be read or written; the home stays empty.
    """
    folder = folder.expanduser().resolve()
    made = _manifest(folder)
    with writing(settings.home), _explained(settings.home):
        target = settings.home / "db"
        if _holds_data(settings.home):
            raise UsageError(
                f"{settings.home}: there is a catalog or an archive already",
                remedy=f"move {target} away, or set TRACKER_HOME to another folder",
            )
        if made["catalog"] and checksum(folder / _CATALOG) != made["catalog"]:
            raise ArchiveError(
                f"{folder / _CATALOG}: its bytes have changed since the backup",
                remedy="remove it, restore, and run: tracker load",
            )
        unfinished = target.with_name("db.restoring")
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(folder / "db", unfinished)
        if (catalog := unfinished / _CATALOG.name).is_file():
            if sqlite_path(settings.catalog_url) is None:
                copy_catalog(catalog_url(catalog), settings.catalog_url)
                for file in unfinished.glob(f"{_CATALOG.name}*"):
                    file.unlink()
            else:
                record_checksum(catalog, checksum(catalog))
        shutil.rmtree(target, ignore_errors=True)
        unfinished.replace(target)
        for name in SETTINGS:
            if (folder / name).is_file() and not (settings.home / name).exists():
                _copy(folder / name, settings.home / name)
    files = sum(path.is_file() for path in target.rglob("*"))
    return BackupReport(str(made["made_at"]), files, bool(made["catalog"]))


def _manifest(folder: Path) -> dict[str, object]:
    """Return the manifest of a whole backup."""
    try:
        made: dict[str, object] = orjson.loads((folder / MANIFEST).read_bytes())
        if made["finished"] is True:
            return {"made_at": made["made_at"], "catalog": made["catalog"]}
        cause = "the backup was not finished"
    except (OSError, ValueError, KeyError, TypeError):
        cause = f"no backup: {MANIFEST} is missing or damaged"
    raise UsageError(f"{folder}: {cause}", remedy="name a folder that tracker backup has made")


def _holds_data(home: Path) -> bool:
    """Whether a home has a catalog, archived documents or clones."""
    db = home / "db"
    return (home / _CATALOG).exists() or any(
        any((db / name).iterdir()) for name in ("snapshots", "clones") if (db / name).is_dir()
    )


def _copy_catalog(settings: Settings, target: Path) -> str | None:
    path = sqlite_path(settings.catalog_url)
    if path is None:
        target.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=target.parent, prefix="tmp_") as folder:
            new = Path(folder) / target.name
            copy_catalog(settings.catalog_url, catalog_url(new))
            new.replace(target)
    elif path.is_file():
        with replacing(target) as new:
            copy_file(path, new)
    else:
        return None
    digest = checksum(target)
    record_checksum(target, digest)
    return digest


def _copy_archive(source: Path, target: Path) -> int:
    """Copy logs and objects; a line that is being written is left out."""
    logs = {
        path.relative_to(source): path.read_bytes()
        for path in _files(source)
        if path.relative_to(source).parts[0] != "objects"
    }
    copied = _copy_objects(source, target, source / "objects")
    for name, content in logs.items():
        whole = content[: content.rfind(b"\n") + 1] if name.suffix == ".jsonl" else content
        write_atomically(target / name, whole)
    return copied + len(logs)


def _copy_clones(source: Path, target: Path) -> int:
    clones = sorted(path.parent for path in source.glob("*/HEAD"))
    return sum(_copy_clone(clone, target / clone.name) for clone in clones)


def _copy_clone(source: Path, target: Path, attempts: int = _ATTEMPTS) -> int:
    """Copy a bare repository: what names objects is read before them and written after them."""
    try:
        names = {
            path.relative_to(source): path.read_bytes()
            for path in _files(source)
            if path.relative_to(source).parts[0] not in ("objects", "hooks")
        }
        copied = _copy_objects(source, target, source / "objects")
    except FileNotFoundError:
        if attempts <= 1:
            raise
        return _copy_clone(source, target, attempts - 1)
    for name, content in names.items():
        write_atomically(target / name, content)
    for path in _files(target / "refs"):  # of heads that a newer one contains
        if path.relative_to(target) not in names:
            path.unlink()
    (target / "refs").mkdir(parents=True, exist_ok=True)  # git needs it even if all are packed
    return copied + len(names)


def _copy_objects(source: Path, target: Path, objects: Path) -> int:
    """Copy the objects that the target lacks; an index of a pack comes after the pack."""
    copied = 0
    for path in sorted(_files(objects), key=lambda p: (p.suffix == ".idx", p)):
        place = target / path.relative_to(source)
        if not place.is_file() or place.stat().st_size != path.stat().st_size:
            _copy(path, place)
            copied += 1
    return copied


def _files(folder: Path) -> list[Path]:
    """Return the finished files below a folder."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not _UNFINISHED.search(path.relative_to(folder).as_posix())
    ]


def _copy(source: Path, target: Path) -> None:
    with replacing(target) as new:
        shutil.copyfile(source, new)
        shutil.copymode(source, new)


@contextmanager
def _explained(place: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, shutil.Error) as error:
        named = getattr(error, "filename", None) or place
        cause = getattr(error, "strerror", None) or error
        raise TrackerError(f"{named}: {cause}") from None
