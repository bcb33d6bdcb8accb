"""Feeds: changes of all boards, of each series, model and organisation; users of techniques."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from tracker.answers.common import Bilingual
from tracker.answers.history import Change
from tracker.answers.methods import Technique
from tracker.common.text import slugify
from tracker.exports.feeds import Entry, Feed
from tracker.pages.contexts import SeriesChanges
from tracker.pages.language.filters import MISSING, day, path, plain, score
from tracker.pages.language.texts import Texts, load_texts

Link = Callable[[str, str], str]
"""Gives the address of a page, from the path of a feed and the path of the page."""

ALL = "changes/feed"
"""Path of the feed of all boards, without language and file extension."""

_DAY = len("2026-01-01")
_WORDS = {
    "appeared": ("feed.appeared_unranked", "feed.appeared_rank", "feed.appeared"),
    "left": ("feed.left_unranked", "feed.left_rank", "feed.left"),
    "moved": ("feed.moved",),
    "value_changed": ("feed.other_values", "feed.value_changed"),
}
"""Word keys by kind of change, from the least known about a change to everything known."""


def series_stem(series: str) -> str:
    """Return the path of a series' feed, without language and file extension."""
    return f"changes/{series}.feed"


def news(changes: SeriesChanges) -> tuple[Change, ...]:
    """Return the changes that belong in a feed; moves below the upper ranks do not."""
    return (*changes.appeared, *changes.left, *changes.value_changed, *changes.moved)


def organisation_stem(organisation: Bilingual) -> str:
    """Return the path of an organisation's feed, without language and file extension."""
    return f"models/{slugify(organisation.en)}.feed"


def technique_stem(slug: str) -> str:
    """Return the path of a technique's feed, without language and file extension."""
    return f"methods/techniques/{slug}/feed"


def announcements(
    boards: Iterable[tuple[str, str]],
    changes: Sequence[SeriesChanges],
    techniques: Iterable[Technique] = (),
) -> dict[str, str]:
    """Return the feed that each page announces, by page path.

    Args:
        boards: Paths of board pages with their series.
        changes: Changes of every series.
        techniques: All techniques; those with a dated model have a feed.
    """
    with_changes = {group.series for group in changes}
    found = {"": ALL, "changes/": ALL}
    found |= {page: series_stem(series) for page, series in boards if series in with_changes}
    found |= {
        f"methods/techniques/{used.term.slug}/": technique_stem(used.term.slug)
        for used in techniques
        if used.first_seen
    }
    slugs = (change.slug for group in changes for change in news(group))
    return found | {f"models/{slug}/": f"models/{slug}/feed" for slug in slugs}


def feeds(
    language: str,
    changes: Sequence[SeriesChanges],
    base_url: str | None,
    publishers: Mapping[str, Bilingual] = MappingProxyType({}),
) -> Iterator[tuple[str, Feed]]:
    """Yield all feeds of changes in one language, each after its path without extension.

    Args:
        language: ``en`` or ``zh``.
        changes: Changes of every series, as shown on its page.
        base_url: Address of the site; without it, links are relative to the feed.
        publishers: Name of the organisation by model; models without one have no such feed.
    """
    texts = load_texts(language)
    link = _links(language, base_url)
    summaries = tuple(
        Entry(
            f"{language}/series/{group.series}/{group.at}",
            group.at,
            texts.plain("feed.series", series=_title(group.title, texts), day=day(group.at)),
            _summary(group, texts),
            link(ALL, group.board_path),
        )
        for group in changes
    )
    yield ALL, Feed(language, language, texts.plain("feed.all"), link(ALL, "changes/"), summaries)
    yield from _series_feeds(changes, texts, link)
    yield from _model_feeds(changes, texts, link)
    yield from _organisation_feeds(changes, publishers, texts, link)


def technique_feeds(
    language: str, technique: Technique, base_url: str | None
) -> Iterator[tuple[str, Feed]]:
    """Yield the feed of a technique in one language: the models that use it, by release."""
    texts = load_texts(language)
    link = _links(language, base_url)
    stem, name = technique_stem(technique.term.slug), _title(technique.term.label, texts)
    entries = tuple(
        Entry(
            f"{language}/techniques/{technique.term.slug}/{use.model}",
            f"{use.released}T00:00:00Z",
            words := texts.plain("feed.uses", model=plain(use.model), technique=name),
            words,
            link(stem, f"models/{use.slug}/"),
        )
        for use in technique.uses
        if use.released and len(use.released) == _DAY
    )
    if technique.first_seen:
        about, title = (
            f"{language}/techniques/{technique.term.slug}",
            texts.plain("feed.one", subject=name),
        )
        page = f"methods/techniques/{technique.term.slug}/"
        yield stem, Feed(about, language, title, link(stem, page), entries)


