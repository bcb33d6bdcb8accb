"""Read BibTeX entries, as registries and cards quote them, with the package ``bibtexparser``.

An entry that cannot be read costs that entry, not the text around it.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from tracker.common.arxiv_ids import find_ids
from tracker.common.author_names import OTHERS, read_authors

if TYPE_CHECKING:
    from collections.abc import Callable

    from bibtexparser.model import Entry

_ARXIV_FIELDS = ("eprint", "journal", "url", "doi", "volume", "note", "howpublished", "pages")
"""Fields in which an entry says which paper it is, the surest first."""
_VENUES = ("journal", "journaltitle", "booktitle")
_PREPRINT = re.compile(r"\barxiv\b|\bcorr\b|\be-?prints?\b|preprint|researchgate", re.IGNORECASE)
_ARXIV_DOI = re.compile(r"10\.48550/", re.IGNORECASE)
_DOI = re.compile(r"10\.[0-9]{4,9}/\S+")
_CATEGORY = re.compile(r"[a-z-]+(?:\.[A-Za-z-]+)?")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_ACCENTS = {"'": "\u0301", "`": "\u0300", '"': "\u0308", "^": "\u0302", "~": "\u0303"}
_LOST_BACKSLASH = re.compile(r"\{(['`\"^~])\{?([A-Za-z])\}+|(?<=[A-Za-z])(['`\"^~])\{([A-Za-z])\}")
_LONGEST = 200_000
"""Characters of a text that are read; a card quotes a few entries."""


class CitedWork(NamedTuple):
    """A work as one BibTeX entry describes it; what it does not state is ``None`` or empty."""

    arxiv_id: str | None
    title: str
    authors: tuple[str, ...]
    """Spelled so that ``read_authors`` reads them again; ``others`` ends an incomplete list."""
    date: str | None
    """``YYYY-MM`` or ``YYYY``; of a published work the date of its publication."""
    venue: str | None
    """Journal or proceedings; ``None`` for a preprint."""
    doi: str | None
    """Not the one that arXiv gives to every preprint."""
    url: str | None
    category: str | None
    """Primary category on arXiv."""


def read_citations(text: str) -> tuple[CitedWork, ...]:
    """Read the BibTeX entries in a text, in their order; other text is ignored.

    Entries without title are left out.
    """
    if "@" not in text:
        return ()
    found = (_work(entry) for entry in _entries(text[:_LONGEST]))
    return tuple(work for work in found if work is not None)


def _entries(text: str) -> list[Entry]:
    from bibtexparser import middlewares
    from bibtexparser.entrypoint import parse_string

    # The package logs what it cannot read; what matters is that the other entries are read.
    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
    stack = [
        middlewares.NormalizeFieldKeys(),
        middlewares.ResolveStringReferencesMiddleware(),
        middlewares.RemoveEnclosingMiddleware(),
    ]
    return list(parse_string(text, parse_stack=stack).entries)


def _work(entry: Entry) -> CitedWork | None:
    fields = {field.key: str(field.value) for field in entry.fields}
    title = _plain(fields.get("title", ""))
    if not title:
        return None
    venue = next((name for key in _VENUES if (name := _plain(fields.get(key, "")))), None)
    is_published = venue is not None and not _PREPRINT.search(venue)
    doi = _DOI.search(fields.get("doi", "").replace("\\_", "_"))
    is_own_doi = doi is not None and not _ARXIV_DOI.match(doi[0])
    url = fields.get("url", "").strip().replace("\\_", "_").replace("\\%", "%")
    return CitedWork(
        arxiv_id=_arxiv_id(fields),
        title=title,
        authors=_authors(fields.get("author", "")),
        date=_date(fields),
        venue=venue if is_published else None,
        doi=doi[0].rstrip(".,;}") if doi and is_own_doi else None,
        url=url if url.startswith(("https://", "http://")) and " " not in url else None,
        category=_category(fields),
    )


def _arxiv_id(fields: dict[str, str]) -> str | None:
    """The paper that an entry is about; a note may name others, so the surest field counts."""
    for key in _ARXIV_FIELDS:
        value = fields.get(key, "")
        # A bare number is an id only where the field says so.
        found = find_ids(f"arXiv:{value}" if key == "eprint" else value)
        if found:
            return found[0]
    return None


def _authors(value: str) -> tuple[str, ...]:
    from bibtexparser.middlewares.names import split_multiple_persons_names

    written = [_plain(name, keep_groups=True) for name in split_multiple_persons_names(value)]
    names, complete = read_authors(written)
    return (*(name.stored for name in names), *(() if complete else (OTHERS,)))


def _date(fields: dict[str, str]) -> str | None:
    year = _YEAR.search(fields.get("year") or fields.get("date") or "")
    if year is None:
        return None
    month = fields.get("month", "").strip().casefold()
    for number, name in enumerate(_MONTHS, 1):
        if name in re.sub(r"[^a-z]+", " ", month) or month.lstrip("0") == str(number):
            return f"{year[0]}-{number:02}"
    return year[0]


def _category(fields: dict[str, str]) -> str | None:
    stated = fields.get("primaryclass", "").strip("{} ")
    return stated if _CATEGORY.fullmatch(stated) else None


def _plain(value: str, *, keep_groups: bool = False) -> str:
    """Convert TeX to plain text on one line.

    Args:
        value: The content of a field.
        keep_groups: Whether to keep braces around the whole text, which mark a group of authors.
    """
    value = _LOST_BACKSLASH.sub(_accented, value.strip())
    is_group = keep_groups and value.startswith("{") and value.endswith("}")
    if "\\" in value or "$" in value or "~" in value or "--" in value or "``" in value:
        value = _decoder()(value)
    text = " ".join(value.replace("{", "").replace("}", "").split())
    text = unicodedata.normalize("NFC", text)
    return f"{{{text}}}" if is_group and text else text


def _accented(match: re.Match[str]) -> str:
    """Repair ``{"u}`` and ``'{e}``, which lost their backslash where they were copied."""
    accent, letter = (match[1], match[2]) if match[1] else (match[3], match[4])
    return unicodedata.normalize("NFC", letter + _ACCENTS[accent])


@cache
def _decoder() -> Callable[[str], Any]:
    from pylatexenc.latex2text import LatexNodes2Text

    logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)
    return LatexNodes2Text(math_mode="verbatim", keep_braced_groups=False).latex_to_text  # type: ignore[no-any-return]
