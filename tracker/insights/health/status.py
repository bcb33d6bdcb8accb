"""Source status, and findings: what in the data a person should look at."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Row

from tracker.answers.health import Finding, SourceStatus
from tracker.catalog import queries, source_queries
from tracker.catalog.boards import state_queries
from tracker.catalog.knowledge import queries as knowledge_queries
from tracker.catalog.results import queries as result_queries
from tracker.common.times import now_text
from tracker.evidence.paper_names import WEAK
from tracker.insights.boards.rankings import read_lines
from tracker.insights.health.gaps import failing_since, read_gaps
from tracker.insights.health.receipt_findings import wrong_receipts
from tracker.insights.health.result_findings import (
    duplicate_files,
    impossible_scores,
    surplus_tasks,
    unattributed_folders,
)
from tracker.insights.methods.evidence import read_contradictions
from tracker.insights.models.metadata import read_fixes
from tracker.insights.reader import Reader
from tracker.snapshots.heartbeat import Heartbeat, LastRun
from tracker.snapshots.run_log import RunRecord
from tracker.sources import leaderboard_api
from tracker.sources.records import SourceHeader


def read_status(
    reader: Reader,
    headers: Iterable[SourceHeader],
    last_runs: Mapping[str, LastRun],
    rejected: Mapping[str, int],
    runs: Sequence[RunRecord] = (),
) -> Iterator[SourceStatus]:
    """Yield the status of each source.

    Args:
        reader: The open catalog.
        headers: Headers of all sources.
        last_runs: Last success and failure by source.
        rejected: Number of documents that failed the plausibility checks, by source.
        runs: Recorded runs, the oldest first.
    """
    missed: Counter[str] = Counter()
    headers = list(headers)
    for gap in read_gaps(headers, runs, now_text()):
        missed[gap.source] += gap.days
    counts = source_queries.source_counts(reader.connection)
    rows = source_queries.row_counts(reader.connection)
    for header in headers:
        snapshots, until, bundled = counts.get(header.id, (0, None, False))
        run = last_runs.get(header.id, LastRun())
        yield SourceStatus(
            source=header.id,
            title=header.title,
            licence=header.licence,
            home=header.home,
            last_success=run.success,
            last_failure=run.failure,
            failure=run.message if _failing(run) else None,
            data_until=until,
            snapshots=snapshots,
            rejected=rejected.get(header.id, 0),
            rows=rows.get(header.id, 0),
            state=_state(header, run, bundled=bundled),
            failing_since=(failing_since(header.id, runs) or run.failure)
            if _failing(run)
            else None,
            missed_days=missed[header.id],
        )


def _failing(run: LastRun) -> bool:
    return run.failure is not None and (run.success is None or run.failure > run.success)


def _state(header: SourceHeader, run: LastRun, *, bundled: bool) -> str:
    if _failing(run):
        return "failing"
    if header.ended and (run.success or bundled):
        return "archived"
    if run.success is None:
        return "starter" if bundled else "never"
    age = datetime.fromisoformat(now_text()) - datetime.fromisoformat(run.success)
    return "late" if age > timedelta(hours=2 * header.refresh_hours) else "fresh"


def _unreadable(reader: Reader) -> Iterator[Finding]:
    """Yield what a load could not read, by reason with counts."""
    by_reason: dict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    for row in source_queries.findings(reader.connection):
        by_reason[row.source, row.severity, row.message, row.remedy].append(row.place)
    for (source, severity, message, remedy), places in sorted(by_reason.items()):
        more = f" and {len(places) - 1} more" if len(places) > 1 else ""
        yield Finding("unreadable", severity, f"{source}: {places[0]}{more}", message, remedy)


_REMEDIES = {
    "unavailable": "fetch result-files from a complete clone, then load again",
    "untold": "fetch benchmark-registry, then load again",
    "unreadable": "tell those who keep the results repository",
}


def _unread_results(reader: Reader) -> Iterator[Finding]:
    """Yield result files without scores, by reason with counts."""
    counts = result_queries.outcome_counts(reader.connection)
    if counts:
        outcomes = ", ".join(f"{row.n_files} {row.kind} {row.outcome}" for row in counts)
        total = sum(row.n_files for row in counts)
        yield Finding("result-files", "info", "result-files", f"{total} files now: {outcomes}", "")
    for row in result_queries.unread_results(reader.connection):
        more = f" and {row.n_files - 1} more" if row.n_files > 1 else ""
        yield Finding(
            "result-files",
            "warning",
            f"result-files: {row.path}{more}",
            f"{row.reason} ({row.n_present} of {row.n_files} stand now)",
            _REMEDIES[row.outcome],
        )


def _copies(reader: Reader) -> Iterator[Finding]:
    """Yield copies that a rule proposes and nobody has confirmed."""
    for row in queries.relations(reader.connection):
        if row.status == "proposed":
            yield Finding(
                "proposed-copy",
                "info",
                row.model,
                f"copy of {row.other}: {row.reason_en}",
                "confirm it in db/curated/relations.yaml, or say there that it is none",
            )


def _same_names(reader: Reader) -> Iterator[Finding]:
    """Yield display names that several organisations use without a relation that says why."""
    tied = {frozenset((r.model, r.other)) for r in queries.relations(reader.connection)}
    by_name: dict[str, list[str]] = defaultdict(list)
    for row in queries.models(reader.connection):
        by_name[row.name.partition("/")[2].casefold()].append(row.name)
    for names in by_name.values():
        for other in names[1:]:
            if not any(frozenset((other, n)) in tied for n in names if n != other):
                yield Finding(
                    "same-name",
                    "info",
                    other,
                    f"has the display name of {names[0]}",
                    "say in db/curated/relations.yaml what it is, if it is no model of its own",
                )


def _corrections(reader: Reader) -> Iterator[Finding]:
    """Yield corrections whose expected value changed: the source may have been corrected."""
    values: dict[str, dict[str, object]] = {}
    names = {row.id: row.name for row in queries.models(reader.connection)}
    for row in queries.all_model_records(reader.connection):
        if row.source == leaderboard_api.HEADER.id and row.valid_to is None:
            values[names[row.model_id]] = orjson.loads(row.properties)
    fixes = read_fixes(reader)
    for model, name, fix in ((m, n, f) for m, own in fixes.items() for n, f in own.items()):
        value = values.get(model, {}).get(name)
        if value is not None and not fix.fits(value):
            yield Finding(
                "correction",
                "warning",
                model,
                f"{name} is {value} in the source, not {fix.wrong} as the correction expects",
                "check the source and remove the correction",
            )


def _rank_gaps(reader: Reader) -> Iterator[Finding]:
    """Yield states in which a tenth or more of the ranked models lost their average."""
    for edition in queries.editions(reader.connection):
        last: Row[Any] | None = None
        before: set[int] = set()
        for row in state_queries.rankings(reader.connection, edition.id, computed=False):
            ranked = set(orjson.loads(row.listing_ids))
            # After a gap there is no state to compare with.
            if last and last.valid_to == row.valid_from and len(before) >= 10:
                listed = _listed(reader, edition.id, row.valid_from)
                lost = len((before - ranked) & listed)
                if lost > 0.1 * len(before):
                    yield Finding(
                        "lost-averages",
                        "warning",
                        f"{edition.name} {row.valid_from}",
                        f"{lost} of {len(before)} ranked models lost their average but stay listed",
                        "ranks of all others moved up: do not read them as records",
                    )
            last, before = row, ranked


def _listed(reader: Reader, edition_id: int, at: str) -> set[int]:
    """Listings that an edition had at a moment."""
    return {
        row.listing_id
        for row in read_lines(reader, edition_id)
        if row.valid_from <= at < (row.valid_to or "9")
    }


def _contradictions(reader: Reader) -> Iterator[Finding]:
    """Yield disagreements of texts or people about a model's method, and which value counts."""
    for model, decision in read_contradictions(reader):
        yield Finding(
            "contradiction",
            "warning",
            model,
            decision,
            f"see: tracker evidence {model}; if another value is right, curate it",
        )


