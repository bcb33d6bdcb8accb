"""Upload a folder to an object store through fsspec: only changed files, the index last.

A manifest in the store has the checksum of each file of the last upload. Readers meet no page whose
files are missing: what pages refer to is uploaded before the pages, the first page comes last, and
files that are gone are removed after it. An upload that is killed is completed by the next one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import orjson

from tracker.errors import SourceError, UsageError, missing_package, one_line
from tracker.io.files import checksum
from tracker.settings import Settings

MANIFEST = "tracker-files.json"
_INDEX = "index.html"


@dataclass(frozen=True)
class UploadReport:
    """Numbers of files of one upload."""

    uploaded: int
    unchanged: int
    removed: int


def is_remote(target: str) -> bool:
    """Whether a target is an address such as ``s3://bucket/folder`` rather than a path."""
    return "://" in target


def upload(folder: Path, target: str, settings: Settings) -> UploadReport:
    """Make a folder of an object store the same as a local one.

    Args:
        folder: The local folder.
        target: Address that fsspec understands. Keys and endpoint of S3 come from the environment,
            as for every client of Amazon's (``AWS_ACCESS_KEY_ID``, ``AWS_ENDPOINT_URL`` and so on).
        settings: Whether outside connections are allowed.

    Raises:
        UsageError: The package for the address is missing, or the tracker is offline.
        SourceError: The store refuses or cannot be reached.
    """
    settings.check_online(target)
    store, root = open_store(target)
    files = {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    digests = {name: checksum(path) for name, path in files.items()}
    with store_errors("upload", target):
        known = _manifest(store, root)
        changed = sorted((n for n in files if known.get(n) != digests[n]), key=_order)
        removed = sorted(known.keys() - files.keys())
        for name in changed:
            store.put_file(str(files[name]), f"{root}/{name}")
        store.pipe_file(f"{root}/{MANIFEST}", orjson.dumps(digests))
        for name in removed:
            if store.exists(f"{root}/{name}"):
                store.rm_file(f"{root}/{name}")
    return UploadReport(len(changed), len(files) - len(changed), len(removed))


@contextmanager
def store_errors(work: str, target: str) -> Iterator[None]:
    """Make one clear line of whatever the client of a store raises.

    Raises:
        SourceError: The store refuses or cannot be reached.
    """
    try:
        yield
    except Exception as error:  # of the client and of the libraries under it
        raise SourceError(
            work,
            one_line(error)[:300] or type(error).__name__,
            place=target,
            remedy="check the address and the keys in the environment, and run it again",
        ) from None


def open_store(target: str) -> tuple[Any, str]:
    """Return the file system of an address, and the folder in it.

    Raises:
        UsageError: The address is not understood, or the package for it is missing.
    """
    try:
        from fsspec.core import url_to_fs
    except ModuleNotFoundError as error:
        raise missing_package(error.name, "s3") from None
    try:
        # Listings that were read once would hide what another upload has written since.
        store, root = url_to_fs(target, use_listings_cache=False)
    except ImportError as error:
        raise missing_package("s3fs" if target.startswith("s3://") else error.name, "s3") from None
    except ValueError as error:
        raise UsageError(f"{target}: {error}", remedy="write s3://BUCKET/FOLDER") from None
    return store, str(root).rstrip("/")


def _manifest(store: Any, root: str) -> Mapping[str, str]:
    """Return the checksums of the last upload; a damaged manifest knows nothing."""
    try:
        known = orjson.loads(store.cat_file(f"{root}/{MANIFEST}"))
    except (FileNotFoundError, ValueError):
        return {}
    if not isinstance(known, dict):
        return {}
    return {str(name): str(digest) for name, digest in known.items() if _is_inside(str(name))}


def _is_inside(name: str) -> bool:
    """Whether a name of a manifest stays below the root, so that it may be removed."""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts


def _order(name: str) -> tuple[int, str]:
    """Sort what pages refer to before pages, and the first page last."""
    is_page = name.endswith((".html", "sitemap.xml", "search_index.json"))
    return (2 if name == _INDEX else int(is_page), name)
