"""A site in which everything has a hostile name: nothing executes, leaves its folder or breaks."""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from lxml import etree, html

from tests.support.hostile_world import MARK, TEXTS

KINDS = {
    "owner", "model", "board", "task", "type", "language", "taskset", "term", "dataset", "org",
    "paper",
}  # fmt: skip
"""Kinds of names that pages show."""
ADDRESSES = "//@href | //@src | //@action | //@formaction | //@data | //@poster | //@xlink:href"
XLINK = {"xlink": "http://www.w3.org/1999/xlink"}
SAFE = re.compile(r"[\w.-]+")


def files(root: Path, *endings: str) -> Iterator[Path]:
    for path in sorted(root.rglob("*")):
        if path.suffix in endings and path.is_file():
            yield path


def harmful(text: str) -> list[str]:
    """Characters that turn text around, that a terminal obeys, or that XML cannot hold."""
    return re.findall(
        r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe]", text
    )


def test_no_page_has_a_script_or_an_address_of_a_name(hostile_site: Path) -> None:
    for page in files(hostile_site, ".html"):
        document = html.document_fromstring(page.read_text("utf-8"))
        scripts = document.xpath("//script[not(@type='application/ld+json')]/text()")
        assert [its for its in scripts if MARK in its or "window.ran" in its] == [], page
        assert document.xpath("//@*[starts-with(name(), 'on')]") == [], page
        assert document.xpath("//img[@onerror] | //iframe | //object | //embed | //base") == [], (
            page
        )
        for address in document.xpath(ADDRESSES, namespaces=XLINK):
            plain = re.sub(r"[\s\x00-\x20]", "", address).casefold()
            assert plain.startswith(("http://", "https://", "mailto:", "data:image/")) or not (
                re.match(r"[a-z][a-z0-9+.-]*:", plain)
            ), (page, address)
        for text in document.xpath("//script[@type='application/ld+json']/text()"):
            json.loads(text)


def test_pages_show_every_name_of_every_kind(hostile_site: Path) -> None:
    shown = defaultdict(set)
    for page in files(hostile_site, ".html", ".json"):
        for kind, number in re.findall(rf"{MARK}([a-z]+)-(\d+)", page.read_text("utf-8")):
            shown[kind].add(int(number))
    every = set(range(len(TEXTS)))
    assert {kind: shown[kind] for kind in KINDS} == dict.fromkeys(KINDS, every)


def test_no_page_holds_a_character_that_turns_text_around(hostile_site: Path) -> None:
    for page in files(hostile_site, ".html", ".md", ".txt", ".svg", ".xml"):
        assert harmful(page.read_text("utf-8")) == [], page


def test_every_file_has_a_harmless_place(hostile_site: Path) -> None:
    assert sorted(path.name for path in hostile_site.parent.iterdir()) == ["site", "work"]
    for path in hostile_site.rglob("*"):
        assert not path.is_symlink()
        for part in path.relative_to(hostile_site).parts:
            assert SAFE.fullmatch(part), path
            assert len(part.encode()) <= 255


def test_feeds_maps_and_drawings_are_well_formed(hostile_site: Path) -> None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    found = list(files(hostile_site, ".xml", ".svg", ".atom"))
    for path in found:
        document = etree.fromstring(path.read_bytes(), parser)
        assert document.xpath("//*[local-name()='script' or local-name()='foreignObject']") == []
        assert document.xpath("//@*[starts-with(local-name(), 'on')]") == [], path
    assert any(path.name == "sitemap.xml" for path in found)
    assert any(b"www.w3.org/2005/Atom" in path.read_bytes() for path in found)


def test_data_files_can_be_read(hostile_site: Path) -> None:
    for path in files(hostile_site, ".json", ".jsonld"):
        json.loads(path.read_bytes())
    for path in files(hostile_site, ".csv"):
        with path.open(encoding="utf-8", newline="") as lines:
            assert len({len(line) for line in csv.reader(lines)}) == 1, path


def test_markdown_holds_no_markup_of_a_name(hostile_site: Path) -> None:
    for path in files(hostile_site, ".md", ".txt"):
        text = re.sub(r"(?s)```.*?```", "", path.read_text("utf-8"))
        assert not re.search(r"(?<!\\)<(script|img|javascript)", text), path
        assert not re.search(r"(?<!\\)\]\(\s*<?javascript:", text), path
