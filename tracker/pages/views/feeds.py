"""From changes to feeds: of all boards, of each series, and of each model with changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from tracker.answers.common import Bilingual
from tracker.answers.history import Change
from tracker.exports.feeds import Entry, Feed
from tracker.pages.contexts import SeriesChanges
from tracker.pages.language.filters import MISSING, day, path, plain, score
from tracker.pages.language.texts import Texts, load_texts

ALL = "changes/feed"
"""Where the feed of all boards is, without language and ending."""

_WORDS = {
    "appeared": ("feed.appeared_unranked", "feed.appeared_rank", "feed.appeared"),
    "left": ("feed.left_unranked", "feed.left_rank", "feed.left"),
    "moved": ("feed.moved",),
    "value_changed": ("feed.other_values", "feed.value_changed"),
}
"""Words by kind of change; the last ones tell all, the ones before where something is missing."""


def series_stem(series: str) -> str:
    """Where the feed of a series is, without language and ending."""
    return f"changes/{series}.feed"


def news(changes: SeriesChanges) -> tuple[Change, ...]:
    """The changes worth telling: a lower rank that follows from a newcomer above is none."""
    return (*changes.appeared, *changes.left, *changes.value_changed, *changes.moved)


def announcements(
    boards: Iterable[tuple[str, str]], changes: Sequence[SeriesChanges]
) -> dict[str, str]:
    """Which feed a page announces, by the page's path; ``boards`` are pages with their series."""
    series = {its.series for its in changes}
    found = {"": ALL, "changes/": ALL}
    found |= {page: series_stem(its) for page, its in boards if its in series}
    found |= {
        f"models/{its.slug}/": f"models/{its.slug}/feed" for one in changes for its in news(one)
    }
    return found


def feeds(
    language: str,
    changes: Sequence[SeriesChanges],
    base_url: str | None,
) -> Iterator[tuple[str, Feed]]:
    """All feeds in one language with their stems.

    Args:
        language: ``en`` or ``zh``.
        changes: The changes of every series as its page shows them.
        base_url: Address of the site, without which links are relative to the feed.
    """
    texts = load_texts(language)
    titles = {its.series: its.title for its in changes}
    root = base_url.rstrip("/") + "/" if base_url else None
    tongue = "" if language == "en" else f"{language}/"

    def link(stem: str, page: str) -> str:
        return f"{root or '../' * stem.count('/')}{tongue}{path(page)}"

    summaries = tuple(
        Entry(
            f"{language}/series/{its.series}/{its.at}",
            its.at,
            texts.plain("feed.series", series=_say(its.title, texts), day=day(its.at)),
            _summary(its, texts),
            link(ALL, its.board_path),
        )
        for its in changes
    )
    yield ALL, Feed(language, language, texts.plain("feed.all"), link(ALL, "changes/"), summaries)
    for its in changes:
        stem = series_stem(its.series)
        title = _say(its.title, texts)
        yield (
            stem,
            Feed(
                f"{language}/{its.series}",
                language,
                texts.plain("feed.one", subject=title),
                link(stem, its.board_path),
                tuple(
                    _entry(change, title, texts, link(stem, f"models/{change.slug}/"))
                    for change in news(its)
                ),
            ),
        )
    by_model: dict[str, list[Change]] = defaultdict(list)
    for its in changes:
        for change in news(its):
            by_model[change.slug].append(change)
    for slug, its_changes in by_model.items():
        stem, page = f"models/{slug}/feed", f"models/{slug}/"
        entries = (
            _entry(its, _say(titles[its.series], texts), texts, link(stem, page))
            for its in its_changes
        )
        subject = plain(its_changes[0].model)
        title = texts.plain("feed.one", subject=subject)
        about = f"{language}/models/{slug}"
        yield stem, Feed(about, language, title, link(stem, page), tuple(entries))


def _say(text: Bilingual, texts: Texts) -> str:
    return plain(text.zh if texts.language == "zh" else text.en)


def _summary(its: SeriesChanges, texts: Texts) -> str:
    numbers = texts.plain(
        "changes.summary",
        appeared=len(its.appeared),
        left=len(its.left),
        changed=len(its.value_changed),
        moved=its.n_moved,
    )
    first = texts.plain("word.comma").join(plain(change.model) for change in its.appeared[:5])
    return f"{numbers} · {first}" if first else numbers


def _entry(change: Change, series: str, texts: Texts, link: str) -> Entry:
    """A change as news; its id names board, moment, kind and model, never a number."""
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
    """The words that fit what is known of a change."""
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
