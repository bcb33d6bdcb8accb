"""Exception hierarchy: every failure that the tracker explains to its user.

TrackerError
├── UsageError        the request is invalid (exit code 2)
├── NotFoundError     the requested object is not in the catalog
├── NoDataError       the object exists, but not for the requested date
├── SourceError       a source is unreachable, broken or implausible
├── ArchiveError      archived bytes are missing or damaged
├── CatalogError      the catalog cannot be opened, read or migrated
├── CuratedError      a file under db/curated is wrong
└── LockedError       another run holds the lock of this home
"""

from __future__ import annotations

from typing import Self

LONGEST_PLACE = 300
LONGEST_CAUSE = 600
"""Characters of a message that may come from a source; longer texts are cut."""
_BYTES_PER_CHARACTER = 2
"""So that place and cause together fit into a key of PostgreSQL, which has at most 2,704 bytes."""


def one_line(text: object) -> str:
    """Fold any text, including untrusted text, into one printable line."""
    return "".join(c if c.isprintable() else " " for c in " ".join(str(text).split())).strip()


def cut(text: str, length: int) -> str:
    """Cut a text to ``length`` characters; an ellipsis marks the cut."""
    return text if len(text) <= length else text[: length - 1] + "…"


def _kept(text: object, length: int) -> str:
    shown = cut(one_line(text), length)
    if shown.isascii():
        return shown
    return shown.encode()[: length * _BYTES_PER_CHARACTER].decode(errors="ignore")


class TrackerError(Exception):
    """A failure in one clear line: what is wrong, where, and what to do about it."""

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
    """The request is invalid: wrong option, wrong date, wrong format."""


def missing_package(package: str | None, extra: str) -> UsageError:
    """Return the error of a package that an optional part needs and that is not installed."""
    return UsageError(
        f"the package {package} is not installed",
        remedy=f"install the extra {extra}: pip install 'embedding-tracker[{extra}]'",
    )


class NotFoundError(TrackerError):
    """The catalog has nothing with that name; the remedy suggests the nearest names."""


class NoDataError(TrackerError):
    """The board or model exists, but has no data for the requested date."""


class SourceError(TrackerError):
    """A source could not be fetched or parsed.

    Args:
        source: Id of the source.
        message: What is wrong.
        place: The document, file or address; cut to :data:`LONGEST_PLACE` characters.
        remedy: What to do about it.
        status: The HTTP status that the server answered with, if it answered.
        final: Whether the same request would fail again, so that it is not worth repeating.
    """

    def __init__(
        self,
        source: str,
        message: str,
        *,
        place: str = "",
        remedy: str = "",
        status: int | None = None,
        final: bool = False,
    ) -> None:
        self.source = source
        self.place = _kept(place, LONGEST_PLACE)
        self.cause = _kept(message, LONGEST_CAUSE)
        self.status = status
        self.final = final
        where = f"{source}: {self.place}" if self.place else source
        super().__init__(f"{where}: {self.cause}", remedy=remedy)

    def at(self, place: str) -> Self:
        """Return the same failure with another place."""
        return type(self)(
            self.source,
            self.cause,
            place=place,
            remedy=self.remedy,
            status=self.status,
            final=self.final,
        )


class ArchiveError(TrackerError):
    """Archived bytes or their origin records are missing or damaged."""


class CatalogError(TrackerError):
    """The catalog cannot be opened, migrated, read or written."""


class CuratedError(TrackerError):
    """A curated file is wrong; the message names file and line."""


class LockedError(TrackerError):
    """Another run is writing to this home; the message says which one."""
