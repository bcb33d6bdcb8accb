"""Convert a paper to passages with roles; some describe the authors' own model."""

from __future__ import annotations

import re

from tracker.evidence.records import Document, Passage, Role
from tracker.evidence.section_roles import role_of_section
from tracker.sources.arxiv_fulltext import PaperText

_CONTRIBUTIONS = re.compile(r"\bcontributions?\b[^.]{0,80}[:.]?\s*$|\bas follows\s*[:.]\s*$", re.I)


def paper_document(model: str, source: str, paper: PaperText) -> Document:
    """Convert a paper to a document to read for one model; references are left out.

    Args:
        model: Public id of the model that the paper describes.
        source: Address of the paper.
        paper: Its text.
    """
    parts: list[str] = []
    passages: list[Passage] = []
    length, listing = 0, False
    for block in paper.blocks:
        if block.kind == "reference":
            continue
        role: Role = role_of_section(block.titles)
        if block.kind in ("table", "caption"):
            role = "table"
        elif block.kind == "item" and listing and role == "method":
            role = "contribution"
        if block.kind == "paragraph":
            listing = _CONTRIBUTIONS.search(block.text) is not None
        end = length + len(block.text)
        passages.append(Passage(length, end, " / ".join(block.titles), role))
        parts += (block.text, "\n\n")
        length = end + 2
    return Document(model, "paper", source, "".join(parts), tuple(passages))
