"""News as Atom (RFC 4287) and as JSON Feed 1.1: the same entries, the same ids."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5
from xml.sax.saxutils import escape, quoteattr

import orjson

_NAMESPACE = UUID("5d0c3c43-6f0e-5a39-9a53-0d1f6b6ef0a5")
"""Fixed for ever: ids follow from it and from what an entry is about."""

_NOT_XML = re.compile(r"[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One piece of news."""

    about: str
    """What makes it this one and no other, the same in every build; its id follows from it."""
    at: str
    """UTC moment, ``YYYY-MM-DDTHH:MM:SSZ``."""
    title: str
    text: str
    link: str
    """Address of the page that tells more; relative to the feed where the site has no address."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A list of news about one subject in one language."""

    about: str
    language: str
    title: str
    link: str
    entries: tuple[Entry, ...]


def stable_id(about: str) -> str:
    """The id of a subject: the same in every build and at every address of the site."""
    return f"urn:uuid:{uuid5(_NAMESPACE, about)}"


def _newest(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda its: its.at, reverse=True))


def _text(text: str) -> str:
    """Text for XML: markup escaped, what XML cannot hold left out."""
    return escape(_NOT_XML.sub("", text))


def atom(feed: Feed) -> bytes:
    """The feed as Atom; its date is that of its newest entry, not that of the build."""
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
    """The feed as JSON; links are left out where they are not whole addresses, as it demands."""
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
