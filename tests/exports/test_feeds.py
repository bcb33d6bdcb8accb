"""Feeds: valid whatever names hold, with ids that outlive a build."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tracker.exports.feeds import Entry, Feed, atom, json_feed, stable_id

ATOM = "{http://www.w3.org/2005/Atom}"
moments = st.datetimes().map(lambda its: its.strftime("%Y-%m-%dT%H:%M:%SZ").zfill(20))
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
entries = st.builds(Entry, about=words, at=moments, title=words, text=words, link=st.just("../x/"))
feeds = st.builds(
    Feed,
    about=words,
    language=st.sampled_from(["en", "zh"]),
    title=words,
    link=st.just("https://tracker.example/"),
    entries=st.lists(entries, max_size=6, unique_by=lambda its: its.about).map(tuple),
)

ONE = Feed(
    "en", "en", "All <changes>", "https://tracker.example/changes/",
    (
        Entry("a", "2026-06-01T00:00:00Z", "A & B", "1 < 2", "https://tracker.example/boards/x/"),
        Entry("b", "2026-08-20T12:30:00Z", "newer", "text", "../models/y/"),
    ),
)  # fmt: skip


def test_atom_is_exactly_this() -> None:
    assert atom(ONE).decode() == (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">\n'
        f"<id>{stable_id('en')}</id>\n"
        "<title>All &lt;changes&gt;</title>\n"
        "<updated>2026-08-20T12:30:00Z</updated>\n"
        "<author><name>Embedding Tracker</name></author>\n"
        '<link href="https://tracker.example/changes/"/>\n'
        "<entry>\n"
        f"<id>{stable_id('b')}</id>\n"
        "<title>newer</title>\n"
        "<updated>2026-08-20T12:30:00Z</updated>\n"
        '<link href="../models/y/"/>\n'
        "<content>text</content>\n"
        "</entry>\n"
        "<entry>\n"
        f"<id>{stable_id('a')}</id>\n"
        "<title>A &amp; B</title>\n"
        "<updated>2026-06-01T00:00:00Z</updated>\n"
        '<link href="https://tracker.example/boards/x/"/>\n'
        "<content>1 &lt; 2</content>\n"
        "</entry>\n"
        "</feed>\n"
    )


def test_an_id_never_changes() -> None:
    assert stable_id("en/series/c-mteb") == "urn:uuid:9bba7a4b-69ba-5302-b524-b543d2c1197f"


def test_json_leaves_out_links_that_are_not_whole() -> None:
    document = json.loads(json_feed(ONE))
    assert document["home_page_url"] == "https://tracker.example/changes/"
    assert [its.get("url") for its in document["items"]] == [
        None,
        "https://tracker.example/boards/x/",
    ]


@given(feeds)
def test_whatever_names_hold_the_feed_is_valid_and_says_it(feed: Feed) -> None:
    root = etree.fromstring(atom(feed))
    newest = sorted(feed.entries, key=lambda its: its.at, reverse=True)
    found = root.findall(f"{ATOM}entry")
    assert [its.findtext(f"{ATOM}updated") for its in found] == [its.at for its in newest]
    for its, entry in zip(found, newest, strict=True):
        kept = "".join(
            c for c in entry.title if c in "\t\n" or (c >= " " and c not in "\ufffe\uffff")
        )
        assert (its.findtext(f"{ATOM}title") or "") == kept
    document = json.loads(json_feed(feed))
    assert [its["title"] for its in document["items"]] == [its.title for its in newest]
    ids = [its.findtext(f"{ATOM}id") for its in found]
    assert ids == [its["id"] for its in document["items"]]
    assert len(set(ids)) == len(ids)


@given(feeds, words)
def test_an_id_follows_from_the_subject_alone(feed: Feed, title: str) -> None:
    other = replace(feed, entries=tuple(replace(its, title=title) for its in feed.entries))
    first, second = (
        sorted(its["id"] for its in json.loads(json_feed(one))["items"]) for one in (feed, other)
    )
    assert first == second
