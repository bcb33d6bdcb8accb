"""What a language model answers about archived texts; any server that speaks OpenAI's interface.

Off unless an address is set. Answers are archived like the bytes of every other source, so that a
load asks nobody and a later check of the quotes can be run over all of them again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

from tracker.common.times import now_text
from tracker.errors import SourceError, UsageError, one_line
from tracker.sources import FetchFailure
from tracker.sources.records import Fetched, SourceHeader

if TYPE_CHECKING:
    from tracker.settings import Settings

HEADER = SourceHeader(
    id="language-model",
    title="Answers of a language model",
    licence="short quotes of texts that have licences of their own",
    home="https://github.com/openai/openai-openapi",
    politeness="one request at a time, a limited number a run",
    refresh_hours=24 * 30,
)

_ID = HEADER.id


@dataclass(frozen=True, slots=True)
class Question:
    """One archived text and what is to be done with it."""

    stream: str
    """The text's source and document, ``model-cards/org/name/README.md``."""
    digest: str
    """SHA-256 of the archived bytes."""
    asked_by: str
    """Name and version of the extractor that will read the answer."""
    instructions: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    digest: str
    """Of the text that was shown."""
    asked_by: str
    asked_of: str
    """Name of the language model."""
    content: str


def fetch(settings: Settings, questions: Iterable[Question]) -> Iterator[Fetched | FetchFailure]:
    """One document a question, under the question's stream.

    A refusal of the server as a whole, for want of a key or of money, ends the run.

    Raises:
        UsageError: No address or no model is set, or the extra ``llm`` is not installed.
    """
    if not (settings.llm_url and settings.llm_model):
        raise UsageError(
            f"{_ID}: no language model is set",
            remedy="set TRACKER_LLM_URL and TRACKER_LLM_MODEL",
        )
    try:
        import openai
    except ImportError:
        remedy = "pip install 'embedding-tracker[llm]'"
        raise UsageError(f"{_ID}: the package openai is not installed", remedy=remedy) from None
    key = settings.llm_key.get_secret_value() if settings.llm_key else "none"
    with openai.OpenAI(
        base_url=settings.llm_url,
        api_key=key,
        max_retries=settings.retries,
        timeout=settings.llm_seconds,
    ) as client:
        for question in questions:
            try:
                answer = client.chat.completions.create(
                    model=settings.llm_model,
                    messages=[
                        {"role": "system", "content": question.instructions},
                        {"role": "user", "content": question.text},
                    ],
                    response_format={"type": "json_object"},
                    temperature=0,
                )
                content = answer.choices[0].message.content or ""
            except (openai.OpenAIError, IndexError, AttributeError, TypeError) as error:
                cause = f"{type(error).__name__}: {one_line(error)[:200]}".replace(key, "…")
                place = f"{settings.llm_url} ({question.stream})"
                yield FetchFailure(
                    question.stream, settings.llm_url, SourceError(_ID, cause, place=place)
                )
                refused = (openai.AuthenticationError, openai.PermissionDeniedError)
                if isinstance(error, (*refused, openai.RateLimitError, openai.APIConnectionError)):
                    return
                continue
            document = {
                "digest": question.digest,
                "asked_by": question.asked_by,
                "asked_of": settings.llm_model,
                "content": content,
            }
            yield Fetched(question.stream, settings.llm_url, orjson.dumps(document), now_text())


def parse(place: str, body: bytes) -> Answer:
    """An archived answer.

    Raises:
        SourceError: The bytes are not what :func:`fetch` yields.
    """
    try:
        told = orjson.loads(body)
        return Answer(*(str(told[name]) for name in Answer.__dataclass_fields__))
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise SourceError(_ID, f"not understood: {one_line(error)[:120]}", place=place) from None
