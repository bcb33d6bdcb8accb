"""Judge statements about models themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta

from tracker.common.text import bare_name
from tracker.factcheck.claims import Claim
from tracker.factcheck.dates import Period, stated_dates
from tracker.factcheck.judgement import Judgement, not_checkable
from tracker.factcheck.makers import read_makers
from tracker.factcheck.model_facts import ModelRecord, read_record
from tracker.factcheck.vocabulary import (
    EXCLUSIVE,
    POOLINGS,
    TECHNIQUE_PROPERTIES,
    TECHNIQUES,
    licence_slug,
)
from tracker.insights.methods.datasets import read_datasets
from tracker.insights.methods.papers import read_papers
from tracker.insights.models.names import read_names
from tracker.insights.models.organisations import read_publishers
from tracker.insights.reader import Reader

_ORDER = ("true", "near", "false", "not_checkable")
_DAYS_NEAR = 3
"""Days by which a release may be announced earlier or later than its source says."""
MOST_MODELS = 6
"""Members of a family that are tried."""


def judge_model(reader: Reader, claim: Claim) -> Judgement:
    """Judge a statement about a model; of a family any member may be meant.

    Of several members a statement is false only if it is false of all. Among members of which it
    is equally true the one released first is named: a name without a number came first.
    """
    assert claim.model is not None
    judge = _JUDGES[claim.kind]
    records = [read_record(reader, model) for model in claim.model.models[:MOST_MODELS]]
    if len(records) > 1:
        records.sort(key=lambda record: min(record.values("release_date"), default="9999"))
    found = [judge(reader, claim, record) for record in records]
    best = min(found, key=lambda judgement: _ORDER.index(judgement.verdict))
    if len(found) == 1:
        return best
    if best.verdict == "false" and any(j.verdict == "not_checkable" for j in found):
        return not_checkable(f"{claim.model.name} may mean several models", model=best.model)
    names = ", ".join(str(judgement.model) for judgement in found)
    return Judgement(
        best.verdict,
        f"{best.reason} (of {len(found)} models that may be meant: {names})",
        best.actual,
        (),
        best.link,
        best.model,
    )


def _of(record: ModelRecord, verdict: str, reason: str, value: object, link: str | None,
        replacement: str | None = None) -> Judgement:  # fmt: skip
    actual = value if isinstance(value, int | float | str) else None
    return Judgement(verdict, reason, actual, (), link, record.name, None, replacement)


def _nothing(record: ModelRecord, what: str) -> Judgement:
    return not_checkable(f"no {what} of {record.name} is documented", model=record.name)


_NUMBERS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "size": (("parameters", "active_parameters"), "number of parameters"),
    "dimensions": (("embedding_dimensions",), "number of dimensions"),
    "context": (("max_tokens",), "context length"),
}


def _number(reader: Reader, claim: Claim, record: ModelRecord) -> Judgement:
    """Size, dimensions or context length, against every source."""
    properties, what = _NUMBERS[claim.kind]
    known = {
        float(value): link
        for value, link in record.values(*properties).items()
        if re.fullmatch(r"\d+(?:\.\d+)?", value)
    }
    if not known:
        return _nothing(record, what)
    claimed = float(claim.value)
    best, verdict = next(iter(known)), "false"
    for value in known:
        closeness = _closeness(claim, claimed, value)
        if closeness == "true" or (closeness == "near" and verdict == "false"):
            best, verdict = value, closeness
        if closeness == "true":
            break
    shown = _shown(claim.kind, best)
    return _of(record, verdict, f"{what} of {record.name}: {shown}", int(best), known[best], shown)


def _closeness(claim: Claim, claimed: float, actual: float) -> str:
    if claimed == actual:
        return "true"
    if claim.kind == "context":
        # 32k is 32,768 as well as 32,000.
        fits = claimed % 1000 == 0 and actual in (claimed / 1000 * 1024, claimed)
        return "true" if fits else "near" if abs(actual - claimed) <= 0.03 * actual else "false"
    if claim.kind == "size":
        return _size_closeness(claimed, actual, claim.scale, claim.digits)
    return "false"


def _size_closeness(claimed: float, actual: float, scale: float, digits: int) -> str:
    """A size within one percent is right; sizes are often rounded, or cut to whole billions."""
    if abs(actual - claimed) <= 0.01 * actual:
        return "true"
    gap = abs(actual - claimed)
    is_whole = digits == 0 and claimed >= 1e9 and gap < 1e9 and actual >= 2e9
    is_rounded = gap <= 0.501 * scale / 10**digits and gap <= 0.1 * actual
    return "near" if is_whole or is_rounded or gap <= 0.035 * actual else "false"


def _shown(kind: str, value: float) -> str:
    if kind != "size":
        return str(int(value))
    return f"{value / 1e9:.2f}B" if value >= 1e9 else f"{value / 1e6:.0f}M"


_NO_LICENCE = re.compile(r"https?:|not specified|multiple|other|custom|proprietary", re.IGNORECASE)


def _licence(reader: Reader, claim: Claim, record: ModelRecord) -> Judgement:
    known = record.values("licence")
    claimed = licence_slug(str(claim.value))
    for value, link in known.items():
        slug = value.casefold()
        if slug == claimed or (slug.startswith(claimed + "-") and claimed.startswith("cc-by")):
            exact = slug == claimed or re.fullmatch(re.escape(claimed) + r"-\d\.\d", slug)
            return _of(record, "true" if exact else "near", f"licence {value}", value, link)
    clear = {value: link for value, link in known.items() if not _NO_LICENCE.search(value)}
    closed = [v for v in known if re.search(r"non-commercial|proprietary", v, re.IGNORECASE)]
    if not clear and not closed:
        return _nothing(record, "licence")
    value = next(iter(clear or {v: known[v] for v in closed}))
    return _of(record, "false", f"licence of {record.name}: {value}", value, known[value], value)


def _release(reader: Reader, claim: Claim, record: ModelRecord) -> Judgement:
    known = record.values("released", "release_date")
    if not known or claim.period is None:
        return _nothing(record, "release date")
    first = next(iter(known))
    for value, link in known.items():
        released = _period(value)
        if released and released.first <= claim.period.last and claim.period.first <= released.last:
            return _of(record, "true", f"released {value}", value, link)
        if released and _days_between(released, claim.period) <= _DAYS_NEAR:
            return _of(record, "near", f"released {value}", value, link, value)
    return _of(record, "false", f"{record.name} was released {first}", first, known[first], first)


def _period(value: str) -> Period | None:
    text = f"in {value}" if re.fullmatch(r"\d{4}", value) else value
    return next((found.period for found in stated_dates(text)), None)


def _days_between(one: Period, other: Period) -> int:
    gaps = (
        date.fromisoformat(one.first) - date.fromisoformat(other.last),
        date.fromisoformat(other.first) - date.fromisoformat(one.last),
    )
    return max(gaps, default=timedelta()).days


def _pooling(reader: Reader, claim: Claim, record: ModelRecord) -> Judgement:
    known = record.values("pooling")
    if not known:
        return _nothing(record, "pooling")
    written = str(claim.value)
    slugs = next(
        (slugs for words, slugs in POOLINGS if re.fullmatch(words, written, re.IGNORECASE)),
        frozenset[str](),
    )
    value = next((value for value in known if value in slugs), next(iter(known)))
    verdict = "true" if value in slugs else "false"
    return _of(record, verdict, f"pooling of {record.name}: {value}", value, known[value])


def _technique(reader: Reader, claim: Claim, record: ModelRecord) -> Judgement:
    written = str(claim.value)
    slugs: frozenset[str] = next(
        (slugs for words, slugs in TECHNIQUES if re.fullmatch(words, written, re.IGNORECASE)),
        frozenset(),
    )
    known = record.values(*TECHNIQUE_PROPERTIES)
    for value, link in known.items():
        if value in slugs:
            return _of(record, "true", f"{record.name}: {value}", value, link)
    for prop, values in EXCLUSIVE.items():
        own = record.values(prop)
        others = [value for value in own if value in values]
        if slugs <= values and others:
            return _of(record, "false", f"{prop}: {others[0]}", others[0], own[others[0]])
    return not_checkable(
        f"nothing documents that {record.name} does or does not use {written}", model=record.name
    )


def _words(name: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[^a-z0-9.]+", name.casefold()) if part)


def _includes(actual: str, claimed: str) -> str:
    """Whether a claimed base is the actual one: ``true``, ``near`` (the same line), ``false``."""
    own, said = _words(actual.rpartition("/")[2] or actual), _words(claimed.rpartition("/")[2])
    own = own + tuple(_words(actual))
    if said == ("xlm", "r"):
        said = ("xlm", "roberta")
    if all(any(_same_word(word, other) for other in own) for word in said):
        return "true"
    joined = "".join(said)
    if joined and joined in bare_name(actual) and not joined[-1].isdigit():
        return "true"
    last = _words(actual.rpartition("/")[2])
    return "near" if last and set(last) <= set(said) else "false"


def _same_word(said: str, own: str) -> bool:
    return said == own or (
        said.isalpha() and re.fullmatch(re.escape(said) + r"[\d.]+", own) is not None
    )


def _bases(reader: Reader, record: ModelRecord, depth: int = 3) -> Iterator[tuple[str, str, int]]:
    """Base models of a model, and theirs: name, address of the receipt, and steps."""
    ids = {row.name.casefold(): model for model, row in read_names(reader).items()}
    queue, seen = [(record, 1)], {record.name}
    while queue:
        one, step = queue.pop(0)
        for value, link in one.values("base_model").items():
            yield value, link, step
            model = ids.get(value.casefold())
            if model is not None and step < depth and value not in seen:
                seen.add(value)
                queue.append((read_record(reader, model), step + 1))


def _base(reader: Reader, claim: Claim, record: ModelRecord) -> Judgement:
    claimed = str(claim.value)
    known = list(_bases(reader, record))
    if not known:
        return _nothing(record, "base model")
    for verdict in ("true", "near"):
        for value, link, step in known:
            if _includes(value, claimed) == verdict:
                way = "" if step == 1 else " by way of " + known[0][0]
                return _of(
                    record, verdict, f"base model of {record.name}: {value}{way}", value, link
                )
    value, link, _ = known[0]
    return _of(record, "false", f"base model of {record.name}: {value}", value, link)


def _training_data(reader: Reader, claim: Claim, record: ModelRecord) -> Judgement:
    claimed = bare_name(str(claim.value))
    same = {claimed}
    for dataset in read_datasets(reader):
        names = {bare_name(name) for name in (dataset.name, *dataset.aliases, *dataset.tasks)}
        if claimed in names:
            same |= names
    for value, link in record.values("training_data").items():
        if bare_name(value) in same or bare_name(value).removesuffix("retrieval") in same:
            return _of(record, "true", f"{record.name} was trained on {value}", value, link)
    return not_checkable(
        f"nothing documents that {record.name} was or was not trained on {claim.value}",
        model=record.name,
    )


_DESCRIBES = re.compile(r"^describes (?:the|this) (?:model|family)|\breport of the model")
"""Roles of papers that are about the model itself."""


def _paper(reader: Reader, claim: Claim, record: ModelRecord) -> Judgement:
    papers = {paper.arxiv_id: paper for paper in record.papers}
    titles = {bare_name(p.title): p for p in record.papers if p.title}
    written = str(claim.value)
    by_title = bare_name(claim.title) if claim.title else None
    paper = papers.get(written) or titles.get(bare_name(written))
    described = [p for p in record.papers if p.role is not None and _DESCRIBES.search(p.role.en)]
    if paper is not None and described and paper not in described:
        own = described[0]
        reason = f"linked, but {record.name} is described in arXiv:{own.arxiv_id} {own.title or ''}"
        return _of(record, "near", reason.strip(), own.arxiv_id, own.url)
    if paper is not None:
        right = paper.title is None or by_title in (None, bare_name(paper.title))
        reason = f"arXiv:{paper.arxiv_id} {paper.title or ''}".strip()
        return _of(record, "true" if right else "false", reason, paper.arxiv_id, paper.url)
    is_other = any(
        written == other.arxiv_id or bare_name(written) == bare_name(other.title or "")
        for other in read_papers(reader)
    )
    if not papers or not is_other:
        return _nothing(record, f"paper called {written!r}")
    own = (described or list(record.papers))[0]
    reason = f"{record.name} is described in arXiv:{own.arxiv_id} {own.title or ''}".strip()
    return _of(record, "false", reason, own.arxiv_id, own.url, own.arxiv_id)


def judge_title(reader: Reader, claim: Claim) -> Judgement:
    """Judge the title that a text gives for an arXiv id."""
    paper = next((p for p in read_papers(reader) if p.arxiv_id == claim.value), None)
    if paper is None or paper.title is None or claim.title is None:
        return not_checkable(f"no title of arXiv:{claim.value} is known")
    right = bare_name(paper.title) == bare_name(claim.title)
    verdict = "true" if right else "false"
    return Judgement(verdict, f"arXiv:{claim.value} {paper.title}", paper.title, (), paper.url)


def _organisation(reader: Reader, claim: Claim, record: ModelRecord) -> Judgement:
    makers, publishers = read_makers(reader), read_publishers(reader)
    said = makers.slug(str(claim.value))
    own = next((found for name in record.names if (found := publishers.of(name))), None)
    account = record.name.partition("/")[0]
    if said is None or own is None:
        return not_checkable(f"{record.name} was published by {account}", model=record.name)
    # A company stands for its laboratories, and a laboratory for its company.
    if said in makers.above(own.slug) or own.slug in makers.above(said):
        return _of(record, "true", f"published by {account}", account, record.page)
    maker = publishers.names[makers.above(own.slug)[-1]].en
    who = account if bare_name(account) == bare_name(maker) else f"{account} ({maker})"
    reason = f"{record.name} was published by {who}"
    return _of(record, "false", reason, account, record.page, maker)


_JUDGES: Mapping[str, Callable[[Reader, Claim, ModelRecord], Judgement]] = {
    "size": _number,
    "dimensions": _number,
    "context": _number,
    "licence": _licence,
    "release_date": _release,
    "pooling": _pooling,
    "technique": _technique,
    "base_model": _base,
    "training_data": _training_data,
    "paper": _paper,
    "organisation": _organisation,
}
