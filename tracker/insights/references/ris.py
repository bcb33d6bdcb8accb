"""References as RIS, which EndNote, Zotero and Mendeley read."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.answers.references import Reference, ReferenceKind
from tracker.common.author_names import AuthorName

_TYPES = {
    ReferenceKind.journal: "JOUR",
    ReferenceKind.proceedings: "CPAPER",
    ReferenceKind.preprint: "UNPB",
    ReferenceKind.other: "GEN",
}


def ris(reference: Reference) -> str:
    """Return a reference as one RIS record, which ends with the line ``ER``."""
    lines = "".join(f"{tag}  - {value}\n" for tag, value in _lines(reference) if value)
    return f"{lines}ER  - "


def _lines(reference: Reference) -> Iterator[tuple[str, str | None]]:
    """Tags with their values; those of missing values are left out by the caller."""
    year, month, day = [*(reference.issued or "").split("-"), "", ""][:3]
    yield "TY", _TYPES[reference.kind]
    yield "ID", reference.key
    yield "TI", reference.title
    for name in reference.authors:
        yield "AU", _author(name)
    yield "T2", reference.venue
    yield "PY", year
    yield "DA", f"{year}/{month}/{day}/" if month else None
    yield "AN", f"arXiv:{reference.arxiv_id}" if reference.arxiv_id else None
    yield "DO", reference.doi
    yield "UR", reference.url
    yield "N1", reference.remark
    if reference.authors and not reference.all_authors:
        yield "N1", "Not all authors are listed."


def _author(name: AuthorName) -> str:
    """Family name, given names, suffix: the order of RIS; a group has no comma in its name."""
    if name.is_group:
        return name.family
    family = f"{name.particle} {name.family}".strip()
    return ", ".join(part for part in (family, name.given, name.suffix) if part)
