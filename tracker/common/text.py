"""Names as parts of addresses, and near names for suggestions."""

from __future__ import annotations

import difflib
import hashlib
import re
import unicodedata
from collections.abc import Iterable

_UNSAFE = re.compile(r"[^\w.]+")
_LOSSLESS = re.compile(r"[A-Za-z0-9._/-]+")
_MAX_BYTES = 120
_SHOWN = 12


def short_hash(text: str) -> str:
    """Six hexadecimal digits that tell similar slugs apart."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:6]


def slugify(name: str) -> str:
    """One safe path segment for any name: lower case, word characters, dots and hyphens.

    >>> slugify("MTEB(eng, v2)")
    'mteb-eng-v2'
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    slug = _UNSAFE.sub("-", folded).strip("-._")
    while len(slug.encode()) > _MAX_BYTES:
        slug = slug[:-1]
    return slug or "x-" + short_hash(name)


def model_slug(name: str) -> str:
    """A model's path segment: ``nvidia/NV-Embed-v2`` becomes ``nvidia--nv-embed-v2``.

    A name with other characters than ids usually have gets a hash, since its slug loses some.
    """
    organisation, _, rest = name.partition("/")
    slug = f"{slugify(organisation)}--{slugify(rest)}"
    usual = _LOSSLESS.fullmatch(name) and name.count("/") == 1 and len(name) < _MAX_BYTES
    return slug if usual else f"{slug}-{short_hash(name)}"


def bare_name(name: str) -> str:
    """A name without what writers differ in: case, blanks and marks."""
    return re.sub(r"[\W_]+", "", name.casefold())


def near(name: str, known: Iterable[str], *, most: int = 3) -> list[str]:
    """Names that the asker may have meant, best first, whatever their upper and lower case."""
    by_folded: dict[str, str] = {}
    for candidate in known:
        by_folded.setdefault(candidate.casefold(), candidate)
    folded = name.casefold()
    alike = difflib.get_close_matches(folded, by_folded, n=most, cutoff=0.6)
    containing = sorted((c for c in by_folded if folded and folded in c), key=len)
    return [by_folded[c] for c in dict.fromkeys([*alike, *containing])][:most]


def did_you_mean(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """A remedy for an unknown name: the nearest known ones, or the first of what there is.

    Args:
        name: What was asked for.
        known: What there is.
        otherwise: What to say where nothing is near; by default the first known names.
    """
    names = list(known)
    if found := near(name, names):
        return f"did you mean {' or '.join(map(repr, found))}?"
    if otherwise or not names:
        return otherwise
    return f"use one of {', '.join(names[:_SHOWN])}" + (" …" if len(names) > _SHOWN else "")
