"""Folders that ship with the tracker, from its source tree or from an installed wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
CHECKOUT = _PACKAGE.parent
"""The source tree, where there is one."""


def is_checkout() -> bool:
    """Whether the package runs from its source tree rather than from an installed wheel."""
    return (CHECKOUT / "pyproject.toml").is_file() and (CHECKOUT / "templates").is_dir()


def resource(name: str) -> Path:
    """A folder that ships with the tracker: ``templates``, ``site``, ``db/curated`` and so on."""
    return (CHECKOUT if is_checkout() else _PACKAGE / "_resources") / name
