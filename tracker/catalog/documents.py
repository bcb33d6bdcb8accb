"""Read one document of a source without letting it stop a load."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tracker.errors import ArchiveError, SourceError

Report = Callable[[SourceError], None]
"""Receives what cannot be read."""


@contextmanager
def one_document(source: str, place: str, report: Report) -> Iterator[None]:
    """Report an error in the block and continue after it.

    One accepted document must never stop a load, so even an unexpected error of its parser is
    reported. Nothing that writes to the catalog belongs in the block.
    """
    try:
        yield
    except SourceError as error:
        report(error)
    except ArchiveError as error:
        report(SourceError(source, error.message, place=place, remedy=error.remedy))
    except Exception as error:
        cause = f"the document cannot be read: {type(error).__name__}: {error}"
        remedy = "report this mistake of the parser"
        report(SourceError(source, cause, place=place, remedy=remedy))
