"""What the groups of a catalog's methods share: the reader, and queries given as arguments."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from tracker.insights.reader import Reader

_Fields = ParamSpec("_Fields")
_Query = TypeVar("_Query")
_Self = TypeVar("_Self")
_Answer = TypeVar("_Answer")


class Questions:
    """One group of the methods of ``Catalog``; every method is a read."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader


def asks(
    query_type: Callable[_Fields, _Query],
) -> Callable[[Callable[[_Self, _Query], _Answer]], Callable[Concatenate[_Self, _Fields], _Answer]]:
    """Let a method that takes a query be called with the query's fields as its arguments."""

    def decorate(
        answer: Callable[[_Self, _Query], _Answer],
    ) -> Callable[Concatenate[_Self, _Fields], _Answer]:
        @wraps(answer)
        def ask(self: _Self, /, *args: _Fields.args, **kwargs: _Fields.kwargs) -> _Answer:
            return answer(self, query_type(*args, **kwargs))

        of_method = inspect.signature(answer)
        (own, *_), of_query = of_method.parameters.values(), inspect.signature(query_type)
        ask.__signature__ = of_method.replace(  # type: ignore[attr-defined]
            parameters=[own, *of_query.parameters.values()]
        )
        return ask

    return decorate
