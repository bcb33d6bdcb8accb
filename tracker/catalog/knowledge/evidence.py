"""Archived cards, configuration files and papers to candidates; only what changed is read again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, bindparam, delete, select

from tracker.catalog import tables
from tracker.catalog.documents import Report, one_document
from tracker.catalog.ids import Ids, Names, table_of
from tracker.catalog.knowledge import evidence_tables
from tracker.catalog.queries import Rows, all_rows
from tracker.common.vocabulary import NOT_DOCUMENTED
from tracker.curated import Curated, TermEntry
from tracker.errors import SourceError
from tracker.evidence import Candidate, Document, Extractor
from tracker.evidence import configs as configs_of
from tracker.evidence import front_matter as fronts_of
from tracker.evidence import language_model as asking
from tracker.evidence.cue_extractor import CueExtractor
from tracker.evidence.markdown import card_document
from tracker.evidence.papers import paper_document
from tracker.snapshots.origin import Origin
from tracker.snapshots.store import Archive
from tracker.sources import arxiv_fulltext, language_model, model_cards


@dataclass(frozen=True, slots=True)
class _Text:
    """One archived text and how it is read."""

    model: str
    source: str
    document: str
    kind: str
    url: str
    origin: Origin
    extractor: str
    read: Callable[[bytes], Iterable[Candidate]]


def load_evidence(
    connection: Connection, names: Names, curated: Curated, archive: Archive, report: Report
) -> int:
    """Bring the candidates up to the archive, the vocabulary and the extractors.

    Args:
        connection: The load's transaction.
        names: Names of the catalog; texts of models that it does not know are left alone.
        curated: The vocabulary, and the names that tell other models and data sets.
        archive: The raw bytes.
        report: Told of each text that cannot be read; nothing of it is stored.

    Returns:
        How many texts were read.
    """
    extractor = cue_extractor(curated)
    texts_of_all = (
        *_card_texts(archive, extractor, report),
        *_paper_texts(connection, archive, extractor),
        *_answered_texts(connection, archive, curated.terms),
    )
    wanted = [text for text in texts_of_all if text.model in names.models]
    table = table_of(evidence_tables.ReadText)
    known = {
        (row.source, row.document, row.model_id): row for row in connection.execute(select(table))
    }
    unread, kept = [], set()
    for text in wanted:
        row = known.get((text.source, text.document, names.models[text.model]))
        if row and (row.digest, row.extractor) == (text.origin.sha256, text.extractor):
            kept.add(row.id)
        else:
            unread.append(text)
    _forget(connection, [row.id for row in known.values() if row.id not in kept])
    texts = Ids(connection, evidence_tables.ReadText)
    candidates = Ids(connection, evidence_tables.Candidate)
    read = 0
    for text in unread:
        found = None
        with one_document(text.source, text.document, report):
            found = list(text.read(archive.read(text.origin.sha256)))
        if found is None:
            continue
        read += 1
        text_id = texts.add(
            model_id=names.models[text.model],
            source=text.source,
            document=text.document,
            kind=text.kind,
            url=text.url,
            digest=text.origin.sha256,
            fetched_at=text.origin.fetched_at,
            extractor=text.extractor,
        )
        for one in found:
            candidates.add(
                text_id=text_id,
                property=one.property,
                value=one.value,
                quote=one.quote,
                start=one.start,
                section=one.section,
                rule=one.rule,
                confidence=one.confidence,
            )
    texts.flush()
    candidates.flush()
    return read


def cue_extractor(curated: Curated) -> CueExtractor:
    """The default extractor with the curated vocabulary and names."""
    trained_on = {
        fact.value
        for model in curated.models
        for fact in model.facts
        if fact.property == "training_data" and fact.value != NOT_DOCUMENTED
    }
    # A term is found by its cues; what else stands there is the name of a data set.
    terms = {term.slug for term in curated.terms}
    models = [name for model in curated.models for name in (model.name, *model.listed_as)]
    return CueExtractor(curated.terms, models, sorted(trained_on - terms))


def _forget(connection: Connection, ids: list[int]) -> None:
    if ids:
        rows = [{"b_id": id_} for id_ in ids]
        candidate, text = table_of(evidence_tables.Candidate), table_of(evidence_tables.ReadText)
        connection.execute(delete(candidate).where(candidate.c.text_id == bindparam("b_id")), rows)
        connection.execute(delete(text).where(text.c.id == bindparam("b_id")), rows)


def _card_texts(archive: Archive, extractor: Extractor, report: Report) -> Iterator[_Text]:
    """The cards and configuration files of the newest archived revision of each model."""
    source = model_cards.HEADER.id
    by_model: dict[str, dict[str, Origin]] = defaultdict(dict)
    for stream, origin in sorted(archive.latest(source).items()):
        organisation, name, document = stream.split("/", 2)
        by_model[f"{organisation}/{name}"][document] = origin
    for model, documents in by_model.items():
        told = documents.get(model_cards.INFO)
        if told is None:
            continue  # its files did not arrive whole
        info = None
        with one_document(source, f"{model}/{model_cards.INFO}", report):
            info = model_cards.parse_info(model, archive.read(told.sha256))
        if info is None:
            continue
        at = f"{model_cards.HEADER.home}/{info.hub_id}/tree/{info.revision}"
        place = f"{model}/{model_cards.INFO}"
        yield _Text(model, source, place, "card", at, told, _version(fronts_of), _tags(info, at))
        for document in info.documents:
            place = f"{model}/{document}"
            if document not in documents:
                cause = "the model has this file, but it could not be fetched"
                limit = f"{model_cards.LARGEST_DOCUMENT:,} bytes are the limit"
                report(SourceError(source, cause, place=place, remedy=limit))
                continue
            origin = documents[document]
            url = origin.url.replace("/resolve/", "/blob/", 1)
            if document == model_cards.CARD:
                read = _card_reader(model, url, place, extractor)
                by = f"{extractor.name} {extractor.version}, {_version(fronts_of)}"
                yield _Text(model, source, place, "card", url, origin, by, read)
            else:
                read = _config_reader(model, url, document, place)
                by = _version(configs_of)
                yield _Text(model, source, place, "config", url, origin, by, read)


def _paper_texts(connection: Connection, archive: Archive, extractor: Extractor) -> Iterator[_Text]:
    """The full texts of papers that describe a model, once for each model of a paper."""
    source = arxiv_fulltext.HEADER.id
    origins = archive.latest(source)
    for row in _papers(connection):
        stream = f"{row.arxiv_id}/{arxiv_fulltext.TEXT}"
        if (origin := origins.get(stream)) is not None:
            by = f"{extractor.name} {extractor.version}"
            read = _paper_reader(row.name, origin.url, stream, extractor)
            yield _Text(row.name, source, stream, "paper", origin.url, origin, by, read)


@dataclass(frozen=True, slots=True)
class Readable:
    """A card or paper that a language model can be asked about."""

    stream: str
    """Its source and document; a paper of several models stands once for each."""
    origin: Origin
    read: Callable[[bytes], Document]
    model: str
    kind: str
    url: str


def readable_texts(connection: Connection, archive: Archive) -> Iterator[Readable]:
    """The archived cards and describing papers, those of the models that matter most first."""
    cards, texts = archive.latest(model_cards.HEADER.id), archive.latest(arxiv_fulltext.HEADER.id)
    papers: dict[str, list[str]] = defaultdict(list)
    for row in _papers(connection):
        papers[row.name].append(f"{row.arxiv_id}/{arxiv_fulltext.TEXT}")
    for model in models_by_weight(connection):
        place = f"{model}/{model_cards.CARD}"
        if (origin := cards.get(place)) is not None:
            url = origin.url.replace("/resolve/", "/blob/", 1)
            stream = f"{model_cards.HEADER.id}/{place}"
            yield Readable(stream, origin, _card_document(model, url, place), model, "card", url)
        for place in papers[model]:
            if (origin := texts.get(place)) is not None:
                stream = f"{arxiv_fulltext.HEADER.id}/{place}/{model}"
                read = _paper_document(model, origin.url, place)
                yield Readable(stream, origin, read, model, "paper", origin.url)


def _card_document(model: str, url: str, place: str) -> Callable[[bytes], Document]:
    return lambda body: card_document(model, url, model_cards.parse_card(place, body).text)


def _paper_document(model: str, url: str, place: str) -> Callable[[bytes], Document]:
    return lambda body: paper_document(model, url, arxiv_fulltext.parse(place, body))


def _answered_texts(
    connection: Connection, archive: Archive, terms: Iterable[TermEntry]
) -> Iterator[_Text]:
    """Texts about which a language model was asked; the bytes to read are its answers."""
    source = language_model.HEADER.id
    answers = archive.latest(source)
    if not answers:
        return
    for text in readable_texts(connection, archive):
        if (answer := answers.get(text.stream)) is not None:
            # A quote has to stand in the text as it is now, so the text is part of the version.
            by = f"{asking.EXTRACTOR} {asking.VERSION}, {text.origin.sha256[:12]}"
            read = _answer_reader(archive, text, list(terms))
            yield _Text(text.model, source, text.stream, text.kind, text.url, answer, by, read)


def _answer_reader(
    archive: Archive, text: Readable, terms: list[TermEntry]
) -> Callable[[bytes], Iterable[Candidate]]:
    def read(body: bytes) -> Iterable[Candidate]:
        answer = language_model.parse(text.stream, body)
        extractor = asking.LanguageModelExtractor(terms, answer.asked_of, lambda _: answer.content)
        return extractor.extract(text.read(archive.read(text.origin.sha256)))

    return read


def _paper_reader(
    model: str, url: str, place: str, extractor: Extractor
) -> Callable[[bytes], Iterable[Candidate]]:
    def read(body: bytes) -> Iterable[Candidate]:
        return extractor.extract(paper_document(model, url, arxiv_fulltext.parse(place, body)))

    return read


def _papers(connection: Connection) -> Rows:
    """The papers that people say describe a model, in order of the models."""
    return all_rows(
        connection,
        """
        select m.name, p.arxiv_id, p.updated from paper_link l
          join model m on m.id = l.model_id join paper p on p.id = l.paper_id
         where l.reason = 'curated' and not p.withdrawn
           and l.role_en in ('describes the model', 'technical report of the model')
         order by m.name, p.arxiv_id
        """,
    )


def papers_of_models(connection: Connection) -> list[tuple[str, str]]:
    """Papers that describe a model: arXiv id, and the day of the newest version if known.

    The papers of the models that matter most come first.
    """
    by_model: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in _papers(connection):
        by_model[row.name].append((row.arxiv_id, row.updated or ""))
    ordered = (one for model in models_by_weight(connection) for one in by_model[model])
    return list(dict.fromkeys(ordered))


def _version(module: Any) -> str:
    return f"{module.EXTRACTOR} {module.VERSION}"


def _card_reader(
    model: str, url: str, place: str, extractor: Extractor
) -> Callable[[bytes], Iterable[Candidate]]:
    def read(body: bytes) -> Iterator[Candidate]:
        card = model_cards.parse_card(place, body)
        yield from fronts_of.front_candidates(model, url, card.front)
        yield from extractor.extract(card_document(model, url, card.text))

    return read


def _tags(info: model_cards.ModelInfo, url: str) -> Callable[[bytes], Iterable[Candidate]]:
    def read(_: bytes) -> Iterable[Candidate]:
        return fronts_of.tag_candidates(
            info.model,
            url,
            licence=info.licence,
            base_models=info.base_models,
            papers=info.papers,
        )

    return read


def _config_reader(
    model: str, url: str, document: str, place: str
) -> Callable[[bytes], Iterable[Candidate]]:
    def read(body: bytes) -> Iterator[Candidate]:
        value = model_cards.parse_config(place, body)
        for _, one in configs_of.config_candidates(model, {document: (url, value)}):
            yield one

    return read


def models_by_weight(connection: Connection) -> list[str]:
    """All models in the order in which their cards matter.

    Those that boards list now come first, by their best place; then those with curated facts;
    then the others.
    """
    listing = table_of(tables.Listing)
    model_of = {
        row.id: row.model_id for row in connection.execute(select(listing.c.id, listing.c.model_id))
    }
    best: dict[int, int] = {}
    for row in all_rows(connection, "select listing_ids from standing where valid_to is null"):
        for place, listing_id in enumerate(orjson.loads(row.listing_ids)):
            model_id = model_of[listing_id]
            best[model_id] = min(place, best.get(model_id, place))
    curated = {row[0] for row in all_rows(connection, "select distinct model_id from fact")}
    models = all_rows(connection, "select id, name from model")
    order = sorted(
        models,
        key=lambda row: (row.id not in best, best.get(row.id, 0), row.id not in curated, row.name),
    )
    return [row.name for row in order]
