"""Find arXiv ids in texts."""

from __future__ import annotations

import re

_ARCHIVES = (
    "acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|"
    "cond-mat|cs|dg-ga|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math|math-ph|mtrl-th|nlin|"
    "nucl-ex|nucl-th|patt-sol|physics|plasm-ph|q-alg|q-bio|quant-ph|solv-int|stat|supr-con"
)
_NEW = r"[0-9]{4}\.[0-9]{4,5}"
_OLD = rf"(?:{_ARCHIVES})(?:\.[A-Z]{{2}})?/[0-9]{{7}}"
_SAID = (
    r"arxiv\.org/(?:abs|pdf|html|format|src|e-print)/|huggingface\.co/papers/|\babs/|"
    r"arxiv(?:\s+(?:e-?prints?|preprint|id))?[\s:.,{]{1,4}|\beprint\s*=\s*[\"{\s]{0,3}"
)
_MENTION = re.compile(
    # Four digits after the dot may as well be a decimal number, so those need to be announced.
    rf"(?:(?:{_SAID})({_NEW}|{_OLD})|(?<![\w./-])([0-9]{{4}}\.[0-9]{{5}}|{_OLD}))"
    r"(?:v[0-9]{1,3})?(?![A-Za-z0-9]|\.[0-9])"
    r"|corr/abs-([0-9]{4}-[0-9]{4,5})(?![0-9])",
    re.IGNORECASE | re.ASCII,
)


def find_ids(text: str) -> tuple[str, ...]:
    """The arXiv ids in BibTeX, addresses or prose, in order, once each and without version."""
    found: dict[str, None] = {}
    for match in _MENTION.finditer(text):
        raw = match[1] or match[2] or match[3].replace("-", ".")
        if (arxiv_id := canonical_id(raw)) is not None:
            found[arxiv_id] = None
    return tuple(found)


def canonical_id(text: str) -> str | None:
    """An id as arXiv writes it, without version; ``None`` where there can be no such paper."""
    bare = re.sub(r"v[0-9]{1,3}$", "", text.strip())
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
