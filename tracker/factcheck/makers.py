"""Organisations that texts name as the makers of models, by their curated entries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracker.answers.organisations import Organisation
from tracker.factcheck.model_patterns import made_by
from tracker.insights.models.organisations import read_organisations, read_publishers
from tracker.insights.reader import Reader, memoised

_FAMILIES = frozenset({
    "360", "arctic-embed", "gigachat", "granite", "gte", "hugging face", "huggingface", "jasper",
    "kalm", "m3e", "minicpm", "mistral", "moka", "mteb", "qwen", "sbert", "seed",
    "sentence transformers", "stella", "vk",
})  # fmt: skip
"""Names of organisations that mean models, or where models are found, in most texts."""


@dataclass(frozen=True)
class Makers:
    """Names of organisations in texts, and what they mean."""

    patterns: tuple[re.Pattern[str], ...]
    """Ways to say who made a model, each with the group ``o`` for the organisation."""
    by_name: Mapping[str, str]
    """Slug by name, as :func:`_plain` writes it."""
    parents: Mapping[str, str | None]
    """By slug."""

    def slug(self, written: str) -> str | None:
        """The organisation that a text names."""
        return self.by_name.get(_plain(written))

    def above(self, slug: str) -> tuple[str, ...]:
        """Slugs of an organisation and of those that it belongs to."""
        found = [slug]
        while (parent := self.parents[found[-1]]) is not None:
            found.append(parent)
        return tuple(found)


@memoised
def read_makers(reader: Reader) -> Makers:
    """Read the names of all organisations that have an entry."""
    by_name: dict[str, str] = {}
    written: set[str] = set()
    for entry in read_organisations(reader):
        for name in _names(entry):
            by_name.setdefault(_plain(name), entry.slug)
            written.add(name)
    # The longest name first: "Alibaba Cloud" before "Alibaba".
    words = "|".join(_words(name) for name in sorted(written, key=lambda name: (-len(name), name)))
    return Makers(made_by(words or "(?!)"), by_name, read_publishers(reader).parents)


def _names(entry: Organisation) -> Iterable[str]:
    names = (entry.name.en, entry.name.zh, *entry.aliases)
    return (name for name in names if name.casefold() not in _FAMILIES)


def _words(name: str) -> str:
    """A name as a pattern: spaces between Chinese and Latin letters may be missing."""
    pattern = re.escape(name).replace(r"\ ", " ?" if re.search("[\u4e00-\u9fff]", name) else " ")
    return pattern if not name[0].isascii() else rf"(?<![\w-]){pattern}"


def _plain(name: str) -> str:
    return re.sub(r"\s", "", name).casefold()
