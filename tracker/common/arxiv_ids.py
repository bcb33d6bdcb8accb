"""Read arXiv ids however they are spelled: alone, as an address, in BibTeX or in prose."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import NamedTuple
from urllib.parse import unquote

_ARCHIVES = (
    "acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|"
    "cond-mat|cs|dg-ga|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math|math-ph|mtrl-th|nlin|"
    "nucl-ex|nucl-th|patt-sol|physics|plasm-ph|q-alg|q-bio|quant-ph|solv-int|stat|supr-con"
)
_NEW = r"[0-9]{4}\.[0-9]{4,5}"
_OLD = rf"(?:{_ARCHIVES})(?:\.[A-Z]{{2}})?/[0-9]{{7}}"
_VERSION = r"v[0-9]{1,3}"
_ANNOUNCED = (
    r"(?:ar|alpha)xiv\.org/(?:[a-z-]+/)?|(?:huggingface|hf)\.co/papers/|\babs/|"
    r"arxiv/papers/[0-9]{4}/|arxiv(?:\s+(?:e-?prints?|preprint|id))?[\s:.,{/_-]{1,4}|"
    r"\beprint\s*=\s*[\"{\s]{0,3}"
)
_INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff]")


@cache
def _mention() -> re.Pattern[str]:
    """The pattern of an id in a text; it takes long to compile, and few commands need it."""
    return re.compile(
        # Four digits after the dot may as well be a decimal number, so those need to be announced.
        rf"(?:(?:{_ANNOUNCED})({_NEW}|{_OLD})|(?<![\w./-])([0-9]{{4}}\.[0-9]{{5}}|{_OLD}))"
        rf"({_VERSION})?(?![A-Za-z0-9]|\.[0-9])"
        r"|corr/abs-([0-9]{4}-[0-9]{4,5})(?![0-9])",
        re.IGNORECASE | re.ASCII,
    )


class ArxivId(NamedTuple):
    """An id of a paper, with the version that a text names."""

    id: str
    """As arXiv writes it, without version: ``2405.17428`` or ``cs/0112017``."""
    version: str | None
    """Such as ``v2``; ``None`` where the text names none."""


def parse_id(text: str) -> ArxivId | None:
    """Read the one arXiv id that a text names.

    Args:
        text: An id, its address on arXiv or on a site that mirrors it, or a sentence.

    Returns:
        The id; ``None`` if the text names none, or several.

    >>> parse_id("https://arxiv.org/pdf/2405.17428v2.pdf")
    ArxivId(id='2405.17428', version='v2')
    """
    plain = _folded(text).strip()
    number, version = re.fullmatch(rf"(.*?)({_VERSION})?", plain, re.DOTALL | re.ASCII).groups()  # type: ignore[union-attr]
    if (bare := canonical_id(number)) is not None:
        return ArxivId(bare, version)
    found = list(dict.fromkeys(_mentions(plain)))
    return found[0] if len({mention.id for mention in found}) == 1 else None


def find_ids(text: str) -> tuple[str, ...]:
    """The arXiv ids in BibTeX, addresses or prose, in order, once each and without version."""
    return tuple(dict.fromkeys(mention.id for mention in _mentions(_folded(text))))


def canonical_id(text: str) -> str | None:
    """An id as arXiv writes it, without version; ``None`` where there can be no such paper."""
    bare = re.sub(rf"{_VERSION}$", "", text.strip())
    if re.fullmatch(_NEW, bare, re.ASCII):
        month, number = bare.split(".")
        # Four digits until 2014-12, five since; the scheme began in 2007-04.
        long_enough = len(number) == (4 if month < "1501" else 5)
        good = "0704" <= month < "9000" and long_enough and number.strip("0") != ""
        return bare if good and "01" <= month[2:] <= "12" else None
    if re.fullmatch(_OLD, bare, re.ASCII | re.IGNORECASE):
        archive, _, number = bare.partition("/")
        began = number[:2] >= "91" or number[:2] <= "07"
        good = began and "01" <= number[2:4] <= "12"
        return f"{archive.partition('.')[0].lower()}/{number}" if good else None
    return None


def month_of(arxiv_id: str) -> str | None:
    """The month ``YYYY-MM`` in which arXiv received a paper, which is a part of its id.

    >>> month_of("2405.17428"), month_of("hep-th/9108001")
    ('2024-05', '1991-08')
    """
    bare = canonical_id(arxiv_id)
    if bare is None:
        return None
    digits = bare.rpartition("/")[2]
    century = "19" if "/" in bare and digits[:2] >= "91" else "20"
    return f"{century}{digits[:2]}-{digits[2:4]}"


def _folded(text: str) -> str:
    """Replace full-width characters, which Chinese input methods write, and percent-encoding."""
    if not text.isascii():
        text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return unquote(text) if "%2f" in text.lower() or "%3a" in text.lower() else text


def _mentions(text: str) -> list[ArxivId]:
    found = []
    for match in _mention().finditer(text):
        raw = match[1] or match[2] or match[4].replace("-", ".")
        if (arxiv_id := canonical_id(raw)) is not None:
            found.append(ArxivId(arxiv_id, match[3]))
    return found
