"""Write feeds as Atom (RFC 4287) and JSON Feed 1.1, with the same entries and ids."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5
from xml.sax.saxutils import escape, quoteattr

import orjson

_NAMESPACE = UUID("5d0c3c43-6f0e-5a39-9a53-0d1f6b6ef0a5")
"""Never changes: ids are derived from it and from the subject of an entry."""

_NOT_XML = re.compile(r"[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a feed."""

    about: str
    """Unique subject, the same in every build; the id is derived from it."""
    at: str
    """UTC moment, ``YYYY-MM-DDTHH:MM:SSZ``."""
    title: str
    text: str
    link: str
    """Address of the page about it; relative to the feed if the site has no address."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed about one subject in one language."""

    about: str
    language: str
    title: str
    link: str
    entries: tuple[Entry, ...]


def stable_id(about: str) -> str:
    """Return the id of a subject, the same in every build and at every address of the site."""
    return f"urn:uuid:{uuid5(_NAMESPACE, about)}"


def _newest(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda entry: entry.at, reverse=True))


def _text(text: str) -> str:
    """Escape a text for XML, without characters that XML does not allow."""
    return escape(_NOT_XML.sub("", text))


def atom(feed: Feed) -> bytes:
    """Return a feed as Atom; its date is that of its newest entry, not of the build."""
    entries = _newest(feed.entries)
    updated = entries[0].at if entries else "1970-01-01T00:00:00Z"
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={quoteattr(feed.language)}>',
        f"<id>{stable_id(feed.about)}</id>",
        f"<title>{_text(feed.title)}</title>",
        f"<updated>{updated}</updated>",
        "<author><name>Embedding Tracker</name></author>",
        f"<link href={quoteattr(feed.link)}/>",
    ]
    for entry in entries:
        lines += [
            "<entry>",
            f"<id>{stable_id(entry.about)}</id>",
            f"<title>{_text(entry.title)}</title>",
            f"<updated>{entry.at}</updated>",
            f"<link href={quoteattr(entry.link)}/>",
            f"<content>{_text(entry.text)}</content>",
            "</entry>",
        ]
    return "\n".join([*lines, "</feed>\n"]).encode("utf-8")


def json_feed(feed: Feed) -> bytes:
    """Return a feed as JSON Feed, which allows absolute links only; others are left out."""
    items = [
        {
            "id": stable_id(entry.about),
            "title": entry.title,
            "content_text": entry.text,
            "date_published": entry.at,
        }
        | _url("url", entry.link)
        for entry in _newest(feed.entries)
    ]
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "language": feed.language,
        "authors": [{"name": "Embedding Tracker"}],
        "items": items,
    } | _url("home_page_url", feed.link)
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _url(key: str, link: str) -> dict[str, str]:
    return {key: link} if link.startswith(("https://", "http://")) else {}
