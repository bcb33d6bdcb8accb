"""Extract candidates from archived texts; only changed texts are read again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, delete, select

from tracker.catalog import tables
from tracker.catalog.documents import Report, one_document
from tracker.catalog.ids import Ids, Names, table_of
from tracker.catalog.knowledge import candidate_tables
from tracker.catalog.knowledge.archived_texts import (
    ArchivedText,
    answered_texts,
    card_texts,
    paper_texts,
)
from tracker.common.vocabulary import NOT_DOCUMENTED
from tracker.curated import Curated
from tracker.errors import SourceError
from tracker.evidence import Candidate
from tracker.evidence.cue_extractor import CueExtractor
from tracker.snapshots.store import Archive


def load_evidence(
    connection: Connection, names: Names, curated: Curated, archive: Archive, report: Report
) -> int:
    """Bring the candidates up to date with archive, vocabulary and extractors.

    Args:
        connection: The transaction of the load.
        names: Ids of the catalog; texts of unknown models are ignored.
        curated: The vocabulary, and the names of models and data sets.
        archive: The raw bytes.
        report: Called with each text, or part of one, that cannot be read.

    Returns:
        The number of texts that were read.
    """
    extractor = cue_extractor(curated)
    texts = (
        *card_texts(archive, extractor, report),
        *paper_texts(connection, archive, extractor),
        *answered_texts(connection, archive, curated.terms),
    )
    unread = _unread(
        connection, [text for text in texts if text.model in names.models], names, report
    )
    rows = _Rows(connection, names)
    for text in unread:
        found = None
        with one_document(text.source, text.document, report):
            found = list(text.read(archive.read(text.origin.sha256)))
        if found is not None:
            rows.add(text, found)
    return rows.flush()


def _unread(
    connection: Connection, texts: list[ArchivedText], names: Names, report: Report
) -> list[ArchivedText]:
    """Return new and changed texts, and delete the rows of changed and removed ones.

    Findings of texts that are not read again are reported again.
    """
    table = table_of(candidate_tables.ReadTextTable)
    known = {
        (row.source, row.document, row.model_id): row for row in connection.execute(select(table))
    }
    findings = _stored_findings(connection)
    unread, kept = [], set()
    for text in texts:
        row = known.get((text.source, text.document, names.models[text.model]))
        if row and (row.digest, row.extractor) == (text.origin.sha256, text.extractor):
            kept.add(row.id)
            for finding in findings[text.source, text.document]:
                report(finding)
        else:
            unread.append(text)
    _delete(connection, [row.id for row in known.values() if row.id not in kept])
    return unread


def _stored_findings(connection: Connection) -> dict[tuple[str, str], list[SourceError]]:
    """Findings of the last load by source and document; their place may end with a line."""
    table = table_of(tables.FindingTable)
    found: dict[tuple[str, str], list[SourceError]] = defaultdict(list)
    for row in connection.execute(select(table)):
        document = row.place.rpartition(":")[0] or row.place
        finding = SourceError(row.source, row.message, place=row.place, remedy=row.remedy)
        found[row.source, document].append(finding)
    return found


class _Rows:
    """Buffer of new rows of texts and candidates."""

    def __init__(self, connection: Connection, names: Names) -> None:
        self._names = names
        self._texts = Ids(connection, candidate_tables.ReadTextTable)
        self._candidates = Ids(connection, candidate_tables.CandidateTable)
        self._n_texts = 0

    def add(self, text: ArchivedText, found: Iterable[Candidate]) -> None:
        """Add a text with its candidates."""
        self._n_texts += 1
        text_id = self._texts.add(
            model_id=self._names.models[text.model],
            source=text.source,
            document=text.document,
            kind=text.kind,
            url=text.url,
            digest=text.origin.sha256,
            fetched_at=text.origin.fetched_at,
            extractor=text.extractor,
        )
        for candidate in found:
            self._candidates.add(
                text_id=text_id,
                property=candidate.property,
                value=candidate.value,
                quote=candidate.quote,
                start=candidate.start,
                section=candidate.section,
                rule=candidate.rule,
                confidence=candidate.confidence,
            )

    def flush(self) -> int:
        """Write everything; returns the number of texts."""
        self._texts.flush()
        self._candidates.flush()
        return self._n_texts


def cue_extractor(curated: Curated) -> CueExtractor:
    """The default extractor with the curated vocabulary and names."""
    models = [name for model in curated.models for name in (model.name, *model.listed_as)]
    return CueExtractor(curated.terms, models, _dataset_names(curated))


def _dataset_names(curated: Curated) -> dict[str, str]:
    """Canonical names of the data sets on which models are trained, by spelling."""
    facts = (fact for model in curated.models for fact in model.facts)
    names = {fact.value: fact.value for fact in facts if fact.property == "training_data"}
    for _, dataset in curated.datasets:
        names |= dict.fromkeys((dataset.name, *dataset.aliases), dataset.name)
    # Terms are found by their cues, and models are not trained on a benchmark as a whole.
    other = {NOT_DOCUMENTED, *(term.slug for term in curated.terms)}
    for kind, dataset in curated.datasets:
        if kind == "benchmark":
            other.update((dataset.name, *dataset.aliases))
    return {spelling: name for spelling, name in names.items() if spelling not in other}


def _delete(connection: Connection, ids: list[int]) -> None:
    if ids:
        rows = [{"b_id": id_} for id_ in ids]
        candidate, text = (
            table_of(candidate_tables.CandidateTable),
            table_of(candidate_tables.ReadTextTable),
        )
        connection.execute(delete(candidate).where(candidate.c.text_id == bindparam("b_id")), rows)
        connection.execute(delete(text).where(text.c.id == bindparam("b_id")), rows)
