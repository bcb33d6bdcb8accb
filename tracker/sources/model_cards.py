"""Model cards and configuration files from the Hugging Face Hub, by revision.

One request tells a model's revision and its files; only where the revision is new are the few
small files asked for that say how the model works. Addresses and the token are those of the
package ``huggingface_hub``; the requests go through our own polite session.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import orjson

from tracker.common.times import now_text
from tracker.errors import SourceError, one_line
from tracker.io.validators import Validators
from tracker.sources import PUBLISHER_MUST_FIX, FetchFailure
from tracker.sources.arxiv_papers import find_ids
from tracker.sources.front_matter import decode, read_front_matter
from tracker.sources.records import Fetched, SourceHeader, fetched

if TYPE_CHECKING:  # reading archived bytes does without the network
    from tracker.io.http import Session
    from tracker.settings import Settings
    from tracker.sources.runs import FetchReport, Run

HEADER = SourceHeader(
    id="model-cards",
    title="Model cards and configurations on the Hugging Face Hub",
    licence="each card its own: short quotes with a link only",
    home="https://huggingface.co",
    politeness="one request at a time, a pause after each, so many a run, and only what changed",
    refresh_hours=24 * 7,
)
INFO, ABSENT, CARD = "info.json", "absent.json", "README.md"
CONFIGS = (
    "adapter_config.json",
    "config.json",
    "config_sentence_transformers.json",
    "modules.json",
    "router_config.json",
    "sentence_bert_config.json",
)
"""Configuration files in the root of a repository."""
LARGEST_DOCUMENT = 4_000_000
"""Bytes; the longest real cards have about a tenth of it."""

_ID = HEADER.id
_HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}", re.ASCII)
_MODULE = re.compile(
    r"(?:(?:\w{1,40}_)?[0-9]{1,2}_[A-Za-z]*Pooling/config\.json"
    r"|(?:\w{1,40}_)?[0-9]{1,2}_Dense/config\.json"
    r"|\w{1,40}_[0-9]{1,2}_\w*Transformer/(?:sentence_bert_)?config\.json)"
)
"""Configuration files of modules: numbered folders, those of a route under the route's name."""
_MOST_MODULES = 12
_ASKED = ("sha", "lastModified", "createdAt", "tags", "siblings", "baseModels", "gated")
_NOT_OURS_TO_SEE = frozenset({401, 403, 404, 410})


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What the Hub says of a model at one revision."""

    model: str
    """The name that was asked for."""
    hub_id: str
    """The name that answered: another one where the model has moved."""
    revision: str
    documents: tuple[str, ...]
    """The files that :func:`fetch` asks for, of those that there are."""
    licence: str | None
    base_models: tuple[str, ...]
    papers: tuple[str, ...]
    """arXiv ids of its ``arxiv:`` tags."""
    base_kinds: tuple[tuple[str, str], ...] = ()
    """Bases with how the model was made: ``finetune``, ``adapter``, ``merge``, ``quantized``."""


@dataclass(frozen=True, slots=True)
class Card:
    """A model card: the plain values of its front matter, and its Markdown."""

    front: Mapping[str, tuple[str, ...]]
    """Values by key, as they are written; keys that do not matter are left out."""
    text: str
    findings: tuple[SourceError, ...] = ()
    """What could not be read, with its line."""


def open_session(settings: Settings, **waiting: Any) -> Session:
    """The session for this source; ``waiting`` replaces its clock and sleep in tests.

    A token that ``huggingface_hub`` knows is sent to the Hub that it is for and to no other.
    """
    from huggingface_hub import get_token

    from tracker.io.http import Session

    return Session(
        settings,
        source=_ID,
        limit=LARGEST_DOCUMENT,
        pause=settings.hub_seconds_between_requests,
        token=get_token(),
        redirect_hosts=frozenset({"huggingface.co", "hf.co"}),  # large files are on servers below
        **waiting,
    )


def endpoint() -> str:
    """Root address of the Hub: ``HF_ENDPOINT``, or the Hub itself."""
    from huggingface_hub import constants

    return constants.ENDPOINT


def is_hub_name(model: str) -> bool:
    """Whether there can be a model of that name on the Hub."""
    return _HUB_NAME.fullmatch(model) is not None and ".." not in model


def is_config(name: str) -> bool:
    """Whether a file of a repository is a configuration file that is read."""
    return name in CONFIGS or _MODULE.fullmatch(name) is not None


def info_address(root: str, model: str) -> str:
    """Where the Hub tells the revision, files and tags of a model."""
    return f"{root}/api/models/{model}?{urlencode({'expand': _ASKED}, doseq=True)}"


def file_address(root: str, model: str, revision: str, name: str) -> str:
    """Where the Hub serves a file of a model at a revision."""
    from huggingface_hub import hf_hub_url

    return hf_hub_url(model, name, revision=revision, endpoint=root)


def fetch(
    session: Session,
    root: str,
    models: Iterable[str],
    known: Mapping[str, Validators],
    revisions: Mapping[str, str],
    *,
    budget: int,
) -> Iterator[Fetched | FetchFailure]:
    """The documents of models that changed, ``org/name/<file>`` each, and ``info.json`` last.

    A model's ``info.json`` is yielded only behind all its files: where it is archived, the model
    is complete, and a run that was cut off begins with that model again. What the Hub does not
    have, or does not show, becomes ``org/name/absent.json``, so that it is not asked every time.

    Args:
        session: Made by :func:`open_session`.
        root: Root address of the Hub.
        models: Names in the order in which they matter.
        known: What the server said last time of each stream.
        revisions: The archived revision of each model.
        budget: At most so many addresses are asked for.
    """
    from tracker.io.http import HostUnavailableError

    left = budget
    for model in models:
        if left <= 0:
            return
        left -= 1
        stream, url = f"{model}/{INFO}", info_address(root, model)
        try:
            answer = session.get(url, validators=known.get(stream))
            info = None if answer.body is None else parse_info(model, answer.body)
        except SourceError as error:
            status = error.status
            if status in _NOT_OURS_TO_SEE and not (status == 401 and session.token):
                body = orjson.dumps({"status": status})
                yield Fetched(f"{model}/{ABSENT}", url, body, now_text())
                continue
            yield FetchFailure(stream, url, error)
            if isinstance(error, HostUnavailableError) or status == 401:
                return  # a token that is not valid is refused everywhere
            continue
        whole = True
        if info is not None and info.revision != revisions.get(model):
            if len(info.documents) > left:
                return
            left -= len(info.documents)
            for name in info.documents:
                one = _file(session, root, info, name, known)
                yield one
                if isinstance(one, FetchFailure) and not one.error.final:
                    if isinstance(one.error, HostUnavailableError):
                        return
                    whole = False  # the next run asks for this model again
        if whole:
            yield fetched(stream, answer)


def refresh(run: Run) -> FetchReport:
    """Archive the cards and configuration files of models that are due."""
    run.require_no_days(HEADER)
    root = (run.options.location or run.settings.hub_url or endpoint()).rstrip("/")
    run.forbid_outside(HEADER, root)
    return run.keep_all(HEADER, _fetch_due(run, root))


def _fetch_due(run: Run, root: str) -> Iterator[Fetched | FetchFailure]:
    from tracker.common.times import hours_ago
    from tracker.sources.runs import ABSENT_LONGER

    wanted = run.wanted.models()
    seen = run.last_seen(HEADER)
    due = [
        model
        for model in wanted
        if is_hub_name(model)
        and seen.get(f"{model}/{INFO}", "") < hours_ago(HEADER.refresh_hours)
        and seen.get(f"{model}/{ABSENT}", "") < hours_ago(HEADER.refresh_hours * ABSENT_LONGER)
    ]
    known = run.validators(HEADER)
    revisions = _complete_revisions(run, due, known)
    run.notify(f"{_ID}: {len(due)} models, at most {run.settings.hub_requests} requests")
    budget = run.settings.hub_requests
    yield from fetch(open_session(run.settings), root, due, known, revisions, budget=budget)


def _complete_revisions(
    run: Run, models: Iterable[str], known: dict[str, Validators]
) -> dict[str, str]:
    """Return the revision of each model whose files are all archived.

    The ``info.json`` of other models is removed from ``known``, because after a 304 their missing
    files would stay missing.
    """
    latest = run.archive.latest(_ID)
    revisions = {}
    for model in models:
        if (stream := f"{model}/{INFO}") in known:
            try:
                info = parse_info(model, run.archive.read(latest[stream].sha256))
            except SourceError:
                info = None
            if info is not None and all(f"{model}/{name}" in known for name in info.documents):
                revisions[model] = info.revision
            else:
                del known[stream]
    return revisions


def _file(
    session: Session, root: str, info: ModelInfo, name: str, known: Mapping[str, Validators]
) -> Fetched | FetchFailure:
    stream = f"{info.model}/{name}"
    url = file_address(root, info.hub_id, info.revision, name)
    try:
        answer = session.get(url, validators=known.get(stream), expect="any")
    except SourceError as error:
        return FetchFailure(stream, url, error)
    return fetched(stream, answer)


def parse_info(model: str, body: bytes) -> ModelInfo:
    """What the Hub says of a model.

    Raises:
        SourceError: The bytes are no such answer.
    """
    place = f"{model}/{INFO}"
    try:
        told = orjson.loads(body)
        hub_id, revision = told.get("id", model), told["sha"]
        names = {str(sibling["rfilename"]) for sibling in told["siblings"]}
        tags = tuple(str(tag) for tag in told.get("tags") or ())
    except KeyError as error:
        raise SourceError(
            _ID, f"the required field {error} is missing", place=place, remedy=PUBLISHER_MUST_FIX
        ) from None
    except (orjson.JSONDecodeError, TypeError, AttributeError) as error:
        raise SourceError(
            _ID, f"not understood: {one_line(error)[:120]}", place=place, remedy=PUBLISHER_MUST_FIX
        ) from None
    if not (isinstance(revision, str) and re.fullmatch(r"[0-9a-f]{7,64}", revision)):
        raise SourceError(
            _ID,
            f"sha {str(revision)[:40]!r} is no revision",
            place=place,
            remedy=PUBLISHER_MUST_FIX,
        )
    if not (isinstance(hub_id, str) and is_hub_name(hub_id)):
        raise SourceError(
            _ID, f"id {str(hub_id)[:40]!r} is no model", place=place, remedy=PUBLISHER_MUST_FIX
        )
    modules = sorted(name for name in names if _MODULE.fullmatch(name))
    return ModelInfo(
        model=model,
        hub_id=hub_id,
        revision=revision,
        documents=tuple(n for n in (CARD, *CONFIGS, *modules[:_MOST_MODULES]) if n in names),
        licence=next(iter(_tagged(tags, "license:")), None),
        base_models=tuple(n for n in _tagged(tags, "base_model:") if ":" not in n),
        papers=find_ids(" ".join(tag for tag in tags if tag.startswith("arxiv:"))),
        base_kinds=tuple(_base_kinds(tags)),
    )


def _base_kinds(tags: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The second tag that the Hub writes for each base, such as base_model:quantized:org/name."""
    for tagged in _tagged(tags, "base_model:"):
        kind, separator, base = tagged.partition(":")
        if separator and base:
            yield base, kind


def _tagged(tags: Iterable[str], prefix: str) -> list[str]:
    return [tag.removeprefix(prefix) for tag in tags if tag.startswith(prefix)]


def parse_card(place: str, body: bytes) -> Card:
    """A card from its bytes; what cannot be read becomes a finding, and the rest is read.

    Raises:
        SourceError: Not text, or front matter larger than a card needs.
    """
    text, undecodable = decode(_ID, place, body)
    front = read_front_matter(_ID, place, text)
    return Card(front.values, front.body, (*undecodable, *front.findings))


def parse_config(place: str, body: bytes) -> dict[str, Any] | list[Any]:
    """A configuration file.

    Raises:
        SourceError: It is no JSON object or array.
    """
    try:
        value = orjson.loads(body.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise SourceError(
            _ID, f"not JSON: {one_line(error)[:120]}", place=place, remedy=PUBLISHER_MUST_FIX
        ) from None
    if not isinstance(value, dict | list):
        raise SourceError(
            _ID, "neither an object nor an array", place=place, remedy=PUBLISHER_MUST_FIX
        )
    return value
