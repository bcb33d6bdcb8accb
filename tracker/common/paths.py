"""Paths of the folders that ship with the tracker, in a source tree or an installed wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
CHECKOUT = _PACKAGE.parent
"""Root of the source tree; meaningful only where :func:`is_checkout` is true."""


def is_checkout() -> bool:
    """Return whether the package runs from its source tree rather than from a wheel."""
    return (CHECKOUT / "pyproject.toml").is_file() and (CHECKOUT / "templates").is_dir()


def resource(name: str) -> Path:
    """Return the path of a shipped folder: ``templates``, ``site``, ``db/curated`` and so on."""
    return (CHECKOUT if is_checkout() else _PACKAGE / "_resources") / name
