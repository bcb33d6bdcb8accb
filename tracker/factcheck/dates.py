"""Days, months and years that a text states, in English and Chinese."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTH = (
    r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"(?P<{0}>(?:19|20)\d\d)"
_PATTERN = re.compile(
    rf"(?<![\d.-]){_YEAR.format('y1')}[-/](?P<m1>\d\d?)[-/](?P<d1>\d\d?)(?![\d-])"
    rf"|\b{_MONTH.format('m2')} (?P<d2>\d\d?)(?:st|nd|rd|th)?,? {_YEAR.format('y2')}\b"
    rf"|\b(?P<d3>\d\d?)(?:st|nd|rd|th)?(?: of)? {_MONTH.format('m3')},? {_YEAR.format('y3')}\b"
    rf"|\b{_MONTH.format('m4')},? (?:of )?{_YEAR.format('y4')}\b"
    rf"|{_YEAR.format('y5')} ?年 ?(?:(?P<m5>\d\d?) ?月 ?份?(?:(?P<d5>\d\d?) ?[日号])?)?"
    rf"|(?<![\d.-]){_YEAR.format('y6')}-(?P<m6>\d\d)(?![\d-])"
    rf"|\b(?:in|during|of|year) {_YEAR.format('y7')}\b(?![-/.]\d)"
    r"(?![- ]?(?:tokens?|words?|dim\w*|d\b|models?|tasks?|points?|samples?|pairs?))",
    re.IGNORECASE,
)
_HAS_YEAR = re.compile(r"(?:19|20)\d\d")
_FRONT_DATE = re.compile(
    r"^(?:date|published|pubdate|publish_date|created|updated|日期)[ \t]*:[ \t]*[\"']?(.{4,40})$",
    re.MULTILINE | re.IGNORECASE,
)
_META_DATE = re.compile(
    r"<(?:meta|time)\b[^<>]{0,300}?(?:published_time|datePublished|pubdate|dc\.date|datetime"
    r"|[\"']date[\"'])[^<>]{0,100}?((?:19|20)\d\d-\d\d-\d\d)",
    re.IGNORECASE,
)


class Period(NamedTuple):
    """A stretch of days, both ends included, ``YYYY-MM-DD``."""

    first: str
    last: str

    @property
    def text(self) -> str:
        """As people write it: a day, a month, a year or two days."""
        if self.first == self.last:
            return self.first
        if self.first[:7] == self.last[:7]:
            return self.first[:7]
        if self.first[:4] == self.last[:4] and self.first[5:] == "01-01":
            return self.first[:4]
        return f"{self.first} to {self.last}"


class StatedDate(NamedTuple):
    """A date in a text with its span."""

    start: int
    end: int
    period: Period


def stated_dates(text: str, start: int = 0, end: int | None = None) -> Iterator[StatedDate]:
    """Dates of a text in their order; what is no date of the calendar is left out."""
    end = len(text) if end is None else end
    if not _HAS_YEAR.search(text, start, end):
        return
    for match in _PATTERN.finditer(text, start, end):
        parts = {name[0]: value for name, value in match.groupdict().items() if value}
        found = _period(parts["y"], parts.get("m"), parts.get("d"))
        if found is not None:
            yield StatedDate(match.start(), match.end(), found)


def _period(year: str, month: str | None, day: str | None) -> Period | None:
    number = None
    if month is not None:
        number = int(month) if month.isdigit() else _month_number(month)
    try:
        if number is None:
            return Period(f"{year}-01-01", f"{year}-12-31")
        if day is None:
            last = monthrange(int(year), number)[1]
            return Period(f"{year}-{number:02}-01", f"{year}-{number:02}-{last}")
        at = date(int(year), number, int(day)).isoformat()
    except ValueError:  # also the IllegalMonthError of calendar
        return None
    return Period(at, at)


def _month_number(name: str) -> int:
    folded = name.casefold().rstrip(".")
    return next(n for n, month in enumerate(_MONTHS, 1) if month.startswith(folded[:3]))


def document_date(front_matter: str, source: str) -> Period | None:
    """The date that a document gives for itself: front matter, or metadata of an HTML page."""
    if found := _FRONT_DATE.search(front_matter):
        return next((date.period for date in stated_dates(found[1])), None)
    if found := _META_DATE.search(source, 0, 50_000):
        return next((date.period for date in stated_dates(found[1])), None)
    return None
