"""Read the references of papers and models, and of models whose papers are not on arXiv."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from tracker.answers.methods import Paper
from tracker.answers.references import Reference, ReferenceKind
from tracker.catalog.knowledge.citation_queries import citations_of_models
from tracker.common.arxiv_ids import parse_id
from tracker.common.author_names import AuthorName, read_authors
from tracker.common.text import bare_name
from tracker.errors import NotFoundError, UsageError, one_line
from tracker.insights.methods.papers import read_paper
from tracker.insights.models.model import read_paper_links
from tracker.insights.models.names import find_model, read_former, read_names
from tracker.insights.reader import Reader, memoised
from tracker.insights.references.bibtex import bibtex
from tracker.insights.references.csl import csl_json
from tracker.insights.references.ris import ris
from tracker.sources.citations import CitedWork, read_citations

FORMS = ("bibtex", "csl-json", "ris")
"""Formats of references."""

_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_PROCEEDINGS = re.compile(
    r"\b(?:proceedings of the|conference|workshop|symposium|findings|meeting|track)\b|\bproc\.",
    re.IGNORECASE,
)
_JOURNAL = re.compile(
    r"\b(?:journal|transactions|trans\.|letters|magazine|annals|bulletin|access|review|reviews|"
    r"communications of|nature|science|sciences|plos|bioinformatics|tacl|tmlr|jmlr|computing|"
    r"applications|evaluation|endowment|mathematics|research|arxiv)\b",
    re.IGNORECASE,
)
_VOLUME = re.compile(r"\b\d+\s*(?:\(\d+\)|:\s*\d+)|\bvol(?:ume|\.)", re.IGNORECASE)


def read_references(reader: Reader, names: Iterable[str]) -> tuple[Reference, ...]:
    """Read the references of papers and models, each once, in the order of the names.

    Args:
        reader: The open catalog.
        names: arXiv ids in any spelling, and public ids of models.

    Raises:
        NotFoundError: The catalog has no such paper or model, or knows no paper of a model.
    """
    found: dict[str, Reference] = {}
    for name in names:
        for reference in _references(reader, name):
            found.setdefault(reference.key, reference)
    return tuple(found.values())


def written(references: Iterable[Reference], form: str) -> str:
    """Return references in one of ``FORMS``; the text ends without a line break.

    Raises:
        UsageError: There is no such format.
    """
    if form == "bibtex":
        return "\n\n".join(map(bibtex, references))
    if form == "csl-json":
        return csl_json(references)
    if form == "ris":
        return "\n\n".join(map(ris, references))
    raise UsageError(f"no format {form!r}", remedy=f"use one of {', '.join(FORMS)}")


def reference_of(paper: Paper) -> Reference:
    """Return the reference of a paper; of a published one with its venue and the year there."""
    venue = one_line(paper.venue) if paper.venue else None
    year = _YEAR.search(venue) if venue else None
    names, all_authors = (
        (paper.names, paper.all_authors) if paper.names else read_authors(paper.authors)
    )
    return Reference(
        key=f"arxiv-{paper.arxiv_id.replace('/', '-')}",
        kind=_kind(venue) if venue else ReferenceKind.preprint,
        title=one_line(paper.title) if paper.title else None,
        authors=tuple(map(_printable, names)),
        all_authors=all_authors,
        issued=year[0] if year else paper.published,
        venue=venue,
        doi=one_line(paper.doi) if paper.doi else None,
        url=f"https://arxiv.org/abs/{paper.arxiv_id}",
        arxiv_id=paper.arxiv_id,
        category=paper.categories[0] if paper.categories else None,
        withdrawn_on=paper.withdrawn_on,
        withdrawn_because=paper.withdrawn_because,
    )


def _references(reader: Reader, name: str) -> Iterator[Reference]:
    if (spelled := parse_id(name)) is not None:
        yield reference_of(read_paper(reader, spelled.id))
        return
    model = find_model(reader, name)
    family = (model.id, *sorted(read_former(reader).get(model.id, ())))
    links = [link for id_ in family for link in read_paper_links(reader, id_).get(id_, ())]
    titles = {bare_name(link.title) for link in links if link.title}
    for arxiv_id in dict.fromkeys(link.arxiv_id for link in links):
        yield reference_of(read_paper(reader, arxiv_id))
    elsewhere = [
        work
        for id_ in family
        for work in read_citations(_citations(reader).get(read_names(reader)[id_].name, ""))
        if work.arxiv_id is None and bare_name(work.title) not in titles
    ]
    if not links and not elsewhere:
        raise NotFoundError(
            f"no paper of {model.name} is known", remedy=f"see: tracker model {model.name}"
        )
    yield from map(reference_of_work, elsewhere)


def _printable(name: AuthorName) -> AuthorName:
    """Return a name of an untrusted source without control characters and direction marks."""
    return replace(
        name,
        family=one_line(name.family),
        given=one_line(name.given),
        particle=one_line(name.particle),
        suffix=one_line(name.suffix),
    )


@memoised
def _citations(reader: Reader) -> Mapping[str, str]:
    return citations_of_models(reader.connection)


def reference_of_work(work: CitedWork) -> Reference:
    """Return the reference of a work as a BibTeX entry describes it."""
    names, all_authors = read_authors(work.authors)
    first = names[0].family if names else ""
    words = (first, (work.date or "")[:4], *work.title.split()[:3])
    folded = unicodedata.normalize("NFKD", "-".join(words)).encode("ascii", "ignore").decode()
    reference = Reference(
        key=re.sub(r"[^a-z0-9.]+", "-", folded.casefold()).strip("-.") or "work",
        kind=ReferenceKind.other,
        title=one_line(work.title),
        authors=tuple(map(_printable, names)),
        all_authors=all_authors,
        issued=work.date,
        venue=one_line(work.venue) if work.venue else None,
        doi=work.doi,
        url=work.url,
        arxiv_id=work.arxiv_id,
        category=work.category,
    )
    return replace(reference, kind=_kind(work.venue)) if work.venue else reference


def _kind(venue: str) -> ReferenceKind:
    """Whether a venue is a journal or proceedings, by its name.

    What is neither by its words is a conference, which go by acronyms such as ``ICLR 2025``.
    """
    if _PROCEEDINGS.search(venue):
        return ReferenceKind.proceedings
    if _JOURNAL.search(venue) or _VOLUME.search(venue):
        return ReferenceKind.journal
    return ReferenceKind.proceedings
