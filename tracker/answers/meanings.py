"""Meanings of columns and fields, from the docstrings of the answers."""

from __future__ import annotations

import ast
import inspect
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracker.answers.layouts import Table


def meaning(table: Table, column: str) -> str:
    """What a column of a frame means: the docstring of the attribute that it comes from."""
    owner, name, language = table.origin(column)
    text = attribute_docs(owner).get(name, "")
    return f"{text} ({language})" if language and text else text


def field_meaning(kind: type, name: str) -> str:
    """What a field of a dataclass means, also one that it inherits; empty where nothing says it."""
    return next((text for owner in kind.__mro__ if (text := attribute_docs(owner).get(name))), "")


@cache
def attribute_docs(kind: type) -> dict[str, str]:
    """Docstrings of a class's fields and properties, in one line each.

    They are read from the source, because Python forgets what stands below a field.
    """
    if not kind.__module__.startswith("tracker."):
        return {}
    (body,) = ast.parse(inspect.getsource(kind)).body
    assert isinstance(body, ast.ClassDef)
    found = {
        node.name: ast.get_docstring(node) or ""
        for node in body.body
        if isinstance(node, ast.FunctionDef)
    }
    for field, after in pairwise(body.body):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(after, ast.Expr)
            and isinstance(after.value, ast.Constant)
        ):
            found[field.target.id] = str(after.value.value)
    return {name: " ".join(text.split()).replace("``", "`") for name, text in found.items()}
