"""Verify receipts: fetch the sources that decide, compare, and keep what was found on record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from tracker.answers.health import ReceiptLine
from tracker.catalog.knowledge.receipts import reason_of
from tracker.common.times import now_text
from tracker.curated import Curated, EvidenceEntry, read_curated
from tracker.errors import UsageError
from tracker.exports.receipts import write_records
from tracker.receipts import Verdict
from tracker.receipts.judging import Judge, Judgement
from tracker.receipts.records import Receipt
from tracker.settings import Settings
from tracker.snapshots.store import Archive
from tracker.sources import FetchFailure, cited_sources, web_pages
from tracker.sources.records import Fetched
from tracker.update.run import open_run

Notify = Callable[[str], None]

WRONG = (Verdict.MOVED, Verdict.NOT_THERE, Verdict.CHANGED)
"""Verdicts that a person has to act on; what is unreachable may be there tomorrow."""


def verify_receipts(
    settings: Settings,
    *,
    model: str | None = None,
    source: str | None = None,
    notify: Notify = lambda _: None,
) -> list[ReceiptLine]:
    """Judge receipts, having fetched what neither the archive nor the records decide.

    Args:
        settings: Of this run; nothing is fetched offline.
        model: Only receipts of models whose public id, or comparisons whose slug, contains this.
        source: Only receipts whose address contains this.
        notify: Told what is being done.

    Returns:
        The chosen receipts in the order of the curated files.
    """
    curated = read_curated(settings.curated)
    chosen = [
        entry
        for entry in _entries(curated)
        if (model or "").casefold() in entry[0].casefold() and (source or "") in entry[-1].source
    ]
    judge = Judge(Archive(settings.archive), curated.receipts)
    if not settings.offline:
        _fetch(settings, (its[-1] for its in chosen), judge, notify)
        judge = Judge(Archive(settings.archive), curated.receipts)
    lines = [_line(*its, judge.judge(its[-1].receipt)) for its in chosen]
    _keep(settings, curated, judge, {its[-1].source for its in chosen})
    return lines


def add_copy(settings: Settings, source: str, copy: Path, server: str) -> None:
    """Archive a copy of a cited source that cannot be fetched from its own host.

    Args:
        settings: Of this run.
        source: Address as it is cited.
        copy: File with the copied bytes.
        server: Address at which the copy is kept.

    Raises:
        UsageError: The file cannot be read, or no receipt cites the source.
    """
    if source not in {entry[-1].source for entry in _entries(read_curated(settings.curated))}:
        raise UsageError(f"no receipt cites {source}", remedy="give the address as it is cited")
    try:
        body = copy.read_bytes()
    except OSError as error:
        raise UsageError(f"{copy}: {error.strerror}") from None
    header = cited_sources.HEADER
    answer = Fetched(source, source, body, now_text(), server=server)
    Archive(settings.archive).add(header.id, header.licence, answer)


def _entries(curated: Curated) -> Iterator[tuple[str, str, str, EvidenceEntry]]:
    """Receipts with what they are of: model or comparison, property, value."""
    for model in curated.models:
        for fact in model.facts:
            for evidence in fact.evidence:
                yield model.name, fact.property, fact.value, evidence
    for comparison in curated.comparisons:
        for statement in comparison.statements:
            for evidence in statement.receipts:
                yield comparison.slug, "comparison", statement.topic.en, evidence


def _line(
    model: str, property_: str, value: str, evidence: EvidenceEntry, judged: Judgement
) -> ReceiptLine:
    found = judged.check
    return ReceiptLine(
        model=model,
        property=property_,
        value=value,
        kind=evidence.kind,
        source=evidence.source,
        locator=evidence.locator,
        state=str(found.verdict),
        read_on=judged.day,
        position=found.position,
        found_at=found.locator if found.verdict is Verdict.MOVED else None,
        reason=reason_of(judged),
    )


def _fetch(
    settings: Settings, evidence: Iterable[EvidenceEntry], judge: Judge, notify: Notify
) -> None:
    """Archive the sources of receipts that are not verified and not archived."""
    wanted = sorted(
        {
            its.source
            for its in evidence
            if its.shows
            and not judge.holds(its.source)
            and judge.judge(its.receipt).check.verdict is not Verdict.VERIFIED
        }
    )
    run = open_run(settings, notify=notify)
    files = [url for url in wanted if cited_sources.is_cited_file(url)]
    pages = [url for url in wanted if web_pages.is_page(url)]
    for header, answers in (
        (cited_sources.HEADER, cited_sources.fetch_due(run, files)),
        (web_pages.HEADER, web_pages.fetch_due(run, pages)),
    ):
        for answer in answers:
            if isinstance(answer, FetchFailure):
                notify(f"error: {answer.error}")
            else:
                run.archive.add(header.id, header.licence, answer)


def _keep(settings: Settings, curated: Curated, judge: Judge, sources: set[str]) -> None:
    """Bring the record file up to date for some sources; forget what nothing cites any more."""
    receipts: dict[str, list[Receipt]] = defaultdict(list)
    for *_, evidence in _entries(curated):
        if evidence.shows:
            receipts[evidence.source].append(evidence.receipt)
    records = {
        url: judge.record_of(url, its) if url in sources else curated.receipts.get(url)
        for url, its in receipts.items()
    }
    write_records(settings.curated, (its for its in records.values() if its is not None))
