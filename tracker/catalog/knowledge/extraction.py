"""Extract the candidates of one text: a pure function of its bytes, for any process to call.

A text is plain data. Its bytes come from a function, which finds them in the archive or a folder.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import Connection

from tracker.catalog.documents import Report, one_document
from tracker.catalog.knowledge.archived_texts import (
    ArchivedText,
    card_texts,
    paper_texts,
    read_card,
    read_paper,
    read_tags,
)
from tracker.evidence import Candidate, Extractor
from tracker.evidence.configs import config_candidates
from tracker.snapshots.store import Archive
from tracker.sources import arxiv_fulltext, model_cards

Bytes = Callable[[str], bytes]
"""Returns the bytes of a file by its key."""


@dataclass(frozen=True, slots=True)
class TextFile:
    """One file of a text."""

    name: str
    """Name of a configuration file in its repository, such as ``1_Pooling/config.json``."""
    place: str
    """Where it is, for findings."""
    url: str
    """Address that its candidates cite."""
    key: str
    """Its SHA-256 in the archive, or its path in a folder."""
    date: str | None = None
    """Day on which it was fetched."""


@dataclass(frozen=True, slots=True)
class Text:
    """A card, the tags of a model, a paper, or all configuration files of a model."""

    model: str
    kind: Literal["card", "tags", "paper", "config"]
    files: tuple[TextFile, ...]
    """One file; configuration files are read together, as one changes what another one means."""

    @property
    def order(self) -> tuple[str, str, str]:
        """Sorting key."""
        return (self.model, self.kind, self.files[0].place)


@dataclass(frozen=True, slots=True)
class Extraction:
    """Candidates and findings of one text."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    """Candidates with the columns of ``tracker evidence`` and the model."""
    findings: list[str] = field(default_factory=list)
    """One line for each file, or part of one, that cannot be read."""


def extract(text: Text, read: Bytes, extractor: Extractor) -> Extraction:
    """Return the candidates and findings of a text; no text raises an error."""
    done = Extraction()

    def report(finding: Exception) -> None:
        done.findings.append(str(finding))

    dates = {file.url: file.date for file in text.files}
    source = arxiv_fulltext.HEADER.id if text.kind == "paper" else model_cards.HEADER.id
    with one_document(source, text.files[0].place, report):
        for candidate in list(_candidates(text, source, read, extractor, report)):
            done.rows.append(_row(candidate, dates[candidate.source]))
    return done


def _candidates(
    text: Text, source: str, read: Bytes, extractor: Extractor, report: Report
) -> Iterable[Candidate]:
    file = text.files[0]
    if text.kind == "tags":
        return read_tags(model_cards.parse_info(text.model, read(file.key)), file.url)
    if text.kind == "card":
        return read_card(text.model, file.url, file.place, read(file.key), extractor, report)
    if text.kind == "paper":
        return read_paper(text.model, file.url, file.place, read(file.key), extractor)
    parsed = {}
    for file in text.files:
        with one_document(source, file.place, report):
            value = model_cards.parse_config(file.place, read(file.key))
            parsed[file.name] = (file.url, value)
    return [candidate for _, candidate in config_candidates(text.model, parsed)]


def _row(candidate: Candidate, date: str | None) -> dict[str, Any]:
    return {
        "model": candidate.model,
        "property": candidate.property,
        "value": candidate.value,
        "kind": candidate.kind,
        "confidence": candidate.confidence,
        "quote": candidate.quote,
        "section": candidate.section,
        "source": candidate.source,
        "date": date,
        "rule": candidate.rule,
        "extractor": f"{candidate.extractor} {candidate.version}",
    }


def archived(
    connection: Connection, archive: Archive, extractor: Extractor, report: Report
) -> Iterator[Text]:
    """Archived cards, tags and configuration files of all models, and papers that describe one."""
    configs: dict[str, list[TextFile]] = defaultdict(list)
    for text in (
        *card_texts(archive, extractor, report),
        *paper_texts(connection, archive, extractor),
    ):
        if text.kind == "config":
            configs[text.model].append(_file(text, text.document.removeprefix(f"{text.model}/")))
        elif text.document == f"{text.model}/{model_cards.INFO}":
            yield Text(text.model, "tags", (_file(text),))
        else:
            yield Text(text.model, "paper" if text.kind == "paper" else "card", (_file(text),))
    for model, files in configs.items():
        yield Text(model, "config", tuple(files))


def _file(text: ArchivedText, name: str = "") -> TextFile:
    origin = text.origin
    return TextFile(name, text.document, text.url, origin.sha256, origin.fetched_at[:10])
