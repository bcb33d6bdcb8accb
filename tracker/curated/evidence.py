"""Curated receipts: where a statement can be read, and terms that stand there."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, ValidationInfo, field_validator

from tracker.common.addresses import parse_address
from tracker.curated.basics import Confidence, Day, PublicId, Record, Source, Text, wrong
from tracker.receipts.records import Receipt

ReceiptKind = Literal["primary", "secondary", "inherited", "registry"]
"""primary: the makers' own; secondary: others about it; inherited: of a base, sibling or family;
registry: declared to the benchmark's registry."""
LONGEST_TERM = 80
MOST_WORDS = 8


class EvidenceEntry(Record):
    """The source of a fact, and terms that it contains."""

    source: Source
    """An address; in the file also a key of the model's ``sources``."""
    locator: Text | None = None
    """Heading, table, symbol, key, lines (``L10-L20``) or page (``p. 3``) of the source."""
    shows: tuple[Text, ...] = ()
    """Terms, names or numbers that occur together at that place; no sentences."""
    kind: ReceiptKind = Field(default=None, validate_default=True)
    """Relation of the source to the model; by default from the address: ``registry`` or
    ``primary``."""
    of: PublicId | None = Field(default=None, validate_default=True)
    """The model that an ``inherited`` receipt describes."""
    confidence: Confidence
    checked: Day | None = None
    note: Text | None = None

    @field_validator("shows")
    @classmethod
    def _terms_only(cls, shows: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if shows and not info.data.get("locator"):
            raise wrong("shows without locator", "name the place of the terms in the source")
        for term in shows:
            if len(term) > LONGEST_TERM or len(term.split()) > MOST_WORDS:
                raise wrong(f"{term[:40]!r} is a sentence", "name the few terms that decide")
        return shows

    @field_validator("kind", mode="before")
    @classmethod
    def _kind_of_address(cls, kind: str | None, info: ValidationInfo) -> str:
        declared = parse_address(info.data.get("source", "")).is_registry
        return kind or ("registry" if declared else "primary")

    @field_validator("of")
    @classmethod
    def _of_another(cls, of: str | None, info: ValidationInfo) -> str | None:
        if (of is not None) != (info.data.get("kind") == "inherited"):
            raise wrong("kind inherited and of: belong together", "give both or neither")
        return of

    @field_validator("confidence")
    @classmethod
    def _secondary_is_never_sure(cls, confidence: str, info: ValidationInfo) -> str:
        if confidence == "high" and info.data.get("kind") == "secondary":
            raise wrong("a secondary source with high confidence", "write medium or low")
        return confidence

    @property
    def receipt(self) -> Receipt:
        """The part that a program can check."""
        return Receipt(self.source, self.locator, self.shows)
