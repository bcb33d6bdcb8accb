"""Markdown twins of hand-written pages: their source, with links that lead to other twins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

_LINK = re.compile(r"(\]\()([^)\s:#]+)(?=[)\s#])")
"""A link to another file of the site: it has no scheme, and is more than a heading."""
_FENCE = re.compile(r"(^```.*?^```$)", re.DOTALL | re.MULTILINE)


def twin_path(source: str) -> str:
    """Return where the twin of a source file is: ``about.md`` is shown at ``about/``."""
    stem = source.removesuffix(".md")
    return source if stem.rpartition("/")[2] == "index" else f"{stem}/index.md"


def written_twins(docs: Path, sources: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the place and the text of the twin of each hand-written page.

    Args:
        docs: The folder of the sources in one language.
        sources: Their paths in it.
    """
    for source in sorted(sources):
        yield twin_path(source), _text((docs / source).read_text("utf-8"), source)


def _text(text: str, source: str) -> str:
    # The page of ``x.md`` is a folder below the one that its links start from.
    up = "" if twin_path(source) == source else "../"

    def adapted(match: re.Match[str]) -> str:
        target = match[2]
        return match[1] + up + (twin_path(target) if target.endswith(".md") else target)

    # Splitting by one group puts the code between fences at odd places.
    parts = _FENCE.split(text)
    return "".join(
        part if number % 2 else _LINK.sub(adapted, part) for number, part in enumerate(parts)
    )
