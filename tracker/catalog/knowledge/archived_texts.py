"""Archived cards, configuration files, papers and answers, each with the way to read it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection

from tracker.catalog.documents import Report, one_document
from tracker.catalog.knowledge.reading_order import describing_papers, models_by_weight
from tracker.curated import TermEntry
from tracker.errors import ArchiveError, SourceError
from tracker.evidence import Candidate, Document, Extractor, card_metadata, configs
from tracker.evidence import language_model as asking
from tracker.evidence.markdown import card_document
from tracker.evidence.papers import paper_document
from tracker.snapshots.origin import Origin
from tracker.snapshots.store import Archive
from tracker.sources import arxiv_fulltext, language_model, model_cards

Read = Callable[[bytes], Iterable[Candidate]]


@dataclass(frozen=True, slots=True)
class ArchivedText:
    """One archived text and how it is read."""

    model: str
    source: str
    document: str
    kind: str
    url: str
    origin: Origin
    extractor: str
    """Name and version of the extractor, and of whatever else decides what is read."""
    read: Read


def card_texts(archive: Archive, extractor: Extractor, report: Report) -> Iterator[ArchivedText]:
    """Cards, tags and configuration files of the newest archived revision of each model."""
    source = model_cards.HEADER.id
    by_model: dict[str, dict[str, Origin]] = defaultdict(dict)
    for stream, origin in sorted(archive.latest(source).items()):
        organisation, name, document = stream.split("/", 2)
        by_model[f"{organisation}/{name}"][document] = origin
    for model, documents in by_model.items():
        info_origin = documents.get(model_cards.INFO)
        if info_origin is None:
            continue  # the fetch of its files was cut off
        place = f"{model}/{model_cards.INFO}"
        info = None
        with one_document(source, place, report):
            info = model_cards.parse_info(model, archive.read(info_origin.sha256))
        if info is None:
            continue
        url = f"{model_cards.HEADER.home}/{info.hub_id}/tree/{info.revision}"
        read, by = _tag_reader(info, url), version(card_metadata)
        yield ArchivedText(model, source, place, "card", url, info_origin, by, read)
        yield from _files(archive, info, documents, extractor, report)


def _files(
    archive: Archive,
    info: model_cards.ModelInfo,
    documents: Mapping[str, Origin],
    extractor: Extractor,
    report: Report,
) -> Iterator[ArchivedText]:
    """The card and the configuration files of a model."""
    source, model = model_cards.HEADER.id, info.model
    for name in info.documents:
        if name not in documents:
            cause = "the model has this file, but it could not be fetched"
            limit = f"{model_cards.LARGEST_DOCUMENT:,} bytes are the limit"
            report(SourceError(source, cause, place=f"{model}/{name}", remedy=limit))
    present = {name: documents[name] for name in info.documents if name in documents}
    files = ConfigFiles(
        model, archive, {name: o for name, o in present.items() if name != model_cards.CARD}
    )
    for name, origin in present.items():
        place, url = f"{model}/{name}", blob_url(origin)
        if name == model_cards.CARD:
            read = _card_reader(model, url, place, extractor, report)
            by = f"{extractor.name} {extractor.version}, {version(card_metadata)}"
            yield ArchivedText(model, source, place, "card", url, origin, by, read)
        else:
            by = f"{version(configs)}, {files.digest}"
            read = files.reader(name)
            yield ArchivedText(model, source, place, "config", url, origin, by, read)


class ConfigFiles:
    """The configuration files of one model, which are read together, once."""

    def __init__(self, model: str, archive: Archive, origins: Mapping[str, Origin]) -> None:
        """Prepare the reading.

        Args:
            model: Public id.
            archive: Where the bytes are.
            origins: Origin by file name.
        """
        self._model, self._archive, self._origins = model, archive, origins
        digests = "".join(f"{name} {origin.sha256}\n" for name, origin in sorted(origins.items()))
        self.digest = sha256(digests.encode()).hexdigest()[:12]
        """Changes when any of the files changes, as one file can change what another one means."""

    def reader(self, name: str) -> Read:
        """How one of the files is read."""

        def read(body: bytes) -> Iterable[Candidate]:
            model_cards.parse_config(f"{self._model}/{name}", body)  # a broken file is a finding
            return self._candidates[name]

        return read

    @cached_property
    def _candidates(self) -> Mapping[str, list[Candidate]]:
        parsed: dict[str, tuple[str, Any]] = {}
        for name, origin in self._origins.items():
            try:
                body = self._archive.read(origin.sha256)
                value = model_cards.parse_config(f"{self._model}/{name}", body)
            except (SourceError, ArchiveError):
                continue  # reported where that file itself is read
            parsed[name] = (blob_url(origin), value)
        found: dict[str, list[Candidate]] = defaultdict(list)
        for name, candidate in configs.config_candidates(self._model, parsed):
            found[name].append(candidate)
        return found


def paper_texts(
    connection: Connection, archive: Archive, extractor: Extractor
) -> Iterator[ArchivedText]:
    """Full texts of the papers that describe a model, once for each model of a paper."""
    source = arxiv_fulltext.HEADER.id
    origins = archive.latest(source)
    for row in describing_papers(connection):
        stream = f"{row.arxiv_id}/{arxiv_fulltext.TEXT}"
        if (origin := origins.get(stream)) is not None:
            by = f"{extractor.name} {extractor.version}"
            read = _paper_reader(row.name, origin.url, stream, extractor)
            yield ArchivedText(row.name, source, stream, "paper", origin.url, origin, by, read)


@dataclass(frozen=True, slots=True)
class Readable:
    """A card or paper that a language model can be asked about."""

    stream: str
    """Its source and document; a paper of several models occurs once for each."""
    origin: Origin
    read: Callable[[bytes], Document]
    model: str
    kind: str
    url: str


def readable_texts(connection: Connection, archive: Archive) -> Iterator[Readable]:
    """Archived cards and describing papers, those of the models that matter most first."""
    cards, texts = archive.latest(model_cards.HEADER.id), archive.latest(arxiv_fulltext.HEADER.id)
    papers: dict[str, list[str]] = defaultdict(list)
    for row in describing_papers(connection):
        papers[row.name].append(f"{row.arxiv_id}/{arxiv_fulltext.TEXT}")
    for model in models_by_weight(connection):
        place = f"{model}/{model_cards.CARD}"
        if (origin := cards.get(place)) is not None:
            url = blob_url(origin)
            stream = f"{model_cards.HEADER.id}/{place}"
            yield Readable(stream, origin, _card_document(model, url, place), model, "card", url)
        for place in papers[model]:
            if (origin := texts.get(place)) is not None:
                stream = f"{arxiv_fulltext.HEADER.id}/{place}/{model}"
                read = _paper_document(model, origin.url, place)
                yield Readable(stream, origin, read, model, "paper", origin.url)


def answered_texts(
    connection: Connection, archive: Archive, terms: Iterable[TermEntry]
) -> Iterator[ArchivedText]:
    """Texts about which a language model was asked; the bytes to read are its answers."""
    source = language_model.HEADER.id
    answers = archive.latest(source)
    if not answers:
        return
    for text in readable_texts(connection, archive):
        if (answer := answers.get(text.stream)) is not None:
            # A quote must occur in the present text, so the text is part of the version.
            by = f"{version(asking)}, {text.origin.sha256[:12]}"
            read = _answer_reader(archive, text, list(terms))
            yield ArchivedText(
                text.model, source, text.stream, text.kind, text.url, answer, by, read
            )


def version(module: Any) -> str:
    """Name and version of an extractor that is a module."""
    return f"{module.EXTRACTOR} {module.VERSION}"


def blob_url(origin: Origin) -> str:
    """Address of the page that shows an archived file of the Hub."""
    return origin.url.replace("/resolve/", "/blob/", 1)


def read_tags(info: model_cards.ModelInfo, url: str) -> Iterable[Candidate]:
    """The candidates of what the Hub says of a model."""
    return card_metadata.tag_candidates(
        info.model,
        url,
        licence=info.licence,
        base_models=info.base_models,
        papers=info.papers,
        base_kinds=info.base_kinds,
    )


def read_card(
    model: str, url: str, place: str, body: bytes, extractor: Extractor, report: Report
) -> Iterator[Candidate]:
    """The candidates of a card; parts that cannot be read are reported."""
    card = model_cards.parse_card(place, body)
    for finding in card.findings:
        report(finding)
    yield from card_metadata.front_candidates(model, url, card.front)
    yield from extractor.extract(card_document(model, url, card.text))


def read_paper(
    model: str, url: str, place: str, body: bytes, extractor: Extractor
) -> Iterable[Candidate]:
    """The candidates of a paper, read for one model."""
    return extractor.extract(paper_document(model, url, arxiv_fulltext.parse(place, body)))


def _tag_reader(info: model_cards.ModelInfo, url: str) -> Read:
    return lambda _: read_tags(info, url)


def _card_reader(model: str, url: str, place: str, extractor: Extractor, report: Report) -> Read:
    return lambda body: read_card(model, url, place, body, extractor, report)


def _paper_reader(model: str, url: str, place: str, extractor: Extractor) -> Read:
    return lambda body: read_paper(model, url, place, body, extractor)


def _answer_reader(archive: Archive, text: Readable, terms: list[TermEntry]) -> Read:
    def read(body: bytes) -> Iterable[Candidate]:
        answer = language_model.parse(text.stream, body)
        extractor = asking.LanguageModelExtractor(terms, answer.asked_of, lambda _: answer.content)
        return extractor.extract(text.read(archive.read(text.origin.sha256)))

    return read


def _card_document(model: str, url: str, place: str) -> Callable[[bytes], Document]:
    return lambda body: card_document(model, url, model_cards.parse_card(place, body).text)


def _paper_document(model: str, url: str, place: str) -> Callable[[bytes], Document]:
    return lambda body: paper_document(model, url, arxiv_fulltext.parse(place, body))
