"""Names of authors: family name, given names, particles, suffixes, and groups.

Sources write ``Aaron van den Oord``, ``van den Oord, Aaron``, ``{Gemini Embedding Team}`` or
``Jianlyu Chen and the M3 Team``. The order of the authors is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

OTHERS = "others"
"""Last author of a list that is not complete, as in BibTeX."""

_MARKS = re.compile(r"[*†‡§¶]+|\$\^?\{?[\d,*]*\}?\$")
_AND = re.compile(r"(?:\s*,)?\s+(?:and|&)\s+", re.IGNORECASE)
_LEADING_AND = re.compile(r"^(?:and|&)\s+", re.IGNORECASE)
_AND_OTHERS = re.compile(r"(?:and\s+)?(?:others|et\.?\s+al\.?)", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:jr|sr)\.?|i{2,3}|iv", re.IGNORECASE)
_PARTICLES = frozenset(
    [
        "von",
        "van",
        "der",
        "den",
        "ter",
        "ten",
        "del",
        "della",
        "di",
        "du",
        "de",
        "dos",
        "da",
        "das",
        "la",
        "le",
        "el",
        "al",
        "bin",
        "ibn",
        "zu",
        "zum",
        "zur",
    ]
)
"""Particles that are also written with a capital letter, as in ``Benjamin Van Durme``."""
_GROUP_WORDS = frozenset(
    [
        "team",
        "group",
        "lab",
        "labs",
        "laboratory",
        "consortium",
        "collaboration",
        "community",
        "initiative",
        "project",
        "foundation",
        "institute",
        "university",
        "center",
        "centre",
        "organization",
        "organisation",
        "corporation",
        "company",
        "contributors",
        "submitters",
        "research",
        "inc",
        "ltd",
        "llc",
    ]
)
_LEADING_GROUP_WORDS = frozenset(
    [
        "the",
        "team",
        "university",
        "institute",
        "department",
        "google",
        "microsoft",
        "nvidia",
        "ibm",
        "alibaba",
        "tencent",
        "baidu",
        "bytedance",
        "huawei",
        "openai",
    ]
)


@dataclass(frozen=True, slots=True)
class AuthorName:
    """One author, a person or a group."""

    family: str
    """Family name without particles; of a group its whole name."""
    given: str = ""
    particle: str = ""
    """Words such as ``van den``, which belong to the family name."""
    suffix: str = ""
    """Such as ``Jr.``"""
    is_group: bool = False
    """Whether it has no parts: a team, an organisation, a person of one name."""

    def __str__(self) -> str:
        """The name as people write it: ``Aaron van den Oord``."""
        return " ".join(p for p in (self.given, self.particle, self.family, self.suffix) if p)

    @property
    def sorted(self) -> str:
        """The name as lists sort it: ``van den Oord, Aaron``; a group is not changed."""
        family = " ".join(part for part in (self.particle, self.family) if part)
        return ", ".join(part for part in (family, self.suffix, self.given) if part)

    @property
    def stored(self) -> str:
        """A spelling from which ``read_authors`` reads the same name; a group is in braces."""
        return f"{{{self.family}}}" if self.is_group else self.sorted


def read_authors(written: Iterable[str]) -> tuple[tuple[AuthorName, ...], bool]:
    """Read a list of authors.

    Args:
        written: The authors in their order, each as a source writes it; several names in one text
            are taken apart.

    Returns:
        The names, and whether the list is complete: it ends neither with ``others`` nor ``et al.``
    """
    names: list[AuthorName] = []
    complete = True
    for text in written:
        plain = " ".join(_MARKS.sub("", text).split()).strip(" ,;")
        for part in _persons(_LEADING_AND.sub("", plain)):
            if _AND_OTHERS.fullmatch(part):
                complete = False
            elif part:
                names.append(_name(part))
    return tuple(names), complete


def _persons(text: str) -> list[str]:
    """Take one text apart at ``and``, or at commas if it is a list of names."""
    if text.startswith("{") and text.endswith("}"):
        # Braces mark a group, but some lists and names of persons are in braces as a whole.
        inner = _persons(_unbraced(text))
        one_person = re.fullmatch(r"[^,]+, [^,]+", inner[0]) and not _is_group(inner[0])
        return inner if len(inner) > 1 or one_person else [text]
    if ending := re.fullmatch(rf"(.+?),?\s+({_AND_OTHERS.pattern})", text, re.IGNORECASE):
        return [*_persons(ending[1]), OTHERS]
    parts = _AND.split(text)
    # The name of a group may have an "and" of its own: "Institute for Law and Order".
    if len(parts) > 1 and all(" " in part or "," in part for part in parts[:-1]):
        is_whole = _is_group(parts[0]) and not _is_group(parts[-1])
        return [text] if is_whole else [person for part in parts for person in _persons(part)]
    pieces = [piece.strip() for piece in text.split(",")]
    if len(pieces) > 3 or (len(pieces) == 3 and not _SUFFIX.fullmatch(pieces[1])):
        return pieces
    return [text]


def _unbraced(text: str) -> str:
    return " ".join(text.replace("{", "").replace("}", "").split())


def _name(text: str) -> AuthorName:
    """Read one name."""
    if text.startswith("{") and text.endswith("}"):
        return AuthorName(_unbraced(text), is_group=True)
    if _is_group(text):
        return AuthorName(text, is_group=True)
    pieces = [piece.strip() for piece in text.split(",") if piece.strip()]
    suffix = ""
    if len(pieces) > 1 and _SUFFIX.fullmatch(pieces[1]):
        suffix = pieces.pop(1)
    if len(pieces) > 1:
        particle, family = _family(pieces[0].split())
        return AuthorName(family, pieces[1], particle, suffix)
    words = pieces[0].split()
    if len(words) > 2 and _SUFFIX.fullmatch(words[-1]):
        suffix = words.pop()
    if len(words) == 1:
        return AuthorName(words[0], is_group=True)
    place = _place_of_particle(words)
    particle, family = _family(words[place:])
    return AuthorName(family, " ".join(words[:place]), particle, suffix)


def _place_of_particle(words: list[str]) -> int:
    """Where the family name begins in given names, particles and family name."""
    for place, word in enumerate(words[1:-1], 1):
        if word[0].islower() or word.casefold() in _PARTICLES:
            return place
    return len(words) - 1


def _family(words: list[str]) -> tuple[str, str]:
    """Particles before a family name, and the family name; a capital makes them a part of it."""
    place = 0
    while place < len(words) - 1 and words[place][0].islower():
        place += 1
    return " ".join(words[:place]), " ".join(words[place:])


def _is_group(text: str) -> bool:
    words = [word.casefold().strip(".,") for word in text.split()]
    if len(words) < 2:
        return False
    before_comma = text.partition(",")[0].split()[-1].casefold()
    return (
        words[0] in _LEADING_GROUP_WORDS
        or words[-1] in _GROUP_WORDS
        or (before_comma in _GROUP_WORDS and " " in text.partition(",")[0])
        or text.split()[-1] == "AI"
    )
