"""Append-only store: content-addressed zstd objects and one origin log per source.

Layout below the archive folder::

    objects/ab/cdef….zst          raw bytes under their SHA-256
    origins/<source>.jsonl        Origin and Sighting records, in the order of writing

Every write goes through a temporary file and a rename, or appends whole lines. A line that a crash
cut off is ignored by readers and removed by the next append. The umask decides who may read.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

import zstandard

from tracker.errors import ArchiveError
from tracker.io.files import remove_leftovers, write_atomically
from tracker.snapshots.origin import Origin, Sighting, Verdict, from_line, to_line
from tracker.sources.records import Fetched

_LEVEL = 9


@dataclass(frozen=True, slots=True)
class Observation:
    """A document of a source as it was at one moment."""

    stream: str
    seen_at: str
    origin: Origin
    server: str | None = None
    """Who answered instead of the publisher's own server."""


@dataclass(frozen=True, slots=True)
class Damage:
    """An archived object or log that does not match its record."""

    place: str
    cause: str


class Archive:
    """All archived documents of all sources below one folder.

    One process writes at a time, because it holds the lock of the home; so records that were read
    once stay valid.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._is_swept = False
        self._logs: dict[str, list[Origin | Sighting]] = {}

    @cached_property
    def _compressor(self) -> zstandard.ZstdCompressor:
        return zstandard.ZstdCompressor(level=_LEVEL)

    @cached_property
    def _decompressor(self) -> zstandard.ZstdDecompressor:
        return zstandard.ZstdDecompressor()

    def sources(self) -> list[str]:
        """Return the ids of the sources that have an origin log."""
        return sorted(path.stem for path in (self.folder / "origins").glob("*.jsonl"))

    def _log(self, source: str) -> Path:
        return self.folder / "origins" / f"{source}.jsonl"

    def _object(self, digest: str) -> Path:
        return self.folder / "objects" / digest[:2] / f"{digest[2:]}.zst"

    def records(self, source: str) -> list[Origin | Sighting]:
        """Return all records of a source, in the order of writing.

        Raises:
            ArchiveError: A line in the middle of the log is damaged.
        """
        if source not in self._logs:
            self._logs[source] = _read_log(self._log(source))
        return self._logs[source]

    def observations(self, source: str) -> list[Observation]:
        """Return every accepted moment of every stream, sightings included, in order of time."""
        by_digest: dict[tuple[str, str], Origin] = {}
        found: dict[tuple[str, str], Observation] = {}
        for record in self.records(source):
            if isinstance(record, Sighting):
                origin = by_digest.get((record.stream, record.sha256))
                if origin is not None:
                    seen = Observation(record.stream, record.seen_at, origin, record.server)
                    found[record.stream, record.seen_at] = seen
            elif record.verdict == "accepted":
                by_digest[record.stream, record.sha256] = record
                found[record.stream, record.published_at] = Observation(
                    record.stream, record.published_at, record, record.server
                )
        return sorted(found.values(), key=lambda o: (o.seen_at, o.stream))

    def latest(self, source: str, *, until: str | None = None) -> dict[str, Origin]:
        """Return the last accepted document of every stream, optionally as of a moment."""
        return {
            o.stream: o.origin
            for o in self.observations(source)
            if until is None or o.seen_at <= until
        }

    def rejected(self, source: str) -> list[Origin]:
        """Return the documents that the plausibility gate rejected."""
        return [
            r for r in self.records(source) if isinstance(r, Origin) and r.verdict == "rejected"
        ]

    def read(self, digest: str) -> bytes:
        """Return the raw bytes of an object.

        Raises:
            ArchiveError: The object is missing or does not match its name.
        """
        path = self._object(digest)
        try:
            body = self._decompressor.decompress(path.read_bytes())
        except FileNotFoundError:
            raise ArchiveError(f"{path}: missing", remedy="fetch its source again") from None
        # Damaged sizes in the header of a frame may ask for any amount of memory.
        except (OSError, MemoryError, zstandard.ZstdError) as error:
            raise ArchiveError(f"{path}: {error}", remedy="fetch its source again") from None
        if sha256(body).hexdigest() != digest:
            raise ArchiveError(f"{path}: content changed", remedy="fetch its source again")
        return body

    def holds(self, digest: str) -> bool:
        """Whether an object exists and is undamaged."""
        try:
            self.read(digest)
        except ArchiveError:
            return False
        return True

    def put(self, body: bytes) -> str:
        """Store raw bytes, unless they are stored already, and return their SHA-256."""
        digest = sha256(body).hexdigest()
        if not self.holds(digest):
            self._sweep()
            path = self._object(digest)
            try:
                write_atomically(path, self._compressor.compress(body))
            except OSError as error:
                raise _unwritable(path, error) from None
        return digest

    def _sweep(self) -> None:
        """Remove what killed writers left; nobody else writes while this process does."""
        if not self._is_swept:
            self._is_swept = True
            remove_leftovers(self.folder)
            remove_leftovers(self.folder, "objects/*/*")
            for old in self.folder.glob("objects/*/.new-*"):  # names that earlier trackers gave
                old.unlink(missing_ok=True)

    def add(
        self,
        source: str,
        licence: str,
        fetched: Fetched,
        *,
        observed_at: str | None = None,
        reason: str | None = None,
    ) -> Origin | Sighting | None:
        """Archive one answer: new bytes with their origin, unchanged bytes as a sighting.

        Args:
            source: Id of the source.
            licence: Licence of the source's data.
            fetched: The answer; ``body`` is ``None`` where the server said "not modified".
            observed_at: When this state was published, for an archived copy that is imported.
            reason: Why the plausibility gate rejected it, if it did.

        Returns:
            The record that was written; ``None`` if the archive has the same one already.

        Raises:
            ArchiveError: It cannot be written, or nothing is archived that could be unmodified.
        """
        seen_at = observed_at or fetched.fetched_at
        digest = self._digest(source, fetched, seen_at)
        verdict: Verdict = "rejected" if reason else "accepted"
        same = [
            r
            for r in self.records(source)
            if r.stream == fetched.stream
            and r.sha256 == digest
            and (isinstance(r, Sighting) or r.verdict == verdict)
        ]
        if any(_moment(r) == seen_at for r in same):
            return None
        record: Origin | Sighting
        if same and verdict == "accepted":
            record = Sighting(fetched.stream, digest, seen_at, fetched.server)
        else:
            record = _origin(source, licence, fetched, seen_at, digest, reason)
        _append(self._log(source), to_line(record))
        self.records(source).append(record)
        return record

    def _digest(self, source: str, fetched: Fetched, seen_at: str) -> str:
        """Store the bytes of an answer, and return their digest; after a 304 that of the last."""
        if fetched.body is not None:
            return self.put(fetched.body)
        last = self.latest(source, until=seen_at).get(fetched.stream)
        if last is None:
            raise ArchiveError(
                f"{source}: {fetched.stream}: not modified, but nothing is archived",
                remedy="fetch it again",
            )
        return last.sha256

    def verify(self) -> Iterator[Damage]:
        """Check every byte: each record has its object, and each object its checksum."""
        seen: set[str] = set()
        for source in self.sources():
            try:
                records = self.records(source)
            except ArchiveError as error:
                yield Damage(str(self._log(source)), error.message)
                continue
            for record in records:
                if record.sha256 in seen:
                    continue
                seen.add(record.sha256)
                try:
                    self.read(record.sha256)
                except ArchiveError as error:
                    yield Damage(f"{source}: {record.stream}", error.message)


def _origin(
    source: str, licence: str, fetched: Fetched, seen_at: str, digest: str, reason: str | None
) -> Origin:
    return Origin(
        source=source,
        stream=fetched.stream,
        url=fetched.url,
        published_at=seen_at,
        fetched_at=fetched.fetched_at,
        etag=fetched.etag,
        last_modified=fetched.last_modified,
        sha256=digest,
        size=len(fetched.body or b""),
        licence=licence,
        verdict="rejected" if reason else "accepted",
        reason=reason,
        server=fetched.server,
        final_url=fetched.final_url,
    )


def _moment(record: Origin | Sighting) -> str:
    return record.seen_at if isinstance(record, Sighting) else record.published_at


def _read_log(path: Path) -> list[Origin | Sighting]:
    if not path.is_file():
        return []
    lines = path.read_bytes().splitlines(keepends=True)
    if lines and not lines[-1].endswith(b"\n"):
        lines.pop()  # cut off by a crash; the download it describes is repeated
    records = []
    for number, line in enumerate(lines, 1):
        try:
            records.append(from_line(line))
        except ValueError as error:
            raise ArchiveError(
                f"{path}:{number}: damaged origin record ({error})",
                remedy="restore the file from a backup, or remove that line",
            ) from None
    return records


def _append(path: Path, line: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as log:
            end = log.seek(0, os.SEEK_END)
            if end and os.pread(log.fileno(), 1, end - 1) != b"\n":
                log.truncate(path.read_bytes().rfind(b"\n") + 1)
            log.write(line)
            log.flush()
            os.fsync(log.fileno())
    except OSError as error:
        raise _unwritable(path, error) from None


def _unwritable(path: Path, error: OSError) -> ArchiveError:
    return ArchiveError(
        f"{path}: {error.strerror or error}", remedy="free some room and run it again"
    )
