"""What a language model answers about archived texts; any server that speaks OpenAI's interface.

Off unless an address is set. Answers are archived like the bytes of every other source, so that a
load asks nobody and a later check of the quotes can be run over all of them again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import orjson

from tracker.common.times import now_text
from tracker.errors import SourceError, UsageError, one_line
from tracker.sources import FetchFailure
from tracker.sources.records import Fetched, SourceHeader

if TYPE_CHECKING:  # an extra that is not always installed
    import openai
    from anyio.from_thread import BlockingPortal

    from tracker.settings import Settings
    from tracker.sources.protocol import ArchivedDocument
    from tracker.sources.runs import FetchReport, Run

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


class TextToAsk(Protocol):
    """An archived text that a language model can be asked about."""

    @property
    def stream(self) -> str:
        """Source and document of the text."""

    @property
    def digest(self) -> str:
        """SHA-256 of the archived bytes."""

    @property
    def asked_by(self) -> str:
        """Name and version of the extractor."""

    def question(self) -> Question:
        """Return the question; raises ``SourceError`` if the bytes cannot be read."""

    def supported(self, answer: Answer) -> tuple[int, int]:
        """Return how many statements of an answer the text supports, and how many there are."""


def refresh(run: Run) -> FetchReport:
    """Archive answers about the texts that changed since the last answer."""
    run.require_no_days(HEADER)
    url = run.options.location or run.settings.llm_url
    if url:
        run.forbid_outside(HEADER, url)
    settings = run.settings.model_copy(update={"llm_url": url})
    return run.keep_all(HEADER, _ask_due(run, settings, run.wanted.texts_to_ask()))


def _ask_due(
    run: Run, settings: Settings, texts: Sequence[TextToAsk]
) -> Iterator[Fetched | FetchFailure]:
    answers = run.archive.latest(_ID)
    due = [
        text
        for text in texts
        if not _is_answered(run, answers.get(text.stream), text, settings.llm_model)
    ]
    run.notify(f"{_ID}: {len(due)} texts, at most {settings.llm_requests} questions")
    by_stream = {text.stream: text for text in texts}
    for answer in fetch(settings, _questions(due[: settings.llm_requests])):
        if isinstance(answer, Fetched) and answer.body is not None:
            parsed = parse(answer.stream, answer.body)
            held, n = by_stream[answer.stream].supported(parsed)
            run.notify(f"{_ID}: {answer.stream}: {held} of {n} statements are in the text")
        yield answer


def _questions(texts: Iterable[TextToAsk]) -> Iterator[Question]:
    for text in texts:
        try:
            yield text.question()
        except SourceError:
            continue  # a load reports it


def _is_answered(
    run: Run, origin: ArchivedDocument | None, text: TextToAsk, asked_of: str | None
) -> bool:
    if origin is None or not run.archive.holds(origin.sha256):
        return False
    try:
        last = parse(text.stream, run.archive.read(origin.sha256))
    except SourceError:
        return False
    return (last.digest, last.asked_by, last.asked_of) == (text.digest, text.asked_by, asked_of)


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
        from anyio.from_thread import start_blocking_portal
    except ImportError:
        remedy = "pip install 'embedding-tracker[llm]'"
        raise UsageError(f"{_ID}: the package openai is not installed", remedy=remedy) from None
    key = settings.llm_key.get_secret_value() if settings.llm_key else "none"
    ends_the_run = (
        openai.AuthenticationError,
        openai.PermissionDeniedError,
        openai.RateLimitError,
        openai.APIConnectionError,
        TimeoutError,
    )
    # The event loop has a thread of its own: the caller's thread may run one, as a notebook does.
    with start_blocking_portal() as portal, _client(settings, key, portal) as client:
        for question in questions:
            place = f"{settings.llm_url} ({question.stream})"
            try:
                content = portal.call(_answer, client, settings, question)
            except TimeoutError as error:
                cause = f"no whole answer within {settings.llm_seconds:g} s"
                failure: Exception = error
            except (openai.OpenAIError, ValueError, LookupError, TypeError) as error:
                cause = f"{type(error).__name__}: {one_line(error.__cause__ or error)[:200]}"
                failure = error
            else:
                document = {
                    "digest": question.digest,
                    "asked_by": question.asked_by,
                    "asked_of": settings.llm_model,
                    "content": content,
                }
                body = orjson.dumps(document)
                yield Fetched(question.stream, settings.llm_url, body, now_text())
                continue
            yield FetchFailure(
                question.stream,
                settings.llm_url,
                SourceError(_ID, cause.replace(key, "…"), place=place),
            )
            if isinstance(failure, ends_the_run):
                return


@contextmanager
def _client(settings: Settings, key: str, portal: BlockingPortal) -> Iterator[openai.AsyncOpenAI]:
    """Open a client that follows no redirects."""
    import openai

    client = openai.AsyncOpenAI(
        base_url=settings.llm_url,
        api_key=key,
        max_retries=settings.retries,
        timeout=settings.llm_seconds,
        http_client=openai.DefaultAsyncHttpxClient(follow_redirects=False),
    )
    try:
        yield client
    finally:
        portal.call(client.close)


async def _answer(client: openai.AsyncOpenAI, settings: Settings, question: Question) -> str:
    """Return the text of an answer.

    Raises:
        TimeoutError: The whole answer, with all attempts, took too long. The client's own limit
            holds for each single step, so that a server could drip without end.
        ValueError: The answer is too large, or not JSON.
        LookupError: The answer has no text; TypeError likewise.
    """
    body = bytearray()
    async with (
        asyncio.timeout(settings.llm_seconds),
        client.chat.completions.with_streaming_response.create(
            model=settings.llm_model or "",
            messages=[
                {"role": "system", "content": question.instructions},
                {"role": "user", "content": question.text},
            ],
            response_format={"type": "json_object"},
            temperature=0,
        ) as response,
    ):
        async for chunk in response.iter_bytes():
            body += chunk
            if len(body) > settings.max_response_bytes:
                raise ValueError(f"larger than {settings.max_response_bytes:,} bytes")
    content = orjson.loads(body)["choices"][0]["message"]["content"]
    return content if isinstance(content, str) else ""


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
