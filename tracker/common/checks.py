"""Check the types of what a caller gives, so that a wrong one is one clear line."""

from __future__ import annotations

from reprlib import repr as short_repr
from types import NoneType, UnionType
from typing import Any, get_args, get_origin

from tracker.errors import UsageError


def check_type(name: str, value: object, hint: Any) -> None:
    """Check that a value has the type of an annotation; items of collections are not checked.

    An ``int`` is a ``float``, too, as in annotations.

    Args:
        name: What the caller calls the value.
        value: The value.
        hint: A class, a generic such as ``tuple[str, ...]``, or a union of these.

    Raises:
        UsageError: It has another type; the remedy says what to give.
    """
    options = get_args(hint) if isinstance(hint, UnionType) else (hint,)
    kinds = tuple(get_origin(option) or option for option in options)
    accepted = (*kinds, int) if float in kinds else kinds
    if (isinstance(value, bool) and bool not in kinds) or not isinstance(value, accepted):
        names = ["None" if kind is NoneType else kind.__name__ for kind in kinds]
        raise UsageError(
            f"{name} cannot be {short_repr(value)}", remedy=f"give {' or '.join(names)}"
        )
