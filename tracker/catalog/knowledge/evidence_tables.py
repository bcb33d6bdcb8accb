"""What was read out of cards, configuration files and papers, beside the curated facts."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint
from sqlmodel import SQLModel

from tracker.catalog.columns import about


class ReadText(SQLModel, table=True):
    """One archived text, read for one model by one version of an extractor."""

    __tablename__ = "read_text"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    model_id: int = about("The model that it was read for.", foreign_key="model.id", index=True)
    source: str = about("Id of the source.")
    document: str = about("Document of the source, for example org/name/README.md.")
    kind: str = about("config, card or paper.")
    url: str = about("Where it can be read.")
    digest: str = about("SHA-256 of the archived bytes.")
    fetched_at: str = about("When the bytes were fetched.")
    extractor: str = about("Name and version of what read it.")
    __table_args__ = (UniqueConstraint("source", "document", "model_id"),)


class Candidate(SQLModel, table=True):
    """What a text seems to say of a model's method; curated facts outrank it."""

    id: int | None = about("Opaque id.", primary_key=True, default=None)
    text_id: int = about("The text.", foreign_key="read_text.id", index=True)
    property: str = about("pooling, base_model, training_data and so on.")
    value: str = about("Slug of the vocabulary, number or name.")
    quote: str = about("Verbatim, at most 25 words.")
    start: int = about("Where the quote begins in the words of the text, in characters.")
    section: str = about("Headings above it, or key of a configuration file.")
    rule: str = about("Name of the rule that found it.")
    confidence: str = about("high, medium or low.")


class WebPage(SQLModel, table=True):
    """A page that curated facts cite, as it was seen last."""

    __tablename__ = "web_page"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    url: str = about("Address, as it is cited.", unique=True)
    title: str | None = about("Title that it gave when it was there.", default=None)
    published: str | None = about("Day that it says it was published on.", default=None)
    status: int = about("200, or the status with which its server refused it last.")
    seen_at: str = about("When it was asked for last.")
