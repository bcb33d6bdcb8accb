"""What an open catalog is asked again and again, read once: an open catalog is one state."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection

_P = ParamSpec("_P")
_T = TypeVar("_T")


def once(
    read: Callable[Concatenate[Connection, _P], _T],
) -> Callable[Concatenate[Connection, _P], _T]:
    """A reader that remembers its answers for as long as the connection is open.

    Its arguments can be hashed, and nobody changes what it gave.
    """

    @wraps(read)
    def remembered(connection: Connection, /, *asked: _P.args, **named: _P.kwargs) -> _T:
        answers = connection.info.setdefault(read, {})
        key = (asked, *named.items())
        if key not in answers:
            answers[key] = read(connection, *asked, **named)
        answer: _T = answers[key]
        return answer

    return remembered
