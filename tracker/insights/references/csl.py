"""References as CSL-JSON, which Zotero, Pandoc and citeproc read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from tracker.answers.references import Reference, ReferenceKind
from tracker.common.author_names import OTHERS, AuthorName

_TYPES = {
    ReferenceKind.journal: "article-journal",
    ReferenceKind.proceedings: "paper-conference",
    ReferenceKind.preprint: "article",
    ReferenceKind.other: "document",
}


def csl_json(references: Iterable[Reference]) -> str:
    """Return references as one CSL-JSON array, indented, in UTF-8."""
    return orjson.dumps([csl_item(one) for one in references], option=orjson.OPT_INDENT_2).decode()


def csl_item(reference: Reference) -> dict[str, Any]:
    """Return a reference as a CSL item; missing fields are left out."""
    is_preprint = reference.kind is ReferenceKind.preprint
    item = {
        "id": reference.key,
        "type": _TYPES[reference.kind],
        "title": reference.title,
        "author": _authors(reference),
        "container-title": reference.venue,
        "publisher": "arXiv" if is_preprint else None,
        "number": f"arXiv:{reference.arxiv_id}" if reference.arxiv_id else None,
        "issued": {"date-parts": [[int(part) for part in reference.issued.split("-")]]}
        if reference.issued
        else None,
        "DOI": reference.doi,
        "URL": reference.url,
        "note": reference.remark,
    }
    return {name: value for name, value in item.items() if value}


def _authors(reference: Reference) -> list[dict[str, str]]:
    names = [_name(name) for name in reference.authors]
    if names and not reference.all_authors:
        names.append({"literal": OTHERS})
    return names


def _name(name: AuthorName) -> dict[str, str]:
    if name.is_group:
        return {"literal": name.family}
    parts = {
        "family": name.family,
        "given": name.given,
        "non-dropping-particle": name.particle,
        "suffix": name.suffix,
    }
    return {part: text for part, text in parts.items() if text}
