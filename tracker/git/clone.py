"""Clones: the archive of a git source, made and brought up to date.

A clone is bare, and each head that was ever seen is kept under ``refs/tracker/``, so that a
force-pushed history upstream loses nothing here.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

import orjson

from tracker.errors import SourceError
from tracker.git.history import file_versions
from tracker.git.reading import is_ancestor, kept_heads, run
from tracker.io.files import not_open, write_atomically

_WINDOW = "tracker-window.json"
_OBSERVED = "refs/tracker/observed"


def is_local(location: str) -> bool:
    """Whether a location is a path on this machine rather than an address."""
    return not urlsplit(location).scheme and ":" not in location.split("/", 1)[0]


def is_outside(location: str) -> bool:
    """Return whether reading a location needs a network."""
    return not (is_local(location) or location.startswith("file://"))


def _local_path(location: str) -> Path | None:
    # Git itself reads no bundle from a file:// address.
    if location.startswith("file://"):
        return Path(unquote(urlsplit(location).path))
    return Path(location).resolve() if is_local(location) else None


def update_clone(source: str, location: str, clone: Path, folder: str, *, home: str) -> str:
    """Clone ``location`` into ``clone``, or bring an existing clone up to date.

    Args:
        source: Id of the source, for messages.
        location: URL or path of a repository (bare or not) or of a bundle.
        clone: Folder of the bare clone.
        folder: Folder that the repository's history must have.
        home: Public address of the repository.

    Returns:
        Object id of the branch head that was read.

    Raises:
        SourceError: The repository cannot be reached or read, or is another one; an existing
            clone is unharmed.
    """
    origin = location
    if path := _local_path(location):
        if not path.exists():
            raise SourceError(source, "no such file or folder", place=location)
        origin = str(path)
    if (clone / "HEAD").is_file():
        _remove_leftovers(clone)
    else:
        _clone(source, origin, clone)
    name, head = _remote_head(source, origin)
    _fetch(source, origin, clone, name, head)
    touching = ["log", "-1", "--format=%H", head, "--", folder]
    if not run(source, touching, place=origin, clone=clone).strip():
        raise SourceError(
            source,
            f"no folder {folder}/ in the history of this repository",
            place=location,
            remedy="give the address of the repository that has it",
        )
    refs = (f"refs/tracker/heads/{head}", "refs/heads/tracked")
    updates = "".join(f"update {ref} {head}\n" for ref in refs).encode()
    run(source, ["update-ref", "--stdin"], place=origin, clone=clone, stdin=updates)
    kept = []
    for older in kept_heads(source, clone):
        if older != head and is_ancestor(clone, older, head):
            ref = f"refs/tracker/heads/{older}"
            run(source, ["update-ref", "-d", ref], place=origin, clone=clone)
        else:
            kept.append(older)
    if _missing_blobs(source, clone, folder, home, kept) and not _is_partial(source, origin):
        # An earlier fetch was from a partial clone. Git believes that we have all of it, and
        # sends what is missing only when it is told to send everything.
        _fetch(source, origin, clone, name, head, "--refetch")
    return head


def _clone(source: str, origin: str, clone: Path) -> None:
    # Built beside its place and renamed, so that a killed clone is never taken for a whole one.
    unfinished = clone.with_name(clone.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        unfinished.parent.mkdir(parents=True, exist_ok=True)
        run(
            source,
            ["init", "--quiet", "--bare", "--initial-branch=tracked", str(unfinished)],
            place=origin,
        )
        unfinished.replace(clone)
    except OSError as error:
        raise SourceError(source, error.strerror or str(error), place=str(clone)) from None


def _remove_leftovers(clone: Path) -> None:
    """Remove what a killed git left: locks, which block every later git, and half-received packs.

    This process holds the lock of the home, so no other fetch is at work. Only a git that outlives
    its killed parent may still have a file open; its files stay.
    """
    objects = clone / "objects"
    files = [
        *clone.glob("*.lock"),
        *(clone / "refs").rglob("*.lock"),
        *objects.glob("pack/tmp_*"),
        *objects.glob("pack/.tmp-*"),
        *objects.glob("??/tmp_obj_*"),
        *(path for path in objects.glob("*incoming-*/**/*") if path.is_file()),
    ]
    for file in not_open(files):
        file.unlink(missing_ok=True)
    for folder in objects.glob("*incoming-*"):  # where git receives objects before it takes them
        if not any(path.is_file() for path in folder.rglob("*")):
            shutil.rmtree(folder, ignore_errors=True)


def _remote_head(source: str, origin: str) -> tuple[str, str]:
    """The default branch of the origin, whatever it is called, and its commit."""
    try:
        listing = run(source, ["ls-remote", "--quiet", "--", origin], place=origin).decode()
    except SourceError as error:
        remedy = "" if is_local(origin) else "check the address; redirects are not followed"
        raise SourceError(source, error.cause, place=origin, remedy=remedy) from None
    refs: dict[str, str] = {}
    for line in listing.splitlines():
        object_id, _, name = line.partition("\t")
        if name:
            refs[name] = object_id
    branches = [name for name in refs if name.startswith("refs/heads/")]
    # A bundle may lack HEAD.
    for name in ("HEAD", "refs/heads/main", "refs/heads/master", *branches):
        if name in refs:
            return name, refs[name]
    raise SourceError(source, "the repository has no commits", place=origin)


def _fetch(source: str, origin: str, clone: Path, name: str, head: str, *options: str) -> None:
    wanted = ["--", origin, f"{name}:refs/tracker/incoming"]
    try:
        run(
            source,
            ["fetch", "--quiet", "--no-tags", "--force", *options, *wanted],
            place=origin,
            clone=clone,
        )
    except SourceError:
        if not _is_partial(source, origin):
            raise
        _copy_objects(source, origin, clone)
        run(source, ["update-ref", "refs/tracker/incoming", head], place=origin, clone=clone)
    if _incoming(source, origin, clone) != head:
        # Git leaves a shallow history out without calling that a failure.
        raise SourceError(
            source,
            "the repository is shallow: its history is cut off",
            place=origin,
            remedy="fetch from a full clone",
        )


def _git_folder(source: str, origin: str) -> Path | None:
    """The git folder of a repository on this machine; ``None`` for others and for bundles."""
    if not Path(origin).is_dir():
        return None
    folder = run(source, ["-C", origin, "rev-parse", "--absolute-git-dir"], place=origin)
    return Path(folder.decode().strip())


def _is_partial(source: str, origin: str) -> bool:
    """Whether a repository on this machine was cloned without some of its objects."""
    folder = _git_folder(source, origin)
    return folder is not None and any((folder / "objects" / "pack").glob("*.promisor"))


def _copy_objects(source: str, origin: str, clone: Path) -> None:
    """Take whatever a partial clone has: git itself refuses to read from it."""
    folder = _git_folder(source, origin)
    assert folder is not None
    listing = ["cat-file", "--batch-all-objects", "--batch-check=%(objectname)"]
    objects = run(source, listing, place=origin, clone=folder)
    pack = str(clone / "objects" / "pack" / "pack")
    # Packed by the clone: git writes beside its own objects first, and renames from there.
    borrowed = {"GIT_ALTERNATE_OBJECT_DIRECTORIES": os.fsdecode(_quoted(folder / "objects"))}
    packing = ["pack-objects", "--quiet", pack]
    run(source, packing, place=origin, clone=clone, stdin=objects, variables=borrowed)


def _incoming(source: str, origin: str, clone: Path) -> str:
    listing = ["for-each-ref", "--format=%(objectname)", "refs/tracker/incoming"]
    return run(source, listing, place=origin, clone=clone).decode().strip()


def _missing_blobs(source: str, clone: Path, folder: str, home: str, heads: Sequence[str]) -> bool:
    versions = file_versions(source, clone, folder, home=home, heads=heads)
    asked = "".join(f"{v.blob}\n" for v in versions if v.blob).encode()
    check = ["cat-file", "--batch-check=%(objecttype)"]
    answers = run(source, check, place=str(clone), clone=clone, stdin=asked)
    return b" missing\n" in answers


def set_window(clone: Path, since: str | None, until: str | None) -> None:
    """Remember which part of the history a fetch asked for; without bounds it is all of it."""
    path = clone / _WINDOW
    if since is None and until is None:
        path.unlink(missing_ok=True)
        return
    write_atomically(path, orjson.dumps([since, until]))


def window(clone: Path) -> tuple[str | None, str | None]:
    """Which part of the history the last fetch asked for: first and last moment."""
    try:
        since, until = orjson.loads((clone / _WINDOW).read_bytes())
    except FileNotFoundError:
        return None, None
    return since, until


def observe_folder(source: str, folder: Path, clone: Path, below: str, seen_at: str) -> int:
    """Archive a plain folder in a clone, as it was seen at one moment.

    The files become objects of the clone and the folder a commit of its own, so that they are
    kept, proved and read like everything else in it.

    Args:
        source: Id of the source, for messages.
        folder: The folder; links in it are followed, as the Hub's download makes them.
        clone: Folder of the bare clone; made where there is none.
        below: Folder inside of it that is kept.
        seen_at: When the files were seen.

    Returns:
        How many files there are.

    Raises:
        SourceError: There is no such folder or it cannot be read.
    """
    root = folder / below
    files = sorted(path for path in root.rglob("*") if path.is_file()) if root.is_dir() else []
    if not files:
        raise SourceError(
            source, f"no folder {below}/ with files in it", place=str(folder), remedy="check --from"
        )
    if not (clone / "HEAD").is_file():
        _clone(source, str(folder), clone)
    place = str(folder)
    paths = b"".join(_quoted(path.resolve()) + b"\n" for path in files)
    hashing = ["hash-object", "-w", "--no-filters", "--stdin-paths"]
    blobs = run(source, hashing, place=place, clone=clone, stdin=paths).decode().split()
    listing = b"".join(
        b"100644 %b\t%b\0" % (blob.encode(), os.fsencode(path.relative_to(folder)))
        for blob, path in zip(blobs, files, strict=True)
    )
    own = {"GIT_INDEX_FILE": str(clone / "tracker-observed.index")}
    Path(own["GIT_INDEX_FILE"]).unlink(missing_ok=True)
    update = ["update-index", "-z", "--index-info"]
    run(source, update, place=place, clone=clone, stdin=listing, variables=own)
    tree = run(source, ["write-tree"], place=place, clone=clone, variables=own).decode().strip()
    Path(own["GIT_INDEX_FILE"]).unlink(missing_ok=True)
    person = {
        f"GIT_{role}_{what}": value
        for role in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "tracker"), ("EMAIL", "tracker@localhost"), ("DATE", seen_at))
    }
    committing = ["commit-tree", tree, "-m", "seen"]
    commit = run(source, committing, place=place, clone=clone, variables=person).decode().strip()
    name = f"{_OBSERVED}/{seen_at.replace(':', '-')}"
    run(source, ["update-ref", name, commit], place=place, clone=clone)
    return len(files)


def _quoted(path: Path) -> bytes:
    """A path as git reads it from a list with one of them in a line."""
    name = os.fsencode(path)
    for plain, escaped in ((b"\\", b"\\\\"), (b'"', b'\\"'), (b"\n", b"\\n")):
        name = name.replace(plain, escaped)
    return b'"' + name + b'"'


def observed_heads(source: str, clone: Path) -> list[str]:
    """Commits of the folders that were archived with ``observe_folder``."""
    listing = ["for-each-ref", "--format=%(objectname)", f"{_OBSERVED}/"]
    return run(source, listing, place=str(clone), clone=clone).decode().split()
