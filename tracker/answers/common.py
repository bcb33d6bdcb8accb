"""What several answers share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Annotated, Any

if TYPE_CHECKING:
    import polars as pl

Day = Annotated[str, "day"]
"""A day, ``YYYY-MM-DD``; a date in frames."""
Moment = Annotated[str, "moment"]
"""A moment in UTC, ``YYYY-MM-DDTHH:MM:SSZ``; a datetime in frames."""

_WIDEST = 60
"""Characters of a value in a short repr."""


@dataclass(frozen=True)
class Bilingual:
    """One text in both languages of the site."""

    en: str
    zh: str

    def pick(self, language: str) -> str:
        """Return the text in a language, ``en`` or ``zh``."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True)
class ResultCommit:
    """A commit of the results repository."""

    at: Moment
    """Moment of the commit."""
    commit: str
    """Full id of the commit."""
    url: str
    """Address of the commit."""
    message: str | None
    """First line of its message; ``None`` for a folder that was seen without history."""


class Answer:
    """Base of answers that hold many others: a short ``repr`` and a summary for notebooks.

    Subclasses are dataclasses with ``repr=False``.
    """

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={text}" for name, text in self._summary())
        return f"{type(self).__name__}({shown})"

    def _summary(self) -> list[tuple[str, str]]:
        """Names and short texts of the fields that have a value."""
        values = ((field.name, getattr(self, field.name)) for field in fields(self))  # type: ignore[arg-type]
        return [(name, _short(value)) for name, value in values if value not in (None, (), {})]

    def _details(self) -> list[tuple[str, str]]:
        """The rows of the summary in a notebook."""
        return self._summary()

    def _repr_html_(self) -> str:
        from html import escape

        rows = "".join(
            f"<tr><th>{escape(name)}</th><td>{escape(text)}</td></tr>"
            for name, text in self._details()
        )
        return f"<table><caption>{type(self).__name__}</caption>{rows}</table>"


class TableAnswer(Answer, ABC):
    """An answer that is a table; notebooks show its frame."""

    @abstractmethod
    def to_polars(self) -> pl.DataFrame:
        """The answer as a frame, the same that the method named like the command gives."""

    def _repr_html_(self) -> str:
        from html import escape

        html: str = self.to_polars()._repr_html_()
        return f"<p><code>{escape(repr(self))}</code></p>{html}"


def _short(value: Any) -> str:
    """One value in a few characters: nested answers by name, collections by their number."""
    if isinstance(value, Bilingual):
        value = value.en
    elif is_dataclass(value):
        own = [getattr(value, field.name) for field in fields(value)]
        name = getattr(value, "name", next((text for text in own if isinstance(text, str)), ""))
        return f"<{type(value).__name__} {name}>"
    elif isinstance(value, (tuple, dict)):
        return f"<{len(value)}>"
    text = repr(value)
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"
