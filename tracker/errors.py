"""Every failure the tracker explains to its user, as one small tree.

TrackerError
├── UsageError        the question cannot be understood (exit code 2)
├── NotFoundError     the thing asked for is not in the catalog
├── NoDataError       the thing exists, but not for the date asked for
├── SourceError       a source is unreachable, broken or implausible
├── ArchiveError      archived bytes are missing or damaged
├── CatalogError      the catalog cannot be opened, read or migrated
├── CuratedError      a file under db/curated is wrong
└── LockedError       another run holds the lock of this home
"""

from __future__ import annotations


def one_line(text: object) -> str:
    """Fold any text, a stranger's included, into one printable line."""
    return "".join(c if c.isprintable() else " " for c in " ".join(str(text).split())).strip()


class TrackerError(Exception):
    """A failure with one clear line: what happened where, and what to do about it."""

    def __init__(self, message: str, *, remedy: str = "") -> None:
        self.message = one_line(message)
        self.remedy = one_line(remedy)
        super().__init__(message, remedy)

    def __str__(self) -> str:
        return f"{self.message}; {self.remedy}" if self.remedy else self.message

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.__dict__.copy()))


def _rebuild(kind: type[TrackerError], state: dict[str, object]) -> TrackerError:
    error = kind.__new__(kind)
    error.__dict__.update(state)
    return error


class UsageError(TrackerError):
    """The question cannot be understood: wrong option, wrong date, wrong format."""


class NotFoundError(TrackerError):
    """The catalog knows nothing by that name; the remedy suggests the nearest names."""


class NoDataError(TrackerError):
    """The board or model exists, but nothing is known of it for the date asked for."""


class SourceError(TrackerError):
    """A source could not be fetched or understood; carries its id and the place."""

    def __init__(self, source: str, message: str, *, place: str = "", remedy: str = "") -> None:
        self.source = source
        self.place = one_line(place)
        self.cause = one_line(message)
        where = f"{source}: {self.place}" if self.place else source
        super().__init__(f"{where}: {message}", remedy=remedy)


class ArchiveError(TrackerError):
    """Archived bytes or their origin records are missing or damaged."""


class CatalogError(TrackerError):
    """The catalog cannot be opened, migrated, read or written."""


class CuratedError(TrackerError):
    """A curated file is wrong; the message names file and line."""


class LockedError(TrackerError):
    """Another run is writing to this home; the message says which."""
