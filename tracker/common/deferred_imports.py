"""Import modules when they are first used, for what most commands do not need.

A command asks one question, but the modules that answer all of them take longer to import than
most answers. ``from a import b`` inside the block binds a placeholder; a type checker reads it as
the import that it is.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from threading import RLock
from types import SimpleNamespace
from typing import Any, TypeVar

_LOCK = RLock()
_T = TypeVar("_T")


class _Deferred:
    """A module, or a name of one, imported when it is called or asked for an attribute."""

    __slots__ = ("_module", "_name")

    def __init__(self, module: str, name: str = "") -> None:
        self._module = module
        self._name = name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return _import(self)(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(_import(self), name)


def _import(deferred: _Deferred) -> Any:
    module, name = deferred._module, deferred._name
    # Also of a module that is there, because another thread may still be importing it.
    found = import_module(module)
    if not name:
        return found
    try:
        return getattr(found, name)
    except AttributeError:  # a module of a package, not imported yet
        return import_module(f"{module}.{name}")


def resolved(value: _T) -> _T:
    """Return what a placeholder stands for, imported; any other value as it is."""
    return _import(value) if isinstance(value, _Deferred) else value


@contextmanager
def deferred_imports(of: dict[str, Any]) -> Iterator[None]:
    """Defer the imports of one module inside the block: ``import a`` or ``from a.b import c``.

    The names may be called and asked for attributes. A class that is a base class or recognises
    instances, and a constant, are imported outside the block.

    Args:
        of: ``globals()`` of the module; other modules and threads import as always.
    """

    def placeholders(
        name: str,
        globals: Mapping[str, object] | None = None,  # noqa: A002
        locals: Mapping[str, object] | None = None,  # noqa: A002
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> Any:
        if globals is not of:
            return at_once(name, globals, locals, fromlist or (), level)
        if fromlist:
            return SimpleNamespace(**{item: _Deferred(name, item) for item in fromlist})
        if "." in name:  # would bind the package alone
            raise ImportError(f"import {name} cannot be deferred: write from … import …")
        return _Deferred(name)

    with _LOCK:
        at_once = builtins.__import__
        builtins.__import__ = placeholders
        try:
            yield
        finally:
            builtins.__import__ = at_once
