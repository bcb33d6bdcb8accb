"""The server of the Model Context Protocol (MCP), over stdio or streamable HTTP."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations

from tracker import __version__
from tracker.errors import TrackerError
from tracker.serving.catalog_thread import CatalogThread
from tracker.serving.links import Links
from tracker.serving.tools import INSTRUCTIONS, NAMES, Tools

_READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)


def mcp_server(catalog: CatalogThread, site_url: str | None) -> MCPServer[Any]:
    """Return a server with all tools.

    Args:
        catalog: Answers the questions; the caller closes it.
        site_url: Address of the published site, for links to its pages.
    """
    server: MCPServer[Any] = MCPServer(
        "embedding-tracker",
        title="Embedding Tracker",
        instructions=INSTRUCTIONS,
        website_url=site_url,
        version=__version__,
        log_level="WARNING",
    )
    tools = Tools(catalog, Links(site_url))
    for name in NAMES:
        server.add_tool(_explained(getattr(tools, name)), annotations=_READS)
    return server


def _explained(tool: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """Turn an error that the tracker explains into an error that the caller reads."""

    @functools.wraps(tool)
    def call(*args: Any, **kwargs: Any) -> dict[str, Any]:
        try:
            return tool(*args, **kwargs)
        except TrackerError as error:
            raise ToolError(str(error)) from None

    return call
