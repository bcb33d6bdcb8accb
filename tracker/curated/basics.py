"""Field types of curated records: texts with a pattern, bilingual texts, resolved sources."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidationInfo,
    field_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError
from pydantic_core.core_schema import no_info_after_validator_function

from tracker.common.text import did_you_mean

_HAN = re.compile(r"[\u3400-\u9fff]")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
"""Pattern of a slug."""
LINK = re.compile(r"https?://\S+")
"""Pattern of an address."""


def wrong(message: str, remedy: str) -> PydanticCustomError:
    """Make a validation error that carries its remedy."""
    return PydanticCustomError("curated", "{message}", {"message": message, "remedy": remedy})


class Pattern:
    """Annotation: the whole text matches a pattern, also in the JSON Schema for editors.

    Args:
        pattern: Regular expression.
        what: What the text should be, for the error message.
    """

    def __init__(self, pattern: str, what: str) -> None:
        self._pattern = re.compile(pattern)
        self._what = what

    def _check(self, value: str) -> str:
        if not self._pattern.fullmatch(value):
            raise wrong(f"{value!r} is not {self._what}", f"write {self._what}")
        return value

    def __get_pydantic_core_schema__(
        self, source: type, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(schema), "pattern": f"^({self._pattern.pattern})$"}


Text = Annotated[str, Pattern(r"\S([\s\S]*\S)?", "a text without blanks around it")]
Slug = Annotated[str, Pattern(SLUG.pattern, "a slug (small letters, digits and hyphens)")]
Day = Annotated[str, Pattern(r"\d{4}-\d\d(-\d\d)?", "a date such as 2024-10-22 or 2024-10")]
Moment = Annotated[
    str, Pattern(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "a UTC moment such as 2024-10-22T02:56:00Z")
]
ArxivId = Annotated[str, Pattern(r"\d{4}\.\d{4,5}", "an arXiv id such as 2405.17428, without v1")]
PublicId = Annotated[str, Pattern(r"[^/\s]+/[^/\s]+( [^/\s]+)*", "a public id such as org/name")]
Link = Annotated[str, Pattern(LINK.pattern, "an address that starts with https://")]
Confidence = Literal["high", "medium", "low"]


class Record(BaseModel):
    """Base class of all curated records: frozen, and unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class BilingualText(Record):
    """A text in both languages of the site."""

    en: Text
    zh: Text

    @field_validator("en", "zh")
    @classmethod
    def _own_language(cls, text: str, info: ValidationInfo) -> str:
        if bool(_HAN.search(text)) != (info.field_name == "zh"):
            language = "Chinese" if info.field_name == "zh" else "English"
            raise wrong(f"{text[:40]!r} is not {language}", f"write it in {language}")
        return text


class Group(Record):
    """A group of terms or of datasets."""

    slug: Slug
    title: BilingualText


def resolve_source(source: str, info: ValidationInfo) -> str:
    """Return the address of a source, looking up short names in the file's ``sources``."""
    if LINK.fullmatch(source):
        return source
    sources = (info.context or {}).get("sources", {})
    if source not in sources:
        raise wrong(
            f"unknown source {source!r}",
            did_you_mean(source, sources, "name it under sources, or write its address"),
        )
    return str(sources[source])


Source = Annotated[Text, AfterValidator(resolve_source)]
"""An address, or one of the keys of the file's ``sources``."""


def paper_with_entry(arxiv: str, info: ValidationInfo) -> str:
    """Check that a paper has a file under ``papers``."""
    papers = (info.context or {}).get("papers")
    if papers is not None and arxiv not in papers:
        raise wrong(f"paper {arxiv} has no entry", f"add papers/{arxiv}.yaml")
    return arxiv


KnownPaper = Annotated[ArxivId, AfterValidator(paper_with_entry)]
"""The arXiv id of a paper that has an entry."""
