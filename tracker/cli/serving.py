"""Verbs that start servers on this machine: tools for language models, the site and its API."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.options import DatabaseOption
from tracker.cli.output import say
from tracker.errors import UsageError, missing_package

if TYPE_CHECKING:
    from tracker.serving.catalog_thread import CatalogThread

PortOption = Annotated[int, typer.Option("--port", min=0, max=65535, help="Port of the server.")]
HostOption = Annotated[
    str, typer.Option("--host", help="Address to listen on; by default only this machine.")
]


def mcp(
    http: Annotated[
        bool, typer.Option("--http", help="Serve streamable HTTP at /mcp instead of stdio.")
    ] = False,
    host: HostOption = "127.0.0.1",
    port: PortOption = 8765,
    database: DatabaseOption = None,
) -> None:
    """Answer language models through the Model Context Protocol, read-only."""
    try:
        from tracker.serving.mcp_server import mcp_server
    except ModuleNotFoundError as error:
        raise _missing("mcp", error) from None
    from tracker.settings import load_settings

    with _answering(database) as catalog:
        server = mcp_server(catalog, load_settings().site_url)
        if http:
            from tracker.serving.running import serve_app

            serve_app(server.streamable_http_app(host=host), host, port, "/mcp")
        else:
            server.run("stdio")


def serve(
    host: HostOption = "127.0.0.1",
    port: PortOption = 8000,
    database: DatabaseOption = None,
) -> None:
    """Serve the built site and a read-only JSON API (/api/v1/openapi.json; extra serve).

    The site alone, on this machine and without an extra: tracker site serve.
    """
    try:
        from tracker.serving.running import serve_app
        from tracker.serving.web import web_app
    except ModuleNotFoundError as error:
        raise _missing("serve", error) from None
    from tracker.settings import load_settings

    with _answering(database) as catalog:
        site = load_settings().build / "site"
        if not (site / "index.html").is_file():
            say(f"no site at {site}: only the API is served; see: tracker site build")
        serve_app(web_app(catalog, site, host=host), host, port, "/")


@contextmanager
def _answering(database: str | None) -> Iterator[CatalogThread]:
    """Answer questions until the server ends."""
    from tracker.api import open_catalog
    from tracker.serving.catalog_thread import CatalogThread

    # A catalog that cannot be opened is told before a client waits for it.
    open_catalog(database).close()
    catalog = CatalogThread(database)
    try:
        yield catalog
    finally:
        catalog.close()


def _missing(extra: str, error: ModuleNotFoundError) -> UsageError:
    """The error of a package that is not installed; any other missing module is a mistake."""
    if (error.name or "").startswith("tracker"):
        raise error
    return missing_package(error.name, extra)
