"""Slugs for URLs, and suggestions for misspelt names."""

from __future__ import annotations

import difflib
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence

_UNSAFE = re.compile(r"[^\w.]+")
_LOSSLESS = re.compile(r"[A-Za-z0-9._/-]+")
_MAX_BYTES = 120
_SHOWN = 12


def short_hash(text: str) -> str:
    """Return six hexadecimal digits that distinguish names with the same slug."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:6]


def slugify(name: str) -> str:
    """Turn any name into one safe path segment: lower case, word characters, dots and hyphens.

    >>> slugify("MTEB(eng, v2)")
    'mteb-eng-v2'
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    slug = _UNSAFE.sub("-", folded).strip("-._")
    while len(slug.encode()) > _MAX_BYTES:
        slug = slug[:-1]
    return slug or "x-" + short_hash(name)


def model_slug(name: str) -> str:
    """Turn a model id into a path segment: ``nvidia/NV-Embed-v2``, ``nvidia--nv-embed-v2``.

    Two unusual ids could have the same slug, because it drops characters; they get a hash.
    """
    organisation, _, rest = name.partition("/")
    slug = f"{slugify(organisation)}--{slugify(rest)}"
    usual = _LOSSLESS.fullmatch(name) and name.count("/") == 1 and len(name) < _MAX_BYTES
    return slug if usual else f"{slug}-{short_hash(name)}"


def bare_name(name: str) -> str:
    """Return a name without case, blanks and punctuation, for comparisons."""
    return re.sub(r"[\W_]+", "", name.casefold())


def compared_name(name: str) -> str:
    """Return a name as names are compared: full-width and half-width letters alike, then bare."""
    return bare_name(unicodedata.normalize("NFKC", name))


def one_letter_apart(name: str, other: str) -> bool:
    """Whether two names differ by one letter: a wrong, missing or additional one, or two swapped.

    Digits must be the same, because another number is another version.
    """
    if abs(len(name) - len(other)) > 1 or name == other:
        return False
    if [c for c in name if c.isdigit()] != [c for c in other if c.isdigit()]:
        return False
    pairs = enumerate(zip(name, other, strict=False))
    same = next((i for i, (a, b) in pairs if a != b), min(len(name), len(other)))
    rest, other_rest = name[same:], other[same:]
    return (
        rest[1:] in (other_rest, other_rest[1:])
        or rest == other_rest[1:]
        or (rest[:2] == other_rest[1::-1] and rest[2:] == other_rest[2:])
    )


def near(name: str, known: Iterable[str], *, most: int = 3) -> list[str]:
    """Return at most ``most`` known names similar to a name, best first, ignoring case."""
    by_folded: dict[str, str] = {}
    for candidate in known:
        by_folded.setdefault(candidate.casefold(), candidate)
    folded = name.casefold()
    alike = difflib.get_close_matches(folded, by_folded, n=most, cutoff=0.6)
    containing = sorted((c for c in by_folded if folded and folded in c), key=len)
    return [by_folded[c] for c in dict.fromkeys([*alike, *containing])][:most]


def enumerated(names: Sequence[str], most: int = 5) -> str:
    """Return the first names of a list, and how many more there are."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def suggestion(names: Iterable[str]) -> str:
    """Return the remedy that suggests some names; empty without any."""
    listed = " or ".join(map(repr, names))
    return f"did you mean {listed}?" if listed else ""


def did_you_mean(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return the remedy for an unknown name: similar known names, or the first known ones.

    Args:
        name: The unknown name.
        known: All valid names.
        otherwise: The remedy if no name is similar; by default it lists the first known names.
    """
    names = list(known)
    if found := near(name, names):
        return suggestion(found)
    if otherwise or not names:
        return otherwise
    return f"use one of {', '.join(names[:_SHOWN])}" + (" …" if len(names) > _SHOWN else "")
