"""Judge receipts by the archived bytes of their source, or by what is on record of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from msgspec import structs

from tracker.errors import ArchiveError
from tracker.receipts.checking import Check, Verdict, check
from tracker.receipts.passages import (
    Passage,
    ReaderMissingError,
    UnreadableSourceError,
    passages,
)
from tracker.receipts.records import Located, Receipt, SourceRecord
from tracker.snapshots.origin import Origin
from tracker.snapshots.store import Archive
from tracker.sources import cited_sources, web_pages


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of a receipt."""

    check: Check
    day: str | None = None
    """When the source was read that decided; ``None`` where none did."""
    reason: str | None = None
    """Why the source is unreachable."""
    copy: str | None = None
    """Address of the copy that was read instead of the source itself."""


UNCHECKED = Judgement(Check(Verdict.UNCHECKED))


class Judge:
    """Judges receipts without the network; each archived source is split once."""

    def __init__(self, archive: Archive | None, records: Mapping[str, SourceRecord]) -> None:
        """Judge by an archive, if there is one, and by the records of earlier readings."""
        self._archive = archive
        self.records = records
        self._split: dict[str, tuple[Passage, ...] | str] = {}

    @cached_property
    def _origins(self) -> dict[str, Origin]:
        """Archived documents by the address that is cited."""
        if self._archive is None:
            return {}
        pages = self._archive.latest(web_pages.HEADER.id)
        found = {
            stream.removeprefix(web_pages.PAGE): origin
            for stream, origin in pages.items()
            if stream.startswith(web_pages.PAGE)
        }
        files = self._archive.latest(cited_sources.HEADER.id)
        return found | {s: o for s, o in files.items() if not s.startswith(cited_sources.GONE)}

    @cached_property
    def _gone(self) -> dict[str, Origin]:
        """Marks of sources that their host does not have, by the address that is cited."""
        if self._archive is None:
            return {}
        files = self._archive.latest(cited_sources.HEADER.id)
        prefix = cited_sources.GONE
        return {s.removeprefix(prefix): o for s, o in files.items() if s.startswith(prefix)}

    def holds(self, source: str) -> bool:
        """Whether the archive has the bytes of a source."""
        return source in self._origins

    def _readable(self, source: str) -> Origin | None:
        """The archived document of a source that can be read here."""
        origin = self._origins.get(source)
        if origin is None:
            return None
        try:
            self._passages(source, origin)
        except ReaderMissingError:
            return None
        return origin

    def judge(self, receipt: Receipt) -> Judgement:
        """Judge one receipt: by archived bytes where there are some, by its record otherwise."""
        if not receipt.shows or receipt.locator is None:
            return UNCHECKED
        record = self.records.get(receipt.source)
        recorded = _recorded(receipt, record)
        if (origin := self._readable(receipt.source)) is not None:
            return self._read(receipt, origin, recorded)
        if recorded is UNCHECKED and (mark := self._gone.get(receipt.source)) is not None:
            reason = "its host does not have it"
            return Judgement(Check(Verdict.UNREACHABLE), mark.fetched_at[:10], reason)
        return recorded

    def _read(self, receipt: Receipt, origin: Origin, recorded: Judgement) -> Judgement:
        split = self._passages(receipt.source, origin)
        day = origin.fetched_at[:10]
        was_there = recorded.check.verdict in (Verdict.VERIFIED, Verdict.CHANGED)
        if isinstance(split, str):
            verdict = Verdict.CHANGED if was_there else Verdict.UNREACHABLE
            return Judgement(Check(verdict), day, split, origin.server)
        found = check(split, receipt.locator or "", receipt.shows)
        if was_there and found.verdict is Verdict.NOT_THERE:
            found = Check(Verdict.CHANGED, missing=found.missing)
        return Judgement(found, day, copy=origin.server)

    def _passages(self, source: str, origin: Origin) -> tuple[Passage, ...] | str:
        """The passages of an archived source, or why it has none."""
        if source not in self._split:
            assert self._archive is not None
            try:
                self._split[source] = passages(source, self._archive.read(origin.sha256))
            except (UnreadableSourceError, ArchiveError) as error:
                self._split[source] = str(error)
        return self._split[source]

    def record_of(self, source: str, receipts: Sequence[Receipt]) -> SourceRecord | None:
        """The record of a source after its receipts were judged; ``None`` where nothing is known.

        Terms that an earlier record has and a newer state of the source lacks stay, marked.
        """
        before = self.records.get(source)
        origin = self._readable(source)
        if origin is None:
            if before is not None or (mark := self._gone.get(source)) is None:
                return _without_others(before, receipts)
            day, reason = mark.fetched_at[:10], "its host does not have it"
            return SourceRecord(source, day, failure=reason)
        split = self._passages(source, origin)
        day = origin.fetched_at[:10]
        located = []
        for receipt in dict.fromkeys(receipts):
            found = self.judge(receipt).check
            assert receipt.locator is not None
            if found.verdict is Verdict.VERIFIED:
                located.append(Located(receipt.locator, receipt.shows, found.position))
            elif found.verdict is Verdict.CHANGED:
                located.append(Located(receipt.locator, receipt.shows, gone=day))
        return SourceRecord(
            source=source,
            read=day,
            digest=origin.sha256,
            size=origin.size,
            failure=split if isinstance(split, str) else None,
            copy=origin.server,
            located=tuple(located),
        )


def _without_others(
    record: SourceRecord | None, receipts: Sequence[Receipt]
) -> SourceRecord | None:
    """A record without the terms that no receipt asks for any more."""
    if record is None:
        return None
    wanted = {(receipt.locator, receipt.shows) for receipt in receipts}
    kept = tuple(its for its in record.located if (its.locator, its.shows) in wanted)
    return structs.replace(record, located=kept)


def _recorded(receipt: Receipt, record: SourceRecord | None) -> Judgement:
    """What the record of a source says of a receipt."""
    if record is None:
        return UNCHECKED
    shows = set(receipt.shows)
    holding = [its for its in record.located if shows <= set(its.shows)]
    for located in holding:
        if located.locator == receipt.locator:
            if located.gone:
                return Judgement(Check(Verdict.CHANGED, missing=receipt.shows), located.gone)
            found = Check(Verdict.VERIFIED, receipt.locator, located.position)
            return Judgement(found, record.read, copy=record.copy)
    if record.failure:
        return Judgement(Check(Verdict.UNREACHABLE), record.read, record.failure)
    for located in holding:
        if not located.gone:
            found = Check(Verdict.MOVED, located.locator, located.position)
            return Judgement(found, record.read)
    return Judgement(Check(Verdict.NOT_THERE), record.read)
