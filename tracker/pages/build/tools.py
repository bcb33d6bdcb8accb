"""The packages of the extra ``site``, which the core installation leaves out."""

from __future__ import annotations

from importlib.util import find_spec

from tracker.errors import missing_package

_MODULES = ("altair", "jinja2", "markupsafe", "material", "mkdocs", "vl_convert")


def check_site_tools() -> None:
    """Check that a site can be built here, before anything is fetched for it.

    Raises:
        UsageError: A package of the extra ``site`` is not installed.
    """
    missing = [name for name in _MODULES if find_spec(name) is None]
    if missing:
        raise missing_package(missing[0], "site")