def _links(language: str, base_url: str | None) -> Link:
    """Return a function that gives the address of a page for the feed at a path."""
    root = base_url.rstrip("/") + "/" if base_url else None
    folder = "" if language == "en" else f"{language}/"
    return lambda stem, page: f"{root or '../' * stem.count('/')}{folder}{path(page)}"


def _series_feeds(
    changes: Sequence[SeriesChanges], texts: Texts, link: Link
) -> Iterator[tuple[str, Feed]]:
    for group in changes:
        stem, title = series_stem(group.series), _title(group.title, texts)
        entries = (
            _entry(change, title, texts, link(stem, f"models/{change.slug}/"))
            for change in news(group)
        )
        about, name = f"{texts.language}/{group.series}", texts.plain("feed.one", subject=title)
        yield stem, Feed(about, texts.language, name, link(stem, group.board_path), tuple(entries))


def _model_feeds(
    changes: Sequence[SeriesChanges], texts: Texts, link: Link
) -> Iterator[tuple[str, Feed]]:
    titles = {group.series: _title(group.title, texts) for group in changes}
    by_model: dict[str, list[Change]] = defaultdict(list)
    for group in changes:
        for change in news(group):
            by_model[change.slug].append(change)
    for slug, model_changes in by_model.items():
        stem, page = f"models/{slug}/feed", f"models/{slug}/"
        entries = (
            _entry(change, titles[change.series], texts, link(stem, page))
            for change in model_changes
        )
        name = texts.plain("feed.one", subject=plain(model_changes[0].model))
        about = f"{texts.language}/models/{slug}"
        yield stem, Feed(about, texts.language, name, link(stem, page), tuple(entries))


def _organisation_feeds(
    changes: Sequence[SeriesChanges], publishers: Mapping[str, Bilingual], texts: Texts, link: Link
) -> Iterator[tuple[str, Feed]]:
    titles = {group.series: _title(group.title, texts) for group in changes}
    by_stem: dict[str, list[Change]] = defaultdict(list)
    for group in changes:
        for change in news(group):
            if change.model in publishers:
                by_stem[organisation_stem(publishers[change.model])].append(change)
    for stem, own in sorted(by_stem.items()):
        entries = (
            _entry(change, titles[change.series], texts, link(stem, f"models/{change.slug}/"))
            for change in own
        )
        name = texts.plain("feed.one", subject=_title(publishers[own[0].model], texts))
        about = f"{texts.language}/{stem}"
        yield stem, Feed(about, texts.language, name, link(stem, "models/"), tuple(entries))


def _title(text: Bilingual, texts: Texts) -> str:
    return plain(texts.say(text))


def _summary(changes: SeriesChanges, texts: Texts) -> str:
    numbers = texts.plain(
        "changes.summary",
        appeared=len(changes.appeared),
        left=len(changes.left),
        changed=len(changes.value_changed),
        moved=changes.n_moved,
    )
    first = texts.plain("word.comma").join(plain(change.model) for change in changes.appeared[:5])
    return f"{numbers} · {first}" if first else numbers


def _entry(change: Change, series: str, texts: Texts, link: str) -> Entry:
    """Return the feed entry of a change.

    Its id consists of board, moment, kind and model, so that it survives a rebuilt catalog.
    """
    words = texts.plain(
        _words(change),
        model=plain(change.model),
        board=series,
        from_rank=change.from_rank or MISSING,
        to_rank=change.to_rank or MISSING,
        from_value=score(change.from_value),
        to_value=score(change.to_value),
    )
    about = "/".join((texts.language, change.edition, change.at, change.kind, change.model))
    seen = texts.plain("feed.seen", day=day(change.at))
    return Entry(about, change.at, words, f"{words} {seen}", link)


def _words(change: Change) -> str:
    """Return the word key that matches what is known about a change."""
    rank, value = (
        (change.from_rank, change.from_value)
        if change.kind == "left"
        else (change.to_rank, change.to_value)
    )
    known = {
        "moved": 0,
        "value_changed": score(change.from_value) != score(change.to_value),
    }.get(change.kind, (rank is not None) + (rank is not None and value is not None))
    return _WORDS[change.kind][int(known)]
