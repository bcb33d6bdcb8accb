"""The program that makes charts interactive: Vega, Vega-Lite and Vega-Embed in one file.

vl-convert ships it and bundles it without a network. That takes some seconds, so a worker process
does it, and the result is cached.
"""

from __future__ import annotations

import vl_convert

PROGRAM = "assets/vega.js"
"""Where it is in the site, once for all languages."""

VEGA_LITE = "6.1"
"""In the next versions of Vega-Lite the nearest point shows ``undefined`` (vega-lite pull 9707)."""

_EXPORT = "export {vegaEmbed};"


def bundle() -> bytes:
    """Make the program."""
    return versions() + vl_convert.javascript_bundle(_EXPORT, VEGA_LITE).encode()


def versions() -> bytes:
    """The versions that it is made of, as a comment."""
    vega, embed = vl_convert.get_vega_version(), vl_convert.get_vega_embed_version()
    return f"/* Vega {vega}, Vega-Lite {VEGA_LITE}, Vega-Embed {embed} */\n".encode()