def _claimed_papers(reader: Reader) -> Iterator[Finding]:
    """Yield papers of models of several organisations that no curated entry assigns."""
    claims: dict[str, dict[str, str]] = defaultdict(dict)
    settled = set()
    for row in knowledge_queries.models_of_papers(reader.connection):
        if row.reason == "curated":
            settled.add(row.arxiv_id)
        elif row.strength != WEAK:
            claims[row.arxiv_id].setdefault(row.model.partition("/")[0].casefold(), row.model)
    for arxiv_id, models in claims.items():
        if len(models) > 1 and arxiv_id not in settled:
            yield Finding(
                "claimed-paper",
                "info",
                f"arXiv:{arxiv_id}",
                f"models of {len(models)} organisations name it: {', '.join(models.values())}",
                "say in db/curated/models what it is to each of them",
            )


def _unknown_fields(reader: Reader) -> Iterator[Finding]:
    """Yield fields of live sources that their recorded shapes lack."""
    runs = Heartbeat(reader.folders.archive).read() if reader.folders else {}
    for source, run in sorted(runs.items()):
        if run.unknown:
            remedy = "nothing is lost; update the tracker, or report the field"
            yield Finding("unknown-field", "info", source, f"not read: {run.unknown}", remedy)


CHECKS: dict[str, Callable[[Reader], Iterator[Finding]]] = {
    "unreadable": _unreadable,
    "unknown-field": _unknown_fields,
    "result-files": _unread_results,
    "unattributed-results": unattributed_folders,
    "impossible-score": impossible_scores,
    "doubled-file": duplicate_files,
    "surplus-task": surplus_tasks,
    "lost-averages": _rank_gaps,
    "correction": _corrections,
    "contradiction": _contradictions,
    "receipt": wrong_receipts,
    "claimed-paper": _claimed_papers,
    "proposed-copy": _copies,
    "same-name": _same_names,
}
"""Checks by name, the gravest first; each yields findings."""


def read_findings(reader: Reader) -> Iterator[Finding]:
    """Yield all findings of all checks."""
    for check in CHECKS.values():
        yield from check(reader)
