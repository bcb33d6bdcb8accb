"""Tables of what extractors read from cards, configuration files and papers."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint
from sqlmodel import SQLModel

from tracker.catalog.columns import about


class ReadTextTable(SQLModel, table=True):
    """One archived text, read for one model by one version of an extractor."""

    __tablename__ = "read_text"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    model_id: int = about("The model that it was read for.", foreign_key="model.id", index=True)
    source: str = about("Id of the source.")
    document: str = about("Document of the source, for example org/name/README.md.")
    kind: str = about("config, card or paper.")
    url: str = about("Address.")
    digest: str = about("SHA-256 of the archived bytes.")
    fetched_at: str = about("When the bytes were fetched.")
    extractor: str = about("Name and version of the extractor.")
    __table_args__ = (UniqueConstraint("source", "document", "model_id"),)


class CandidateTable(SQLModel, table=True):
    """A statement that an extractor found about a model's method; curated facts overrule it."""

    __tablename__ = "candidate"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    text_id: int = about("The text.", foreign_key="read_text.id", index=True)
    property: str = about("pooling, base_model, training_data and so on.")
    value: str = about("Slug of the vocabulary, number or name.")
    quote: str = about("Verbatim, at most 25 words.")
    start: int = about("Offset of the quote in the text, in characters.")
    section: str = about("Headings above it, or key of a configuration file.")
    rule: str = about("Name of the rule that found it.")
    confidence: str = about("high, medium or low.")


class WebPageTable(SQLModel, table=True):
    """A web page cited by curated facts, as last seen."""

    __tablename__ = "web_page"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    url: str = about("Address, as cited.", unique=True)
    title: str | None = about("Its title, when it was last available.", default=None)
    published: str | None = about("Day of publication according to the page.", default=None)
    status: int = about("200, or the status with which its server last refused it.")
    seen_at: str = about("When it was last requested.")
