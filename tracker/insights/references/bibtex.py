"""References as BibTeX."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.answers.references import Reference, ReferenceKind
from tracker.common.author_names import OTHERS, AuthorName, read_authors

_TEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "{}%&#$_"},
}
_TYPES = {ReferenceKind.journal: "article", ReferenceKind.proceedings: "inproceedings"}
_VENUES = {ReferenceKind.journal: "journal", ReferenceKind.proceedings: "booktitle"}


def tex(text: str) -> str:
    """Escape plain text for TeX; letters with accents stay as they are, in UTF-8."""
    return "".join(_TEX.get(letter, letter) for letter in text)


def verbatim(text: str) -> str:
    """An address or DOI for a field that TeX does not interpret; it must not end the field."""
    return text.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")


def entry(kind: str, key: str, fields: Mapping[str, str | None]) -> str:
    """Return a BibTeX entry; fields without value are left out.

    Args:
        kind: Type of the entry, such as ``misc``.
        key: Citation key.
        fields: Values, already escaped, by name of the field.
    """
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@{kind}{{{key},\n{lines}}}"


def bibtex(reference: Reference) -> str:
    """Return a reference as BibTeX."""
    issued = (reference.issued or "").split("-")
    venue = tex(reference.venue) if reference.venue else None
    fields = {
        "title": f"{{{tex(reference.title)}}}" if reference.title else None,
        "author": _authors(reference),
        _VENUES.get(reference.kind, "howpublished"): venue,
        "year": issued[0] or None,
        "month": str(int(issued[1])) if len(issued) > 1 else None,
        "eprint": reference.arxiv_id,
        "archiveprefix": "arXiv" if reference.arxiv_id else None,
        "primaryclass": reference.category if reference.arxiv_id else None,
        "doi": verbatim(reference.doi) if reference.doi else None,
        "url": verbatim(reference.url) if reference.url else None,
        "note": tex(reference.remark) if reference.remark else None,
    }
    return entry(_TYPES.get(reference.kind, "misc"), reference.key, fields)


def _authors(reference: Reference) -> str | None:
    written = [_author(name) for name in reference.authors]
    if written and not reference.all_authors:
        written.append(OTHERS)
    return " and ".join(written) or None


def _author(name: AuthorName) -> str:
    """A name that BibTeX takes apart as we did: with commas unless it is as clear without."""
    if name.is_group:
        return f"{{{tex(name.family)}}}"
    (read, *more), _ = read_authors([str(name)])
    is_plain = read == name and not more and not name.particle and " " not in name.family
    return tex(str(name) if is_plain else name.sorted)
